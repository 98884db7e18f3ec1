import Foundation
import ReUniteReplica
import ReUniteSync

/// The nightly sync of one replica, as a timer of systemd's or a line of cron's. Nothing of the data is in either.
struct NightlySync {
    let hour: Int
    let minute: Int
    /// In full: whoever runs it has another folder.
    let program: String
    let replica: String

    private static let what = "Scheduling the sync"
    /// In seconds: at night nobody waits, and a hub to which all come at once asks some to come back later.
    private static let patience = 1_800

    /// - Parameter time: such as `22:30`.
    /// - Throws: ``Failure``: usage for a time that is none, or a path that no table can hold.
    init(at time: String, program: String, replica: String) throws {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) && $0.allSatisfy(\.isNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else {
            throw Failure(
                .usage, what: NightlySync.what, why: "\(Printable.text(time)) is no time of day",
                remedy: "Give one such as 22:30 with --at")
        }
        for path in [program, replica] where path.contains(where: { $0.isNewline || $0 == "\u{0}" }) {
            throw Failure(
                .usage, what: NightlySync.what, why: "a path with a line break cannot be scheduled",
                remedy: "Give the file or its folder another name")
        }
        (self.hour, self.minute) = (hour, minute)
        (self.program, self.replica) = (program, replica)
    }

    /// By which the timer of this replica is known: another replica of the same user has another.
    var name: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in replica.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return "reunite-sync-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private var time: String { String(format: "%02d:%02d", hour, minute) }

    // MARK: systemd

    /// 1 means that something needs a person, which `status` and the desk say: the sync itself was done.
    var service: String {
        """
        [Unit]
        Description=Nightly sync of a ReUnite replica

        [Service]
        Type=oneshot
        ExecStart=\(NightlySync.systemd(program)) sync --patience \(NightlySync.patience) --replica \(NightlySync.systemd(replica))
        SuccessExitStatus=1

        """
    }

    /// A laptop that was off at that time syncs when it is on again.
    var timer: String {
        """
        [Unit]
        Description=Nightly sync of a ReUnite replica

        [Timer]
        OnCalendar=*-*-* \(time):00
        Persistent=true
        RandomizedDelaySec=600

        [Install]
        WantedBy=timers.target

        """
    }

    private static func systemd(_ path: String) -> String {
        let escaped = path.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "%", with: "%%").replacingOccurrences(of: "$", with: "$$")
        return "\"\(escaped)\""
    }

    // MARK: cron

    private var mark: String { "# \(name)" }

    /// What it says goes nowhere: cron would mail it, and `status` says it too.
    var cronLine: String {
        "\(minute) \(hour) * * * \(NightlySync.shell(program)) sync --patience \(NightlySync.patience) "
            + "--replica \(NightlySync.shell(replica)) "
            + ">/dev/null 2>&1 \(mark)"
    }

    /// A table with this line, in the place of an earlier one of the same replica.
    func table(from former: String) -> String {
        let others = former.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasSuffix(mark) }
        let kept = others.joined(separator: "\n").trimmingCharacters(in: .newlines)
        return kept.isEmpty ? cronLine + "\n" : kept + "\n" + cronLine + "\n"
    }

    /// In a table of cron's a per cent sign ends the command.
    private static func shell(_ path: String) -> String {
        "'" + path.replacingOccurrences(of: "'", with: "'\\''").replacingOccurrences(of: "%", with: "\\%") + "'"
    }
}
