"""What else a device asks or is told (protocol.md, "`POST /v1/check`" and "`POST /v1/preview`"; restore.md, "`POST
/v1/recover`"; bundle.md, RECEIPT)."""

from typing import Any

from batch import finished, flag, read_digest
from bundle import epoch
from session import read_receipt
from wire import Reader, need


def versioned(data: bytes) -> Reader:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    return reader


def read_receipts(data: bytes) -> dict[str, Any]:
    reader = versioned(data)
    return finished(reader, {"receipts": reader.list(lambda: read_receipt(reader), 100_000)})


def read_check(data: bytes) -> dict[str, Any]:
    reader = versioned(data)
    fields = {
        "epoch": epoch(reader), "cursor": reader.zigzag(), "key": reader.id(),
        "scopes": reader.list(reader.id, 1_000), "part": reader.varint(), "parts": reader.varint(65_536),
    }
    need(fields["part"] < fields["parts"], "no such part")
    return finished(reader, fields)


def read_checked(data: bytes) -> dict[str, Any]:
    reader = versioned(data)

    def read_sum() -> dict[str, Any]:
        return {"scope": reader.id(), "versions": read_digest(reader), "values": reader.u64()}

    def read_row() -> dict[str, Any]:
        return {
            "table": reader.varint(65_535), "key": reader.id(), "version": reader.u64(), "check": reader.u64(),
            "newer": flag(reader),
        }

    return finished(reader, {
        "position": reader.zigzag(), "sums": reader.list(read_sum, 40_000), "rows": reader.list(read_row, 55_000),
    })


def read_step(data: bytes) -> dict[str, Any]:
    reader = versioned(data)
    return finished(reader, {
        "table": reader.varint(65_535), "key": reader.id(), "group": reader.u8(), "to": reader.text(64),
    })


def read_device(reader: Reader) -> dict[str, Any]:
    return {
        "device": reader.id(), "name": reader.text(1_024), "role": reader.text(32), "gains": reader.varint(),
        "loses": reader.varint(), "seen": reader.zigzag(), "unsent": reader.varint(),
    }


def read_partner(reader: Reader) -> dict[str, Any]:
    partner = {
        "partner": reader.text(64), "gains": reader.varint(), "gaining": reader.varint(), "loses": reader.varint(),
        "losing": reader.varint(), "unsent": reader.varint(),
    }
    devices = reader.list(lambda: read_device(reader), 10_000) if flag(reader) else None
    return partner | {"devices": devices}


def read_moved(data: bytes) -> dict[str, Any]:
    reader = versioned(data)
    answer: dict[str, Any] = {"clock": reader.zigzag(), "ticket": reader.string(64)}
    kind = reader.u8()
    names = {1: "moves", 2: "unknown", 3: "not open", 5: "suspended", 6: "epoch changed"}
    need(kind in names, "an unknown kind")
    answer["kind"] = names[kind]
    if kind in (1, 3):
        answer["from"] = reader.text(64)
    if kind == 1:
        answer["partners"] = reader.list(lambda: read_partner(reader), 1_000)
    if kind == 3:
        answer["open"] = reader.list(lambda: reader.text(64), 1_000)
    if kind == 6:
        answer["epoch"] = epoch(reader)
    return finished(reader, answer)


def read_lost(data: bytes) -> dict[str, Any]:
    """The delivery in it is left as bytes."""
    reader = versioned(data)
    return finished(reader, {"epoch": epoch(reader), "known": reader.string(2 << 20)})


def read_noted(data: bytes) -> dict[str, Any]:
    reader = versioned(data)
    return finished(reader, {"epoch": epoch(reader)})
