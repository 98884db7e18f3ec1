"""The digest of what a replica holds (protocol.md, "Digests")."""

from typing import Any

from seals import sha256
from wire import U64, varint, zigzag


def leaf(row: dict[str, Any]) -> bytes:
    extension = b""
    if row["exceptions"] or row["siblings"]:
        extension = varint(len(row["exceptions"]))
        for one in row["exceptions"]:
            extension += bytes([one["group"]]) + zigzag(one["stamp"] - row["stamp"])
        for one in row["siblings"]:
            extension += bytes([one["group"]]) + one["batch"] + varint(one["index"])
    return sha256(b"ru.leaf.1" + varint(row["table"]) + row["key"] + zigzag(row["stamp"]) + extension)[:16]


def digest(rows: list[dict[str, Any]]) -> dict[str, int]:
    leaves = [leaf(row) for row in rows]
    return {
        "high": sum(int.from_bytes(one[:8], "big") for one in leaves) & U64,
        "low": sum(int.from_bytes(one[8:], "big") for one in leaves) & U64, "rows": len(leaves),
    }
