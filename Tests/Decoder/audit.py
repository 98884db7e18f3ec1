"""The hub's audit log as a witness sees it: the proof of RFC 9162, section 2.1.4.2 (bundle.md, audit.md)."""

from typing import Any

from seals import sha256
from wire import Reader, need, varint


ROOT_BYTES = 4  # of a root, in a request


def read_mark(reader: Reader) -> dict[str, Any]:
    """What a request says of the log that its replica knows."""
    size = reader.varint()
    return {"size": size, "root": reader.take(ROOT_BYTES) if size else b""}


def write_mark(known: dict[str, Any] | None) -> bytes:
    if known is None or known["size"] == 0:
        return varint(0)
    return varint(known["size"]) + known["root"][:ROOT_BYTES]


def read_proof(reader: Reader) -> list[bytes]:
    return reader.list(lambda: reader.take(32), 128)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def extends(new: dict[str, Any], old: dict[str, Any], proof: list[bytes]) -> bool:
    """Whether the log of one size and root begins with that of another."""
    if old["size"] >= new["size"] or old["size"] == 0:
        return not proof and (old["size"] == 0 or old == new)
    path = list(proof)
    if old["size"] & (old["size"] - 1) == 0:
        path.insert(0, old["root"])
    if not path:
        return False
    first, second = old["size"] - 1, new["size"] - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    older = newer = path[0]
    for one in path[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            older, newer = node(one, older), node(one, newer)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            newer = node(newer, one)
        first, second = first >> 1, second >> 1
    return second == 0 and older == old["root"] and newer == new["root"]


def witness(
    known: dict[str, Any] | None, shown: dict[str, Any], since: int, proof: list[bytes],
) -> dict[str, Any]:
    """What is to be remembered after an answer whose proof leads from a size to the one shown (audit.md)."""
    need(shown["size"] >= since, "the hub's log became shorter")
    if known is None or known["size"] == 0 or known["size"] == since:
        need(known is None or extends(shown, known, proof), "the hub shows two histories")
        return shown
    need(shown["size"] != known["size"] or shown == known, "the hub shows two histories")
    return known
