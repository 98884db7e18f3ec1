/// Names of people who do not exist: first names that many have, with family names that were put together from parts.
enum InventedNames {
    static let women = [
        "Ada", "Alma", "Amina", "Anouk", "Aoife", "Beth", "Bronwen", "Carla", "Cerys", "Chloe", "Dalia", "Dawn",
        "Della",
        "Edie", "Elena", "Esme", "Faye", "Freya", "Gemma", "Greta", "Hana", "Hazel", "Imogen", "Ines", "Isla", "Jade",
        "Joan", "Kayla", "Kezia", "Lara", "Leila", "Lowri", "Mabel", "Marta", "Mina", "Nadia", "Nell", "Niamh", "Olive",
        "Orla", "Pearl", "Petra", "Rhian", "Rosa", "Ruby", "Sadie", "Salma", "Seren", "Tamsin", "Thea", "Una", "Vera",
        "Wanda", "Yasmin", "Zadie", "Zora",
    ]
    static let children = [
        "Albie", "Alfie", "Amir", "Arlo", "Bea", "Callum", "Cora", "Dylan", "Eden", "Ellis", "Erin", "Ezra", "Finn",
        "Flora", "Gwen", "Hugo", "Idris", "Ivy", "Jonah", "Kai", "Lacey", "Leo", "Lola", "Luca", "Maisie", "Max",
        "Mila",
        "Nico", "Noah", "Nora", "Oscar", "Otis", "Poppy", "Reuben", "Robin", "Rory", "Skye", "Theo", "Tilly", "Zack",
    ]
    private static let first = [
        "Alder", "Amber", "Bram", "Brindle", "Calder", "Cinder", "Dapple", "Elder", "Fallow", "Garn", "Hollin", "Iver",
        "Jasper", "Kestrel", "Linden", "Marl", "Nettle", "Oaken", "Pippin", "Quill", "Rush", "Sorrel", "Thistle",
        "Umber",
        "Vellum", "Willow", "Yarrow",
    ]
    private static let second = ["by", "combe", "dale", "field", "gate", "holt", "mere", "shaw", "stead", "wick"]

    static func family(_ chance: inout Chance) -> String { chance.pick(first) + chance.pick(second) }

    /// A telephone number that the regulator keeps for stories: 07700 900000 to 900999.
    static func telephone(_ chance: inout Chance) -> String { "+447700900\(padded(chance.between(0...999), 3))" }

    /// A postcode of the kind that statistics use for no place at all.
    static func postcode(_ chance: inout Chance) -> String { "ZZ99 \(chance.between(1...9))ZZ" }

    static func street(_ chance: inout Chance) -> String {
        "\(chance.between(1...180)) \(chance.pick(first)) \(chance.pick(["Road", "Street", "Close", "Row", "Lane"]))"
    }

    // MARK: Numbers by which agencies would know them, from ranges that are not issued

    /// With a serial number that no year reaches.
    static func policeNumber(born year: Int, _ chance: inout Chance) -> String {
        let issued = year + chance.between(17...22)
        let serial = chance.between(9_900_000...9_999_999)
        return "\(issued)/\(serial)\(letter(for: issued % 100 * 10_000_000 + serial))"
    }

    /// Of the range that is kept for tests: 999 000 0000 to 999 999 9999, with its check digit.
    static func healthNumber(_ chance: inout Chance) -> String {
        while true {
            let digits = [9, 9, 9] + (0..<6).map { _ in chance.between(0...9) }
            let sum = digits.enumerated().reduce(0) { $0 + $1.element * (10 - $1.offset) }
            let check = 11 - sum % 11
            if check == 10 { continue }
            return (digits + [check % 11]).map(String.init).joined()
        }
    }

    /// A0000AA to A9999ZZ have not come to Z yet.
    static func prisonNumber(_ chance: inout Chance) -> String {
        "Z\(padded(chance.between(0...9_999), 4))Z\(chance.pick(["X", "Y", "Z"]))"
    }

    static func probationNumber(_ chance: inout Chance) -> String { "Z9\(padded(chance.between(0...99_999), 5))" }

    static func letter(for number: Int) -> Character { Array("ZABCDEFGHJKLMNPQRTUVWXY")[number % 23] }

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
