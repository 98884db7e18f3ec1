import ReUniteProgramme

extension FieldView {
    static let yesOrNo = [Option(value: "yes", label: "Yes"), Option(value: "no", label: "No")]
}

extension CodeChoices {
    /// A list's codes in use, as a field offers them.
    func options(_ list: String, none: String? = nil) -> [FieldView.Option] {
        (none.map { [FieldView.Option(value: "", label: $0)] } ?? [])
            + choices(list).map { FieldView.Option(value: $0.code, label: $0.label) }
    }

    /// The active partners besides one's own.
    func partners(none: String? = nil) -> [FieldView.Option] {
        (none.map { [FieldView.Option(value: "", label: $0)] } ?? [])
            + others.map { FieldView.Option(value: $0.code, label: "\($0.name) (\($0.code))") }
    }
}
