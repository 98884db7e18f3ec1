import ReUniteProgramme
import ReUniteReplica
import Synchronization

/// The sealed file of each kept form, by its number.
final class InsideDrafts: Sendable {
    let files = Mutex<[Int: String]>([:])
}

/// What is kept in memory until it is saved lies sealed on the disk too: the machine may stop before that.
extension InsideDesk {
    /// Makes the sealed files those of the kept forms. One that cannot be written is in memory still.
    func sealDrafts() {
        drafts.files.withLock { files in
            let kept = session.kept
            for form in kept where files[form.number] == nil {
                guard let entry = entry(form.sentTo, form.form) else { continue }
                files[form.number] = try? entry.keepDraft(in: replica)
            }
            let numbers = Set(kept.map(\.number))
            for (number, file) in files where !numbers.contains(number) {
                do { try replica.letGo(inside: file) } catch { continue }
                files[number] = nil
            }
        }
    }

    /// What was sealed of these visits when the program ended is kept again, to be saved or let go.
    func recallDrafts() {
        drafts.files.withLock { files in
            // Those that do not fit wait for the desk outside.
            let ours = InsideEntry.drafts(replica).filter { draft in
                packed.visits.contains { $0.id == draft.entry.visit }
            }
            for (file, entry) in ours.suffix(KeptForms<Bool>.most) {
                guard let visit = packed.visits.first(where: { $0.id == entry.visit }) else { continue }
                let form = FormBody(entry.typed.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) })
                session.keep(form, sentTo: InsideDesk.path(entry.kind, visit))
                // The same words twice are one form, and one file too many.
                guard let number = session.kept.last?.number, files[number] == nil else { continue }
                files[number] = file
            }
        }
    }

    private func entry(_ path: String, _ form: FormBody) -> InsideEntry? {
        for visit in packed.visits {
            for kind in [InsideEntry.Kind.record, .note, .another] where InsideDesk.path(kind, visit) == path {
                return InsideEntry(kind, Desk.typed(form), visit, prison: prison, day: packed.day)
            }
        }
        return nil
    }
}
