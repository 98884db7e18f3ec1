/// How many partners a world has, and how many devices each of them.
struct WorldShape: Hashable {
    struct Place: Hashable {
        let partner: Int
        let device: Int
    }

    /// Devices by partner, one to three each.
    let devices: [Int]

    /// What the scenarios are told with: an office and a laptop here, an office there.
    static let small = WorldShape(devices: [2, 1])
    /// A third partner, for what somebody does who was not there.
    static let third = WorldShape(devices: [2, 1, 1])

    init(devices: [Int]) {
        self.devices = devices
    }

    /// Two to four partners with one to three devices each; small worlds more often than large ones, because two
    /// devices meet more often where there are few.
    init(using generator: inout some RandomNumberGenerator) {
        let partners = [2, 2, 2, 3, 3, 4][Int.random(in: 0..<6, using: &generator)]
        devices = (0..<partners).map { _ in [1, 1, 2, 2, 3][Int.random(in: 0..<5, using: &generator)] }
    }

    var places: [Place] {
        devices.enumerated().flatMap { partner, count in
            (0..<count).map { Place(partner: partner, device: $0) }
        }
    }

    /// The organisations, none of them real.
    static let partners: [(code: String, name: String, place: String)] = [
        ("SRY", "Willow House", "surrey"), ("GLS", "Severn Women's Centre", "gloucestershire"),
        ("DBY", "Peak Lodge", "derby"), ("BHM", "Canal Street", "birmingham"),
    ]
    static let machines: [(name: String, role: String)] = [
        ("office", "office"), ("laptop", "field"), ("tablet", "field"),
    ]

    static func name(of place: Place) -> String {
        "\(partners[place.partner].place)-\(machines[place.device].name)"
    }
}
