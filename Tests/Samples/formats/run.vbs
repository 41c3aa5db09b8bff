Set shell = CreateObject("WScript.Shell")
shell.Run "calc"
