import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// A line of a list of cases.
struct CaseLineView: Sendable {
    let id: String
    let reference: String
    let knownAs: String
    let phase: String
    let owner: String
    let children: String
    /// After the number, where no heading stands above it.
    let childWord: String
    /// Nil where nothing is known of it.
    let release: String?
    let badges: [BadgeView]

    init(_ line: CaseLine) {
        id = line.id.description
        reference = line.reference ?? "No reference yet"
        knownAs = line.knownAs
        phase = line.phase
        owner = line.owner
        children = "\(line.children)"
        childWord = line.children == 1 ? "child" : "children"
        release = line.release.isEmpty ? nil : line.release
        badges = CaseMark.allCases.filter { line.marks.contains($0) }.map(BadgeView.init)
    }
}

/// A mark in words and in colour.
struct BadgeView: Sendable {
    let kind: String
    let text: String

    init(_ mark: CaseMark) {
        kind = mark.rawValue
        text =
            switch mark {
            case .unsent: "Not sent yet"
            case .conflict: "Conflict"
            case .returned: "Came back"
            case .asked: "Question"
            case .arriving: "Arriving"
            case .leaving: "Leaving"
            }
    }

    init(kind: String, text: String) {
        self.kind = kind
        self.text = text
    }
}

/// The list of cases.
struct CaseloadView: FramedView {
    struct Filter: Sendable {
        let path: String
        let text: String
        let isHere: Bool
    }

    var frame: PageFrame
    let caption: String
    let columns: [String]
    let lines: [CaseLineView]
    let filters: [Filter]
    let isEmpty: Bool
    let emptyText: String
    let isPaged: Bool
    let earlier: [String]
    let later: [String]
    let token: String

    init(_ replica: Replica, _ frame: PageFrame, _ number: Int, only mark: CaseMark?) throws {
        self.frame = frame
        let partner = try replica.facts().partner
        let (words, page) = try replica.read("Listing cases") { database in
            func marks(_ ids: [Identifier]) throws -> CaseMarks {
                try CaseMarks(
                    replica.attention(of: CaseFiles.scopes(of: ids, in: database), in: database), partner: partner,
                    in: database)
            }
            let page =
                try mark == .unsent && replica.waitsForMany(in: database)
                ? CaseFiles.unsentPage(number, in: database, marks: marks)
                : CaseFiles.page(
                    number, only: mark, marks(mark == nil ? CaseFiles.pageIDs(number, in: database) : []), in: database)
            return (
                try ColumnWords(
                    [
                        ("case_file", "ref"), ("person", "known_as"), ("case_file", "phase"),
                        ("case_file", "owner_partner_id"),
                    ],
                    database), page
            )
        }
        columns = words.texts + ["Children", "Release"]
        lines = page.lines.map(CaseLineView.init)
        isEmpty = lines.isEmpty
        emptyText = mark == nil ? "This replica holds no cases. Open one, or sync." : "No case is marked so."
        filters =
            [Filter(path: "/", text: "All", isHere: mark == nil)]
            + CaseMark.allCases.map {
                Filter(path: "/?show=\($0.rawValue)", text: BadgeView($0).text, isHere: mark == $0)
            }
        let query = mark.map { "&show=\($0.rawValue)" } ?? ""
        isPaged = page.pages > 1
        earlier = page.number < page.pages ? ["/?page=\(page.number + 1)\(query)"] : []
        later = page.number > 1 ? ["/?page=\(page.number - 1)\(query)"] : []
        caption =
            page.isOpenEnded
            ? "Many cases, the newest first: page \(page.number)"
            : page.pages > 1
                ? "\(page.total) cases, the newest first: page \(page.number) of \(page.pages)"
                : "\(page.total) in this replica, the newest first"
        token = frame.formToken
    }
}

/// What was searched for, and what was found.
struct SearchView: FramedView {
    var frame: PageFrame
    let text: String
    let token: String
    let wasAsked: Bool
    let columns = ["Case", "Known as", "Phase", "Owner", "Children", "Release"]
    let lines: [CaseLineView]
    let caption: String
    let isEmpty: Bool
    /// Whether no case fits.
    let isWithoutCases: Bool
    /// Of women whose case is not here.
    let referrals: [ReferralListView.Line]

    init(_ frame: PageFrame, text: String, lines: [CaseLine]?, _ referrals: [ReferralSummary] = []) {
        self.frame = frame
        self.text = text
        token = frame.formToken
        wasAsked = lines != nil
        self.lines = (lines ?? []).map(CaseLineView.init)
        self.referrals = referrals.map(ReferralListView.Line.init)
        isWithoutCases = lines?.isEmpty ?? true
        isEmpty = isWithoutCases && referrals.isEmpty
        let count = lines?.count ?? 0
        caption = count == CaseSearch.most ? "The \(count) newest that fit" : "\(count) found"
    }
}
