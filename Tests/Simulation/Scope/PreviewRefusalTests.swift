import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

@Suite("Whom a preview tells nothing, and what it leaves as it is")
struct PreviewRefusalTests {
    @Test("A preview changes nothing at the hub but the ticket that was shown, whoever asks")
    func changesNothing() throws {
        let preview = try PreviewWorld(seed: 921)
        try preview.accept()
        let before = try preview.hubDump()
        for state in ["HANDOVER", "TRANSFERRED", "CONSENT_WITHDRAWN", "RETURNED", "DRAFT"] {
            for device in [preview.surrey, preview.gloucestershire, preview.world.derby] {
                _ = try preview.ask(device, preview.question(state))
            }
            _ = try preview.world.hub.preview(preview.question(state))
        }
        #expect(try preview.hubDump() == before)
        try preview.world.settle()
    }

    @Test("A referral of others is answered as one that never was: the same answer, of the same length")
    func noOracle() throws {
        let preview = try PreviewWorld(seed: 922)
        let never = try preview.question("ACCEPTED", preview.world.newID())
        let (unknown, length) = try preview.ask(preview.world.derby, never)
        #expect(unknown == .unknown)
        for state in ["ACCEPTED", "WITHDRAWN", "NO_SUCH_STATE"] {
            let (body, bytes) = try preview.ask(preview.world.derby, preview.question(state))
            #expect(body == .unknown && bytes == length, "\(state)")
        }
        // Nor does it help to ask about her case, or in a table that there is none of.
        for table: UInt16 in [1, 999] {
            var other = try preview.question("ACCEPTED", preview.rows.id)
            other.table = table
            #expect(try preview.ask(preview.world.derby, other).body == .unknown)
        }
    }

    @Test("The receiver of a draft, and a laptop that does not hold the case, hear nothing of the referral")
    func notTheirs() throws {
        let preview = try PreviewWorld(seed: 923, onLaptops: false)
        #expect(try preview.ask(preview.world.surreyLaptop, preview.question("WITHDRAWN")).body == .unknown)
        let draft = try preview.world.draft(preview.rows.id, on: preview.surrey, to: preview.world.gloucester)
        try preview.world.sync(preview.surrey)
        let question = try preview.question("SENT", draft)
        #expect(try preview.ask(preview.gloucestershire, question).body == .unknown)
        let body = try preview.ask(preview.surrey, question).body
        #expect(PreviewWorld.moves(body)["GLS"]?.gains == .init(rows: 2, devices: 1), "the referral and its event")
    }

    @Test("A step that is not open is refused with those that are, the other side's and the hub's among them")
    func notOpen() async throws {
        let preview = try PreviewWorld(seed: 924)
        let question = try preview.question("TRANSFERRED")
        try await preview.world.served { url in
            let body = try await preview.ask(preview.gloucestershire, question, at: url)
            guard case .notOpen(let from, let open) = body else {
                Issue.record("\(body)")
                return
            }
            #expect(from == "RECEIVED")
            #expect(Set(["ACCEPTED", "DECLINED", "UNDER_ASSESSMENT", "WITHDRAWN", "EXPIRED"]).isSubset(of: open))
            #expect(!open.contains("TRANSFERRED") && !open.contains("HANDOVER") && open == open.sorted())
        }
        // The operator may look further, though not back.
        #expect(try preview.forecast("TRANSFERRED")["SRY"]?.lostRows ?? 0 > 0)
        guard case .notOpen(from: "RECEIVED", let open) = try preview.world.hub.preview(preview.question("DRAFT"))
        else {
            Issue.record("nothing leads back to a draft")
            return
        }
        #expect(open.contains("TRANSFERRED") && !open.contains("SENT"))
    }

    @Test("A revoked device is refused, and a forged, altered or foreign signature is none")
    func signatures() async throws {
        let preview = try PreviewWorld(seed: 925)
        let (world, derby) = (preview.world, preview.world.derby)
        let question = try preview.question("ACCEPTED")
        // The server's own tending sets the rules' clock, and finds nothing else to do.
        _ = try world.hub.tend()
        func dump() throws -> [String] { try preview.hubDump().filter { !$0.hasPrefix("ru_now ") } }
        let before = try dump()
        try await world.served { url in
            let client = try HubClient(url: url)
            let sealed = try preview.gloucestershire.replica.seal(question)
            let ticket = try preview.gloucestershire.replica.ticket()
            func post(
                _ headers: [(name: String, value: String)], _ body: [UInt8]? = nil, path: String = "/v1/preview"
            ) async throws -> Int {
                try await client.exchange(
                    method: "POST", path: path, headers: headers, body: body ?? sealed.body
                ).status
            }
            let good = try preview.gloucestershire.replica.signature(
                method: "POST", path: "/v1/preview", body: sealed.body, ticket: ticket)
            // Derby's signature, said to be Gloucestershire's.
            let foreign = try derby.replica.signature(
                method: "POST", path: "/v1/preview", body: sealed.body, ticket: ticket)
            let name = try #require(good.first { $0.name == "Signature-Input" })
            #expect(try await post(foreign.map { $0.name == "Signature-Input" ? name : $0 }) == 400)
            // Derby signs Gloucestershire's question: the seal in it is not Derby's.
            let own = try derby.replica.signature(
                method: "POST", path: "/v1/preview", body: sealed.body, ticket: try derby.replica.ticket())
            #expect(try await post(own) == 400)
            #expect(try await post(good, sealed.body + [0]) == 400)
            #expect(try await post(good.dropLast()) == 400)
            #expect(try await post(good, path: "/v1/sync") == 400, "the path is signed")
            #expect(try dump() == before)
            #expect(try await post(good) == 200)
            await client.close()

            _ = try world.hub.revoke(device: preview.gloucestershire.id.description)
            let failure = await #expect(throws: Failure.self) {
                try await preview.ask(preview.gloucestershire, question, at: url)
            }
            #expect(failure?.code == .notPermitted)
        }
    }

    @Test("A question that comes late changes nothing, a lost ticket is given anew, an old one is a second copy's")
    func tickets() async throws {
        let preview = try PreviewWorld(seed: 926)
        let device = preview.gloucestershire
        let question = try preview.question("ACCEPTED")
        let sealed = try device.replica.seal(question)
        let old = Hub.SignedRequest(
            device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
            ticket: try device.replica.ticket(), body: sealed.body)
        guard case .answer(let first) = try preview.world.hub.preview(old) else {
            Issue.record("no answer")
            return
        }
        try device.replica.keep(ticket: try device.replica.open(preview: first, to: sealed).ticket)
        // Delivered twice at once: answered twice, as a sync is.
        guard case .answer = try preview.world.hub.preview(old) else {
            Issue.record("no answer")
            return
        }
        _ = try preview.ask(device, question)
        let before = try preview.hubDump()
        let late = #expect(throws: Failure.self) { try preview.world.hub.preview(old) }
        #expect(late?.code == .tryLater)
        #expect(try preview.hubDump() == before)

        // A ticket that the hub never gave: it gives one, and the client signs again.
        try device.replica.keep(ticket: Ticket.none.encoded())
        try await preview.world.served { url in
            _ = PreviewWorld.moves(try await preview.ask(device, question, at: url))
        }
        // An old ticket under a new question is another copy of the device.
        let again = try device.replica.seal(question)
        let copy = Hub.SignedRequest(
            device: again.device, keyNumber: old.keyNumber, ticket: old.ticket, body: again.body)
        guard case .answer(let bytes) = try preview.world.hub.preview(copy) else {
            Issue.record("no answer")
            return
        }
        #expect(try device.replica.open(preview: bytes, to: again).body == .suspended)
        #expect(try preview.ask(device, question).body == .suspended)
    }

    @Test("An answer to another question is not taken")
    func otherAnswer() throws {
        let preview = try PreviewWorld(seed: 927)
        let device = preview.gloucestershire
        let (first, second) = (
            try device.replica.seal(preview.question("ACCEPTED")), try device.replica.seal(preview.question("DECLINED"))
        )
        let signed = Hub.SignedRequest(
            device: first.device, keyNumber: try device.replica.facts().keyNumber,
            ticket: try device.replica.ticket(), body: first.body)
        guard case .answer(let bytes) = try preview.world.hub.preview(signed) else {
            Issue.record("no answer")
            return
        }
        #expect(throws: Failure.self) { try device.replica.open(preview: bytes, to: second) }
        _ = try device.replica.open(preview: bytes, to: first)
    }

    @Test("A step whose row the hub's tables would refuse is answered as one that is not open")
    func refusedByTheTable() async throws {
        let preview = try PreviewWorld(seed: 928)
        let second = try preview.world.refer(
            preview.rows.id, on: preview.surrey, to: preview.world.gloucester, kind: "REFER_SHARED")
        try preview.world.settle()
        try preview.accept()
        let question = try preview.question("ACCEPTED", second)
        #expect(try !PreviewWorld.moves(preview.ask(preview.gloucestershire, question).body).isEmpty)
        try preview.atHub("CREATE UNIQUE INDEX one_at_a_time ON referral(case_id) WHERE state = 'ACCEPTED'")
        try await preview.world.served { url in
            let body = try await preview.ask(preview.gloucestershire, question, at: url)
            guard case .notOpen(from: "RECEIVED", let open) = body else {
                Issue.record("\(body)")
                return
            }
            #expect(!open.contains("ACCEPTED") && open.contains("DECLINED"))
        }
        guard case .notOpen = try preview.world.hub.preview(question) else {
            Issue.record("the operator is told the same")
            return
        }
        try preview.atHub("DROP INDEX one_at_a_time")
        try preview.world.settle()
    }
}
