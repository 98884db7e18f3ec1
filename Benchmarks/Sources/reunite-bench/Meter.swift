import Foundation

/// Time spent by this process.
enum Meter {
    /// User and system time in seconds, by getrusage.
    static func cpuSeconds() -> Double {
        var usage = rusage()
        // RUSAGE_SELF: an enumeration with glibc, a number elsewhere.
        getrusage(0, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The processor time that the work took, in seconds.
    static func cpu<Result>(_ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
        let start = cpuSeconds()
        let result = try work()
        return (cpuSeconds() - start, result)
    }
}

/// Sums the processor time of parts of some work.
final class Stopwatch {
    private(set) var seconds = 0.0
    /// The processor time at which the last part ended.
    private(set) var last = 0.0

    func time<Result>(_ work: () throws -> Result) rethrows -> Result {
        let start = Meter.cpuSeconds()
        let result = try work()
        last = Meter.cpuSeconds()
        seconds += last - start
        return result
    }
}

/// What several repetitions of one thing gave, in the order of the repetitions.
struct Samples {
    private(set) var values: [Double] = []

    mutating func add(_ value: Double) {
        values.append(value)
    }

    var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    var least: Double { values.min() ?? .nan }
    var most: Double { values.max() ?? .nan }

    /// Each repetition against the other's same repetition.
    func over(_ other: Samples) -> Samples {
        Samples(values: zip(values, other.values).map { $1 == 0 ? .nan : $0 / $1 })
    }
}

/// Samples by name.
struct Ledger {
    private var samples: [String: Samples] = [:]

    mutating func add(_ name: String, _ value: Double) {
        samples[name, default: Samples()].add(value)
    }

    subscript(name: String) -> Samples? { samples[name] }
}
