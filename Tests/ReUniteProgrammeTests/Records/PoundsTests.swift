import Testing

@testable import ReUniteProgramme

@Suite("Sums of money as people write them")
struct PoundsTests {
    @Test(
        "Pounds are pence times a hundred, with or without a sign and commas before three digits",
        arguments: [
            ("£20,000", 2_000_000), ("20000", 2_000_000), ("£12.5", 1250), ("GBP 7", 700), ("1 234.50", 123_450),
            ("-£5.05", -505), ("£1,234,567.89", 123_456_789), ("\u{A0}£0.07 ", 7), ("0", 0),
        ])
    func read(text: String, pence: Int64) {
        #expect(Pounds.pence(text) == pence)
    }

    @Test(
        "What may be another number, or none, is nothing",
        arguments: [
            "£12,50", "1,2,3", "£1.234", "1.", ".5", "£", "-", "", "lots", "1,2345", "12.-5", "1.2.3", "9999999999999",
        ])
    func refused(text: String) {
        #expect(Pounds.pence(text) == nil)
    }
}
