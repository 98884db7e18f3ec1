import ReUniteSync

/// Comparisons, steps and their answers.
extension Plain {
    static func check(_ request: CheckRequest) -> Plain {
        .map([
            "epoch": .epoch(request.epoch), "cursor": .position(request.cursor), "key": .id(request.key),
            "scopes": .list(request.scopes) { .id($0) }, "part": .natural(UInt64(request.share.number)),
            "parts": .natural(UInt64(request.share.count)),
        ])
    }

    static func check(_ answer: CheckAnswer) -> Plain {
        .map([
            "position": .position(answer.position),
            "sums": .list(answer.sums) {
                .map(["scope": .id($0.scope), "versions": .digest($0.versions), "values": .natural($0.values)])
            },
            "rows": .list(answer.rows) {
                .map([
                    "table": .natural(UInt64($0.table)), "key": .id($0.key), "version": .natural($0.version),
                    "check": .natural($0.value), "newer": .flag($0.isNewer),
                ])
            },
        ])
    }

    static func step(_ question: StepQuestion) -> Plain {
        .map([
            "table": .natural(UInt64(question.table)), "key": .id(question.key),
            "group": .natural(UInt64(question.group)), "to": .text(question.to),
        ])
    }

    static func step(_ answer: PreviewAnswer) -> Plain {
        var fields: [String: Plain] = ["clock": .number(answer.hubMilliseconds), "ticket": .bytes(answer.ticket)]
        switch answer.body {
        case .moves(let from, let moves):
            (fields["kind"], fields["from"]) = (.text("moves"), .text(from))
            fields["partners"] = .list(moves, move)
        case .unknown: fields["kind"] = .text("unknown")
        case .notOpen(let from, let open):
            (fields["kind"], fields["from"]) = (.text("not open"), .text(from))
            fields["open"] = .list(open) { .text($0) }
        case .suspended: fields["kind"] = .text("suspended")
        case .epochChanged(let epoch):
            (fields["kind"], fields["epoch"]) = (.text("epoch changed"), .epoch(epoch))
        }
        return .map(fields)
    }

    private static func move(_ move: PreviewAnswer.Move) -> Plain {
        .map([
            "partner": .text(move.partner), "gains": .natural(move.gains.rows),
            "gaining": .natural(move.gains.devices), "loses": .natural(move.loses.rows),
            "losing": .natural(move.loses.devices), "unsent": .natural(move.unsent),
            "devices": move.devices.map { devices in
                .list(devices) {
                    .map([
                        "device": .id($0.id), "name": .text($0.name), "role": .text($0.role),
                        "gains": .natural($0.gains), "loses": .natural($0.loses),
                        "seen": .number($0.lastSeenMilliseconds ?? 0), "unsent": .natural($0.unsent),
                    ])
                }
            } ?? .null,
        ])
    }
}
