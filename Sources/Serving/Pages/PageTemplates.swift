internal import Foundation
internal import Mustache

/// The templates of the pages, compiled once.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    private static let names = ["layout", "sign-in", "children", "timeline", "search", "entry", "location", "problem"]

    /// - Throws: ``TemplateError`` naming the template that is missing or not well-formed.
    init() throws {
        var templates: [String: MustacheTemplate] = [:]
        let folder = Bundle.module.bundleURL.appending(path: "Templates")
        for name in Self.names {
            do {
                let text = try String(contentsOf: folder.appending(path: name + ".mustache"), encoding: .utf8)
                templates[name] = try MustacheTemplate(string: text)
            } catch {
                throw TemplateError(name: name, reason: "\(error)")
            }
        }
        library = MustacheLibrary(templates: templates)
    }

    func render(_ page: SignInPage) -> String { render(page, "sign-in") }
    func render(_ page: ChildrenPage) -> String { render(page, "children") }
    func render(_ page: TimelinePage) -> String { render(page, "timeline") }
    func render(_ page: SearchPage) -> String { render(page, "search") }
    func render(_ page: LocationPage) -> String { render(page, "location") }
    func render(_ page: ProblemPage) -> String { render(page, "problem") }

    private func render(_ page: some Any, _ name: String) -> String {
        guard let text = library.render(page, withTemplate: name) else {
            preconditionFailure("init has compiled the template \(name)")
        }
        return text
    }
}

/// A template that cannot be used.
struct TemplateError: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "the template “\(name)” cannot be used: \(reason)" }
}
