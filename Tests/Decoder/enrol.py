"""Enrolment (bundle.md)."""

import hmac
from typing import Any

from bundle import epoch, public_keys
from seals import hkdf, mac, sha256, sealing_public, signing_public
from wire import Reader, need, string, varint

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def secret_of(code: str) -> bytes:
    """The 80 bits of a printed code."""
    bare = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    need(len(bare) == 16 and all(one in ALPHABET for one in bare), "not a code")
    number = 0
    for one in bare:
        number = number << 5 | ALPHABET.index(one)
    return number.to_bytes(10, "big")


def slot_of(code: str) -> bytes:
    return hkdf(secret_of(code), b"ru/enrol v1", b"slot", 8)


def proof_key(code: str) -> bytes:
    return hkdf(secret_of(code), b"ru/enrol v1", b"proof", 32)


def proved(message: bytes, code: str, label: bytes, said: bytes) -> None:
    need(len(message) >= 32, "cut short")
    need(hmac.compare_digest(mac(proof_key(code), label + said), message[-32:]), "the proof does not fit")


def write_request(code: str, number: int, seed: bytes, sealing_key: bytes, nonce: bytes) -> bytes:
    body = b"\x01" + varint(number) + signing_public(seed) + sealing_public(sealing_key) + nonce + slot_of(code)
    return body + mac(proof_key(code), b"ru/enrol request" + body)


def read_request(message: bytes, code: str) -> dict[str, Any]:
    proved(message, code, b"ru/enrol request", message[:-32])
    reader = Reader(message[:-32])
    need(reader.u8() == 1, "another version")
    fields = {"keys": public_keys(reader), "nonce": reader.take(16), "slot": reader.take(8)}
    reader.end()
    need(fields["slot"] == slot_of(code), "another code")
    return fields


def transcript_of(request: bytes, answer: bytes) -> bytes:
    return sha256(b"ru/enrol transcript" + string(request) + string(answer[:-32]))


def read_answer(message: bytes, request: bytes, code: str, words: list[str]) -> dict[str, Any]:
    transcript = transcript_of(request, message)
    proved(message, code, b"ru/enrol answer", transcript)
    reader = Reader(message[:-32])
    need(reader.u8() == 1, "another version")
    fields = {
        "device": reader.id(), "partner": reader.id(), "partnerCode": reader.text(64),
        "partnerName": reader.text(256), "role": reader.text(32), "hub": reader.id(), "hubName": reader.text(256),
        "epoch": epoch(reader), "keys": public_keys(reader), "ticket": reader.take(24),
        "checkpoint": reader.string(1_024), "words": [words[byte] for byte in transcript[:4]] if words else [],
    }
    reader.end()
    return fields
