import Foundation
import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("The desk's pages show what the replica holds, as text")
struct DeskPageTests {
    @Test("The caseload shows each case, and the case page its rows under the manifest's labels")
    func shown() async throws {
        let desk = try CaseDesk()
        try desk.write("UPDATE ru_column SET label = 'Called' WHERE tbl = 'person' AND name = 'known_as'")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let caseload = try await browser.get("/", cookie: cookie).text
            for text in ["Mknown", "Called", "Enquiry", "SRY-26-", "/case/\(desk.id)", "Owner"] {
                #expect(caseload.contains(text), "\(text)")
            }
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            for text in [
                "Mfirst", "Mlast", "1990-02-28", "Mchild", "Mneed", "Mnote", "Called", "Parental responsibility",
                "Not started", "GLS", "Woman", "Consent", "Referral",
            ] where text != "Parental responsibility" {
                #expect(page.contains(text), "\(text)")
            }
            // Nothing is shown for what is empty.
            #expect(!page.contains("Parental responsibility"))
            #expect(page.contains("<dt>Needs an interpreter</dt><dd><bdi>No</bdi></dd>"))
            let missing = try await browser.get("/case/00000000-0000-7000-8000-000000000000", cookie: cookie)
            #expect(missing.status == 404)
            #expect(try await browser.get("/case/rubbish", cookie: cookie).status == 404)
        }
    }

    @Test("Unsent edits and open conflicts are marked on the case, its rows and the replica's page")
    func badges() async throws {
        let desk = try CaseDesk()
        let person = try desk.replica.read("Reading") {
            try Row.fetchOne($0, sql: "SELECT id FROM person")?.identifier("id") ?? .zero
        }
        let group = 1 << 3
        try desk.write(
            "INSERT INTO ru_open(tbl, key, groups) SELECT number, ?, ? FROM ru_table WHERE name = 'person'",
            [person.sqlBlob, group])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let caseload = try await browser.get("/", cookie: cookie).text
            #expect(caseload.contains("Not sent yet") && caseload.contains(">Conflict<"))
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(page.contains("Conflict: Date of birth") && page.contains("Not sent yet"))
            let replica = try await browser.get("/replica", cookie: cookie).text
            #expect(replica.contains("<dt>Open conflicts</dt><dd><bdi>1</bdi></dd>"))
            #expect(replica.contains("No: waits for") && replica.contains("edits that have not been sent"))
            // The hub has judged everything, and the conflict is decided.
            try desk.write("DELETE FROM ru_journal")
            try desk.write("DELETE FROM ru_open")
            let after = try await browser.get("/", cookie: cookie).text
            #expect(!after.contains("badge unsent") && !after.contains("badge conflict"))
            #expect(try await browser.get("/replica", cookie: cookie).text.contains("<bdi>Yes</bdi>"))
        }
    }

    @Test("What the hub asks stands on the case and in a list, is answered in words, and an answer cannot be empty")
    func asked() async throws {
        let desk = try CaseDesk()
        let id = try desk.first("conflict_question")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            #expect(
                try await browser.get("/", cookie: cookie).text.contains("<span class=\"badge asked\">Question</span>"))
            #expect(try await browser.get("/?show=asked", cookie: cookie).text.contains("Mknown"))
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(page.contains("The hub asks") && page.contains("/questions/\(id)"))
            let list = try await browser.get("/questions", cookie: cookie).text
            #expect(list.contains("Mquestion, in words?") && list.contains("Woman: Legal first name, Legal last name"))
            let path = "/questions/\(id)"
            let empty = try await browser.post(path, [("answer", " ")], from: path, cookie: cookie)
            #expect(empty.status == 422 && empty.text.contains("Your answer is missing"))
            let taken = try await browser.post(
                path, [("answer", "From <b>her</b> passport")], from: path, cookie: cookie)
            #expect(taken.status == 303 && taken.headers[.location] == "/questions")
            let after = try await browser.get("/questions", cookie: cookie).text
            #expect(after.contains("From &lt;b&gt;her&lt;/b&gt; passport") && after.contains(">Answered<"))
            #expect(try await !browser.get("/", cookie: cookie).text.contains("badge asked"))
            // Of somebody signed in it says who; here nobody is.
            #expect(try desk.count("SELECT count(*) FROM conflict_answer WHERE author_id IS NULL") == 1)
            // The conflict was decided meanwhile.
            try desk.write("UPDATE conflict_question SET state = 'CLOSED'")
            let closed = try await browser.get(path, cookie: cookie).text
            #expect(closed.contains("The conflict is closed") && !closed.contains("<textarea"))
            let token = try #require(list.firstMatch(of: /name="form_token" value="([^"]*)"/)?.1 ?? "")
            let late = try await browser.post(
                path, [("answer", "More"), ("form_token", String(token))], cookie: cookie)
            #expect(late.status == 403 || late.status == 422)
            #expect(try desk.count("SELECT count(*) FROM conflict_answer") == 1)
            #expect(
                try await browser.get("/questions/00000000-0000-7000-8000-000000000000", cookie: cookie).status == 404)
        }
    }

    @Test(
        "A script in every text that the tables take stays text",
        arguments: ["<script>alert(1)</script>", "\u{600}<script>alert(1)</script>", "\"\u{301}'\u{301}><b onclick=x>"])
    func planted(text: String) async throws {
        let desk = try CaseDesk()
        var planted = 0
        let columns = try desk.replica.read("Reading") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT c.tbl, c.name FROM ru_column c JOIN pragma_table_xinfo(c.tbl) x ON x.name = c.name
                    WHERE x.type = 'TEXT'
                    """
            ).map { ($0["tbl"] as String, $0["name"] as String) }
        }
        try desk.write(
            """
            CREATE TEMP TABLE kept_code AS SELECT id, list, code FROM code_value;
            CREATE TEMP TABLE kept_partner AS SELECT id, code FROM partner
            """)
        // Where a rule of the table forbids it, it stays out.
        for (table, column) in columns {
            planted += try desk.plant(text, in: table, column) ? 1 : 0
        }
        try desk.write("UPDATE ru_column SET label = ?", [text])
        try desk.write("UPDATE ru_table SET label = ?, help = ?", [text, text])
        #expect(planted > 20)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let bare = Array(text.unicodeScalars)
            let pages = try await walk(browser, cookie)
            #expect(pages.count > 60)
            for (path, page) in pages {
                #expect(page.status == 200, "\(path)")
                let scalars = Array(page.text.unicodeScalars)
                let isThere = scalars.indices.contains {
                    scalars[$0] == bare[0] && scalars[$0...].starts(with: bare)
                }
                #expect(!isThere, "\(path)")
                // Nothing but the templates' own elements.
                #expect(elements(in: scalars).isSubset(of: DeskPageTests.elements), "\(path)")
            }
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(page.contains(Escaping().escapeText(text)))
            #expect(try await !draft(text, on: desk, browser, cookie).contains(303), "there is nothing to choose")
            try desk.write(
                """
                UPDATE code_value SET list = k.list, code = k.code FROM kept_code k WHERE k.id = code_value.id;
                UPDATE partner SET code = k.code FROM kept_partner k WHERE k.id = partner.id
                """)
            #expect(try await draft(text, on: desk, browser, cookie).contains(303))
        }
    }

    /// Asks for a draft, with what the form offers and with what it does not: the answer is the draft and its page, or the
    /// form once more, which says in plain words why not. Returns the answers' statuses.
    private func draft(_ text: String, on desk: CaseDesk, _ browser: Browser, _ cookie: String) async throws -> [Int] {
        let refer = "/case/\(desk.id)/refer"
        let form = try await browser.get(refer, cookie: cookie).text
        let offered = ["to", "kind", "urgency"].map { ($0, Self.offered($0, in: form).last ?? text) }
        var answers: [Int] = []
        for (name, value) in [
            ("release_date", "2027-02-02"), ("reason_for_area", text), ("urgency", text), ("to", text), ("to", "GLS"),
        ] {
            let fields = Dictionary(uniqueKeysWithValues: offered).merging([name: value]) { $1 }
            let answer = try await browser.post(refer, fields.map { ($0, $1) }, from: refer, cookie: cookie)
            answers.append(answer.status)
            var page = answer
            if answer.status == 303 {
                let path = try #require(answer.headers[.location])
                #expect(path.hasPrefix("/referral/"), "\(name)")
                page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 200, "\(name)")
            } else {
                let problems = page.text.firstMatch(of: #/class="problems"[\s\S]*?<\/div>/#)?.0 ?? ""
                #expect(answer.status == 422 && problems.contains("<li>"), "\(name): \(answer.status)")
            }
            #expect(elements(in: Array(page.text.unicodeScalars)).isSubset(of: Self.elements), "\(name)")
        }
        return answers
    }

    /// What a page offers to choose from under a name, as a browser would send it.
    private static func offered(_ name: String, in page: String) -> [String] {
        guard let start = page.range(of: " name=\"\(name)\""),
            let end = page.range(of: "</select>", range: start.upperBound..<page.endIndex)
        else { return [] }
        return page[start.upperBound..<end.lowerBound].matches(
            of: #/<option value="([^"]*)"/#.matchingSemantics(.unicodeScalar)
        ).map { option in
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(String(option.1)) {
                $0.replacingOccurrences(of: $1.0, with: $1.1, options: .literal)
            }
        }
    }

    @Test("What the tables hold stands apart from the words around it, whichever way it is written")
    func directions() async throws {
        let desk = try CaseDesk()
        let columns = try desk.replica.read("Reading") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT c.tbl, c.name FROM ru_column c JOIN pragma_table_xinfo(c.tbl) x ON x.name = c.name
                    WHERE x.type = 'TEXT'
                    """
            ).map { ($0["tbl"] as String, $0["name"] as String) }
        }
        var planted = 0
        for (table, column) in columns { planted += try desk.plant("Zmarked", in: table, column) ? 1 : 0 }
        try desk.write("UPDATE ru_column SET label = name")
        try desk.write("UPDATE ru_table SET label = name, help = name")
        #expect(planted > 20)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            var seen = 0
            for (path, page) in try await walk(browser, cookie) {
                seen += page.text.contains("Zmarked") ? 1 : 0
                let bare = Browser.withoutData(page.text)
                let place = bare.firstRange(of: "Zmarked").map { bare[$0.lowerBound...].prefix(80) } ?? ""
                #expect(place.isEmpty, "\(path): \(place)")
            }
            #expect(seen > 20)
        }
    }

    @Test("Titles and addresses hold ids and nothing of a case")
    func titles() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for (path, page) in try await walk(browser, cookie) {
                let title = try #require(page.text.firstMatch(of: /<title>(.*)<\/title>/)).1
                #expect(!title.contains("Mk") && !title.contains("SRY"), "\(path)")
                for link in page.text.matches(of: /(?:href|src|action)="([^"]*)"/).map(\.1) {
                    #expect(link.wholeMatch(of: /[#\/][a-z0-9\/_?=&;#.A-Z-]*/) != nil, "\(link)")
                    #expect(!link.contains("Mk") && !link.contains("SRY"), "\(link)")
                }
                #expect(!page.text.contains("<script") && !page.text.contains("style=\""), "\(path)")
                #expect(page.text.contains("<html lang=\"en-GB\">"), "\(path)")
            }
        }
    }

    @Test("Every page's title says what it is about, and no page of another kind has it")
    func ownTitles() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            var kinds: [String: Set<String>] = [:]
            for (path, page) in try await walk(browser, cookie) {
                let title = try #require(page.text.firstMatch(of: /<title>(.*)<\/title>/)).1
                // What an id varies is one kind; what a table or a step varies is another.
                let kind = path.replacing(/[?].*/, with: "").replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "*")
                kinds[String(title), default: []].insert(kind)
            }
            #expect(kinds.count > 60)
            for (title, same) in kinds.sorted(by: { $0.key < $1.key }) {
                #expect(same.count == 1, "\(title): \(same.sorted())")
            }
            let add = "/case/\(desk.id)/add/case_note"
            #expect(try await browser.get(add, cookie: cookie).text.contains("<title>Add to the case: Note – "))
            let wrong = try await browser.post(add, [], from: add, cookie: cookie)
            #expect(wrong.status == 422 && wrong.text.contains("<title>Problem: Add to the case: Note – "))
        }
    }

    @Test("No template leaves anything unescaped")
    func templates() {
        for (name, source) in Templates.sources {
            #expect(!source.contains("{{{") && !source.contains("{{&") && !source.contains("{{%"), "\(name)")
        }
    }

    /// Every page that links lead to from the first one, by its address.
    private func walk(_ browser: Browser, _ cookie: String) async throws -> [(path: String, page: Browser.Page)] {
        var found: [(String, Browser.Page)] = []
        var known: Set<String> = ["/"]
        var waiting = ["/"]
        while let path = waiting.popLast(), found.count < 300 {
            let page = try await browser.get(path, cookie: cookie)
            found.append((path, page))
            for link in page.text.matches(of: /href="(\/[^"#]*)/).map({ String($0.1) })
            where !link.hasSuffix(".css") && known.insert(link).inserted {
                waiting.append(link)
            }
        }
        return found
    }

    private static let elements: Set<String> = [
        "!DOCTYPE", "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "main", "h1", "h2", "p",
        "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "span", "section", "article", "dl", "div", "dt",
        "dd", "small", "ul", "li", "strong", "ol", "h3", "form", "input", "label", "button", "select", "option",
        "textarea",
        "fieldset", "legend", "br", "details", "summary", "progress",
    ]

    /// The names after every `<`, as a browser would read them.
    private func elements(in scalars: [Unicode.Scalar]) -> Set<String> {
        var found = Set<String>()
        for index in scalars.indices where scalars[index] == "<" {
            var name = String.UnicodeScalarView()
            for scalar in scalars[(index + 1)...] {
                if scalar == "/" && name.isEmpty { continue }
                guard scalar.properties.isAlphabetic || scalar == "!" || ("1"..."3").contains(scalar) else { break }
                name.append(scalar)
            }
            found.insert(String(name))
        }
        return found
    }
}
