import ReUniteSync

extension Plain {
    static func value(_ value: Value) -> Plain {
        switch value {
        case .null: .null
        case .integer(let integer): .map(["integer": .number(integer)])
        case .real(let real):
            .map(["real": .bytes((0..<8).reversed().map { UInt8(truncatingIfNeeded: real.bitPattern >> (8 * $0)) })])
        case .text(let text): .map(["text": .text(text)])
        case .blob(let bytes): .map(["blob": .bytes(bytes)])
        }
    }

    static func siblings(_ names: [SiblingName]) -> Plain {
        .list(names) { name in
            .map([
                "group": .natural(UInt64(name.group)), "batch": .id(name.op.batch),
                "index": .natural(UInt64(name.op.index)),
            ])
        }
    }

    static func op(_ op: Op) -> Plain {
        .map([
            "table": .natural(UInt64(op.table)), "key": .id(op.key), "kind": .text("\(op.kind)"),
            "flags": .natural(UInt64(op.flags.rawValue)), "groups": .natural(op.groups),
            "stamp": .natural(op.stamp.rawValue), "values": .list(op.values, value), "from": .value(op.from),
            "context": op.context.map(context) ?? .null,
        ])
    }

    private static func context(_ context: Op.Context) -> Plain {
        .map([
            "cellBase": context.cellBase.map(position) ?? .null,
            "extras": .list(context.extras) { extra in
                .map([
                    "device": .id(extra.device), "sequence": .natural(extra.sequence), "tag": .natural(extra.batchTag),
                ])
            },
            "kept": .siblings(context.kept), "supersedes": .siblings(context.supersedes),
        ])
    }

    static func row(_ row: RowState) -> Plain {
        .map([
            "table": .natural(UInt64(row.table)), "key": .id(row.key), "scope": .id(row.scope),
            "groups": .natural(row.groups), "echoed": .natural(row.echoed), "values": .list(row.values, value),
            "stamp": .position(row.clock.stamp),
            "exceptions": .list(row.clock.exceptions) { one in
                .map(["group": .natural(UInt64(one.group)), "stamp": .position(one.stamp)])
            },
            "siblings": .siblings(row.clock.siblings),
        ])
    }
}
