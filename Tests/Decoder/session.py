"""One sync: the request, the answer, and the delivery in it (protocol.md)."""

from typing import Any

from audit import read_mark, read_proof, write_mark
from batch import finished, flag, read_checkpoint, read_clock, read_digest, read_terms, write_clock, write_digest
from bundle import epoch, key_number, public_keys
from seals import signature_fits
from wire import Reader, need, string, varint, zigzag

KINDS = {
    1: "idle", 2: "taken", 3: "delivery", 4: "fetch", 5: "suspended", 6: "epoch changed", 7: "revoked", 8: "unchanged",
    9: "lease over", 10: "unproven", 11: "closings",
}
VERDICTS = {0: "accepted", 1: "obsolete", 3: "quarantined", 4: "refused"}
REASONS = [
    "none", "not-in-scope", "late", "mask", "role", "transition", "parent-gone", "has-children", "row-deleted",
    "malformed", "schema", "device-revoked", "unchanged", "covered", "append-only", "unproven-base", "allocation",
    "erased", "proposal", "author-left", "clone", "crowded",
]


def read_row_name(reader: Reader) -> dict[str, Any]:
    return {"table": reader.varint(65_535), "key": reader.id()}


def read_batch(reader: Reader) -> dict[str, Any]:
    form = reader.u8()
    need(form <= 1, "an unknown form of ops")
    return {
        "form": form, "header": reader.string(4_096), "ops": reader.string((1 << 20) + 56 * form),
        "signature": reader.take(64),
    }


def read_request(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    fields = {
        "cursor": reader.zigzag(), "epoch": epoch(reader), "digest": read_digest(reader), "head": reader.take(32),
        "schema": reader.varint(2**32 - 1), "clock": read_clock(reader), "unsent": reader.varint(), "more": flag(reader),
        "wanted": reader.list(lambda: read_row_name(reader), 10_000),
        "checkpoints": reader.list(lambda: reader.string(1_024), 1_000),
        "batches": reader.list(lambda: read_batch(reader), 10_000), "owesPurge": flag(reader),
        "purges": reader.list(lambda: reader.string(512), 1_000), "audit": read_mark(reader),
    }
    return finished(reader, fields | {"successions": read_words(reader)})


def read_words(reader: Reader) -> list[bytes]:
    """Somebody's words about new keys: at least one, or nothing at all."""
    words = reader.list(lambda: reader.string(512), 8) if reader.left else None
    need(words != [], "an empty list of new keys")
    return words or []


def read_successions(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    return finished(reader, {"successions": read_words(reader)})


def read_told_file(data: bytes) -> dict[str, Any]:
    """A file from a hub: its words about its keys, if it has any, and the bundle."""
    if not data.startswith(b"RUK1"):
        return {"successions": [], "bundle": data}
    reader = Reader(data[4:])
    words = read_successions(reader.string(8 * 514 + 1))["successions"]
    return finished(reader, {"successions": words, "bundle": reader.take(reader.left)})


def write_request(fields: dict[str, Any]) -> bytes:
    """A request without wishes and purges."""
    out = b"\x01" + zigzag(fields["cursor"]) + varint(fields["epoch"]["number"]) + fields["epoch"]["salt"]
    out += write_digest(fields["digest"]) + fields["head"] + varint(fields["schema"]) + write_clock(fields["clock"])
    out += varint(0) + b"\x00" + varint(0)
    out += varint(len(fields["checkpoints"])) + b"".join(string(one) for one in fields["checkpoints"])
    out += varint(len(fields["batches"]))
    for one in fields["batches"]:
        out += b"\x00" + string(one["header"]) + string(one["ops"]) + one["signature"]
    return out + b"\x00" + varint(0) + write_mark(fields["audit"])


def read_epoch_record(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    fields = {
        "keyNumber": key_number(reader), "hub": reader.id(), "epoch": epoch(reader), "parent": epoch(reader),
        "kept": reader.zigzag(), "bytes": data,
    }
    need(fields["parent"]["number"] < fields["epoch"]["number"], "a life before its parent")
    reader.take(64)
    return finished(reader, fields)


def read_succession(data: bytes, old_key: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    fields = {
        "hub": reader.id(), "owner": reader.id(), "replaced": key_number(reader), "keys": public_keys(reader),
        "lastBatch": reader.varint(), "time": reader.zigzag(),
    }
    need(fields["keys"]["number"] == fields["replaced"] + 1, "not the next number")
    said, old, new = data[:-128], reader.take(64), reader.take(64)
    need(signature_fits(old_key, b"ru/keys old" + said, old), "not signed with the old key")
    need(signature_fits(fields["keys"]["signing"], b"ru/keys new" + said, new), "not signed with the new key")
    return finished(reader, fields)


def read_answer(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    answer: dict[str, Any] = {
        "clock": reader.zigzag(), "ticket": reader.string(64), "duplicates": reader.varint(),
        "purgesTaken": reader.varint(),
        "schema": reader.varint(),
    }
    kind = KINDS.get(reader.u8())
    need(kind is not None, "an unknown kind of answer")
    answer["kind"] = kind
    if kind == "idle":
        answer |= {"checkpoint": read_checkpoint(reader.string(1_024)), "auditProof": read_proof(reader)}
    elif kind == "delivery":
        answer["delivery"] = reader.string(2 << 20)
    elif kind == "closings":
        answer["closings"] = reader.string(2 << 20)
    elif kind == "fetch":
        answer |= {"fetch": reader.id(), "bytes": reader.varint(), "urgent": reader.string(2 << 20)}
    elif kind == "epoch changed":
        answer["lives"] = reader.list(lambda: read_epoch_record(reader.string(512)), 64)
        need(len(answer["lives"]) > 0, "no record of a life")
        for before, after in zip(answer["lives"], answer["lives"][1:]):
            need(after["parent"] == before["epoch"], "records that do not follow each other")
    elif kind == "unchanged":
        answer |= {
            "position": reader.zigzag(), "issued": reader.zigzag(), "terms": read_terms(reader),
            "keyNumber": key_number(reader),
            "signature": reader.take(64),
        }
    return finished(reader, answer | {"successions": read_words(reader)})


def read_scope_event(reader: Reader) -> dict[str, Any]:
    kind = reader.u8()
    need(kind in (1, 2), "an unknown kind of scope event")
    return {
        "kind": "enter" if kind == 1 else "leave", "scope": reader.id(), "epoch": reader.zigzag(),
        "read": reader.varint(), "write": reader.varint(),
    }


def read_exception(reader: Reader) -> dict[str, Any]:
    index, verdict, reason = reader.varint(5_000), reader.u8(), reader.u8()
    need(verdict in VERDICTS, "an unknown verdict")
    need(reason < len(REASONS), "an unknown reason")
    return {
        "index": index, "verdict": VERDICTS[verdict], "reason": REASONS[reason], "groups": reader.varint(),
    }


def read_receipt(reader: Reader) -> dict[str, Any]:
    batch, first, ops = reader.take(32), reader.zigzag(), reader.varint(5_000)
    need(0 <= first <= 2**63 - 1 - ops, "a position that is none")
    return {
        "batch": batch, "first": first, "ops": ops, "exceptions": reader.list(lambda: read_exception(reader), 5_000),
    }


def read_delivery(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    return finished(reader, {
        "from": reader.zigzag(), "checkpoint": read_checkpoint(reader.string(1_024)),
        "scopes": reader.list(lambda: read_scope_event(reader)),
        "receipts": reader.list(lambda: read_receipt(reader)),
        "tombstones": reader.list(lambda: read_row_name(reader)),
        "auditSince": reader.varint(), "auditProof": read_proof(reader),
        "pages": reader.list(lambda: reader.string()),
    })
