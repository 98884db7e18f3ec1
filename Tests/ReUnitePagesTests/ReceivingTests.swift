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
