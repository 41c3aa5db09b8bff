internal import Artefacts
internal import InspectionWire
internal import Reading

/// Programs that are written as text, where their first statement proves it.
///
/// A letter may mention commands, and be made of nothing else; so what stands further down proves nothing, and what is
/// in doubt is plain text. Most scripts show only by their names.
///
/// Source: Microsoft's references of batch files, VBScript, JScript and PowerShell (about_Requires).
enum ScriptText {
    private static let batch = ["@echo off", "@echo on", "@setlocal", "@rem ", "@cls", "@cd "]
    private static let basic = ["on error resume next", "option explicit", "wscript.", "createobject("]
    private static let objects = ["createobject(", "getobject(", "wscript."]
    private static let browser = ["new activexobject(", "require(\"", "require('", "wscript.createobject("]
    private static let shell = ["#requires -", "set-executionpolicy ", "[cmdletbinding("]

    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        let lower = sample.lower
        if lower.hasPrefix("[internetshortcut]") || Array(lower.utf8).contains(text: "\n[internetshortcut]") {
            return FormatFinding("application/x-mswinurl", puid: "x-fmt/454")
        }
        if lower.hasPrefix("[.shellclassinfo]") || lower.hasPrefix("[viewstate]") {
            var finding = FormatFinding("application/x-desktop-ini")
            finding.features.insert(.sidecar)
            return finding
        }
        if lower.hasPrefix("windows registry editor version") || lower.hasPrefix("regedit4") {
            return FormatFinding("text/x-ms-regedit")
        }
        return program(lower.prefix { !$0.isNewline })
    }

    private static func program(_ first: Substring) -> FormatFinding? {
        if batch.contains(where: first.hasPrefix) { return FormatFinding("text/x-msdos-batch", puid: "x-fmt/413") }
        if basic.contains(where: first.hasPrefix) || isBasicAssignment(first) {
            return FormatFinding("text/vbscript", puid: "fmt/1089")
        }
        if isDeclaration(first), browser.contains(where: first.contains) {
            return FormatFinding("text/javascript", puid: "x-fmt/423")
        }
        return shell.contains(where: first.hasPrefix) ? FormatFinding("text/x-powershell") : nil
    }

    /// `Set shell = CreateObject("WScript.Shell")`.
    private static func isBasicAssignment(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "set", words[2] == "=" else { return false }
        return objects.contains(where: words[3].hasPrefix)
    }

    /// `var shell = …`.
    private static func isDeclaration(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 3)
        return words.count == 4 && ["var", "let", "const"].contains(words[0]) && words[2] == "="
    }
}
