import GRDB
import ReUniteReplica
import ReUniteSync

/// What went out to everybody: each publication is the one that an entry records, and each small number in it was let out by
/// somebody whom an entry records.
extension AuditTables {
    /// A small number of one measure that was let out, as its publication says it.
    private struct LetOut: Hashable {
        let name: String
        let waiver: PublishedFigures.Waiver
    }

    mutating func checkPublished() throws {
        // A network without figures of its own.
        guard try database.tableExists("publication") else { return }
        let rows = try EngineStatement(
            database,
            """
            SELECT quarter, revision, figures, sha256, recorded_for_at FROM publication
            ORDER BY quarter, revision, id
            """)
        var (quarter, before) = ("", Set<LetOut>())
        var seen = Set<[UInt8]>()
        while try rows.step() {
            report.publications += 1
            if quarter != rows.text(0) { (quarter, before) = (rows.text(0), []) }
            let name = "the figures of \(quarter), revision \(rows.int(1)),"
            let text = Array(rows.text(2).utf8)
            let hash = rows.blob(3)
            // The log of the life in which they were published may be lost: they came back with their batch, or from a
            // replica.
            let cameBack = claims.restored.map { rows.int64(4) < $0 } == true
            seen.insert(hash)
            let figures = PublishedFigures(text)
            if Hub.digest(of: text) != hash || figures.map({ $0.asAt != quarter }) == true {
                report.find("publication", at: claims.published[hash], "\(name) are not those that were published")
            }
            if claims.published[hash] == nil, !cameBack {
                report.find("publication", "no entry records \(name) as they are")
            }
            guard let figures else {
                report.find("publication", at: claims.published[hash], "\(name) cannot be read")
                continue
            }
            for figure in figures.figures {
                check(figure, of: hash, name, &before, isLogLost: cameBack)
            }
        }
        for (hash, index) in claims.published.sorted(by: { $0.value < $1.value }) where !seen.contains(hash) {
            report.find(
                "publication-gone", at: index, "the figures that entry \(index) records are not here any more")
        }
        for (key, claim) in claims.waived.sorted(by: { $0.value.index < $1.value.index }) {
            report.find(
                "waiver-gone", at: claim.index,
                "that a small number of \(key.name) was let out, as entry \(claim.index) records, is not said any more")
        }
    }

    /// - Parameter before: what earlier revisions of the quarter let out: it goes on to be shown under the same entry.
    private mutating func check(
        _ figure: PublishedFigures.Figure, of hash: [UInt8], _ publication: String, _ before: inout Set<LetOut>,
        isLogLost: Bool
    ) {
        let waivers = figure.waivers ?? []
        for line in figure.lines where line.bound != nil && !waivers.contains(where: { $0.area == line.area }) {
            report.find(
                "waiver", "\(publication) show a small number of \(figure.name(line.area)), and not who let it out")
        }
        for waiver in waivers {
            let name = figure.name(waiver.area)
            let key = AuditClaims.WaivedKey(figures: hash, name: AuditRecord.word(for: name))
            let isNew = before.insert(LetOut(name: name, waiver: waiver)).inserted
            guard let claim = claims.waived.removeValue(forKey: key) else {
                if isNew, !isLogLost {
                    report.find(
                        "waiver",
                        "no entry records that a small number of \(name) was let out in \(publication) though it is")
                }
                continue
            }
            let bound = figure.lines.first { $0.area == waiver.area }?.bound
            if claim.hash != AuditTables.why(waiver.by, waiver.reason) || claim.number != bound {
                report.find(
                    "waiver", at: claim.index,
                    "\(publication) say otherwise of the small number of \(name) than entry \(claim.index) records")
            }
        }
    }
}
