/// The logistic function and its inverse in whole numbers (`Schemas/wire/delta.md`, section 14): the same on every
/// machine, which floating point need not be.
enum Logistic {
    /// Beyond this, either way, nothing is more certain.
    static let limit = 2_047

    /// 65,536 / (1 + e^-x) for every half from -8 to 8.
    private static let curve = [
        22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768, 40793, 47911,
        53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
    ]

    /// The probability, of 65,536, at each place from -2,048 to 2,047, in steps of 1/256.
    static let squashed: [Int32] = (0..<4_096).map { place in
        let (step, part) = (place >> 7, place & 127)
        return Int32((curve[step] * (128 - part) + curve[step + 1] * part + 64) >> 7)
    }

    /// The way back: for each probability, of 4,096, the least place with at least that.
    static let stretched: [Int16] = {
        var place = -limit
        return (0..<4_096).map { probability in
            while place < limit, squashed[place + 2_048] < Int32(probability * 16 + 8) { place += 1 }
            return Int16(place)
        }
    }()
}
