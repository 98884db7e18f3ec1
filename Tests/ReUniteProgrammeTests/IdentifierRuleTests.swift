import ReUniteProgramme
import Testing

@Suite("Identifiers have one canonical form, or a reason why they have none")
struct IdentifierRuleTests {
    private static let year = 2026

    @Test(
        "Valid numbers, as people write them, become canonical",
        arguments: [
            (IdentifierType.noms, "A1234BC", "A1234BC"), (.noms, " a1234bc ", "A1234BC"),
            (.legacyPrison, "wf0123", "WF0123"), (.legacyPrison, "1234567890", "1234567890"),
            (.probation, "X123456", "X123456"), (.probation, "x123456", "X123456"),
            (.police, "81/34U", "1981/0000034U"), (.police, "02/73319Z", "2002/0073319Z"),
            (.police, "00/223R", "2000/0000223R"), (.police, "79163001B", "1979/0163001B"),
            (.police, "033Y", "2003/0000003Y"), (.police, "2003/3Y", "2003/0000003Y"),
            (.police, "1981/0000034u", "1981/0000034U"), (.police, "19810000034U", "1981/0000034U"),
            (.criminalRecord, "65656/91H", "065656/91H"), (.criminalRecord, "065656/91h", "065656/91H"),
            (.criminalRecord, "SF05/482703J", "SF05/482703J"), (.criminalRecord, "SF83/50058Z", "SF83/50058Z"),
            (.nationalInsurance, "AB 12 34 56 C", "AB123456C"), (.health, "943 476 5919", "9434765919"),
            (.noms, "A 1234 BC", "A1234BC"), (.probation, "x 123456", "X123456"),
            (.health, "999 000 0018", "9990000018"), (.health, "999-000-0018", "9990000018"),
        ])
    func valid(type: IdentifierType, text: String, canonical: String) {
        #expect(type.check(text, year: Self.year) == .valid(canonical: canonical))
    }

    @Test(
        "Invalid numbers have no canonical form, and the reason does not repeat them",
        arguments: [
            (IdentifierType.noms, "A1234B"), (.noms, "AA1234B"), (.noms, "A1234BC1"), (.noms, ""),
            (.legacyPrison, ""), (.legacyPrison, "12345678901"), (.legacyPrison, "AB-123"),
            (.probation, "X12345"), (.probation, "1234567"),
            (.police, "2003/0011985Z"), (.police, "2012/0052494O"), (.police, "81/34V"), (.police, "81/34"),
            (.police, "2099/0000034U"), (.police, "81/12345678U"), (.police, "/34U"), (.police, "U"),
            (.criminalRecord, "85227/65G"), (.criminalRecord, "65656/91I"), (.criminalRecord, "65656-91H"),
            (.criminalRecord, "SF05/482703K"), (.criminalRecord, "SF5/482703J"),
            (.nationalInsurance, "BG123456A"), (.nationalInsurance, "ZZ123456A"), (.nationalInsurance, "DA123456A"),
            (.nationalInsurance, "AO123456A"), (.nationalInsurance, "AB123456E"), (.nationalInsurance, "AB12345C"),
            (.health, "0000000000"), (.health, "111 111 1111"),
            (.health, "999 123 4560"), (.health, "943 476 5918"), (.health, "943476591"), (.health, "٩٤٣٤٧٦٥٩١٩"),
        ])
    func invalid(type: IdentifierType, text: String) {
        let check = type.check(text, year: Self.year)
        #expect(check.canonical == nil)
        let problem = check.problem ?? ""
        #expect(!problem.isEmpty && (text.count < 5 || !problem.contains(text)))
    }

    @Test("A two-digit year up to the present one is of this century")
    func centuries() {
        // The same digits have the same check letter in every century.
        #expect(IdentifierType.police.check("26/3Y", year: 2026).canonical == "2026/0000003Y")
        #expect(IdentifierType.police.check("26/3Y", year: 2025).canonical == "1926/0000003Y")
    }

    @Test("A mistyped digit of a PNC number is found")
    func mistypedDigit() {
        let good = "1981/0000034U"
        var found = 0
        for place in [2, 3] + Array(5...11) {
            for digit in "0123456789" {
                var text = Array(good)
                guard text[place] != digit else { continue }
                text[place] = digit
                if IdentifierType.police.check(String(text), year: Self.year).canonical == nil { found += 1 }
            }
        }
        #expect(found == 81)
    }

    @Test("UPRNs are digits, whatever zeros stand before them")
    func properties() {
        #expect(PropertyNumber.check("010090012345") == PropertyNumber.check("10090012345"))
        #expect(PropertyNumber.check("10090012345").canonical == "10090012345")
        for wrong in ["", "0", "1234567890123", "12A"] { #expect(PropertyNumber.check(wrong).canonical == nil) }
    }

    @Test(
        "An outward code tells the town and never the house",
        arguments: [
            ("GL12 8DB", "GL12"), ("gl128db", "GL12"), ("YO23 3FT", "YO23"), ("PE3 7PD", "PE3"), ("M1 1AE", "M1"),
            ("EC1A 1BB", "EC1A"), ("W1A 0AX", "W1A"), ("GL12", "GL12"), ("n1", "N1"),
        ])
    func outwardCodes(text: String, outward: String) {
        #expect(Postcode.outwardCode(of: text) == outward)
    }

    @Test("What is no postcode has no outward code", arguments: ["", "GL", "8DB", "GL12 8D", "12 8DB", "GLOU 8DB"])
    func noPostcodes(text: String) {
        #expect(Postcode.outwardCode(of: text) == nil)
    }
}
