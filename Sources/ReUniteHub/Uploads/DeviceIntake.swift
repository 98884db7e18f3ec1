import ReUniteReplica
import ReUniteSync

/// How much each device has brought in batches over its own connection, so that none of them fills the hub's disk by itself.
///
/// The program that serves counts from when it started. What is carried in files is not counted: an operator stands by.
struct DeviceIntake {
    /// What one device may bring in a day, in bytes as they are sent. Inflated it may be sixteen times as much.
    var limit = 256 << 20
    private var days: [Identifier: (since: Int64, bytes: Int)] = [:]
    private static let day: Int64 = 86_400_000

    /// - Throws: ``Failure`` (tryLater) where so many bytes more would be too many.
    func admit(_ bytes: Int, of device: Identifier, atMilliseconds now: Int64) throws {
        guard let soFar = days[device], now - soFar.since < DeviceIntake.day, soFar.bytes + bytes > limit else {
            return
        }
        throw Failure(
            .tryLater, what: "Taking batches",
            why: "this device has brought more within a day than the hub takes from one (\(limit >> 20) MiB)",
            remedy:
                "Nothing is lost: the rest stays on the device and goes tomorrow. If that much was meant, bring it to the "
                + "hub as a file")
    }

    mutating func add(_ bytes: Int, of device: Identifier, atMilliseconds now: Int64) {
        var soFar = days[device] ?? (since: now, bytes: 0)
        if now - soFar.since >= DeviceIntake.day { soFar = (since: now, bytes: 0) }
        soFar.bytes += bytes
        days[device] = soFar
    }
}

extension HubFiles {
    /// Which device was last told that it had brought too much, in words for an operator, and when; nil where none was for a
    /// week.
    func intakeTrouble(atMilliseconds now: Int64) -> String? {
        let week: Int64 = 7 * 86_400_000
        guard let bytes = (try? DurableFile.read(folder + "/intake-trouble")).flatMap({ $0 }) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
        guard lines.count == 2, let at = Int64(lines[0]), at <= now, now - at < week else { return nil }
        return lines[1]
    }

    func note(intakeTrouble text: String, atMilliseconds now: Int64) {
        // Written once an hour at most: whoever is refused comes again.
        let path = folder + "/intake-trouble"
        let hour: Int64 = 3_600_000
        if let bytes = (try? DurableFile.read(path)).flatMap({ $0 }),
            String(decoding: bytes, as: UTF8.self).hasPrefix("\(now / hour * hour)\n")
        {
            return
        }
        try? DurableFile.write(Array("\(now / hour * hour)\n\(text)".utf8), to: path)
    }
}
