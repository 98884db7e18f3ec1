"""A plain encoder of ops (delta.md): one section a table, each column in its simplest form, modelled or as it is."""

from typing import Any

from model import Model, code_of, learnt
from wire import varint, zigzag

KINDS = {"set": 1, "create": 2, "delete": 3, "transit": 4, "increment": 5}


class Parts:
    def __init__(self) -> None:
        self.structure = bytearray()
        self.values: list[bytes] = []
        self.bits, self.bit_count = 0, 0
        self.known: list[bytes] = []

    def put_bits(self, number: int, count: int) -> None:
        self.bits, self.bit_count = self.bits << count | number, self.bit_count + count

    def identifiers(self, ids: list[bytes], references: list[int]) -> None:
        codes, times = bytearray(), bytearray()
        for one, reference in zip(ids, references):
            if one in self.known:
                codes += varint(3 + self.known[::-1].index(one))
                continue
            number = int.from_bytes(one, "big")
            self.known.append(one)
            if number >> 76 & 15 == 7 and number >> 62 & 3 == 2:
                codes += varint(0)
                times += zigzag((number >> 80) - reference)
                self.put_bits(number >> 64 & 0xFFF, 12)
                self.put_bits(number & (1 << 62) - 1, 62)
            else:
                codes += varint(1)
                self.put_bits(number, 128)
        self.structure += codes + times

    def column(self, values: list[Any]) -> None:
        """Form 14, which holds any value."""
        there = [value for value in values if value is not None]
        if not there:
            self.structure.append(1)
            return
        self.structure.append(14 << 2 | (0 if len(there) == len(values) else 2))
        if len(there) < len(values):
            number = sum(1 << place for place, value in enumerate(values) if value is not None)
            self.structure += number.to_bytes((len(values) + 7) // 8, "little")
        for value in there:
            if isinstance(value, int):
                self.structure += b"\x01" + zigzag(value)
            else:
                data = value.encode() if isinstance(value, str) else bytes(value)
                self.structure += (b"\x03" if isinstance(value, str) else b"\x04") + varint(len(data))
                self.values.append(data)

    def payload(self, flags: int) -> bytes:
        spare = -self.bit_count % 8
        bits = (self.bits << spare).to_bytes((self.bit_count + spare) // 8, "big")
        structure, text, forms = bytes(self.structure), b"".join(self.values), 0
        code = code_of([structure], Model(False))
        if code is not None:
            structure, forms = varint(len(structure)) + code, forms | 16
        code = code_of(self.values, learnt(1).copy())
        if code is not None and text:
            text, forms = code, forms | 32
        head = bytes([3 if forms else 2, 1 if forms & 32 else 0, flags | forms])
        return head + varint(len(structure)) + varint(len(text)) + structure + text + bits


def write_ops(ops: list[dict[str, Any]], groups_of: dict[int, list[int]]) -> bytes:
    """`ops` in ascending order of stamps; `groups_of`: for each table the group of each column but the key, in order.

    An op's `values` are in that order too, one for each column of its groups."""
    tables = list(dict.fromkeys(op["table"] for op in ops))
    parts = Parts()
    parts.structure += varint(len(tables))
    for table in tables:
        parts.structure += varint(table << 1) + varint(sum(op["table"] == table for op in ops))
        parts.structure += varint(len(groups_of[table]))
        expected = 0
        for group in groups_of[table]:
            parts.structure += zigzag(group - expected)
            expected = group + 1
    base = ops[0]["stamp"] >> 16
    parts.structure += b"\x01" + varint(base)
    for table in tables:
        write_section(parts, [op for op in ops if op["table"] == table], groups_of[table], base)
    parts.structure += varint(0)
    return parts.payload(0)


def write_section(parts: Parts, ops: list[dict[str, Any]], groups: list[int], base: int) -> None:
    parts.structure += varint(len(ops))
    for op in ops:
        parts.structure += bytes([KINDS[op["kind"]], 0]) + varint(op["groups"])
    if len(ops) > 1:
        parts.structure += b"".join(varint(place) for place in range(len(ops)))
    times = [op["stamp"] >> 16 for op in ops]
    parts.structure += b"\x02"
    for before, time in zip([base, *times], times):
        parts.structure += varint(time - before)
    for place, op in enumerate(ops):
        follows = place > 0 and times[place - 1] == times[place]
        expected = ((ops[place - 1]["stamp"] & 0xFFFF) + 1) % 65_536 if follows else 0
        parts.structure += zigzag((op["stamp"] & 0xFFFF) - expected)
    parts.identifiers([op["key"] for op in ops], times)
    taken = [list(op["values"]) for op in ops]
    for group in groups:
        column = [taken[place].pop(0) for place, op in enumerate(ops) if op["groups"] >> group & 1]
        if column:
            parts.column(column)
    parts.column([op.get("from") for op in ops])
