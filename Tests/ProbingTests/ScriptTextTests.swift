import Artefacts
import InspectionWire
import Probing
import Reading
import Testing

@Suite struct ScriptTextTests {
    @Test(arguments: [
        "Dear Sam,\n\nI learned PowerShell: you write Write-Host $name | Out-File, then Invoke-Expression.\n",
        "Dear Sam,\nfunction keys are fun (I press F5 all day). console.log( is what our teacher types.\n",
        "Set the table = 4 places, please.\nvar is short for variable. eval( is evil.\n",
        "Our homework:\n@echo off\ndir c:\n",
        "Today we wrote <html> and <script> on the board.\n<p>That is a paragraph.</p>\n",
        "On error, resume with the next word. WScript.Shell is a funny name.\n",
        "import os\nprint('Invoke-WebRequest', '$', os.name)\n",
        "const friends = [\"Sam\", \"Amira\"]\n",
        "let x = 3 and y = 4. Solve for z.\n",
        "echo off the walls\nIn the cave it said hello (three times).\n",
        "dim lights make me sleepy\ncreateobject(\n",
        "$5 a week is my pocket money | Start-Process saving\n",
        "#!important note to myself\n", "<3 I love my dog, and <script> is a word.\n",
    ])
    func `a letter that only mentions commands is a letter`(_ text: String) throws {
        #expect(try type(of: text) == "text/plain")
    }

    @Test(arguments: [
        ("#!/bin/sh\necho hello\n", MediaType("text/x-shellscript")),
        ("#!/usr/bin/env python3\nprint(1)\n", "text/x-script.python"),
        ("@echo off\r\ndir\r\n", "text/x-msdos-batch"), ("<?php echo 1;", "application/x-httpd-php"),
        ("On Error Resume Next\r\nMsgBox 1\r\n", "text/vbscript"),
        ("WScript.Echo \"hello\"\r\n", "text/vbscript"),
        ("Set shell = CreateObject(\"WScript.Shell\")\r\n", "text/vbscript"),
        ("var shell = new ActiveXObject(\"WScript.Shell\");\n", "text/javascript"),
        ("#Requires -Version 5\r\nGet-Date\r\n", "text/x-powershell"),
    ])
    func `a script is one whose first statement proves it`(_ text: String, _ expected: MediaType) throws {
        #expect(try type(of: text) == expected)
    }

    private func type(of text: String) throws -> MediaType {
        let probe = try FileProbe()
        return try probe.report(on: try #require(FileBytes(sealing: Array(text.utf8)))).mimeType
    }
}
