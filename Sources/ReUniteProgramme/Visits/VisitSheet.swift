import Foundation
import ReUniteSync

/// What a visit bundle holds: a day's visits, the women of those visits, and of each only what a visit needs. No
/// address, no telephone number, no note, nothing of anybody else.
///
/// As JSON it is the content of a bundle of kind VISIT (`Schemas/wire/bundle.md`).
package struct VisitSheet: Hashable, Sendable, Codable {
    /// A prison in which it may be opened, and by which authorisation.
    package struct Prison: Hashable, Sendable, Codable {
        package var code: String
        package var name: String?
        package var authorisation: String
        package var governorRef: String
        package var deviceSerial: String?
        package var mediaSerial: String?
        /// The last day.
        package var validTo: String
    }

    package struct Visit: Hashable, Sendable, Codable {
        package var id: String
        package var code: String
        package var prison: String
        package var type: String
        /// Milliseconds since 1970.
        package var plannedMs: Int64
        package var worker: String?
        package var woman: Woman
    }

    package struct Woman: Hashable, Sendable, Codable {
        package var caseFile: String
        package var ref: String?
        package var knownAs: String?
        package var legalFirst: String?
        package var legalLast: String?
        package var dateOfBirth: String?
        package var language: String?
        package var interpreter = false
        package var prisonNumber: String?
        package var releaseDate: String?
        package var releaseType: String?
        package var children: [Child] = []
        package var needs: [Need] = []
        package var risks: [Risk] = []
        package var restrictions: [Restriction] = []
    }

    package struct Child: Hashable, Sendable, Codable {
        package var firstName: String?
        package var dateOfBirth: String?
    }

    package struct Need: Hashable, Sendable, Codable {
        package var category: String
        package var section: String?
        package var status: String
    }

    package struct Risk: Hashable, Sendable, Codable {
        package var kind: String
        package var level: String
    }

    package struct Restriction: Hashable, Sendable, Codable {
        package var kind: String
        package var otherParty: String?
    }

    package struct Counts: Hashable, Sendable, Codable {
        package var women: Int
        package var visits: Int
        /// Rows of the replica that were read for it.
        package var rows: Int
    }

    package static let version = 1

    package var version: Int
    /// `YYYY-MM-DD`, in the United Kingdom.
    package var day: String
    /// Milliseconds since 1970.
    package var packedMs: Int64
    /// Milliseconds since 1970; from then on it is not opened.
    package var expiresMs: Int64
    /// The device that may open it.
    package var device: String
    package var prisons: [Prison]
    package var counts: Counts
    package var visits: [Visit]
}

extension VisitSheet {
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// - Throws: ``Failure``: badData when it is no such sheet or counts other than it says, configuration when a newer
    ///   program made it.
    package init(decoding bytes: [UInt8]) throws {
        let what = "Opening the visit bundle"
        struct Version: Decodable {
            var version: Int
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = Data(bytes)
        if let made = try? decoder.decode(Version.self, from: data), made.version > VisitSheet.version {
            throw Failure(
                .configuration, what: what, why: "a newer program made it", remedy: "Update the program on this device")
        }
        guard let sheet = try? decoder.decode(VisitSheet.self, from: data),
            sheet.counts.visits == sheet.visits.count,
            sheet.counts.women == Set(sheet.visits.map(\.woman.caseFile)).count,
            sheet.times.allSatisfy(VisitSheet.possible.contains)
        else {
            throw Failure(
                .badData, what: what, why: "its content cannot be read, or is not all there", remedy: "Pack it anew")
        }
        self = sheet
    }

    private var times: [Int64] { [packedMs, expiresMs] + visits.map(\.plannedMs) }
    /// From 1970 to the year 9999: with other times nothing can be worked out.
    private static let possible: Range<Int64> = 0..<253_402_300_800_000
}
