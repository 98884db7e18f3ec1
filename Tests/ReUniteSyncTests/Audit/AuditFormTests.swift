import ReUniteSync
import Testing

@Suite("What the audit log says has one form, and the hub's word for it")
struct AuditFormTests {
    private let hub = Identifier(high: 7, low: 9)

    private func hash(_ byte: UInt8) throws -> MerkleHash {
        try #require(MerkleHash(bytes: Array(repeating: byte, count: 32)))
    }

    @Test("A record comes back from its bytes, whatever the order in which its facts were given")
    func records() throws {
        let facts: [AuditFact] = [
            .word(.code, "retention"), .id(.scope, hub), .number(.position, -3),
            .hash(.batch, Array(repeating: 4, count: 32)),
        ]
        for kind in AuditKind.allCases {
            let record = AuditRecord(kind, atMilliseconds: 1_772_366_000_000, facts)
            #expect(AuditRecord(kind, atMilliseconds: 1_772_366_000_000, facts.reversed()) == record)
            #expect(try AuditRecord(decoding: record.encoded()) == record)
        }
        let bytes = AuditRecord(.verdict, atMilliseconds: 1, facts).encoded()
        #expect(bytes.prefix(4) == [1, 3, 2, 3])
        for length in bytes.indices.dropFirst() where length != 3 && length != 20 && length != 22 && length != 55 {
            #expect(throws: FormatError.self, "\(length)") { try AuditRecord(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: FormatError(.malformed, "audit field")) { try AuditRecord(decoding: bytes + bytes.suffix(11)) }
    }

    @Test("Two leaves that say the same have nothing in common")
    func salted() {
        let record = AuditRecord(.started, atMilliseconds: 5, []).encoded()
        let first = AuditRecord.leaf(salt: Array(repeating: 1, count: 16), record: record)
        #expect(first != AuditRecord.leaf(salt: Array(repeating: 2, count: 16), record: record))
    }

    @Test("A note is a C2SP checkpoint, and is believed with the hub's key and its exact words only")
    func notes() throws {
        let keys = DeviceKeys.generate()
        let head = AuditHead(size: 41, root: try hash(0xAB))
        let note = try AuditNote.sign(head, of: hub, with: keys)
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 6 && lines[0] == "ru/audit/\(hub)" && lines[1] == "41" && lines[3] == "")
        #expect(lines[4].hasPrefix("\u{2014} ru/audit/\(hub) "))
        let key = try #require(AuditNote.key(AuditNote.verifierKey(of: hub, keys.publicKeys)))
        #expect(key.hub == hub && key.key == keys.publicKeys.signing)
        #expect(AuditNote.verified(note, of: hub, key: key.key) == head)
        #expect(AuditNote.verified(note, of: .zero, key: key.key) == nil)
        #expect(AuditNote.verified(note, of: hub, key: DeviceKeys.generate().publicKeys.signing) == nil)
        let bytes = Array(note.utf8)
        for place in bytes.indices {
            var bent = bytes
            bent[place] ^= 1
            #expect(AuditNote.verified(String(decoding: bent, as: UTF8.self), of: hub, key: key.key) == nil, "\(place)")
        }
    }

    @Test("A checkpoint with the audit log's head is as signed; one without is what it always was")
    func checkpoints() throws {
        let keys = DeviceKeys.generate()
        var checkpoint = Checkpoint(
            hub: hub, epoch: HubEpoch(number: 1, salt: hub), device: hub, position: Position(9),
            issuedMilliseconds: 1, digest: VersionDigest())
        let plain = try checkpoint.signed(with: keys)
        #expect(plain.bytes[0] == 1)
        checkpoint.audit = AuditHead(size: 300, root: try hash(3))
        let signed = try checkpoint.signed(with: keys)
        #expect(signed.bytes[0] == 2 && signed.bytes.count == plain.bytes.count + 34)
        let read = try SignedCheckpoint(decoding: signed.bytes)
        #expect(read.checkpoint == checkpoint && read.isAuthentic(signedBy: keys.publicKeys))
        for place in (signed.bytes.count - 64 - 34)..<(signed.bytes.count - 64) {
            var bent = signed.bytes
            bent[place] ^= 0x40
            let isBelieved = (try? SignedCheckpoint(decoding: bent))?.isAuthentic(signedBy: keys.publicKeys) ?? false
            #expect(!isBelieved, "byte \(place)")
        }
    }

    @Test("A word of a leaf is plain ASCII: what no hub writes is not read, so that each leaf has one form")
    func words() throws {
        let plain = AuditRecord(.viewed, atMilliseconds: 10, [.word(.code, "board")]).encoded()
        #expect(try AuditRecord(decoding: plain).encoded() == plain)
        for place in (plain.count - 5)..<plain.count {
            for text in ["\u{EB}", "\u{80}"] {
                var bent = plain
                bent.replaceSubrange(place..<min(place + 2, plain.count), with: Array(text.utf8))
                bent[plain.count - 6] = UInt8(bent.count - (plain.count - 5))
                #expect(throws: FormatError.self) { _ = try AuditRecord(decoding: bent) }
            }
        }
        // Found by chance: letters that are not ASCII among zeros.
        let found: [UInt8] =
            [0x01, 0x23, 0x14, 0xC0, 0x20] + Array(repeating: 0, count: 4) + [0x5A, 0x6F, 0xC3, 0xAB, 0x61]
            + Array(repeating: 0, count: 7) + [0x1B, 0x69, 0x69, 0x69, 0x00, 0x0B, 0x0B, 0x0B, 0x07]
            + Array(repeating: 0, count: 7)
        #expect(throws: FormatError.self) { _ = try AuditRecord(decoding: found) }
    }

    @Test("A witness follows a log that grows, and nothing else")
    func witness() throws {
        var tree = MerkleFrontier()
        var leaves: [MerkleHash] = []
        func head(_ count: Int) -> AuditHead {
            while leaves.count < count {
                leaves.append(MerkleTree.leaf([UInt8(leaves.count)]))
            }
            tree = MerkleFrontier()
            for leaf in leaves.prefix(count) { _ = tree.append(leaf) }
            return tree.head
        }
        let four = head(4)
        let five = head(5)
        let proof = [leaves[4]]
        func judge(
            _ head: AuditHead?, since: UInt64 = 4, _ proof: [MerkleHash] = [], knowing: AuditHead? = four
        ) -> AuditWitness.Verdict {
            AuditWitness.judge(known: knowing, head: head, proof: AuditProof(since: since, hashes: proof))
        }
        #expect(judge(five, proof) == .extends)
        #expect(judge(four) == .extends)
        #expect(judge(five, since: 0, knowing: nil) == .extends)
        #expect(judge(five, since: 0, knowing: head(0)) == .extends)
        #expect(judge(nil, since: 0, knowing: nil) == .unchecked)
        #expect(judge(five) == .contradicts)
        #expect(judge(five, [four.root]) == .contradicts)
        #expect(judge(AuditHead(size: 4, root: five.root)) == .contradicts)
        #expect(judge(nil) == .contradicts)
        #expect(judge(head(3)) == .contradicts, "the hub was told of 4 entries")
        #expect(judge(head(3), since: 2) == .unchecked, "an old letter")
        #expect(judge(five, since: 2, proof) == .unchecked, "another program synced meanwhile")
        #expect(judge(four, since: 2, proof) == .extends, "another program was shown the same")
        #expect(judge(AuditHead(size: 4, root: five.root), since: 2, proof) == .contradicts)
    }
}
