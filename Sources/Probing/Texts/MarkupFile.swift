internal import Artefacts
internal import InspectionWire
internal import Reading

/// XML and HTML, told apart by their root element.
///
/// No parser is used: nothing of it is believed but names, and nothing is resolved.
///
/// Source: XML 1.0, section 2.8; DROID V122.
enum MarkupFile {
    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        guard sample.lower.hasPrefix("<") else { return nil }
        if sample.lower.hasPrefix("<?php") { return FormatFinding("application/x-httpd-php") }
        let prolog = MarkupProlog(sample.lower)
        if isPage(prolog) { return page(sample, prolog) }
        guard let root = prolog.root else { return nil }
        let wholeness = ending(file, root)
        guard prolog.isMarkup || Self.known.contains(root) || wholeness == .whole || sample.lower.contains("xmlns")
        else { return nil }
        var finding = document(file, sample, prolog, root.split(separator: ":").last.map(String.init) ?? root)
        if prolog.declaresEntities { finding.features.insert(.documentType) }
        finding.wholeness = wholeness
        return finding
    }

    /// Elements that begin a document also where nothing else says that it is one: a chat begins `<Sam> Hello`.
    private static let known = Set(Playlist.roots.keys).union([
        "svg", "plist", "job", "package", "component", "scriptlet",
    ])

    private static let maximumPacket = 1 << 20
    private static let maximumScan: Int64 = 64 << 20

    /// In UTF-8 or UTF-16, in small letters or large ones.
    private static func mentionsPosition(_ file: FileBytes) -> Bool {
        let wanted = Array("gpslatitude".utf8)
        var matched = 0
        file.scan(from: 0, to: maximumScan) { _, piece in
            for byte in piece where byte != 0 {
                let letter = byte | 0x20
                matched = letter == wanted[matched] ? matched + 1 : letter == wanted[0] ? 1 : 0
                if matched == wanted.count { return .enough }
            }
            return .onwards
        }
        return matched == wanted.count
    }

    private static func isPage(_ prolog: MarkupProlog) -> Bool {
        if prolog.documentType?.hasPrefix("html") ?? false { return true }
        return ["html", "head", "body", "script", "hta:application", "iframe", "meta", "title", "table", "div", "p"]
            .contains(prolog.root)
    }

    private static func page(_ sample: TextSample, _ prolog: MarkupProlog) -> FormatFinding {
        let text = sample.lower
        var finding = FormatFinding("text/html", puid: "fmt/96")
        if text.contains("<hta:application") {
            finding = FormatFinding("application/hta")
        } else if let kind = prolog.documentType {
            let isExtensible = kind.contains("xhtml")
            finding = FormatFinding(isExtensible ? "application/xhtml+xml" : "text/html", puid: puid(kind))
        } else if prolog.isXML {
            finding = FormatFinding("application/xhtml+xml", puid: "fmt/102")
        }
        if text.contains("<script") { finding.features.insert(.script) }
        return finding
    }

    private static func puid(_ kind: String) -> PUID {
        let versions: [(String, PUID)] = [
            ("xhtml 1.1", "fmt/103"), ("xhtml", "fmt/102"), ("html 2.0", "fmt/97"), ("html 3.2", "fmt/98"),
            ("html 4.01", "fmt/100"), ("html 4.0", "fmt/99"),
        ]
        return versions.first { kind.contains($0.0) }?.1
            ?? (kind == "html" || kind.contains("legacy") ? "fmt/471" : "fmt/96")
    }

    private static func document(
        _ file: FileBytes, _ sample: TextSample, _ prolog: MarkupProlog, _ root: String
    ) -> FormatFinding {
        let text = sample.lower
        if let playlist = Playlist.roots[root] { return playlist }
        switch root {
        case "svg": return VectorDrawing.finding(in: file, sample)
        case "plist": return propertyList(text)
        case "xmpmeta", "rdf":
            guard root == "xmpmeta" || text.contains("ns.adobe.com") else { break }
            var finding = FormatFinding("application/xml", puid: "fmt/986")
            finding.features.insert(.sidecar)
            finding.xmp = file.read(at: 0, count: maximumPacket)
            // Also where the packet cannot be understood, or has the place in a way of a maker's own.
            finding.hasPosition = mentionsPosition(file)
            return finding
        case "job", "package", "component", "scriptlet":
            guard text.contains("<script") else { break }
            return FormatFinding("text/x-wsf")
        default: break
        }
        var finding = FormatFinding(
            "application/xml", puid: text.contains("version=\"1.1\"?>") ? "fmt/1776" : "fmt/101")
        if text.contains("macrospresent=\"yes\"") || text.contains("<script:") { finding.features.insert(.macros) }
        if text.contains("<?xml-stylesheet") { finding.features.insert(.externalContent) }
        return finding
    }

    /// Apple writes the edits of a photo, and links to pages, as property lists.
    private static func propertyList(_ text: Substring) -> FormatFinding {
        if text.contains("<key>adjustmentdata</key>") || text.contains("<key>adjustmentformatidentifier</key>") {
            var finding = FormatFinding("application/xml", puid: "fmt/979")
            finding.features.insert(.sidecar)
            return finding
        }
        return text.contains("<key>url</key>") && text.count < 4096
            ? FormatFinding("application/x-apple-webloc", puid: "fmt/979")
            : FormatFinding("application/x-plist", puid: "fmt/979")
    }

    /// The root's end, with nothing but remarks behind it.
    private static func ending(_ file: FileBytes, _ root: String) -> Wholeness {
        let tail = String(decoding: file.tail(64 << 10), as: UTF8.self).lowercased()
        let start = tail.range(ofLast: "</\(root)") ?? tail.range(ofLast: "<\(root)")
        let isClosed = start.map { isEnd(tail[$0...]) } ?? false
        return .whole(isClosed, or: "the root element is not closed")
    }

    private static func isEnd(_ text: Substring) -> Bool {
        guard let end = text.firstIndex(of: ">") else { return false }
        guard text.hasPrefix("</") || text[..<end].hasSuffix("/") else { return false }
        let rest = text[text.index(after: end)...].filter { !$0.isWhitespace && $0 != "\0" }
        return rest.isEmpty || rest.hasSuffix("-->") || rest.hasSuffix("?>")
    }
}

extension String {
    /// Where a word stands last.
    fileprivate func range(ofLast word: String) -> String.Index? { ranges(of: word).last?.lowerBound }
}
