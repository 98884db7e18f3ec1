import ReUniteProgramme
import ReUniteSync

/// The visits of a day.
struct VisitDayView: FramedView {
    struct Line: Sendable {
        let caseID: String
        let code: String
        let when: String
        let place: String
        let kind: String
        let woman: String
        let isElsewhere: Bool
    }

    var frame: PageFrame
    let day: String
    let earlier: String
    let later: String
    let lines: [Line]
    let isEmpty: Bool

    /// Cases that laptops ask for.
    let asked: [Asked]
    /// What was typed inside and waits for its case.
    let kept: [String]
    /// What was typed inside and cannot be written as it is.
    let stuck: [Stuck]

    struct Stuck: Sendable {
        let path: String
        let words: String
        let why: String
    }

    struct Asked: Sendable {
        let id: String
        let reference: String
        let device: String
        let token: String
    }

    init(_ frame: PageFrame, _ day: String, _ visits: VisitDay, asked: [CaseloadEntry], kept: [String], stuck: [Stuck])
    {
        self.kept = kept
        self.stuck = stuck
        self.asked = asked.map {
            Asked(
                id: $0.id, reference: $0.ref ?? "A case", device: $0.device ?? "a laptop", token: frame.formToken)
        }
        self.frame = frame
        self.day = day
        earlier = visits.before
        later = visits.after
        lines = visits.lines.map {
            Line(
                caseID: $0.caseID.description, code: $0.code, when: $0.when, place: $0.place, kind: $0.kind,
                woman: $0.woman, isElsewhere: $0.isElsewhere)
        }
        isEmpty = visits.lines.isEmpty
    }
}
