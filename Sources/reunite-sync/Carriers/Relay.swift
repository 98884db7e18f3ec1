import ArgumentParser
import Foundation
import GRDB
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
            """,
        subcommands: [Import.self, Export.self, List.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take files of other devices along; the next sync brings them to the hub.",
            discussion: """
                Of a folder every bundle for the hub is taken, whatever else is in it. Example: reunite-sync relay \
                import /media/stick/UP3F9A1C.RUB
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
            for path in try files() {
                let carried = try opened.carry(upFile: try CarrierFile.read(path))
                if carried.isNew { report.taken.append(path) } else { report.here.append(path) }
            }
            try Output.show(report, as: replica.json) {
                say(
                    "Took \(Wording.count(report.taken.count, "file")) along, to be brought to the hub by the next sync."
                )
                if !report.here.isEmpty { say("\(Wording.count(report.here.count, "was", "were")) here already.") }
            }
        }

        private func files() throws -> [String] {
            guard DurableFile.isFolder(file) else { return [file] }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: file)) ?? []
            let found = names.sorted().map { file + "/" + $0 }.filter { path in
                guard path.lowercased().hasSuffix(".rub"), let bytes = try? CarrierFile.read(path) else { return false }
                return (try? SealedBundle.readHeader(bytes).label.kind) == .up
            }
            guard !found.isEmpty else {
                throw Failure(
                    .noInput, what: "Taking files along", why: "there is no bundle for a hub in \(file)",
                    remedy: "Check that it is the right stick")
            }
            return found
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the hub's answers for other devices into a folder.",
            discussion: """
                Each file is for one device, and only that one can open it. Files that are there already are left. What \
                is for a device that has been revoked or shut out since, as this replica knows, is thrown away. \
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
                if !DurableFile.exists(path) {
                    _ = try Carriers.write(try box.read(item), item.label, to: to)
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
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what waits in the mailbox, both ways.", discussion: "Example: reunite-sync relay list")

        @OptionGroup var replica: ReplicaOptions

        struct Item: Encodable {
            var device: String
            var kind: String
            var bundle: String
            var bytes: Int
            var created: String

            init(_ item: RelayBox.Item) {
                device = item.device.description
                kind = item.label.kind.word
                bundle = item.label.id.description
                bytes = item.bytes
                created = Output.time(item.label.createdMilliseconds)
            }
        }

        struct Report: Encodable {
            var toHub: [Item]
            var fromHub: [Item]
        }

        func run() throws {
            let box = try replica.open().relayBox
            let report = Report(toHub: box.waiting().map(Item.init), fromHub: box.letters().map(Item.init))
            try Output.show(report, as: replica.json) {
                Output.table(
                    ["WAY", "DEVICE", "KIND", "BYTES", "CREATED"],
                    (report.toHub.map { ("to the hub", $0) } + report.fromHub.map { ("from the hub", $0) }).map {
                        [$0.0, $0.1.device, $0.1.kind, String($0.1.bytes), $0.1.created]
                    })
            }
        }
    }
}
