import ArgumentParser
import Foundation
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct VisitRecord: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Type in what became of a visit, from the paper.",
        discussion: """
            The time is the one at which it happened: 14:05 is of the day for which the visit was planned, by a clock in \
            the United Kingdom. The same typed twice changes nothing; anything else on record already is refused unless \
            --correct says so. With --from there is a line for each visit, as it would stand on the command line; one \
            wrong line and none is written.

            Example: reunite-sync visit record 1234-5678-K --attended NO --reason LOGISTICS --at 14:05
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: Line
    @Option(help: "A file with a line for each visit; '-' for standard input.") var from: String?

    /// One visit, on the command line or as a line of a file.
    struct Line: ParsableArguments {
        @Argument(help: "The visit's code, or its id.") var code: String?
        @Option(help: "YES, LATE or NO.") var attended: String?
        @Option(help: "When it happened: HH:MM of the planned day, 'YYYY-MM-DD HH:MM', or an instant.") var at: String?
        @Option(help: "Of a visit that did not take place: a code of the list visit.no_session_reason.")
        var reason: String?
        @Option(help: "How long it took.") var minutes: Int?
        @Option(help: "What to note in the case.") var note: String?
        @Flag(help: "It takes the place of another outcome.") var correct = false

        var isEmpty: Bool { code == nil && attended == nil && at == nil }

        func outcome() throws -> VisitOutcome {
            guard let code, let attended, let at else {
                throw Failure(
                    .usage, what: "Recording the visit", why: "the code, --attended or --at is missing",
                    remedy: "Look at how it is used with 'reunite-sync visit record --help'")
            }
            return VisitOutcome(
                visit: code, attended: attended, at: at, reason: reason, minutes: minutes, note: note,
                isCorrection: correct)
        }
    }

    struct Report: Encodable {
        var visits: [RecordedOutcome]
        var new: Int
    }

    func run() throws {
        let opened = try replica.open()
        let lines = try from.map { try VisitRecord.read($0) }
        if lines != nil, !line.isEmpty {
            throw Failure(
                .usage, what: "Recording the visit", why: "there is a visit on the command line and a file of others",
                remedy: "Use one of the two")
        }
        let outcomes = try lines ?? [(number: nil, outcome: try line.outcome())]
        let now = try opened.knownTime().now
        let recorded = try opened.edit("Recording the visits") { database in
            try outcomes.map { number, outcome in
                do {
                    return try VisitOutcomes.record(outcome, in: database, now: now)
                } catch let failure as Failure {
                    throw VisitRecord.wrong(failure, line: number)
                }
            }
        }
        let report = Report(visits: recorded, new: recorded.count(where: \.isNew))
        try Output.show(report, as: replica.json) {
            for visit in recorded {
                let suffix = visit.isNew ? "" : ": on record already, nothing was changed"
                say("\(visit.code)  \(visit.attended)  \(visit.recordedForAt)\(suffix)")
            }
        }
    }

    // MARK: Lines

    private static func read(_ path: String) throws -> [(number: Int?, outcome: VisitOutcome)] {
        let bytes = path == "-" ? Array(FileHandle.standardInput.readDataToEndOfFile()) : try DurableFile.read(path)
        guard let bytes else {
            throw Failure(
                .noInput, what: "Reading \(path)", why: "there is no such file", remedy: "Check the name")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
        let all = try lines.enumerated().compactMap { place, text -> (number: Int?, outcome: VisitOutcome)? in
            let line = text.trimmingCharacters(in: .whitespaces)
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            do {
                return (place + 1, try Line.parse(try words(line)).outcome())
            } catch let failure as Failure {
                throw wrong(failure, line: place + 1)
            } catch {
                throw Failure(
                    .badData, what: "Reading line \(place + 1)", why: "it cannot be understood",
                    remedy:
                        "Write the code, whether she came and when, as the help shows ('visit record --help'); nothing was written"
                )
            }
        }
        guard !all.isEmpty else {
            throw Failure(.noInput, what: "Reading the visits", why: "there is no line", remedy: "Check the file")
        }
        return all
    }

    /// The words of a line; quotation marks hold a note together.
    static func words(_ line: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "\"" || character == "'" && word == nil {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else {
            throw Failure(
                .badData, what: "Reading the visits", why: "a quotation mark is not closed", remedy: "Close it")
        }
        return words + [word].compactMap(\.self)
    }

    /// The same failure, with the line it is about.
    private static func wrong(_ failure: Failure, line: Int?) -> Failure {
        guard let line else { return failure }
        return Failure(
            failure.code == .usage ? .badData : failure.code, what: "\(failure.what), line \(line),", why: failure.why,
            remedy: failure.remedy + "; nothing was written")
    }
}
