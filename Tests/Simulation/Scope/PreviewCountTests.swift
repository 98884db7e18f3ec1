import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What a preview counts is what moves")
struct PreviewCountTests {
    @Test("At acceptance the receiver is told how many rows will come, and so many come with the next sync")
    func acceptance() async throws {
        let preview = try PreviewWorld(seed: 901)
        let question = try preview.question("ACCEPTED")
        var told: PreviewAnswer.Move?
        try await preview.world.served { url in
            let body = try await preview.ask(preview.gloucestershire, question, at: url)
            guard case .moves("RECEIVED", let moves) = body else {
                Issue.record("\(body)")
                return
            }
            #expect(moves.map(\.partner) == ["GLS"], "Surrey keeps what it has")
            told = moves.first
        }
        let own = try #require(told)
        #expect(own.loses == .init(rows: 0, devices: 0) && own.gains.devices == 1 && own.unsent == 0)
        #expect(own.devices?.map(\.name) == [try preview.gloucestershire.replica.facts().deviceName])
        #expect(try preview.held(preview.gloucestershire) == 0)
        try preview.accept()
        let came = try preview.held(preview.gloucestershire)
        #expect(came > 0 && own.gains.rows == UInt64(came))
        #expect(try came < preview.held(preview.surrey), "notes and her address are not opened")
    }

    @Test("At the transfer so many rows leave each device as its purge reports, and so many come as the owner then has")
    func transfer() async throws {
        let preview = try PreviewWorld(seed: 902)
        try preview.accept()
        let before = try preview.held(preview.gloucestershire)
        let all = try preview.held(preview.surrey)
        let question = try preview.question("TRANSFERRED")
        var moves: [String: PreviewAnswer.Move] = [:]
        try await preview.world.served { url in
            moves = PreviewWorld.moves(try await preview.ask(preview.surrey, question, at: url))
        }
        let (surrey, gloucestershire) = (try #require(moves["SRY"]), try #require(moves["GLS"]))
        #expect(surrey.gains.rows == 0 && surrey.loses == .init(rows: UInt64(all), devices: 2))
        #expect(surrey.devices?.map(\.loses) == [UInt64(all), UInt64(all)])
        #expect(gloucestershire.devices == nil, "which devices others have is not told")
        #expect(gloucestershire.gains == .init(rows: UInt64(all - before), devices: 1))
        #expect(gloucestershire.loses.rows == 0)

        // The handover alone opens the notes, and no address.
        let handover = PreviewWorld.moves(try preview.ask(preview.gloucestershire, preview.question("HANDOVER")).body)
        let opened = try #require(handover["GLS"]).gains.rows
        #expect(opened > 0 && opened < UInt64(all - before) && handover["SRY"] == nil)

        try preview.handOver()
        #expect(try preview.held(preview.surrey) == 0)
        #expect(try preview.held(preview.gloucestershire) == all)
        #expect(try preview.purged() == ["surrey-office": Int64(all), "surrey-laptop": Int64(all)])
    }

    @Test("On the way back the former owner's laptop gains the case too, because it is still on its caseload")
    func return_() throws {
        let preview = try PreviewWorld(seed: 903)
        try preview.accept()
        try preview.handOver()
        let all = try preview.held(preview.gloucestershire)
        let moves = PreviewWorld.moves(try preview.ask(preview.gloucestershire, preview.question("RETURNED")).body)
        #expect(moves["SRY"]?.gains == .init(rows: UInt64(all), devices: 2))
        #expect(moves["GLS"]?.loses.devices == 1)
        for device in [preview.gloucestershire, preview.surrey] {
            try preview.edit(device) { [referral = preview.referral] in
                try Referrals.giveBack(referral.description, reason: "NON_ARRIVAL", by: $1, in: $0, now: $2)
            }
            try preview.world.settle()
        }
        for device in [preview.surrey, preview.world.surreyLaptop] { #expect(try preview.held(device) == all) }
        #expect(try preview.held(preview.gloucestershire) == 0)
    }

    @Test("A laptop without the case on its caseload is not counted, nor one that has not heard of it")
    func caseload() throws {
        let preview = try PreviewWorld(seed: 904, onLaptops: false)
        try preview.accept()
        func losing() throws -> [String] {
            try preview.forecast("TRANSFERRED")["SRY"]?.devices.filter { $0.loses > 0 }.map(\.name) ?? []
        }
        #expect(try losing() == ["surrey-office"])
        try preview.world.put(preview.rows.id, on: preview.world.surreyLaptop, by: preview.surrey)
        try preview.world.sync(preview.surrey)
        #expect(try losing() == ["surrey-office"], "nothing was sent to the laptop yet")
        try preview.world.settle()
        #expect(try losing() == ["surrey-laptop", "surrey-office"])
    }

    @Test("A device that is revoked or suspended is served nothing, and is not counted")
    func notServed() throws {
        let preview = try PreviewWorld(seed: 905)
        try preview.accept()
        #expect(try preview.forecast("TRANSFERRED")["SRY"]?.losingDevices == 2)
        _ = try preview.world.hub.revoke(device: preview.world.surreyLaptop.id.description)
        #expect(try preview.forecast("TRANSFERRED")["SRY"]?.losingDevices == 1)
        try preview.atHub(
            "UPDATE hub_device SET clone_ms = 1 WHERE id = ?", [preview.gloucestershire.id.sqlBlob])
        let gloucestershire = try #require(try preview.forecast("TRANSFERRED")["GLS"])
        #expect(gloucestershire.gainedRows > 0 && gloucestershire.devices.isEmpty)
    }

    @Test("Unsent edits are those that the devices concerned last spoke of")
    func unsent() throws {
        let preview = try PreviewWorld(seed: 906)
        try preview.accept()
        for (device, count) in [(preview.world.surreyLaptop, 3), (preview.surrey, 4), (preview.world.derby, 50)] {
            try preview.atHub("UPDATE hub_device SET unsent = ? WHERE id = ?", [count, device.id.sqlBlob])
        }
        let forecast = try preview.forecast("TRANSFERRED")
        #expect(forecast["SRY"]?.unsent == 7 && forecast["GLS"]?.unsent == 0)
        #expect(forecast["SRY"]?.devices.map(\.unsent).sorted() == [3, 4])
        let moves = PreviewWorld.moves(try preview.ask(preview.gloucestershire, preview.question("HANDOVER")).body)
        #expect(moves["SRY"] == nil, "Surrey would move nothing")
    }

    @Test("Where nothing allows a disclosure, acceptance opens nothing, and the preview says so")
    func noBasis() throws {
        let preview = try PreviewWorld(seed: 907)
        let line = preview.world.newID()
        try preview.surrey.edit {
            try $0.execute(
                sql: "INSERT INTO limited_access(id, case_id, kind, partner_id) VALUES(?, ?, 'EXCLUSION', ?)",
                arguments: [line.sqlBlob, preview.rows.id.sqlBlob, preview.world.gloucester.sqlBlob])
        }
        try preview.world.settle()
        #expect(try preview.forecast("ACCEPTED").isEmpty == true)
        guard
            case .moves(_, let moves) = try preview.ask(
                preview.gloucestershire, preview.question("ACCEPTED")
            ).body
        else {
            Issue.record("the step is open")
            return
        }
        #expect(moves.isEmpty)
        try preview.accept()
        #expect(try preview.held(preview.gloucestershire) == 0)
    }

    @Test("Consent taken back closes what a second referral had opened, and the preview counts that too")
    func consentTakenBack() throws {
        let preview = try PreviewWorld(seed: 908)
        let joint = try preview.world.refer(
            preview.rows.id, on: preview.surrey, to: preview.world.gloucester, kind: "REFER_SHARED")
        try preview.world.settle()
        try preview.accept()
        try preview.accept(joint)
        let held = try preview.held(preview.gloucestershire)
        // Withdrawn for another reason, the joint work would go on.
        #expect(try (preview.forecast("WITHDRAWN")["GLS"]?.lostRows ?? 0) < held)
        let forecast = try #require(try preview.forecast("CONSENT_WITHDRAWN")["GLS"])
        #expect(forecast.lostRows > held, "the case, and the packs")
        try preview.edit(preview.gloucestershire) { [referral = preview.referral] in
            try Referrals.withdrawConsent(referral.description, by: $1, in: $0, now: $2)
        }
        try preview.world.settle()
        #expect(try preview.held(preview.gloucestershire) == 0)
        let gone = try preview.world.hub.purges(all: true).filter { $0.deviceName == "gloucestershire-office" }
            .reduce(0) { $0 + ($1.rows ?? 0) }
        #expect(gone == Int64(forecast.lostRows))
    }

    @Test("A third partner's joint work ends with the transfer: the operator sees it, the two sides are not told")
    func thirdPartner() throws {
        let preview = try PreviewWorld(seed: 909)
        try preview.world.consent(to: preview.world.derby.partner, in: preview.rows.id, on: preview.surrey)
        let joint = try preview.world.refer(
            preview.rows.id, on: preview.surrey, to: preview.world.derby.partner, kind: "REFER_SHARED")
        try preview.world.settle()
        try preview.world.accept(joint, on: preview.world.derby)
        try preview.world.settle()
        try preview.accept()
        let held = try preview.held(preview.world.derby)
        #expect(held > 0)
        #expect(try preview.forecast("TRANSFERRED")["DBY"]?.lostRows == held)
        for (device, state) in [(preview.surrey, "TRANSFERRED"), (preview.gloucestershire, "HANDOVER")] {
            #expect(PreviewWorld.moves(try preview.ask(device, preview.question(state)).body)["DBY"] == nil)
        }
        try preview.handOver()
        #expect(try preview.held(preview.world.derby) == 0)
    }

    @Test("The sender is not told that the receiver would learn of another case of the same woman's")
    func linkedCases() throws {
        let preview = try PreviewWorld(seed: 910)
        let world = preview.world
        let theirs = try world.openCase(on: preview.gloucestershire, marker: "Quince", naming: world.surrey)
        try preview.accept()
        let before = PreviewWorld.moves(try preview.ask(preview.surrey, preview.question("TRANSFERRED")).body)
        let row = try world.hub.read("Testing") { [here = preview.rows.person] in
            try PersonLinks.decide(
                here.description, theirs.person.description, isDifferent: false, isVerified: true,
                reason: "One prison number",
                in: $0)
        }
        try world.hub.insert("Testing") { try row.insert(into: $0, now: $1) }
        try world.settle()
        let gained = try #require(try preview.forecast("TRANSFERRED")["GLS"]).gainedRows
        #expect(UInt64(gained) == (before["GLS"]?.gains.rows ?? 0) + 1, "the link itself")
        let after = PreviewWorld.moves(try preview.ask(preview.surrey, preview.question("TRANSFERRED")).body)
        #expect(after["GLS"] == before["GLS"])
        #expect(after["SRY"]?.loses == before["SRY"]?.loses)
    }

    @Test("Rows of a class that the asker may read neither before nor after the step are not counted for it")
    func hiddenClasses() throws {
        let preview = try PreviewWorld(seed: 911)
        let (world, derby) = (preview.world, preview.world.derby)
        try preview.accept()
        try preview.handOver()
        // Her case moved on to Derby, which works on it together with Gloucestershire.
        try world.give(preview.rows.id, to: derby.partner)
        try world.settle()
        let all = try preview.held(derby)
        let joint = try world.refer(preview.rows.id, on: derby, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(joint, on: preview.gloucestershire)
        try world.settle()
        let held = try preview.held(preview.gloucestershire)
        #expect(held > 0 && held < all, "all but her address")
        // If the first referral gave the case back to Surrey, Surrey would gain all of it.
        let question = try preview.question("RETURNED")
        #expect(try preview.forecast("RETURNED")["SRY"]?.gainedRows == all)
        let before = PreviewWorld.moves(try preview.ask(preview.gloucestershire, question).body)
        #expect(before["SRY"]?.gains.rows == UInt64(held) && before["DBY"] == nil)
        // A concern is recorded: nothing that Gloucestershire can ask tells that there is one.
        let concern = world.newID()
        try derby.edit {
            try $0.execute(
                sql: "INSERT INTO limited_access(id, case_id, kind, partner_id) VALUES(?, ?, 'EXCLUSION', ?)",
                arguments: [concern.sqlBlob, preview.rows.id.sqlBlob, world.newID().sqlBlob])
        }
        try world.settle()
        #expect(try preview.forecast("RETURNED")["SRY"]?.gainedRows == all + 1)
        let after = PreviewWorld.moves(try preview.ask(preview.gloucestershire, question).body)
        #expect(after["SRY"] == before["SRY"] && after["GLS"]?.loses == before["GLS"]?.loses)
    }
}
