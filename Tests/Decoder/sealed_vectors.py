"""Writes `vectors/sealed.json`: what is sealed with random keys, with keys that are chosen. The engine only reads it."""

import json
from pathlib import Path
from typing import Callable
from uuid import UUID

from batch import seal_ops
from bundle import open_bundle, seal_bundle
from seals import key_id, sealing_public, sha256, signing_public
from wire import Id, plain

HUB, DEVICE, SALT, NAME = (Id(bytes([byte]) * 16) for byte in (0x22, 0x44, 0x33, 0x11))
SEED, SEALING = bytes(range(0x00, 0x20)), bytes(range(0x20, 0x40))
OTHER = bytes(range(0x80, 0xA0))
VISIT = json.dumps({
    "counts": {"rows": 3, "visits": 1, "women": 1}, "day": "2026-11-24", "device": str(UUID(bytes=DEVICE)),
    "expires_ms": 1_795_521_600_000, "packed_ms": 1_795_348_800_000, "version": 1,
    "prisons": [{
        "authorisation": str(UUID(bytes=NAME)), "code": "BZI", "governor_ref": "G-17", "name": "Bronzefield",
        "valid_to": "2027-05-31",
    }],
    "visits": [{
        "code": "1234-5678-K", "id": str(UUID(bytes=NAME)), "planned_ms": 1_795_442_400_000, "prison": "BZI", "type": "IN_REACH",
        "woman": {
            "case_file": str(UUID(bytes=SALT)), "children": [], "interpreter": False, "known_as": "Zoë", "needs": [],
            "restrictions": [], "risks": [],
        },
    }],
}, ensure_ascii=False, sort_keys=True).encode()


def counting() -> Callable[[int], bytes]:
    """Bytes that count up, in the place of random ones."""
    start = 0x40

    def some(count: int) -> bytes:
        nonlocal start
        start += 1
        return bytes((start + place) % 256 for place in range(count))

    return some


def bundle_case(name: str, content: bytes, kind: int, recipients: list[bytes], chunk_size: int) -> dict[str, object]:
    data = seal_bundle(
        content, kind, HUB, {"number": 3, "salt": SALT}, DEVICE, SEED, 2, recipients, 1_790_000_000_000, NAME,
        chunk_size, counting(),
    )
    case = {
        "name": name, "what": "bundle", "hex": data.hex(), "sealingKey": SEALING.hex(),
        "senders": [{"sender": DEVICE.hex(), "number": 2, "signing": signing_public(SEED).hex()}],
    }
    opened = open_bundle(data, {(bytes(DEVICE), 2): signing_public(SEED)}, SEALING)
    return {**case, "content": plain(opened)}


def main() -> None:
    own, other = sealing_public(SEALING), sealing_public(OTHER)
    ops, batch = b"any ops at all", sha256(b"any header")
    long = bytes(place * 7 % 251 for place in range(2_500))
    cases = [
        bundle_case("a small bundle", b"hello, hub!", 1, [own], 16_384),
        bundle_case("an empty bundle", b"", 6, [own], 1_024),
        bundle_case("three chunks for two keys, the second of which is ours", long, 2, [other, own], 1_024),
        bundle_case("a visit bundle", VISIT, 7, [own], 1_024),
        {
            "name": "the ops of a batch that left", "what": "sealed ops", "batch": batch.hex(),
            "sealingKey": SEALING.hex(), "hex": seal_ops(ops, batch, own, counting()(32)).hex(),
            "content": {"ops": ops.hex()},
        },
    ]
    assert key_id(own) != key_id(other)
    target = Path(__file__).parent / "vectors/sealed.json"
    target.write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
