package import GRDB
import ReUniteReplica
import ReUniteSync

/// Visits on paper: one page of A4 each, for prisons that let no laptop in. On it stands what tells her from another
/// woman there, and nothing about her life.
package struct VisitForm: Hashable, Sendable {
    private struct Page: Hashable {
        var code: String
        var day: String
        var rows: [Line]
        var isElsewhere: Bool
    }

    private struct Line: Hashable {
        var label: String
        var text: String
    }

    private let pages: [Page]
    /// The labels of the reasons for no session.
    private let reasons: [Line]

    package var count: Int { pages.count }

    /// - Throws: ``Failure`` (noInput) when no visit without an outcome is planned.
    package init(on day: String, prisons: Set<String>, in database: Database) throws {
        let visits = try DayVisit.planned(on: day, prisons: prisons, in: database)
        let types = try VisitForm.labels("visit.type", in: database)
        reasons = try VisitForm.labels("visit.no_session_reason", in: database)
        pages = try visits.compactMap { visit in
            let mask = try ReadMask(of: visit.caseID, in: database)
            guard mask.allows("visit"), mask.allows("case_file") else { return nil }
            let name =
                mask.allows("person")
                ? try String.fetchOne(
                    database, sql: "SELECT known_as FROM person WHERE case_id = ? ORDER BY id LIMIT 1",
                    arguments: [visit.caseID.sqlBlob]) : nil
            let number =
                mask.allows("person") ? try VisitReader.prisonNumber(of: visit.caseID, in: database)?.text : nil
            let ref = try String.fetchOne(
                database, sql: "SELECT ref FROM case_file WHERE id = ?", arguments: [visit.caseID.sqlBlob])
            let prison = try visit.prison.map { code in
                let name = try String.fetchOne(
                    database, sql: "SELECT name FROM prison WHERE code = ?", arguments: [code])
                return name.map { "\($0) (\(code))" } ?? code
            }
            return Page(
                code: visit.code.description, day: day,
                rows: [
                    Line(label: "Planned for", text: CivilTime.londonMinute(milliseconds: visit.plannedAt)),
                    Line(label: "Where", text: prison ?? ""),
                    Line(label: "Kind", text: types.first { $0.label == visit.type }?.text ?? visit.type),
                    Line(label: "Known as", text: name ?? ""), Line(label: "Prison number", text: number ?? ""),
                    Line(label: "Case", text: ref ?? ""), Line(label: "Worker", text: visit.worker ?? ""),
                ], isElsewhere: visit.isElsewhere)
        }
        guard !pages.isEmpty else {
            throw Failure(
                .noInput, what: "Printing the forms", why: "no visit without an outcome is planned for \(day)",
                remedy: "Check the day and the prison, or sync first")
        }
    }

    /// The codes of a list with their labels.
    private static func labels(_ list: String, in database: Database) throws -> [Line] {
        try Row.fetchAll(
            database, sql: "SELECT code, label FROM code_value WHERE list = ? AND active = 1 ORDER BY sort, code",
            arguments: [list]
        ).map { Line(label: $0["code"], text: $0["label"]) }
    }

    // MARK: HTML

    /// The pages as one document that loads nothing and runs nothing.
    package var html: String {
        document(
            """
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Visit forms</title>
            <style>\(VisitForm.style)</style>
            """)
    }

    /// The same as a page of a server that hands out ``style`` at an address of its own.
    /// - Parameter back: the address of the page from which it was asked for.
    package func html(style path: String, back: String) -> String {
        document(
            """
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Visit forms – ReUnite Sync</title>
            <link rel="stylesheet" href="\(escaped(path))">
            """,
            """
            <nav class="noprint"><a href="\(escaped(back))">Back to the visits</a></nav>
            <main>
            """, "</main>")
    }

    private func document(_ head: String, _ before: String = "", _ after: String = "") -> String {
        """
        <!DOCTYPE html>
        <html lang="en-GB">
        <head>
        <meta charset="utf-8">
        \(head)
        </head>
        <body>
        \(before)\(pages.map(html(of:)).joined(separator: "\n"))\(after)
        </body>
        </html>

        """
    }

    private func html(of page: Page) -> String {
        let rows = page.rows.map { "<tr><th scope=\"row\">\(escaped($0.label))</th><td>\(escaped($0.text))</td></tr>" }
        let ticks = reasons.map {
            "<li><b class=\"box\"></b>\(escaped($0.text))</li>"
        }
        let warning =
            page.isElsewhere ? "<p class=\"warning\">She is in another prison now: check before you go.</p>" : ""
        return """
            <article>
            <h1>Visit \(page.code)</h1>
            \(warning)<table>
            \(rows.joined(separator: "\n"))
            </table>
            <h2>Did she attend?</h2>
            <ul class="line"><li><b class="box"></b>Yes</li><li><b class="box"></b>Late</li><li><b class="box"></b>No</li></ul>
            <p class="line">Began at <b class="gap"></b> minutes <b class="gap"></b></p>
            <h2>If no: why not?</h2>
            <ul>
            \(ticks.joined(separator: "\n"))
            </ul>
            <h2>Note</h2>
            <p class="help">No address, no telephone number, no name of anybody else on this sheet.</p>
            <div class="note"></div>
            <footer>Back at the desk: Visits, then "Type in a visit from paper", with the code \(page.code) and the time by the
            clock there, on \(page.day). Then destroy this sheet.</footer>
            </article>
            """
    }

    /// Text that stays text wherever it stands.
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { out, scalar in
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case _ where scalar.properties.generalCategory == .control: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    package static let style = """
        @page { size: A4; margin: 15mm; }
        body { font: 12pt/1.4 sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 180mm; }
        article { break-after: page; break-inside: avoid; height: 262mm; display: flex; flex-direction: column; }
        article:last-child { break-after: auto; }
        h1 { font: 700 22pt/1.2 monospace; margin: 0 0 4mm; } h2 { font-size: 13pt; margin: 5mm 0 2mm; }
        table { border-collapse: collapse; width: 100%; }
        th, td { border: 0.3mm solid #000; padding: 1.5mm 2mm; text-align: left; overflow-wrap: anywhere; }
        th { width: 38mm; font-weight: 400; }
        ul { list-style: none; margin: 0; padding: 0; } li { margin: 0 0 2mm; } .line li { display: inline-block; }
        .line li { margin-right: 14mm; } .box, .gap { display: inline-block; vertical-align: middle; }
        .box { width: 5mm; height: 5mm; border: 0.4mm solid #000; margin-right: 3mm; }
        .gap { width: 26mm; height: 6mm; border-bottom: 0.3mm solid #000; margin: 0 5mm 0 2mm; }
        .note { flex: 1; border: 0.3mm solid #000; } .help, footer, small { font-size: 9pt; margin: 0 0 2mm; }
        nav { margin: 4mm 0; } @media print { .noprint { display: none; } }
        .warning { border: 0.6mm solid #000; padding: 2mm; font-weight: 700; } footer { margin: 4mm 0 0; }
        """
}
