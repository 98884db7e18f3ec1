import ReUniteSync

/// A question about who wrote a record, and its answer.
extension Plain {
    static func past(_ question: HistoryQuestion) -> Plain {
        .map([
            "table": .natural(UInt64(question.table)), "key": .id(question.key),
            "before": .position(question.before),
        ])
    }

    static func past(_ answer: HistoryAnswer) -> Plain {
        var fields: [String: Plain] = ["clock": .number(answer.hubMilliseconds), "ticket": .bytes(answer.ticket)]
        switch answer.body {
        case .entries(let entries, let before):
            fields["kind"] = .text("entries")
            fields["before"] = .position(before)
            fields["entries"] = .list(entries, past)
        case .unknown: fields["kind"] = .text("unknown")
        case .suspended: fields["kind"] = .text("suspended")
        case .epochChanged(let epoch):
            fields["kind"] = .text("epoch changed")
            fields["epoch"] = .epoch(epoch)
        }
        return .map(fields)
    }

    private static func past(_ entry: HistoryAnswer.Entry) -> Plain {
        .map([
            "position": .position(entry.position), "kind": .text("\(entry.kind)"),
            "flags": .natural(UInt64(entry.flags.rawValue)), "partner": .text(entry.partner),
            "device": .text(entry.device), "author": .id(entry.author), "written": .number(entry.writtenMilliseconds),
            "received": .number(entry.receivedMilliseconds), "reason": .text(entry.reason),
            "cells": .list(entry.cells) { cell in
                .map([
                    "group": .natural(UInt64(cell.group)), "end": .text("\(cell.end)"),
                    "values": cell.values.map { .list($0, value) } ?? .null,
                ])
            },
        ])
    }
}
