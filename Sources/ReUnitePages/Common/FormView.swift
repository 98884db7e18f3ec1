/// One thing that is wrong with a form, in words that say how to put it right.
struct FormProblem: Sendable, Equatable {
    /// The field's name; empty where it is about the form as a whole.
    let field: String
    let text: String
    /// Where the summary's link leads: the field, or the form.
    var anchor: String { field.isEmpty ? "form" : "field-\(field)" }
}

/// What is wrong with a form, found before anything was written.
struct FormRefusal: Error {
    let problems: [FormProblem]

    init(problems: [FormProblem]) { self.problems = problems }

    init(field: String, _ text: String) { problems = [FormProblem(field: field, text: text)] }
}

/// A field of a form as a page shows it.
struct FieldView: Sendable {
    enum Kind: Sendable, Equatable {
        case line
        case text
        case number
        /// `YYYY-MM-DD`.
        case date
        /// A day and a time of day, London's.
        case moment
        case choice([Option])
        /// Few choices, all shown.
        case radios([Option])
        /// Any of them; the value is separated by commas.
        case checks([Option])
        case hidden
    }

    struct Option: Sendable, Equatable {
        let value: String
        let label: String
    }

    struct Choice: Sendable {
        let id: String
        let value: String
        let label: String
        let isChosen: Bool
    }

    let name: String
    let id: String
    let label: String
    let value: String
    /// At most one of each.
    let helps: [String]
    let units: [String]
    let errors: [String]
    /// The ids of what describes the field, for `aria-describedby`; at most one text.
    let described: [String]
    let choices: [Choice]
    let isRequired: Bool
    let isLine: Bool
    let isText: Bool
    let isNumber: Bool
    let isDate: Bool
    let isMoment: Bool
    let isChoice: Bool
    let isRadios: Bool
    let isChecks: Bool
    /// Whether the choices stand in a set of their own, with the label as its legend.
    let isSet: Bool
    let isHidden: Bool
    /// Whether a day or a time in it has come.
    let isPast: Bool

    init(
        _ name: String, _ label: String, _ kind: Kind = .line, value: String = "", help: String = "", unit: String = "",
        isRequired: Bool = false, isPast: Bool = false, problems: [FormProblem] = []
    ) {
        self.name = name
        id = "field-\(name)"
        self.label = label
        self.value = value
        self.isRequired = isRequired
        self.isPast = isPast
        helps = help.isEmpty ? [] : [help]
        units = unit.isEmpty ? [] : [unit]
        errors = problems.filter { $0.field == name }.map(\.text)
        let about =
            (helps.isEmpty && units.isEmpty ? [] : ["help-\(name)"]) + (errors.isEmpty ? [] : ["error-\(name)"])
        described = about.isEmpty ? [] : [about.joined(separator: " ")]
        switch kind {
        case .choice(let options), .radios(let options), .checks(let options):
            let several: Set<String> =
                if case .checks = kind { Set(value.split(separator: ",").map(String.init)) } else { [value] }
            choices = options.enumerated().map { index, option in
                Choice(
                    id: index == 0 ? "field-\(name)" : "field-\(name)-\(index)", value: option.value,
                    label: option.label, isChosen: several.contains(option.value))
            }
        default: choices = []
        }
        isLine = kind == .line
        isText = kind == .text
        isNumber = kind == .number
        isDate = kind == .date
        isMoment = kind == .moment
        isHidden = kind == .hidden
        if case .choice = kind { isChoice = true } else { isChoice = false }
        if case .radios = kind { isRadios = true } else { isRadios = false }
        if case .checks = kind { isChecks = true } else { isChecks = false }
        isSet = isRadios || isChecks
    }
}

/// A form as a page shows it: fields in groups, what is wrong with it above them, one button.
struct FormView: Sendable {
    struct Group: Sendable {
        /// At most one.
        let legends: [String]
        let fields: [FieldView]
    }

    struct Problem: Sendable {
        let anchor: String
        let text: String
    }

    /// Where it is sent: a path with ids only.
    let action: String
    let token: String
    /// The id of this form: sent twice, it is taken once.
    let once = PageSecret.new()
    /// The number of the kept form that this one came from; at most one.
    let kept: [String]
    let button: String
    let groups: [Group]
    /// At most one list, so that the template can ask whether there is one.
    let summaries: [[Problem]]
    /// Whether the button cannot be taken back.
    var isGrave = false
    /// Where "cancel" leads; at most one.
    var cancels: [String] = []

    /// - Parameter typed: what was typed into it before: it came from a kept form where that one did.
    init(
        action: String, token: String, button: String, groups: [Group], typed: FormBody = FormBody(),
        problems: [FormProblem] = [], isGrave: Bool = false, cancel: String = ""
    ) {
        self.action = action
        self.token = token
        self.button = button
        self.groups = groups
        self.isGrave = isGrave
        summaries = problems.isEmpty ? [] : [problems.map { Problem(anchor: $0.anchor, text: $0.text) }]
        cancels = cancel.isEmpty ? [] : [cancel]
        let number = typed[PageFrame.keptField]
        kept = number.isEmpty ? [] : [number]
    }

    init(
        action: String, token: String, button: String, fields: [FieldView], typed: FormBody = FormBody(),
        problems: [FormProblem] = [], isGrave: Bool = false, cancel: String = ""
    ) {
        self.init(
            action: action, token: token, button: button, groups: [Group(legends: [], fields: fields)], typed: typed,
            problems: problems, isGrave: isGrave, cancel: cancel)
    }
}
