internal import Artefacts
internal import InspectionWire
internal import Reading

/// Programs that are written as text, where their first lines show it; many show only by their names.
enum ScriptText {
    private static let shell = [
        "invoke-expression", "invoke-webrequest", "new-object ", "write-host", "set-executionpolicy", "$psscriptroot",
        "#requires -", "start-process ",
    ]
    private static let basic = ["createobject(", "wscript.", "getobject("]
    private static let browser = [
        "activexobject", "document.", "window.", "require(", "module.exports", "eval(", "console.", "=>", "function",
    ]

    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        let lower = sample.lower
        if lower.hasPrefix("[internetshortcut]") || lower.contains("\n[internetshortcut]") {
            return FormatFinding("application/x-mswinurl", puid: "x-fmt/454")
        }
        if lower.hasPrefix("[.shellclassinfo]") || lower.hasPrefix("[viewstate]") {
            var finding = FormatFinding("application/x-desktop-ini")
            finding.features.insert(.sidecar)
            return finding
        }
        let lines = lower.split(maxSplits: 300, whereSeparator: \.isNewline).prefix(300)
        if let first = lines.first,
            ["@echo off", "@echo on", "echo off", "@setlocal", "@rem "].contains(where: first.hasPrefix)
        {
            return FormatFinding("text/x-msdos-batch", puid: "x-fmt/413")
        }
        if lower.hasPrefix("windows registry editor") || lower.hasPrefix("regedit4") {
            return FormatFinding("text/x-ms-regedit")
        }
        if lines.contains(where: isStatement), browser.contains(where: lower.contains), lower.contains("(") {
            return FormatFinding("text/javascript", puid: "x-fmt/423")
        }
        if lines.contains(where: isBasic) { return FormatFinding("text/vbscript", puid: "fmt/1089") }
        if shell.contains(where: lower.contains), lower.contains("$") || lower.contains("|") {
            return FormatFinding("text/x-powershell")
        }
        return nil
    }

    /// What makes an object of another program, or asks the script's host.
    private static func isBasic(_ line: Substring) -> Bool {
        line.hasPrefix("on error resume next") || line.hasPrefix("wscript.")
            || (["set ", "dim ", "createobject("].contains(where: line.hasPrefix)
                && basic.contains(where: line.contains))
    }

    /// `var x =`, `function f(`, or such.
    private static func isStatement(_ line: Substring) -> Bool {
        let words = line.split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "(" })
        switch words.first {
        case "var", "let", "const": return words.count == 3 && words[2].hasPrefix("=")
        case "function": return line.contains("(") && line.contains("{")
        default: return line.hasPrefix("(function") || line.hasPrefix("!function") || line.hasPrefix("\"use strict\"")
        }
    }
}
