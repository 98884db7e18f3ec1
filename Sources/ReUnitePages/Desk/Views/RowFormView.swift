import ReUniteProgramme

/// Fields that the schema asks for, as a page shows them.
enum RowFormView {
    /// So many choices are shown all at once; more hide behind a list.
    private static let fewChoices = 3

    static func make(
        _ form: RowForm, action: String, token: String, _ typed: FormBody?, _ problems: [FormProblem]
    ) -> FormView {
        var hidden: [FieldView] = []
        if form.row != nil {
            hidden.append(FieldView(Desk.versionField, "", .hidden, value: typed?[Desk.versionField] ?? form.version))
        }
        // What only makes sense together stands together.
        var groups: [[RowField]] = []
        for field in form.fields {
            if groups.last?.last?.group == field.group {
                groups[groups.count - 1].append(field)
            } else {
                groups.append([field])
            }
        }
        let shown = groups.enumerated().map { index, fields in
            FormView.Group(
                legends: legend(fields, isAppendOnly: form.isAppendOnly),
                fields: (index == 0 ? hidden : []) + fields.map { view($0, typed, problems) })
        }
        return FormView(
            action: action, token: token, button: "Save",
            groups: shown.isEmpty ? [FormView.Group(legends: [], fields: hidden)] : shown, problems: problems,
            cancel: form.isOwn
                ? "\(Desk.organisationPath)/\(form.table)" : "/case/\(form.caseID)#\(form.table)")
    }

    /// Fields that merge as one have a heading: whoever changes one of them answers for all. It is what the schema calls
    /// them; where it does not, their own names in a row.
    private static func legend(_ fields: [RowField], isAppendOnly: Bool) -> [String] {
        guard fields.count > 1, let first = fields.first else { return [] }
        guard first.heading.isEmpty else {
            // What is never changed needs no word about changing it together.
            return [isAppendOnly ? first.heading : "\(first.heading): these belong together"]
        }
        let rest = fields.dropFirst().map { $0.label.prefix(1).lowercased() + $0.label.dropFirst() }
        let end = rest.last.map { " and \($0)" } ?? ""
        return [([first.label] + rest.dropLast()).joined(separator: ", ") + end + ": these belong together"]
    }

    private static func view(_ field: RowField, _ typed: FormBody?, _ problems: [FormProblem]) -> FieldView {
        let value = typed.map {
            $0.all(field.column).count > 1 ? $0.all(field.column).joined(separator: ",") : $0[field.column]
        }
        return FieldView(
            field.column, field.label, kind(field), value: value ?? field.value, help: field.help, unit: field.unit,
            isRequired: field.isRequired, problems: problems)
    }

    private static func kind(_ field: RowField) -> FieldView.Kind {
        func options(_ given: [RowField.Option]) -> [FieldView.Option] {
            given.map { FieldView.Option(value: $0.value, label: $0.label.isEmpty ? $0.value : $0.label) }
        }
        switch field.kind {
        case .line, .money: return .line
        case .text: return .text
        case .date: return .date
        case .moment: return .moment
        case .number: return .number
        case .yesOrNo:
            let none = field.isRequired ? [] : [FieldView.Option(value: "", label: "Not known")]
            return .radios(FieldView.yesOrNo + none)
        case .choice(let choices):
            if field.isRequired, !field.value.isEmpty || choices.count <= fewChoices {
                return choices.count <= fewChoices ? .radios(options(choices)) : .choice(options(choices))
            }
            return .choice(
                [FieldView.Option(value: "", label: field.isRequired ? "Choose" : "None")] + options(choices))
        case .several(let choices): return .checks(options(choices))
        }
    }
}
