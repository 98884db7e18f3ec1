import ArgumentParser
import Foundation
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Relay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry other devices' sealed files to the hub and back.",
        discussion: """
            An office with a network is the mailbox of laptops without one. It can neither open nor alter what it \
            carries. Three steps:

              reunite-sync relay import /media/stick      # the laptop's file, from 'bundle export'
              reunite-sync sync                           # brings it to the hub, and takes the answer along
              reunite-sync relay export --to /media/stick # the answer, for 'bundle import' on the laptop

            A file that the hub refuses is put aside, and 'relay list' says why: its device has to be told.
            """,
        subcommands: [Import.self, Export.self, List.self, Drop.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take files of other devices along; the next sync brings them to the hub.",
            discussion: """
                Of a folder every bundle for the hub is taken, whatever else is in it; one that cannot be taken is named in \
                the end, with status 65, and holds up no other. A file of a device of this partner is held against that \
                device's signature. Example: reunite-sync relay import /media/stick/UP3F9A1C.RUB
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The file, or a folder with files.") var file: String

        struct Report: Encodable {
            var taken: [String]
            var here: [String]
        }

        func run() throws {
            let opened = try replica.open()
            var report = Report(taken: [], here: [])
            var failures: [(path: String, failure: Failure)] = []
            for path in try files() {
                do {
                    let carried = try opened.carry(upFile: try CarrierFile.read(path)) { try keys(of: $0, opened) }
                    if carried.isNew { report.taken.append(path) } else { report.here.append(path) }
                } catch let failure as Failure where DurableFile.isFolder(file) {
                    failures.append((path, failure))
                }
            }
            guard failures.isEmpty else { throw Import.failure(of: failures, besides: report) }
            try Output.show(report, as: replica.json) {
                say(
                    "Took \(Wording.count(report.taken.count, "file")) along, to be brought to the hub by the next sync."
                )
                if !report.here.isEmpty { say("\(Wording.count(report.here.count, "was", "were")) here already.") }
            }
        }

        /// Of a device of this partner's, as the hub told of them; nil where it did not.
        private func keys(of device: Identifier, _ opened: Replica) throws -> PublicKeys? {
            let partner = try opened.facts().partner
            return try opened.read("Finding the device's keys") {
                try PartnerDevices.keys(of: device, partner: partner, in: $0)
            }
        }

        /// What to say of files that were not taken: each by its name.
        private static func failure(
            of failures: [(path: String, failure: Failure)], besides report: Report
        ) -> Failure {
            let names = failures.map { path, failure in
                "\(path.split(separator: "/").last ?? "") (\(failure.why))"
            }
            let all = failures.count + report.taken.count + report.here.count
            let codes = Set(failures.map(\.failure.code))
            let others =
                report.taken.isEmpty
                ? "" : "; the next sync brings the \(Wording.count(report.taken.count, "file")) that were taken"
            return Failure(
                codes.count == 1 ? codes.first ?? .badData : .badData, what: "Taking files along",
                why: "\(failures.count) of \(all) could not be taken: \(names.joined(separator: "; "))",
                remedy: "Copy those named to the stick again on their devices\(others)")
        }

        private func files() throws -> [String] {
            guard DurableFile.isFolder(file) else { return [file] }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: file)) ?? []
            let bundles = names.sorted().filter { $0.lowercased().hasSuffix(".rub") }
            let kinds = bundles.map { name in
                (
                    name,
                    (try? CarrierFile.source("\(file)/\(name)").beginning()).flatMap { beginning in
                        (try? SealedBundle.readHeader(beginning))?.label.kind
                    }
                )
            }
            guard kinds.contains(where: { $0.1 == .up }) else {
                throw Failure(
                    .noInput, what: "Taking files along", why: "there is no bundle for a hub in \(file)",
                    remedy: "Check that it is the right stick")
            }
            // One that is called so and cannot be read is somebody's work too.
            return kinds.filter { name, kind in
                kind == .up || kind == nil && name.uppercased().wholeMatch(of: /UP[0-9A-F]{6}\.RUB/) != nil
            }.map { "\(file)/\($0.0)" }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the hub's answers for other devices into a folder.",
            discussion: """
                Each file is for one device, and only that one can open it. What is there already is compared, and left \
                if it is the same. What is for a device that has been revoked or shut out since, as this replica knows, is thrown away. \
                Example: reunite-sync relay export --to /media/stick
                """)

        @OptionGroup var replica: ReplicaOptions
        @Option(help: "The folder; without it this one.") var to = "."
        @Option(help: "Only for this device, by its id.") var device: String?

        struct Report: Encodable {
            var files: [WrittenBundle]
            var withdrawn: [String]
        }

        func run() throws {
            let opened = try replica.open()
            let box = opened.relayBox
            guard DurableFile.isFolder(to) else {
                throw Failure(
                    .noInput, what: "Handing files over", why: "\(to) is no folder", remedy: "Name a folder with --to")
            }
            let names = try opened.read("Reading the devices") { database in
                try Row.fetchAll(database, sql: "SELECT lower(hex(id)) AS id, name FROM device").reduce(into: [:]) {
                    $0[$1["id"] as String] = $1["name"] as String
                }
            }
            let shutOut = try opened.read("Reading the devices") { database in
                try Row.fetchAll(
                    database, sql: "SELECT id FROM device WHERE status IN ('revoked', 'suspended')"
                ).map { $0.identifier("id") }
            }
            let withdrawn = Set(box.letters().map(\.device)).intersection(shutOut)
            for device in withdrawn { box.withdraw(for: device) }
            func name(of device: String) -> String { names[device.filter { $0 != "-" }] ?? device }
            var files: [WrittenBundle] = []
            for item in box.letters() where device == nil || device?.lowercased() == item.device.description {
                let path = CarrierFile.path(for: item.label, at: to)
                let bytes = try box.read(item)
                if try !Export.holds(bytes, item.label.id, at: path) {
                    _ = try Carriers.write(bytes, item.label, to: to, replaces: true)
                }
                box.handedOver(item)
                files.append(
                    WrittenBundle(file: path, item.label, bytes: item.bytes, device: item.device.description))
            }
            let report = Report(files: files, withdrawn: withdrawn.map(\.description).sorted())
            try Output.show(report, as: replica.json) {
                if files.isEmpty { say("There is nothing for anybody.") }
                for file in files {
                    say("\(file.file): copied and verified, for \(name(of: file.device ?? ""))")
                }
                for device in report.withdrawn {
                    say("Thrown away: what was for \(name(of: device)), which the hub serves no more.")
                }
            }
        }

        /// Whether the very bytes lie there already. What is left of an earlier try is not them, and gives way.
        ///
        /// - Throws: ``Failure`` (cannotCreate) where another bundle has the name.
        private static func holds(_ bytes: [UInt8], _ id: Identifier, at path: String) throws -> Bool {
            guard DurableFile.exists(path), let there = try? CarrierFile.read(path) else { return false }
            guard there != bytes else { return true }
            if let other = try? SealedBundle.readHeader(there), other.label.id != id {
                try CarrierFile.checkFree(path)
            }
            return false
        }
    }
}
