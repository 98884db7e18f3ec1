import GRDB
import ReUniteReplica
import ReUniteSync

/// What devices wrote, and what they were shown: each line is worked out anew and held against its entry.
extension AuditTables {
    mutating func checkBatches() throws {
        let isAnybodyErased = try Int.fetchOne(database, sql: "SELECT 1 FROM hub_erased_scope LIMIT 1") != nil
        let rows = try EngineStatement(
            database,
            "SELECT id, header, receipt, device, parent, op_count, base, ops, redacted FROM hub_batch ORDER BY no")
        while try rows.step() {
            report.batches += 1
            let id = rows.blob(0)
            let name = BatchID(bytes: id)?.short.description ?? "?"
            let header = rows.blob(1)
            if Hub.digest(of: header) != id {
                report.find("batch", "batch \(name) is not the one that its name stands for")
            } else if let header = try? BatchHeader(decoding: header) {
                check(header, rows, name, isAnybodyErased: isAnybodyErased)
            }
            guard let verdict = claims.verdicts.removeValue(forKey: id) else {
                report.find("no-verdict", "no entry records what was decided on batch \(name)")
                continue
            }
            if Hub.digest(of: rows.blob(2)) != verdict.hash {
                report.find(
                    "receipt", at: verdict.index,
                    "the receipt of batch \(name) is not what entry \(verdict.index) records")
            }
        }
        for (batch, verdict) in claims.verdicts.sorted(by: { $0.value.index < $1.value.index }) {
            let name = BatchID(bytes: batch)?.short.description ?? "?"
            report.find("batch-gone", at: verdict.index, "batch \(name) of entry \(verdict.index) is not here any more")
        }
    }

    private mutating func check(
        _ header: BatchHeader, _ row: EngineStatement, _ name: String, isAnybodyErased: Bool
    ) {
        if row.identifier(3) != header.device || row.blob(4) != header.parent.bytes
            || row.int64(5) != Int64(header.opCount) || row.int64(6) != header.base.rawValue
        {
            report.find("batch", "the columns of batch \(name) do not say what its author signed")
        }
        if row.int(8) != 0 {
            // An erasure took values out: what is left, nobody signed.
            if !isAnybodyErased { report.find("ops", "values were taken out of batch \(name), and nobody was erased") }
        } else if Hub.digest(of: row.blob(7)) != header.opsDigest {
            report.find("ops", "the edits of batch \(name) are not those that its author signed")
        }
    }

    mutating func checkDisclosures() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT x.seq, x.leaf, x.at_ms, d.id, d.partner, s.id, x.opened, x.position, x.detail, x.salt, x.rows,
              x.sub IS d.sub
            FROM hub_disclosure x LEFT JOIN hub_device d ON d.no = x.device LEFT JOIN hub_scope s ON s.no = x.scope
            WHERE x.detail IS NOT NULL ORDER BY x.seq
            """)
        while try rows.step() {
            report.disclosures += 1
            let sequence = rows.int64(0)
            let leaf = rows.blob(1)
            guard let claim = claims.lines.removeValue(forKey: sequence), claim.hash == leaf else {
                report.find("disclosure", "no entry records line \(sequence) of the disclosure ledger as it is")
                continue
            }
            let packed = rows.blob(8)
            let count = (try? DisclosureDetail.unpack(packed)).map { Int64($0.count) }
            guard let device = rows.identifier(3), let partner = rows.identifier(4), let scope = rows.identifier(5),
                DisclosureDetail.leaf(
                    DisclosureDetail.Line(
                        sequence: sequence, atMilliseconds: rows.int64(2), device: device, partner: partner,
                        scope: scope, opened: Position(rows.int64(6)), position: Position(rows.int64(7)),
                        packed: packed), salt: rows.blob(9)) == leaf,
                rows.int64(10) == count, claim.number == count, rows.int(11) == 1
            else {
                report.find(
                    "disclosure", at: claim.index,
                    "line \(sequence) of the disclosure ledger is not as it was written (entry \(claim.index))")
                continue
            }
        }
        for (line, claim) in claims.lines.sorted(by: { $0.key < $1.key }) {
            report.find(
                "disclosure-gone", at: claim.index, "line \(line) of the disclosure ledger is not here any more")
        }
    }

    /// Edits that wait though the log says what was decided on them. One that a later deletion put out again waits at a
    /// later position; one that was released in part says so itself.
    mutating func checkReopened() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT id, position, outcome IS '\(SecondLook.inPart)' AND decided_by IS NOT NULL FROM hub_quarantine
            WHERE state = 0 AND reason <> \(Reason.erased.rawValue)
            """)
        while try rows.step() {
            guard let id = rows.identifier(0) else { continue }
            for kind in [AuditKind.editReleased, .editRefused] {
                guard let claim = claims.acts[kind]?[id], let decided = claim.number, rows.int64(1) <= decided,
                    kind == .editRefused || rows.int(2) == 0
                else { continue }
                report.find(
                    "reopened", at: claim.index,
                    "edit \(id) waits, and entry \(claim.index), '\(kind.word)', says that it was decided")
            }
        }
    }
}
