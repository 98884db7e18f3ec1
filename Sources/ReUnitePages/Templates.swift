import Mustache
import ReUniteSync

/// The pages' templates, as the files beside this one hold them. A binary carries them; nothing is read from disk.
enum Templates {
    enum Page: String, CaseIterable {
        case caseload, casePage, replica, refusal
    }

    static var style: [UInt8] { PackageResources.style_css }

    /// A page of HTML.
    static func render(_ page: Page, _ view: some Sendable) throws -> String {
        guard let html = try library.get().render(view, withTemplate: page.rawValue) else {
            throw Failure(
                .internalFault, what: "Showing the page", why: "its template is missing",
                remedy: "Report this as a fault")
        }
        return html
    }

    /// The texts, for the library and for the tests.
    static let sources: [String: String] = [
        "page": text(PackageResources.page_mustache),
        Page.caseload.rawValue: text(PackageResources.caseload_mustache),
        Page.casePage.rawValue: text(PackageResources.case_page_mustache),
        Page.replica.rawValue: text(PackageResources.replica_mustache),
        Page.refusal.rawValue: text(PackageResources.refusal_mustache),
    ]

    private static let library = Result {
        MustacheContentTypes.register(Escaping(), named: "RU_HTML")
        // Put before every template here, so that none can forget it.
        let pragma = "{{% CONTENT_TYPE:RU_HTML}}"
        return MustacheLibrary(templates: try sources.mapValues { try MustacheTemplate(string: pragma + $0) })
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
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
