import ReUniteProgramme
import ReUniteSync

/// The fields of what is typed inside: there, and where it is put right at a desk.
enum InsideFields {
    static func heading(_ kind: InsideEntry.Kind) -> String {
        switch kind {
        case .record: "What became of the visit"
        case .note: "Add a note"
        case .another: "Add a visit that nobody had planned"
        }
    }

    /// - Parameter now: milliseconds since 1970.
    static func fields(
        _ kind: InsideEntry.Kind, _ form: FormBody, _ codes: CodeChoices, now: Int64, _ problems: [FormProblem]
    ) -> [FieldView] {
        switch kind {
        case .record: return VisitFields.outcome(form, codes, problems, withCode: false)
        case .note:
            return [
                FieldView(
                    "kind", codes.labels.column("case_note", "kind"), .choice(codes.options("case_note.kind")),
                    value: form.has("kind") ? form["kind"] : "VISIT", isRequired: true, problems: problems),
                FieldView(
                    "body", codes.labels.column("case_note", "body"), .text, value: form["body"],
                    help: "No address, no telephone number.", isRequired: true, problems: problems),
                happened(form, now, problems),
            ]
        case .another:
            return [
                happened(form, now, problems),
                FieldView(
                    "minutes", codes.labels.column("visit", "minutes"), .number, value: form["minutes"],
                    help: "With her, without the wait.", problems: problems),
                FieldView(
                    "note", "Note", .text, value: form["note"], help: "Becomes a note of the case.", problems: problems),
            ]
        }
    }

    private static func happened(_ form: FormBody, _ now: Int64, _ problems: [FormProblem]) -> FieldView {
        FieldView(
            "at", "When it happened", .moment,
            value: form.has("at") ? form["at"] : CivilTime.londonMinute(milliseconds: now).replacing(" ", with: "T"),
            isRequired: true, isPast: true, problems: problems)
    }
}
