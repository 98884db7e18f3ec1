/// What a section's scopes are mostly equal to. Higher numbers name a column.
private enum ScopeGuess {
    static let zero: UInt64 = 0
    static let key: UInt64 = 1
    static let column: UInt64 = 2
    /// The rows that the encoder looks at to choose.
    static let sample = 64
}

extension PayloadWriter {
    /// Writes the scopes of a section's rows: what they mostly are, which rows differ, and those rows' scopes.
    mutating func scopes(of rows: [RowState], head: SectionHead, clocks: SectionClocks) {
        var guess = ScopeGuess.zero
        var best = rows.prefix(ScopeGuess.sample).count { $0.scope == .zero }
        let keyed = rows.prefix(ScopeGuess.sample).count { $0.scope == $0.key }
        if keyed > best {
            best = keyed
            guess = ScopeGuess.key
        }
        var place: ColumnPlace?
        for column in head.columns.indices {
            let candidate = ColumnPlace(column, of: head)
            guard best < min(rows.count, ScopeGuess.sample) else { break }
            let matches = rows.prefix(ScopeGuess.sample).count { PayloadWriter.names($0, candidate) }
            if matches > best {
                best = matches
                guess = ScopeGuess.column + UInt64(column)
                place = candidate
            }
        }
        structure.varint(guess)
        var differs: [Bool] = []
        var others: [Identifier] = []
        var references: [Int64] = []
        for (index, row) in rows.enumerated() {
            let isGuessed =
                switch guess {
                case ScopeGuess.zero: row.scope == .zero
                case ScopeGuess.key: row.scope == row.key
                default: place.map { PayloadWriter.names(row, $0) } ?? false
                }
            differs.append(!isGuessed)
            if !isGuessed {
                others.append(row.scope)
                references.append(clocks.keys[index])
            }
        }
        structure.presence(differs, count: others.count, form: 0)
        identifiers.list(others, references: references, to: &structure)
    }

    /// Whether the value at a row's place is its scope.
    private static func names(_ row: RowState, _ place: ColumnPlace) -> Bool {
        guard let index = place(row.groups), case .blob(let bytes) = row.values[index] else { return false }
        return row.scope == Identifier(bytes: bytes)
    }
}

extension PayloadReader {
    mutating func scopes(
        keys: [Identifier], groups: [UInt64], values: SectionValues, head: SectionHead, clocks: SectionClocks
    ) throws(FormatError) -> [Identifier] {
        let guess = try structure.varint("scope guess")
        var scopes: [Identifier]
        var missing: Set<Int> = []
        switch guess {
        case ScopeGuess.zero: scopes = Array(repeating: .zero, count: keys.count)
        case ScopeGuess.key: scopes = keys
        default:
            guard guess - ScopeGuess.column < UInt64(head.columns.count) else {
                throw FormatError(.malformed, "scope guess")
            }
            scopes = Array(repeating: .zero, count: keys.count)
            let place = ColumnPlace(Int(guess - ScopeGuess.column), of: head)
            for row in keys.indices {
                guard let index = place(groups[row]), case .blob(let bytes) = values.value(index, of: row),
                    let scope = Identifier(bytes: bytes)
                else {
                    missing.insert(row)
                    continue
                }
                scopes[row] = scope
            }
        }
        let (places, form) = try presence(of: keys.count)
        guard form == 0 else { throw FormatError(.malformed, "scope form") }
        let numbers = try identifiers.list(
            count: places.count, references: { clocks.keys[places[$0]] }, from: &structure)
        for (row, number) in zip(places, numbers) {
            scopes[row] = identifiers.identifier(number)
            missing.remove(row)
        }
        // A row that neither names its scope nor lists it.
        guard missing.isEmpty else { throw FormatError(.malformed, "scope") }
        return scopes
    }
}
