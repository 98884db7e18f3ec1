import Mustache
import ReUniteSync

/// The pages' templates, as the files beside them hold them. A binary carries them; nothing is read from disk.
enum Templates {
    /// A template that is a page. Each part of the program names its own.
    struct Page: Sendable, Hashable {
        let name: String

        init(_ name: String) { self.name = name }

        static let refusal = Page("refusal")
        static let kept = Page("kept")
    }

    static var style: [UInt8] { PackageResources.style_css }

    /// A page of HTML.
    static func render(_ page: Page, _ view: some Sendable) throws -> String {
        guard let html = try library.get().render(view, withTemplate: page.name) else {
            throw Failure(
                .internalFault, what: "Showing the page", why: "its template is missing",
                remedy: "Report this as a fault")
        }
        return html
    }

    /// The texts, for the library and for the tests.
    static let sources: [String: String] = {
        let common = [
            "page": text(PackageResources.page_mustache), "form": text(PackageResources.form_mustache),
            "problems": text(PackageResources.problems_mustache), "field": text(PackageResources.field_mustache),
            "refusal": text(PackageResources.refusal_mustache), "kept": text(PackageResources.kept_mustache),
        ]
        return common.merging(DeskTemplates.sources) { first, _ in first }
            .merging(ConsoleTemplates.sources) { first, _ in first }
    }()

    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static let library = Result {
        MustacheContentTypes.register(Escaping(), named: "RU_HTML")
        // Put before every template here, so that none can forget it.
        let pragma = "{{% CONTENT_TYPE:RU_HTML}}"
        return MustacheLibrary(templates: try sources.mapValues { try MustacheTemplate(string: pragma + $0) })
    }
}

/// Escapes every character that means something in HTML, scalar by scalar.
///
/// Mustache's own escaping compares whole Swift characters, so a `<` that a mark joins to its neighbour into one
/// character goes through it as it is.
struct Escaping: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
