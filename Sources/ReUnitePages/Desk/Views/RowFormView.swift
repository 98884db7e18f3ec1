import ReUniteProgramme

/// Fields that the schema asks for, as a page shows them.
enum RowFormView {
    /// So many choices are shown all at once; more hide behind a list.
    private static let fewChoices = 3

    static func make(
        _ form: RowForm, action: String, token: String, _ typed: FormBody?, _ problems: [FormProblem]
    ) -> FormView {
        var groups: [FormView.Group] = []
        var fields: [FieldView] = []
        if form.row != nil {
            fields.append(FieldView(Desk.versionField, "", .hidden, value: typed?[Desk.versionField] ?? form.version))
        }
        var last: Int?
        for field in form.fields {
            // What only makes sense together stands together.
            if let last, last != field.group, !fields.isEmpty {
                groups.append(group(fields))
                fields = []
            }
            last = field.group
            fields.append(view(field, typed, problems))
        }
        groups.append(group(fields))
        return FormView(
            action: action, token: token, button: "Save", groups: groups, problems: problems,
            cancel: "/case/\(form.caseID)#\(form.table)")
    }

    /// Fields that merge as one have a heading: whoever changes one of them answers for all.
    private static func group(_ fields: [FieldView]) -> FormView.Group {
        let labels = fields.filter { !$0.isHidden }.map(\.label)
        guard labels.count > 1, let first = labels.first else { return FormView.Group(legends: [], fields: fields) }
        let rest = labels.dropFirst().map { $0.prefix(1).lowercased() + $0.dropFirst() }
        let end = rest.last.map { " and \($0)" } ?? ""
        return FormView.Group(
            legends: [([first] + rest.dropLast()).joined(separator: ", ") + end + ": these belong together"],
            fields: fields)
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
