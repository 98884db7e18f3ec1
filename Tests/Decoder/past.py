"""A question about who wrote a record, and its answer (protocol.md, "`POST /v1/history`")."""

import struct
from typing import Any

from batch import finished
from bundle import epoch
from wire import Reader, need

KINDS = {1: "edit", 2: "hub", 3: "decision", 4: "undoing"}
ENDS = {0: "none", 1: "stands", 2: "beside", 3: "overtaken", 4: "decided"}


def read_question(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    fields = {"table": reader.varint(65_535), "key": reader.id(), "before": reader.zigzag()}
    need(fields["before"] >= 0, "a position below zero")
    return finished(reader, fields)


def read_value(reader: Reader) -> Any:
    kind = reader.u8()
    if kind == 0:
        return None
    if kind == 1:
        return {"integer": reader.zigzag()}
    if kind == 2:
        number = struct.unpack("<d", reader.take(8))[0]
        need(number == number, "not a number")
        return {"real": struct.pack(">d", number or 0.0).hex()}
    if kind == 3:
        return {"text": reader.text(1 << 20)}
    need(kind == 4, "an unknown kind of value")
    return {"blob": reader.string(1 << 20)}


def read_values(data: bytes) -> list[Any]:
    reader = Reader(data)
    values = reader.list(lambda: read_value(reader), 2_000)
    reader.end()
    return values


def read_cell(reader: Reader) -> dict[str, Any]:
    group, end, told = reader.u8(), reader.u8(), reader.u8()
    need(group < 62, "an unknown group")
    need(end in ENDS, "an unknown end")
    need(told <= 1, "neither told nor not")
    values = read_values(reader.string(2 << 20)) if told else None
    return {"group": group, "end": ENDS[end], "values": values}


def read_entry(reader: Reader) -> dict[str, Any]:
    position, kind = reader.zigzag(), reader.u8()
    need(kind in KINDS, "an unknown kind")
    entry = {
        "position": position, "kind": KINDS[kind], "flags": reader.u8(), "partner": reader.text(64),
        "device": reader.text(1_024), "author": reader.id(), "written": reader.zigzag(), "received": reader.zigzag(),
        "reason": reader.text(4_096), "cells": reader.list(lambda: read_cell(reader), 62),
    }
    groups = [cell["group"] for cell in entry["cells"]]
    need(all(one < other for one, other in zip(groups, groups[1:])), "groups out of order")
    return entry


def read_answer(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    answer: dict[str, Any] = {"clock": reader.zigzag(), "ticket": reader.string(64)}
    kind = reader.u8()
    if kind == 1:
        before = reader.zigzag()
        entries = reader.list(lambda: read_entry(reader), 200)
        positions = [entry["position"] for entry in entries]
        need(all(one > other for one, other in zip(positions, positions[1:])), "entries out of order")
        need(before >= 0 and (not positions or before <= positions[-1]), "a place that is not before these")
        return finished(reader, answer | {"kind": "entries", "before": before, "entries": entries})
    need(kind in (2, 5, 6), "an unknown kind")
    if kind == 6:
        answer["epoch"] = epoch(reader)
    return finished(reader, answer | {"kind": {2: "unknown", 5: "suspended", 6: "epoch changed"}[kind]})
