"""Batch headers and their sealed ops (protocol.md, "Batches"), checkpoints (bundle.md), purge receipts (leaving.md)."""

from typing import Any

from bundle import epoch, key_number
from seals import hpke_open, hpke_seal, key_id, sealing_public, sha256, signature_fits
from wire import Reader, need, u64, varint, zigzag


def read_clock(reader: Reader) -> dict[str, Any]:
    return {
        "wall": reader.zigzag(), "monotonic": reader.zigzag(), "boot": reader.id(), "lastHub": reader.zigzag(),
        "skew": reader.zigzag(),
    }


def write_clock(clock: dict[str, Any]) -> bytes:
    return (
        zigzag(clock["wall"]) + zigzag(clock["monotonic"]) + clock["boot"] + zigzag(clock["lastHub"])
        + zigzag(clock["skew"])
    )


def read_header(data: bytes) -> dict[str, Any]:
    """What stands after the last field belongs to later versions."""
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    return {
        "batch": sha256(data), "salt": reader.id(), "hub": reader.id(), "device": reader.id(),
        "keyNumber": reader.varint(2**32 - 1), "parent": reader.take(32), "number": reader.varint(),
        "firstSequence": reader.varint(), "opCount": reader.varint(5_000), "epoch": epoch(reader),
        "base": reader.zigzag(), "tag": reader.u64(), "schema": reader.varint(2**32 - 1), "clock": read_clock(reader),
        "author": reader.id(), "opsDigest": reader.take(32),
    }


def write_header(fields: dict[str, Any]) -> bytes:
    return (
        b"\x01" + fields["salt"] + fields["hub"] + fields["device"] + varint(fields["keyNumber"]) + fields["parent"]
        + varint(fields["number"]) + varint(fields["firstSequence"]) + varint(fields["opCount"])
        + varint(fields["epoch"]["number"]) + fields["epoch"]["salt"] + zigzag(fields["base"]) + u64(fields["tag"])
        + varint(fields["schema"]) + write_clock(fields["clock"]) + fields["author"] + fields["opsDigest"]
    )


def seal_ops(ops: bytes, batch: bytes, recipient: bytes, ephemeral: bytes) -> bytes:
    own = key_id(recipient)
    enc, sealed = hpke_seal(recipient, ephemeral, ops, b"ru/batch 1" + batch, own)
    return own + enc + sealed


def open_ops(sealed: bytes, batch: bytes, sealing_key: bytes) -> bytes:
    """Ops of form 1, which the hub alone can open."""
    reader = Reader(sealed)
    own = key_id(sealing_public(sealing_key))
    need(reader.take(8) == own, "sealed to another key")
    enc = reader.take(32)
    return hpke_open(sealing_key, enc, reader.take(reader.left), b"ru/batch 1" + batch, own)


def read_checkpoint(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    version = reader.u8()
    need(version in (1, 2, 3), "another version")
    fields = {
        "keyNumber": key_number(reader), "hub": reader.id(), "epoch": epoch(reader), "device": reader.id(),
        "position": reader.zigzag(), "issued": reader.zigzag(), "digest": read_digest(reader),
    }
    if version >= 2:
        fields["audit"] = {"size": reader.varint(), "root": reader.take(32)}
    if version == 3:
        fields["terms"] = read_terms(reader)
        need(fields["terms"] != {"backedUp": 0, "lease": 0}, "a promise of nothing")
    return finished(reader, fields | {
        "signature": reader.take(64), "tag": Reader(sha256(data)[:8]).u64(), "bytes": data,
    })


def read_terms(reader: Reader) -> dict[str, Any]:
    return {"backedUp": reader.zigzag(), "lease": reader.zigzag()}


def read_digest(reader: Reader) -> dict[str, Any]:
    return {"high": reader.u64(), "low": reader.u64(), "rows": reader.zigzag()}


def write_digest(digest: dict[str, Any]) -> bytes:
    return u64(digest["high"]) + u64(digest["low"]) + zigzag(digest["rows"])


def finished(reader: Reader, fields: dict[str, Any]) -> dict[str, Any]:
    reader.end()
    return fields


def checkpoint_fits(data: bytes, key: bytes) -> bool:
    return signature_fits(key, b"ru/checkpoint" + data[:-64], data[-64:])


def read_purge(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another version")
    fields: dict[str, Any] = {
        "keyNumber": key_number(reader), "hub": reader.id(), "epoch": epoch(reader), "device": reader.id(),
        "scope": reader.id(), "grantEpoch": reader.zigzag(), "purged": reader.zigzag(), "cursor": reader.zigzag(),
        "digest": read_digest(reader), "rowsGone": reader.varint(), "clean": flag(reader), "at": reader.zigzag(),
        "signature": reader.take(64),
    }
    return finished(reader, fields)


def purge_fits(data: bytes, key: bytes) -> bool:
    return signature_fits(key, b"ru/purge" + data[:-64], data[-64:])


def flag(reader: Reader) -> bool:
    byte = reader.u8()
    need(byte <= 1, "neither 0 nor 1")
    return byte == 1
