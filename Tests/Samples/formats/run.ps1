$x = Get-Date
Write-Host $x
Invoke-Expression $x
