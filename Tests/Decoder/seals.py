"""HKDF, HPKE and the two signatures, on top of the primitives of the `cryptography` package."""

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wire import Refused, need


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def mac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def extract(salt: bytes, key: bytes) -> bytes:
    return mac(salt or bytes(32), key)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    out, last, count = b"", b"", 1
    while len(out) < length:
        last = mac(key, last + info + bytes([count]))
        out, count = out + last, count + 1
    return out[:length]


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return expand(extract(salt, key), info, length)


def open_chunk(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)
    except InvalidTag as fault:
        raise Refused("does not open") from fault


def seal_chunk(key: bytes, nonce: bytes, clear: bytes, aad: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(nonce, clear, aad)


def signature_fits(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def sign(seed: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def signing_public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sealing_public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(sealing_key: bytes) -> bytes:
    return sha256(sealing_key)[:8]


# HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, one message.

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(part.to_bytes(2, "big") for part in (0x0020, 0x0001, 0x0003))


def labelled_extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return extract(salt, b"HPKE-v1" + suite + label + key)


def labelled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def exchange(private: bytes, public: bytes) -> bytes:
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as fault:
        raise Refused("not an X25519 key") from fault


def hpke_key(shared: bytes, enc: bytes, recipient: bytes, info: bytes) -> tuple[bytes, bytes]:
    """The key and nonce of the first message."""
    prk = labelled_extract(KEM, b"", b"eae_prk", shared)
    secret = labelled_expand(KEM, prk, b"shared_secret", enc + recipient, 32)
    context = (
        b"\x00"
        + labelled_extract(SUITE, b"", b"psk_id_hash", b"")
        + labelled_extract(SUITE, b"", b"info_hash", info)
    )
    root = labelled_extract(SUITE, secret, b"secret", b"")
    return labelled_expand(SUITE, root, b"key", context, 32), labelled_expand(SUITE, root, b"base_nonce", context, 12)


def hpke_open(private: bytes, enc: bytes, sealed: bytes, info: bytes, aad: bytes) -> bytes:
    key, nonce = hpke_key(exchange(private, enc), enc, sealing_public(private), info)
    need(len(sealed) >= 16, "cut short")
    return open_chunk(key, nonce, sealed, aad)


def hpke_seal(public: bytes, ephemeral: bytes, clear: bytes, info: bytes, aad: bytes) -> tuple[bytes, bytes]:
    enc = sealing_public(ephemeral)
    key, nonce = hpke_key(exchange(ephemeral, public), enc, public, info)
    return enc, seal_chunk(key, nonce, clear, aad)
