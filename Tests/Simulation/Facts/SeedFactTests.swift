import Testing

@Suite("What the programme knows is carried from a partner through the hub")
struct SeedFactTests {
    @Test("A fact arrives where it belongs, and nowhere else", arguments: SeedFact.all)
    func carried(_ fact: SeedFact) throws {
        let answers = try SeedFactAnswers.shared.get()
        #expect(answers.troubles["the hub"] == nil)
        #expect(answers.troubles[fact.name] == nil)
        for reader in SeedFactAnswers.Reader.allCases {
            let expected = reader == .other && fact.reach == .partner ? nil : fact.answer
            #expect(answers.found[fact.name]?[reader] == expected, "at \(reader)")
        }
    }

    @Test("No two facts have one name")
    func names() {
        #expect(Set(SeedFact.all.map(\.name)).count == SeedFact.all.count)
    }
}
