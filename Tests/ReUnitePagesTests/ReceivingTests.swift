import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("The pages of whoever is asked")
struct ReceivingTests {
    /// A referral and an enquiry that come to this organisation, as if the hub had sent them.
    private func arriving() throws -> (desk: CaseDesk, referral: String, enquiry: String) {
        let desk = try CaseDesk()
        try desk.write(
            """
            INSERT INTO referral(case_id, from_partner_id, to_partner_id, state)
              SELECT x'00000000000070008000000000000009', p.id, \(TestDesk.roomLiteral), 'RECEIVED'
              FROM partner p WHERE p.code = 'GLS';
            INSERT INTO enquiry(from_partner_id, from_area, to_partner_id, to_area, release_month, asked_at)
              SELECT p.id, 'GLS', \(TestDesk.roomLiteral), 'SRY', '2027-03', \(CaseDesk.noon)
              FROM partner p WHERE p.code = 'GLS'
            """)
        let referral = try #require(
            try desk.text("SELECT lower(hex(id)) FROM referral WHERE state = 'RECEIVED'").flatMap { hex in
                Identifier(hex)
            }
        ).description
        let enquiry = try #require(try desk.text("SELECT lower(hex(id)) FROM enquiry").flatMap { Identifier($0) })
        return (desk, referral, enquiry.description)
    }

    @Test("An enquiry is listed, answered, and a no is asked for its reason")
    func enquiry() async throws {
        let (desk, _, id) = try arriving()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/referrals", cookie: cookie).text
            #expect(list.contains("Waits for you") && list.contains("/enquiry/\(id)") && list.contains("2027-03"))
            let path = "/enquiry/\(id)"
            let page = try await browser.get(path, cookie: cookie).text
            #expect(page.contains("Enquiry from GLS to SRY") && page.contains("Would you have room?"))
            let bare = try await browser.post(path, [("answer", "NO"), ("reason", "")], from: path, cookie: cookie)
            #expect(bare.status == 422 && bare.text.contains("A no needs a reason"))
            let none = try await browser.post(path, [("reason", "")], from: path, cookie: cookie)
            #expect(none.status == 422 && none.text.contains("Your answer is missing"))
            let maybe = try await browser.post(path, [("answer", "MAYBE")], from: path, cookie: cookie)
            #expect(maybe.status == 303)
            #expect(try desk.text("SELECT state FROM enquiry") == "MAYBE")
            #expect(try await !browser.get("/referrals", cookie: cookie).text.contains("Waits for you"))
            let late = try await browser.post(path, [("answer", "ASKED")], from: path, cookie: cookie)
            #expect(late.status == 422 && !late.text.contains("MAYBE,"))
        }
    }

    @Test("From the arrival to the acceptance each station is a page, which says who may bring it further")
    func stations() async throws {
        let (desk, id, _) = try arriving()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/referral/\(id)"
            let arrived = try await browser.get(path, cookie: cookie).text
            for text in ["By SRY", "By GLS", "step/under_assessment", "step/declined", "By the hub"] {
                #expect(arrived.contains(text), "\(text)")
            }
            let assess = "\(path)/step/under_assessment"
            let taken = try await browser.post(assess, [("assessor", "Ana")], from: assess, cookie: cookie)
            #expect(taken.status == 303)
            let accept = "\(path)/step/accepted"
            #expect(try await browser.post(accept, [], from: accept, cookie: cookie).status == 303)
            #expect(try desk.text("SELECT state FROM referral WHERE assessor = 'Ana'") == "ACCEPTED")
        }
    }

    /// A pack as a sender freezes it.
    private func pack(_ desk: CaseDesk, _ referral: String) throws {
        let items = """
            {"facts":{"case_file":[{"ref":"GLS-26-0007-Q"}],"person":[{"known_as":"Rosa"}]},"tier":"T2","version":1}
            """
        try desk.write(
            "INSERT INTO referral_pack(referral_id, tier, items, sha256) VALUES (?, 'T2', ?, zeroblob(32))",
            [Identifier(referral)?.sqlBlob, items])
    }

    @Test("Whoever is asked sees at once whom a referral is about, and that it waits for her")
    func about() async throws {
        let (desk, id, _) = try arriving()
        try pack(desk, id)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/referrals", cookie: cookie).text
            #expect(list.contains("<bdi>Rosa</bdi>") && list.contains("GLS-26-0007-Q"))
            #expect(list.contains("Referrals</a> <span class=\"count\">"))
            let page = try await browser.get("/referral/\(id)", cookie: cookie).text
            #expect(page.contains("About <strong><bdi>Rosa, GLS-26-0007-Q</bdi>"))
            #expect(page.contains("<details open><summary>Who she is, and why she comes (as sent on"))
            for step in ["Begin the assessment", "Decline it"] { #expect(page.contains(">\(step)</a>"), "\(step)") }
        }
    }

    @Test("A referral that was handed over or has ended is listed, and found by its reference when its case is gone")
    func ended() async throws {
        let (desk, id, _) = try arriving()
        try pack(desk, id)
        try desk.write(
            "UPDATE referral SET state = 'TRANSFERRED', from_partner_id = to_partner_id, to_partner_id = from_partner_id WHERE id = ?",
            [Identifier(id)?.sqlBlob])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/referrals", cookie: cookie).text
            #expect(list.contains("Ended or handed over") && list.contains("/referral/\(id)"))
            for (typed, isThere) in [("gls-26-0007-q", true), ("GLS-26-0008-R", false), ("%\"", false)] {
                let sent = try await browser.post("/search", [("text", typed)], from: "/search", cookie: cookie)
                let found = try await browser.get(try #require(sent.headers[.location]), cookie: cookie).text
                #expect(found.contains("/referral/\(id)") == isThere, "\(typed)")
                #expect(found.contains("Nothing here fits") != isThere, "\(typed)")
            }
            // The sender agrees to what the receiver asked for, and not before.
            let before = try await browser.get("/referral/\(id)", cookie: cookie).text
            #expect(!before.contains("goes back"))
            try desk.write(
                """
                INSERT INTO referral_signature(referral_id, kind, partner_id, risk_call, children_plan, duty_to_refer,
                  transport, signed_by)
                  SELECT id, 'RETURN', to_partner_id, 'DONE', 'DONE', 'DONE', 'DONE', 'Worker' FROM referral WHERE id = ?
                """, [Identifier(id)?.sqlBlob])
            let after = try await browser.get("/referral/\(id)", cookie: cookie).text
            #expect(after.contains("Agree that she goes back"))
        }
    }

    @Test("The way is told in the order in which it was gone, and what was passed over is not still to come")
    func way() throws {
        let (desk, id, _) = try arriving()
        let key = try #require(Identifier(id))
        for (number, state) in [
            "SENT", "RECEIVED", "UNDER_ASSESSMENT", "INFO_REQUESTED", "UNDER_ASSESSMENT", "ACCEPTED",
        ]
        .enumerated() {
            try desk.write(
                "INSERT INTO referral_event(referral_id, to_state, recorded_for_at) VALUES (?, ?, ?)",
                [key.sqlBlob, state, CaseDesk.noon + Int64(number) * 60_000])
        }
        try desk.write("UPDATE referral SET state = 'ACCEPTED' WHERE id = ?", [key.sqlBlob])
        let journey = try desk.replica.read("Reading") { try Referrals.journey(key, by: TestDesk.room, in: $0) }
        #expect(
            journey.stages.map(\.label) == [
                "Sent", "Received", "Under assessment", "Waiting for information", "Under assessment", "Accepted",
                "Handing over", "Transferred", "Completed",
            ])
        #expect(journey.stages.map(\.standing) == Array(repeating: .done, count: 5) + [.here, .ahead, .ahead, .ahead])
    }

    @Test("A step does not wait for what its own form does; for her consent there is a way")
    func waits() async throws {
        let desk = try CaseDesk()
        try desk.write("DELETE FROM consent")
        let (id, reasons) = try desk.replica.read("Reading") { database in
            (
                try Row.fetchOne(database, sql: "SELECT id FROM referral")?.identifier("id"),
                try String.fetchAll(
                    database, sql: "SELECT sql FROM sqlite_schema WHERE name = 'referral_guard'"
                ).joined()
            )
        }
        // What is left out by its words has to be said in these words.
        for reason in Referrals.ownReasons { #expect(reasons.contains("'\(reason)'"), "\(reason)") }
        #expect(reasons.contains("'\(Referrals.needsConsent)'"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/referral/\(try #require(id))", cookie: cookie).text
            #expect(page.contains(">Send it</a>") && !page.contains("no pack was frozen"))
            #expect(page.contains("(<a href=\"/case/\(desk.id)/consent\">Record her consent</a>)"))
        }
    }

    @Test("Whoever opens a case is told at once of a woman of the same name and birthday")
    func known() async throws {
        let desk = try CaseDesk()
        let reference = try #require(try desk.text("SELECT ref FROM case_file"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for (born, isSaid) in [("1990-02-28", true), ("1990-02-27", false)] {
                let made = try await browser.post(
                    "/case/new", [("known_as", "mKNOWN"), ("date_of_birth", born), ("interpreter", "no")],
                    from: "/case/new", cookie: cookie)
                let page = try await browser.get(try #require(made.headers[.location]), cookie: cookie).text
                #expect(page.contains("Look at \(reference): a woman of that name and birthday") == isSaid, "\(born)")
            }
        }
    }

    @Test("Before a step the page shows what it would tell, and what the hub counts; nothing is written")
    func preview() async throws {
        let desk = try CaseDesk()
        let asker = StepAsker { question in
            #expect(question.to == "SENT")
            return .moves(
                from: "DRAFT",
                [
                    .init(
                        partner: "GLS", gains: .init(rows: 7, devices: 2), loses: .init(rows: 0, devices: 0), unsent: 3,
                        devices: nil)
                ])
        }
        try await Browser.visit(desk.replica, asking: asker) { browser in
            let cookie = try await browser.signIn()
            let refer = "/case/\(desk.id)/refer"
            let made = try await browser.post(
                refer, [("to", "GLS"), ("kind", "REFER_HOUSE"), ("urgency", "ROUTINE")], from: refer, cookie: cookie)
            let path = try #require(made.headers[.location])
            let step = try await browser.get("\(path)/step/sent", cookie: cookie).text
            #expect(step.contains("What the receiver would be told") && step.contains("Mfirst"))
            // What no stage shows yet is not among it.
            #expect(!step.contains("Mnote"))
            let asked = try await browser.post(
                "\(path)/step/sent/preview", [], from: "\(path)/step/sent", cookie: cookie)
            #expect(asked.status == 200 && asked.text.contains("7 records, on 2 devices"))
            #expect(asked.text.contains("3 edits") && asked.text.contains("Nothing was changed"))
            #expect(try desk.count("SELECT count(*) FROM referral WHERE state <> 'DRAFT'") == 0)
            #expect(try desk.count("SELECT count(*) FROM referral_pack") == 0)
            let theirs = try await browser.get("\(path)/step/accepted", cookie: cookie)
            #expect(theirs.status == 403 && !theirs.text.contains("ACCEPTED"))
        }
    }

    @Test("A refusal says what states and reasons are called, and names no command")
    func words() throws {
        let desk = try CaseDesk()
        let page = Desk(replica: desk.replica, session: PageSession(), syncing: nil)
        let said = page.plain("it is DRAFT, and this partner cannot take it to UNDER_ASSESSMENT in SRY")
        #expect(
            said
                == "it is \u{2018}Draft\u{2019}, and this partner cannot take it to \u{2018}Under assessment\u{2019} in SRY"
        )
        #expect(page.plain("Record her consent first: 'consent give'") == "Record her consent first")
        #expect(page.plain("Look at it with 'referral show'") == "Look at it")
    }
}
