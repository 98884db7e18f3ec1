import ReUniteProgramme
import ReUniteSync

extension FormView {
    /// What is wrong with what stands in the fields, each by itself: everything at once, in the order of the page.
    ///
    /// - Parameter now: milliseconds since 1970.
    func wrong(now: Int64) -> [FormProblem] {
        groups.flatMap(\.fields).compactMap { field in
            field.wrong(now: now).map { FormProblem(field: field.name, text: "\(field.label): \($0)") }
        }
    }

    /// - Throws: ``FormRefusal`` when anything is wrong.
    func check(now: Int64) throws {
        let problems = wrong(now: now)
        guard problems.isEmpty else { throw FormRefusal(problems: problems) }
    }
}

extension FieldView {
    /// How far ahead of this machine's clock something may have happened, in milliseconds: another's may be fast.
    private static let tolerance: Int64 = 86_400_000

    /// What is wrong with the value, and how it is put right; nil where nothing is.
    fileprivate func wrong(now: Int64) -> String? {
        guard !isHidden else { return nil }
        guard !value.isEmpty else {
            guard isRequired else { return nil }
            return "it is missing. \(isChoice || isSet ? "Choose one." : "Fill it in.")"
        }
        if isChoice || isRadios, !choices.contains(where: { $0.value == value }) {
            return "it is not in the list. Choose one of the list."
        }
        if isNumber, Int(value) == nil { return "it is not a number. Write digits alone." }
        if isDate {
            guard CivilTime.isDate(value) else { return "it is not a date. Write it as 2026-11-23." }
            if isPast, value > CivilTime.londonDate(milliseconds: now) {
                return "it is in the future. Compare it with the paper."
            }
        }
        if isMoment {
            guard let time = CivilTime.londonTime(value, on: nil) else {
                return "it is not a day and a time. Write it as 2026-11-23 14:05."
            }
            guard MeantTimes.range.contains(time) else { return "\(MeantTimes.why). Write it as 2026-11-23 14:05." }
            if isPast, time > now + FieldView.tolerance {
                return "it is dated more than a day in the future. Correct it, or this machine's clock."
            }
        }
        return nil
    }
}
