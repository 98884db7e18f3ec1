import ArgumentParser
import ReUniteReplica
import ReUniteSync

struct BundleInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a bundle file says of itself, and whether it is undamaged.",
        discussion: """
            Shows no content. With a replica at hand its own files and its hub's are checked; without one there is only \
            what stands outside. A damaged file is refused with 65.

            Example: reunite-sync bundle inspect /media/stick/UP3F9A1C.RUB
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The file.") var file: String

    func run() throws {
        let source = try CarrierFile.source(file)
        let isHere = DurableFile.exists(replica.path) || replica.replica != nil
        let opened = isHere ? try replica.open() : nil
        let inspection = try Inspected.checked {
            try opened?.inspect(file: source) ?? source.inspection(sender: nil, recipient: nil)
        }
        let facts = try opened?.facts()
        let report = Inspected(file, inspection) { id in
            switch id {
            case facts?.device: "this device"
            case facts?.hub: "this replica's hub"
            default: nil
            }
        }
        try Output.show(report, as: replica.json) { report.tell() }
    }
}

/// What a bundle says of itself, in a report.
struct Inspected: Encodable {
    struct Chunks: Encodable {
        var count: Int
        var size: Int
        /// How many open; null where it is not for anybody here.
        @OrNull var good: Int?
    }

    var file: String
    var bytes: Int
    var kind: String
    var bundle: String
    var hub: String
    var hubEpoch: UInt32
    var sender: String
    @OrNull var senderIs: String?
    var senderKey: UInt32
    var recipients: [String]
    var from: Int64
    var to: Int64
    var created: String
    var chunks: Chunks
    /// good, or unchecked where the sender's keys are not known.
    var signature: String

    init(_ file: String, _ inspection: SealedBundle.Inspection, name: (Identifier) -> String?) {
        let header = inspection.header
        self.file = file
        bytes = inspection.bytes
        kind = header.label.kind.word
        bundle = header.label.id.description
        hub = header.label.hub.description
        hubEpoch = header.label.epoch.number
        sender = header.label.sender.description
        senderIs = name(header.label.sender)
        senderKey = header.senderKeyNumber
        recipients = header.recipients.map { String($0.rawValue, radix: 16) }
        from = header.label.from.rawValue
        to = header.label.to.rawValue
        created = Output.time(header.label.createdMilliseconds)
        chunks = Chunks(count: inspection.chunks, size: header.chunkSize, good: inspection.goodChunks)
        signature = inspection.signature.rawValue
    }

    /// An inspection that finds nothing wrong.
    ///
    /// - Throws: ``Failure`` (badData) for a file that is damaged, cut short, changed, or no bundle.
    static func checked(_ inspect: () throws -> SealedBundle.Inspection) throws -> SealedBundle.Inspection {
        let damaged = { (why: String) in
            Failure(.badData, what: "Inspecting the bundle", why: why, remedy: "Copy it again from where it was made")
        }
        let inspection: SealedBundle.Inspection
        do {
            inspection = try inspect()
        } catch let error as FormatError {
            throw damaged("it is no bundle, or not whole (\(error))")
        }
        guard inspection.isSound else {
            let good = inspection.goodChunks.map { ": \($0) of \(inspection.chunks) chunks open" } ?? ""
            throw damaged("it is cut short or was changed" + good)
        }
        return inspection
    }

    func tell() {
        let direction = ["up": "for the hub", "down": "from the hub", "resync": "from the hub, everything"]
        say("\(kind) bundle \(bundle)" + (direction[kind].map { ", \($0)" } ?? "") + ", \(bytes) bytes")
        say("Hub \(hub), epoch \(hubEpoch)")
        say("Sealed by \(senderIs ?? sender) at \(created), for \(recipients.joined(separator: ", "))")
        if to != 0 { say("Positions \(from) to \(to)") }
        let opened = chunks.good.map { "all \($0) open" } ?? "not for anybody here"
        say("Signature: \(signature). Chunks: \(chunks.count), \(opened).")
    }
}
