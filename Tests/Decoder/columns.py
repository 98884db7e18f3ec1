"""The three parts of a payload, its identifiers and its columns (delta.md, sections 2, 8, 9)."""

import struct
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from model import ModelledText, structure_of
from packed import Bits, inflated
from wire import Id, Reader, Refused, need, signed
from words import Words

DAY = 86_400_000
EPOCH_DAY = 20_089
DICTIONARIES = [b"", (Path(__file__).parents[2] / "Schemas/wire/dictionary-1.txt").read_bytes()]
MOST = {"ops": (5_000, 1 << 20), "rows": (20_000, 2 << 20)}


def key_time(key: bytes) -> int:
    return int.from_bytes(key[:6], "big")


def text_of_day(day: int) -> str:
    """`YYYY-MM-DD`. Python's calendar begins with the year 1; the year 0 is a leap year, 400 years before 400."""
    day = signed(day + EPOCH_DAY)
    need(-719_528 <= day <= 2_932_896, "a day outside the years 0000 to 9999")
    if day >= -719_162:
        return (date(1970, 1, 1) + timedelta(day)).isoformat()
    later = date(1970, 1, 1) + timedelta(day + 146_097)
    return f"0000-{later.month:02}-{later.day:02}"


class Payload:
    """What one payload is read with: its three parts, and the identifiers that were new in it."""

    def __init__(self, data: bytes) -> None:
        reader = Reader(data)
        version = reader.u8()
        need(version in (2, 3), "another version")
        number = reader.u8()
        need(number < len(DICTIONARIES), "another dictionary")
        dictionary = DICTIONARIES[number]
        flags = reader.u8()
        need(flags < 64, "unknown flags")
        need((flags & 48 != 0) == (version == 3), "a version that does not fit the forms")
        need(flags & 18 != 18 and (flags & 44).bit_count() < 2, "two forms of one section")
        self.rows = bool(flags & 1)
        self.most, limit = MOST["rows" if self.rows else "ops"]
        need(len(data) <= limit, "too large")
        lengths = reader.varint(), reader.varint()
        structure, text = reader.take(lengths[0]), reader.take(lengths[1])
        if flags & 16:
            structure = structure_of(structure)
        self.structure = Reader(inflated(structure) if flags & 2 else structure)
        if flags & 32:
            self.text: Reader | Words | ModelledText = ModelledText(text, number)
        elif flags & 8:
            self.text = Words(text, dictionary)
        else:
            self.text = Reader(inflated(text, dictionary) if flags & 4 else text)
        self.bits = Bits(reader.take(reader.left))
        self.known: list[Id] = []
        self.last_time = 0
        self.values_left = 2_097_152

    def end(self) -> None:
        self.structure.end()
        self.text.end()
        self.bits.end()

    # Identifiers (section 9)

    def identifiers(self, count: int, references: list[int] | None = None) -> list[Id]:
        need(count <= self.structure.left, "more than the bytes left can hold")
        codes = [self.structure.varint() for _ in range(count)]
        times = {}
        for place, code in enumerate(codes):
            if code == 0:
                reference = self.last_time if references is None else references[place]
                time = signed(self.structure.zigzag() + reference)
                need(0 <= time < 1 << 48, "a time outside 48 bits")
                times[place] = self.last_time = time
        out: list[Id] = []
        for place, code in enumerate(codes):
            if code == 0:
                first, second = self.bits.take(12), self.bits.take(62)
                number = times[place] << 80 | 7 << 76 | first << 64 | 2 << 62 | second
                self.known.append(Id(number.to_bytes(16, "big")))
                out.append(self.known[-1])
            elif code == 1:
                self.known.append(Id(self.bits.take(128).to_bytes(16, "big")))
                out.append(self.known[-1])
            elif code == 2:
                need(bool(out), "the same as nothing")
                out.append(out[-1])
            else:
                need(code - 3 < len(self.known), "an identifier that was not yet")
                out.append(self.known[-1 - (code - 3)])
        return out

    # Values (section 8)

    def presence(self, count: int) -> tuple[int, list[bool]]:
        byte = self.structure.u8()
        how, form = byte & 3, byte >> 2
        need(how < 3, "an unknown presence")
        if how < 2:
            return form, [how == 0] * count
        bitmap = self.structure.take((count + 7) // 8)
        number = int.from_bytes(bitmap, "little")
        need(number >> count == 0, "bits after the last value")
        return form, [bool(number >> place & 1) for place in range(count)]

    def column(self, keys: list[Id], stamps: list[int] | None) -> list[Any]:
        """The values of one column over these entries, `stamps` in milliseconds."""
        self.values_left -= len(keys)
        need(self.values_left >= 0, "too many values")
        form, there = self.presence(len(keys))
        places = [place for place, is_there in enumerate(there) if is_there]
        need(not places or form <= 14, "an unknown form")
        need(not places or stamps is not None or form not in (3, 7), "rows have no stamps")
        values = iter(self.present(form, places, keys, stamps))
        return [next(values) if is_there else None for is_there in there]

    def present(self, form: int, places: list[int], keys: list[Id], stamps: list[int] | None) -> list[Any]:
        structure = self.structure
        count = len(places)
        if form <= 7:
            references: list[int] = [0] * count
            if form & 3 == 2:
                references = [key_time(keys[place]) for place in places]
            elif form & 3 == 3:
                references = [(stamps or [])[place] for place in places]
            if form >= 4 and form & 3 >= 2:
                references = [time // DAY - EPOCH_DAY for time in references]
            numbers: list[int] = []
            for place in range(count):
                before = (numbers[-1] if numbers else 0) if form & 3 == 1 else references[place]
                numbers.append(signed(structure.zigzag() + before))
            return [{"integer": n} for n in numbers] if form < 4 else [{"text": text_of_day(n)} for n in numbers]
        if form == 8:
            return [self.real(structure.take(8)) for _ in places]
        if form == 9:
            return [self.whole(structure.zigzag()) for _ in places]
        if form == 10:
            references = [stamps[place] if stamps is not None else key_time(keys[place]) for place in places]
            return [{"blob": bytes(one)} for one in self.identifiers(count, references)]
        if form == 11:
            distinct = structure.list(lambda: self.some_text(structure.varint()), count)
            indexes = [structure.varint() for _ in places]
            need(all(index < len(distinct) for index in indexes), "a text that is not there")
            return [{"text": distinct[index]} for index in indexes]
        if form == 12:
            return [{"text": self.some_text(structure.varint())} for _ in places]
        if form == 13:
            return [{"blob": self.some_bytes(structure.varint())} for _ in places]
        return [self.any() for _ in places]

    def any(self) -> Any:
        kind = self.structure.u8()
        if kind == 1:
            return {"integer": self.structure.zigzag()}
        if kind == 2:
            return self.real(self.structure.take(8))
        if kind == 3:
            return {"text": self.some_text(self.structure.varint())}
        need(kind == 4, "an unknown kind of value")
        return {"blob": self.some_bytes(self.structure.varint())}

    def real(self, bits: bytes) -> Any:
        number = struct.unpack("<d", bits)[0]
        need(number == number, "not a number")
        return {"real": struct.pack(">d", number or 0.0).hex()}

    def whole(self, number: int) -> Any:
        need(abs(number) < 1 << 53, "not a whole number below 2^53")
        return {"real": struct.pack(">d", float(number)).hex()}

    def some_bytes(self, length: int) -> bytes:
        need(length <= 1 << 20, "a value too large")
        return self.text.take(length)

    def some_text(self, length: int) -> str:
        try:
            return self.some_bytes(length).decode("utf-8")
        except UnicodeDecodeError as fault:
            raise Refused("not UTF-8") from fault

    # Siblings (section 10)

    def siblings(self) -> list[Any]:
        return self.structure.list(
            lambda: {
                "group": self.group(), "batch": self.structure.id(), "index": self.structure.varint(2**32 - 1),
            }
        )

    def group(self) -> int:
        group = self.structure.u8()
        need(group <= 63, "a group above 63")
        return group
