extension Bench {
    /// Other forms of the journal, each against the plain tables.
    func variationRows() throws -> [Finding] {
        let failing = BenchSchema.KeyDeclaration.failing
        let bare = BenchSchema.KeyDeclaration.failingWithoutCheck
        let subjects = [
            CaptureSubject.plain,
            .empty,
            CaptureSubject("replica", isReplica: true),
            CaptureSubject("replica without the guard against REPLACE", isReplica: true) { connection in
                try connection.execute("DROP TRIGGER ru_case_notes_replace")
            },
            CaptureSubject("replica with the scope guard after", isReplica: true) { connection in
                try connection.execute(JournalSQL.scopeGuardsAfter())
            },
            CaptureSubject("replica without guards", isReplica: true) { connection in
                try connection.execute(JournalSQL.withoutGuards())
            },
            CaptureSubject("journal", JournalSQL()),
            CaptureSubject("id may be changed", JournalSQL(refusesKeyChange: false)),
            CaptureSubject("no COLLATE", JournalSQL(collation: "")),
            CaptureSubject("no time", JournalSQL(insertTime: .none, updateTime: .none)),
            CaptureSubject("no time for inserts", JournalSQL(insertTime: .none)),
            CaptureSubject("time as julianday()", JournalSQL(insertTime: .julianDay, updateTime: .julianDay)),
            CaptureSubject("time as unixepoch()", JournalSQL(insertTime: .seconds, updateTime: .seconds)),
            CaptureSubject("time as CURRENT_TIMESTAMP", JournalSQL(insertTime: .text, updateTime: .text)),
            CaptureSubject("mask by CASE", JournalSQL(mask: .cases)),
            CaptureSubject("mask in blocks of 4", JournalSQL(mask: .blocks(4))),
            CaptureSubject("mask in blocks of 8", JournalSQL(mask: .blocks(8))),
            CaptureSubject("WHEN something changed", JournalSQL(mask: .guarded)),
            CaptureSubject("trigger per column", JournalSQL(mask: .perColumn)),
            CaptureSubject("trigger per 3 columns", JournalSQL(mask: .perBlock(3))),
            CaptureSubject("trigger per 4 columns", JournalSQL(mask: .perBlock(4))),
            CaptureSubject("trigger per 5 columns", JournalSQL(mask: .perBlock(5))),
            CaptureSubject("trigger per 8 columns", JournalSQL(mask: .perBlock(8))),
            CaptureSubject("id ON CONFLICT FAIL", JournalSQL(), key: failing),
            CaptureSubject("id FAIL, no CHECK", JournalSQL(), key: bare),
            CaptureSubject("id FAIL, CHECK, no time for inserts", JournalSQL(insertTime: .none), key: failing),
            CaptureSubject("id FAIL, no CHECK, no time for inserts", JournalSQL(insertTime: .none), key: bare),
            CaptureSubject("id FAIL, no CHECK, empty trigger", key: bare) { connection in
                try connection.execute(JournalSQL.emptyTriggers())
            },
        ].filter { subject in options.like.map { subject.name.contains($0) || subject.name == "plain" } ?? true }
        let ledger = try measureCapture(subjects, updates: true)
        return Self.forms.flatMap { row, part -> [Finding] in
            subjects.compactMap { subject in
                guard let samples = ledger["\(subject.name)/\(part)"], let plain = ledger["plain/\(part)"] else {
                    return nil
                }
                return Finding(row: row, "\(part): \(subject.name)", .milliseconds, samples, over: plain)
            }
        }
    }

    private static let forms = [(1, "W1"), (2, "x1"), (2, "x10"), (3, "x1000"), (3, "whole row")]
}
