import Testing

@testable import ReUniteSync

@Suite("Signatures of requests")
struct RequestSignatureTests {
    private let keys: DeviceKeys
    private let ticket: Ticket
    private let body = Array("hello".utf8)

    init() throws {
        keys = try BundleFixtures.keys(number: 3, from: 0)
        let key = try TicketKey(bytes: (0..<32).map { UInt8($0) })
        ticket = Ticket(number: 41, device: BundleFixtures.device, keyNumber: 3, key: key)
    }

    private func signed(path: String = "/v1/sync") throws -> [String: String] {
        let fields = try RequestSignature.headers(
            method: "POST", path: path, body: body, hub: BundleFixtures.hub, device: BundleFixtures.device,
            ticket: ticket, signedWith: keys)
        return Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
    }

    private func verify(
        _ fields: [String: String], method: String = "POST", path: String = "/v1/sync", body: [UInt8]? = nil,
        hub: Identifier = BundleFixtures.hub, known: PublicKeys? = nil
    ) throws(RequestSignature.Refusal) -> RequestSignature.Claim {
        try RequestSignature.verify(
            method: method, path: path, body: body ?? self.body, headers: { fields[$0] }, hub: hub,
            keyFor: { device, number in
                device == BundleFixtures.device && number == 3 ? known ?? keys.publicKeys : nil
            })
    }

    @Test("What is signed is the text that RFC 9421 gives, byte for byte")
    func base() throws {
        let fields = try signed()
        let expected = """
            "@method": POST
            "@path": /v1/sync
            "content-digest": sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:
            "reunite-hub": 22222222-2222-2222-2222-222222222222
            "@signature-params": ("@method" "@path" "content-digest" "reunite-hub")\
            ;keyid="01939f6e-0a00-7bcd-8123-456789abcdef.3";nonce="KQAAAAAAAAALHJhZLH2bJPDBsJjqxTz4"\
            ;alg="ed25519";tag="ru-1"
            """
        let signature = try #require(
            fields["Signature"].flatMap { text in
                Base64.decode(text.dropFirst(4).dropLast(), .standard, count: 64)
            })
        #expect(keys.publicKeys.verify(signature, over: Array(expected.utf8)))
        #expect(fields["Content-Digest"] == "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:")
        #expect(RequestSignature.contentDigest(of: []) == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")
    }

    @Test("A request that was signed is taken, and says by whom and with which ticket")
    func roundTrip() throws {
        let claim = try verify(try signed())
        #expect(claim.device == BundleFixtures.device)
        #expect(claim.keyNumber == 3)
        #expect(claim.ticket == ticket)
    }

    @Test("Another method, path, body, hub or key is refused, each for its reason")
    func otherRequests() throws {
        let fields = try signed()
        #expect(throws: RequestSignature.Refusal.notAuthentic) { try verify(fields, method: "PUT") }
        #expect(throws: RequestSignature.Refusal.notAuthentic) { try verify(fields, path: "/v1/sync/") }
        #expect(throws: RequestSignature.Refusal.malformed) { try verify(fields, path: "/v1/sync?all=1") }
        #expect(throws: RequestSignature.Refusal.wrongDigest) { try verify(fields, body: Array("hellO".utf8)) }
        #expect(throws: RequestSignature.Refusal.wrongHub) { try verify(fields, hub: BundleFixtures.device) }
        let impostor = try BundleFixtures.keys(number: 3, from: 9).publicKeys
        #expect(throws: RequestSignature.Refusal.notAuthentic) { try verify(fields, known: impostor) }
        let older = try BundleFixtures.keys(number: 2, from: 0).publicKeys
        #expect(throws: RequestSignature.Refusal.unknownKey) { try verify(fields, known: older) }
    }

    @Test("Another ticket, device or key number in the signed parameters is refused")
    func otherParameters() throws {
        let fields = try signed()
        let input = try #require(fields["Signature-Input"])
        for (part, other, refusal): (String, String, RequestSignature.Refusal) in [
            (ticket.text, Ticket.none.text, .notAuthentic),
            ("01939f6e", "01939f6f", .unknownKey),
            (".3\"", ".4\"", .unknownKey),
            (";alg=\"ed25519\"", "", .malformed),
            ("ru-1", "ru-2", .malformed),
            ("01939f6e", "01939F6E", .malformed),
            (".3\"", ".03\"", .malformed),
            ("\"@path\" ", "", .malformed),
            (";tag", ";created=1;tag", .malformed),
            (";tag", ";tag=\"ru-1\";tag", .malformed),
        ] {
            var changed = fields
            changed["Signature-Input"] = input.replacing(part, with: other)
            #expect(throws: refusal, "\(part) -> \(other)") { try verify(changed) }
        }
    }

    @Test(
        "Every field is needed, once and in one form",
        arguments: ["Content-Digest", "ReUnite-Hub", "Signature-Input", "Signature"])
    func fields(name: String) throws {
        let fields = try signed()
        let value = try #require(fields[name])
        var changed = fields
        changed[name] = nil
        #expect(throws: RequestSignature.Refusal.missing) { try verify(changed) }
        for wrong in ["", value + " ", " " + value, "\(value), \(value)", value + "=", String(value.dropLast())] {
            changed[name] = wrong
            #expect(throws: RequestSignature.Refusal.self, "\(wrong)") { try verify(changed) }
        }
    }

    @Test("Any changed character of any field is refused")
    func everyCharacter() throws {
        let fields = try signed()
        for (name, value) in fields {
            for index in value.utf8.indices {
                var changed = Array(value.utf8)
                let place = value.utf8.distance(from: value.utf8.startIndex, to: index)
                changed[place] ^= 1
                var altered = fields
                altered[name] = String(decoding: changed, as: UTF8.self)
                #expect(throws: RequestSignature.Refusal.self, "\(name) at \(place)") { try verify(altered) }
            }
        }
    }

    @Test("The order of the parameters is the signer's")
    func parameterOrder() throws {
        let text =
            "ru=(\"@method\" \"@path\" \"content-digest\" \"reunite-hub\");tag=\"ru-1\";alg=\"ed25519\""
            + ";nonce=\"\(ticket.text)\";keyid=\"\(BundleFixtures.device).3\""
        let input = try #require(SignatureInput(text: text))
        let digest = RequestSignature.contentDigest(of: body)
        let base = RequestSignature.signatureBase(
            method: "POST", path: "/v1/sync", digest: digest, hub: BundleFixtures.hub.description, input: input)
        var fields = try signed()
        fields["Signature-Input"] = text
        fields["Signature"] = "ru=:\(Base64.encode(try keys.sign(Array(base.utf8)), .standard)):"
        #expect(try verify(fields).ticket == ticket)
    }

    @Test(
        "A path that could run over into another line cannot be signed",
        arguments: ["", "v1", "/a b", "/a\n", "/é", "/a?b", "/a#b"])
    func paths(path: String) {
        #expect(throws: FormatError(.malformed, "request line")) { try signed(path: path) }
    }

    @Test("Base 64 has one form for each byte string")
    func base64() {
        for count in 0...40 {
            let content = BundleFixtures.content(count)
            for alphabet in [Base64.Alphabet.standard, .url] {
                let text = Base64.encode(content, alphabet)
                #expect(Base64.decode(text, alphabet, count: count) == content)
                #expect(Base64.decode(text, alphabet, count: count + 1) == nil)
                #expect(Base64.decode(text + "=", alphabet, count: count) == nil)
            }
        }
        #expect(Base64.encode(Array("fooba".utf8), .standard) == "Zm9vYmE=")
        #expect(Base64.encode([0xFB, 0xFF], .url) == "-_8")
        #expect(Base64.decode("-_9", .url, count: 2) == nil)
        #expect(Base64.decode("+/8", .url, count: 2) == nil)
        #expect(Base64.decode("Zm9vYmF=", .standard, count: 5) == nil)
    }
}
