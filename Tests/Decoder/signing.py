"""Request signatures and tickets (bundle.md)."""

import base64
import re
import uuid
from typing import Any

from seals import mac, sha256, sign, signature_fits
from wire import need, u64

INPUT = re.compile(r'ru=(\("@method" "@path" "content-digest" "reunite-hub"\)((?:;[a-z]+="[^"]*"){4}))')
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
KEY = re.compile(rf"({UUID})\.([1-9][0-9]{{0,9}})")


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(body)).decode()}:"


def base_of(method: str, path: str, digest: str, hub: str, parameters: str) -> bytes:
    lines = [
        f'"@method": {method}', f'"@path": {path}', f'"content-digest": {digest}', f'"reunite-hub": {hub}',
        f'"@signature-params": {parameters}',
    ]
    return "\n".join(lines).encode()


def read_signed(method: str, path: str, fields: dict[str, str], body: bytes, key: bytes) -> dict[str, Any]:
    """Who signed the request for which hub; refuses what is not signed with `key`."""
    need(re.fullmatch("[A-Z]{1,16}", method) is not None, "not a method")
    need(re.fullmatch("/[!-~]{0,1023}", path) is not None and not set(path) & set("?#"), "not a path")
    digest, hub = fields["content-digest"], fields["reunite-hub"]
    need(digest == content_digest(body), "another body")
    need(re.fullmatch(UUID, hub) is not None, "not a hub")
    given = fields["signature-input"]
    shape = INPUT.fullmatch(given)
    need(len(given) <= 512 and shape is not None, "not this form of signature")
    parameters = dict(part.split("=", 1) for part in shape[2][1:].split(";"))
    need(set(parameters) == {"keyid", "nonce", "alg", "tag"}, "other parameters")
    need(parameters["alg"] == '"ed25519"' and parameters["tag"] == '"ru-1"', "another kind of signature")
    keyid = KEY.fullmatch(parameters["keyid"].strip('"'))
    nonce = parameters["nonce"].strip('"')
    need(keyid is not None and int(keyid[2]) < 2**32, "not a key")
    need(re.fullmatch("[A-Za-z0-9_-]{32}", nonce) is not None, "not a ticket")
    sealed = re.fullmatch("ru=:([A-Za-z0-9+/]{86}==):", fields["signature"])
    need(sealed is not None, "not a signature")
    signature = base64.b64decode(sealed[1])
    need(base64.b64encode(signature).decode() == sealed[1], "another form of base 64")
    need(signature_fits(key, base_of(method, path, digest, hub, shape[1]), signature), "the signature does not fit")
    return {"device": keyid[1], "keyNumber": int(keyid[2]), "hub": hub, "ticket": base64.urlsafe_b64decode(nonce)}


def signed_fields(
    method: str, path: str, body: bytes, hub: bytes, device: bytes, number: int, ticket: bytes, seed: bytes
) -> dict[str, str]:
    keyid = f"{uuid.UUID(bytes=bytes(device))}.{number}"
    nonce = base64.urlsafe_b64encode(ticket).decode().rstrip("=")
    parameters = (
        f'("@method" "@path" "content-digest" "reunite-hub");keyid="{keyid}";nonce="{nonce}";alg="ed25519";tag="ru-1"'
    )
    digest, name = content_digest(body), str(uuid.UUID(bytes=bytes(hub)))
    signature = sign(seed, base_of(method, path, digest, name, parameters))
    return {
        "content-digest": digest, "reunite-hub": name, "signature-input": f"ru={parameters}",
        "signature": f"ru=:{base64.b64encode(signature).decode()}:",
    }


def ticket(key: bytes, device: bytes, number: int, count: int) -> bytes:
    """What the hub does; a client only carries tickets."""
    return u64(count) + mac(key, b"ru/ticket" + device + u64(number) + u64(count))[:16]
