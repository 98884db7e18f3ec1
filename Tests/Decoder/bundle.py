"""Keys and bundles (bundle.md, "Keys" and "Bundle")."""

import os
from typing import Any, Callable

from seals import hkdf, hpke_open, hpke_seal, key_id, open_chunk, seal_chunk, sealing_public, sha256, sign
from seals import signature_fits
from wire import Reader, need, string, u64, varint, zigzag

KINDS = {
    1: "up", 2: "down", 3: "receipt", 4: "resync", 5: "enrol", 6: "answer", 7: "visit", 8: "backup", 9: "urgent",
    10: "ledger",
}


def key_number(reader: Reader) -> int:
    number = reader.varint(2**32 - 1)
    need(number >= 1, "key numbers begin with 1")
    return number


def public_keys(reader: Reader) -> dict[str, Any]:
    return {"number": key_number(reader), "signing": reader.take(32), "sealing": reader.take(32)}


def epoch(reader: Reader) -> dict[str, Any]:
    return {"number": reader.varint(2**32 - 1), "salt": reader.id()}


def read_header(data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    need(reader.u8() == 1, "another suite")
    header: dict[str, Any] = {"bundle": reader.id()}
    kind = reader.u8()
    need(kind in KINDS, "another kind")
    header |= {"kind": KINDS[kind], "hub": reader.id(), "epoch": epoch(reader), "sender": reader.id()}
    header["senderKey"] = key_number(reader)
    count = reader.varint(8)
    need(count >= 1, "no recipient")
    header["recipients"] = [reader.take(8) for _ in range(count)]
    header["chunkSize"] = reader.varint(65_536)
    need(header["chunkSize"] >= 1_024, "chunks too small")
    header |= {"from": reader.zigzag(), "to": reader.zigzag(), "created": reader.zigzag()}
    reader.end()
    return header


def padded(length: int) -> int:
    if length < 1_024:
        return max(64, -(-length // 64) * 64)
    exponent = length.bit_length() - 1
    unit = 1 << exponent - exponent.bit_length()
    return -(-length // unit) * unit


def nonce(index: int, last: bool) -> bytes:
    return bytes(3) + u64(index) + bytes([last])


def bundle_header(data: bytes) -> tuple[dict[str, Any], bytes, Reader]:
    """The header, its digest, and what follows."""
    reader = Reader(data)
    need(reader.take(4) == b"RUB1", "not a bundle")
    raw = reader.string(512)
    return read_header(raw), sha256(raw), reader


def open_bundle(data: bytes, senders: dict[tuple[bytes, int], bytes], sealing_key: bytes) -> dict[str, Any]:
    """The header and content. `senders`: the signing keys on record, by sender and key number."""
    need(len(data) <= 64 << 20, "too large")
    header, digest, reader = bundle_header(data)
    signer = senders.get((bytes(header["sender"]), header["senderKey"]))
    need(signer is not None, "an unknown sender")
    need(reader.left >= 64, "cut short")
    need(signature_fits(signer, b"ru/b1 trailer" + sha256(data[:-64]), data[-64:]), "the trailer does not fit")
    own = key_id(sealing_public(sealing_key))
    need(own in header["recipients"], "sealed to others")
    wraps = [reader.take(80) for _ in header["recipients"]]
    wrap = wraps[header["recipients"].index(own)]
    cek = hpke_open(sealing_key, wrap[:32], wrap[32:], b"ru/b1" + digest, own)
    body = open_chunks(reader.take(max(0, reader.left - 64)), cek, digest, header["chunkSize"])
    inner = Reader(body)
    content = inner.string()
    need(len(body) == padded(inner.at), "another length of padding")
    need(not any(inner.take(inner.left)), "padding that is not zero")
    return {**header, "content": content}


def open_chunks(sealed: bytes, cek: bytes, digest: bytes, size: int) -> bytes:
    key = hkdf(cek, b"", b"chunk", 32)
    pieces = [sealed[at : at + size + 16] for at in range(0, len(sealed), size + 16)]
    need(bool(pieces) and len(pieces[-1]) > 16, "an empty last chunk")
    return b"".join(
        open_chunk(key, nonce(i, i == len(pieces) - 1), piece, digest + u64(i)) for i, piece in enumerate(pieces)
    )


def seal_bundle(
    content: bytes, kind: int, hub: bytes, hub_epoch: dict[str, Any], sender: bytes, seed: bytes, number: int,
    recipients: list[bytes], created: int, bundle: bytes, chunk_size: int = 16_384,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """A bundle for these sealing keys. `random` is given only where the same bytes must come out again."""
    header = (
        b"\x01" + bundle + bytes([kind]) + hub + varint(hub_epoch["number"]) + hub_epoch["salt"] + sender
        + varint(number) + varint(len(recipients)) + b"".join(key_id(one) for one in recipients)
        + varint(chunk_size) + zigzag(0) + zigzag(0) + zigzag(created)
    )
    digest, cek = sha256(header), random(32)
    wraps = [hpke_seal(one, random(32), cek, b"ru/b1" + digest, key_id(one)) for one in recipients]
    body = string(content)
    body += bytes(padded(len(body)) - len(body))
    key = hkdf(cek, b"", b"chunk", 32)
    pieces = [body[at : at + chunk_size] for at in range(0, len(body), chunk_size)]
    chunks = [
        seal_chunk(key, nonce(i, i == len(pieces) - 1), piece, digest + u64(i)) for i, piece in enumerate(pieces)
    ]
    data = b"RUB1" + string(header) + b"".join(enc + sealed for enc, sealed in wraps) + b"".join(chunks)
    return data + sign(seed, b"ru/b1 trailer" + sha256(data))
