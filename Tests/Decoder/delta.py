"""Payloads of ops and of rows (delta.md)."""

from typing import Any, Iterator

from columns import Payload, key_time
from wire import NOBODY, Id, Reader, need, signed

KINDS = {1: "set", 2: "create", 3: "delete", 4: "transit", 5: "increment", 6: "resolve", 7: "reopen", 8: "erase"}


class Section:
    """The head of a section (section 4)."""

    def __init__(self, payload: Payload) -> None:
        reader = payload.structure
        number = reader.varint()
        self.table, self.loose = number >> 1, bool(number & 1)
        need(self.table <= 65_535, "a table number above 65,535")
        self.count = reader.varint(payload.most)
        need(self.count >= 1, "an empty section")
        self.columns: list[int] = []
        if not self.loose:
            expected = 0
            for _ in range(reader.varint(2_000)):
                group = signed(expected + reader.zigzag())
                need(0 <= group <= 63, "a group above 63")
                self.columns.append(group)
                expected = group + 1
        self.entries: list[dict[str, Any]] = []

    def masks(self, payload: Payload, one: Any) -> list[Any]:
        reader = payload.structure
        count = reader.varint(self.count)
        need(count >= 1, "no mask")
        masks = [one(reader) for _ in range(count)]
        if count == 1:
            return [masks[0] for _ in range(self.count)]
        places = [reader.varint() for _ in range(self.count)]
        need(all(place < count for place in places), "a mask that is not there")
        return [masks[place] for place in places]

    def values(self, payload: Payload, keys: list[Id], groups: list[int], stamps: list[int] | None) -> list[list[Any]]:
        """For each entry its values. `self.cells` remembers the column of each."""
        out: list[list[Any]] = [[] for _ in keys]
        if self.loose:
            counts = [payload.structure.varint(2_000) for _ in keys]
            owners = [place for place, count in enumerate(counts) for _ in range(count)]
            if owners:
                taken = payload.column(
                    [keys[place] for place in owners], None if stamps is None else [stamps[place] for place in owners]
                )
                for place, value in zip(owners, taken):
                    out[place].append(value)
            return out
        self.cells: list[dict[int, Any]] = [{} for _ in keys]
        for column, group in enumerate(self.columns):
            places = [place for place in range(len(keys)) if groups[place] >> group & 1]
            if not places:
                continue
            taken = payload.column(
                [keys[place] for place in places], None if stamps is None else [stamps[place] for place in places]
            )
            for place, value in zip(places, taken):
                out[place].append(value)
                self.cells[place][column] = value
        return out


def in_order(payload: Payload, sections: list[Section], order: Any, rank: Any) -> list[dict[str, Any]]:
    """The entries in payload order (section 5)."""
    if order == 0:
        return [entry for section in sections for entry in section.entries]
    rest = [list(reversed(section.entries)) for section in sections]
    out: list[dict[str, Any]] = []
    if order == 1:
        while any(rest):
            first = min((i for i, entries in enumerate(rest) if entries), key=lambda i: (rank(rest[i][-1]), i))
            out.append(rest[first].pop())
        return out
    for section, count in order:
        out += [rest[section].pop() for _ in range(count)]
    return out


def read_order(reader: Reader, sections: list[Section]) -> Any:
    order = reader.u8()
    need(order <= 2, "an unknown order")
    need(order != 1 or len(sections) <= 64, "too many sections to merge")
    if order < 2:
        return order
    left = [section.count for section in sections]
    runs = []
    while any(left):
        number = reader.varint()
        section, count = number % len(left), number // len(left) + 1
        need(count <= left[section], "more entries than the section has")
        left[section] -= count
        runs.append((section, count))
    return runs


def read_payload(data: bytes) -> dict[str, Any]:
    payload = Payload(data)
    reader = payload.structure
    sections = reader.list(lambda: Section(payload))
    need(sum(section.count for section in sections) <= payload.most, "too many entries")
    order = read_order(reader, sections)
    if payload.rows:
        base = reader.zigzag()
        for section in sections:
            read_rows(payload, section, base)
        entries = in_order(payload, sections, order, greatest_position)
    else:
        base = reader.varint((1 << 48) - 1)
        for section in sections:
            read_ops(payload, section, base)
        entries = in_order(payload, sections, order, lambda op: op["stamp"])
        read_contexts(payload, entries)
    payload.end()
    return {"rows" if payload.rows else "ops": entries}


def greatest_position(row: dict[str, Any]) -> int:
    return max([row["stamp"]] + [one["stamp"] for one in row["exceptions"]])


# Ops (section 6)


def op_mask(reader: Reader) -> dict[str, Any]:
    kind = reader.u8()
    need(kind in KINDS, "an unknown kind of op")
    return {"kind": KINDS[kind], "flags": reader.u8(), "groups": reader.varint()}


def read_stamps(reader: Reader, count: int, base: int) -> list[int]:
    form = reader.u8()
    need(form <= 3, "an unknown form of stamps")
    times, before = [], base
    for _ in range(count):
        before = signed(before + (reader.zigzag() if form & 1 else reader.varint((1 << 48) - 1)))
        need(0 <= before < 1 << 48, "a time outside 48 bits")
        times.append(before)
    stamps: list[int] = []
    for place, time in enumerate(times):
        follows = place > 0 and times[place - 1] == time
        counter = (stamps[-1] + 1) % 65_536 if follows else 0
        if form & 2:
            counter = signed(counter + reader.zigzag())
            need(0 <= counter < 65_536, "a counter outside 16 bits")
        stamps.append(time << 16 | counter)
    return stamps


def read_ops(payload: Payload, section: Section, base: int) -> None:
    masks = section.masks(payload, op_mask)
    stamps = read_stamps(payload.structure, section.count, base)
    times = [stamp >> 16 for stamp in stamps]
    keys = payload.identifiers(section.count, times)
    values = section.values(payload, keys, [mask["groups"] for mask in masks], times)
    froms = payload.column(keys, times)
    for place in range(section.count):
        op = {
            **masks[place], "table": section.table, "stamp": stamps[place], "key": keys[place],
            "values": values[place], "from": froms[place], "context": None,
        }
        section.entries.append(op)


def passed_over(reader: Reader, entries: list[Any]) -> Iterator[Any]:
    """Each entry that something is said of: a varint says how many are passed over before it."""
    at = 0
    for _ in range(reader.varint(len(entries))):
        at += reader.varint(len(entries))
        need(at < len(entries), "past the last entry")
        yield entries[at]
        at += 1


def read_contexts(payload: Payload, ops: list[dict[str, Any]]) -> None:
    reader = payload.structure
    for op in passed_over(reader, ops):
        parts = reader.u8()
        need(parts <= 15, "unknown parts of a context")
        op["context"] = {
            "cellBase": reader.zigzag() if parts & 1 else None,
            "extras": reader.list(extra(reader)) if parts & 2 else [],
            "kept": payload.siblings() if parts & 4 else [],
            "supersedes": payload.siblings() if parts & 8 else [],
        }


def extra(reader: Reader) -> Any:
    return lambda: {"device": reader.id(), "sequence": reader.varint(), "tag": reader.u64()}


# Rows (section 7)


def read_rows(payload: Payload, section: Section, base: int) -> None:
    reader = payload.structure
    masks = section.masks(payload, lambda reader: {"groups": reader.varint(), "echoed": reader.varint()})
    keys = payload.identifiers(section.count)
    values = section.values(payload, keys, [mask["groups"] for mask in masks], None)
    scopes = read_scopes(payload, section, keys)
    clocks = read_clocks(payload, section.count, base)
    for place in range(section.count):
        section.entries.append({
            **masks[place], "table": section.table, "key": keys[place], "scope": scopes[place],
            "values": values[place], **clocks[place],
        })


def read_scopes(payload: Payload, section: Section, keys: list[Id]) -> list[Id]:
    guess = payload.structure.varint()
    need(guess < 2 + len(section.columns), "a column that is not there")
    form, listed = payload.presence(section.count)
    need(form == 0, "a form where there is none")
    places = [place for place in range(section.count) if listed[place]]
    named = iter(payload.identifiers(len(places), [key_time(keys[place]) for place in places]))
    scopes: list[Id] = []
    for place, key in enumerate(keys):
        if listed[place]:
            scopes.append(next(named))
        elif guess < 2:
            scopes.append(key if guess else NOBODY)
        else:
            value = section.cells[place].get(guess - 2) or {}
            need(len(value.get("blob", b"")) == 16, "a scope that is not an identifier")
            scopes.append(Id(value["blob"]))
    return scopes


def read_clocks(payload: Payload, count: int, base: int) -> list[dict[str, Any]]:
    reader = payload.structure
    parts = reader.u8()
    need(parts <= 3, "unknown parts of a clock")
    clocks: list[dict[str, Any]] = []
    before = base
    for _ in range(count):
        before = signed(before + reader.zigzag())
        clocks.append({"stamp": before, "exceptions": [], "siblings": []})
    if parts & 1:
        counts = [reader.varint(255) for _ in range(count)]
        need(sum(counts) <= reader.left, "more than the bytes left can hold")
        groups = [payload.group() for _ in range(sum(counts))]
        at, before = 0, base
        for clock, number in zip(clocks, counts):
            for _ in range(number):
                before = signed(before + reader.zigzag())
                clock["exceptions"].append({"group": groups[at], "stamp": before})
                at += 1
    if parts & 2:
        for clock in passed_over(reader, clocks):
            clock["siblings"] = payload.siblings()
    return clocks
