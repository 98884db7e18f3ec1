"""Numbers, identifiers and strings (bundle.md, "Notation"), and how what was read is printed."""

import json
import struct
import uuid
from typing import Any, Callable, TypeVar

T = TypeVar("T")
U64 = 2**64 - 1


class Refused(Exception):
    """These bytes are not what the documents describe."""


class Id(bytes):
    """16 bytes that name something; printed as a UUID."""


NOBODY = Id(16)


def need(holds: bool, why: str) -> None:
    if not holds:
        raise Refused(why)


def signed(number: int) -> int:
    """Sums and differences of 64-bit values wrap around."""
    number &= U64
    return number - 2**64 if number >> 63 else number


class Reader:
    """Reads forwards, and never past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        need(count <= self.left, "cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self) -> int:
        return self.take(1)[0]

    def u64(self) -> int:
        return struct.unpack("<Q", self.take(8))[0]

    def varint(self, limit: int = U64) -> int:
        number = 0
        for place in range(10):
            byte = self.u8()
            number |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                need(place == 0 or byte != 0, "a needless last zero byte")
                need(number <= limit, "a number above its limit")
                return number
        raise Refused("a number of more than ten bytes")

    def zigzag(self) -> int:
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def id(self) -> Id:
        return Id(self.take(16))

    def string(self, limit: int = U64) -> bytes:
        return self.take(self.varint(limit))

    def text(self, limit: int = U64) -> str:
        try:
            return self.string(limit).decode("utf-8")
        except UnicodeDecodeError as fault:
            raise Refused("not UTF-8") from fault

    def list(self, item: Callable[[], T], limit: int = U64) -> list[T]:
        """A varint count, then so many; each takes a byte at least."""
        count = self.varint(limit)
        need(count <= self.left, "more than the bytes left can hold")
        return [item() for _ in range(count)]

    def end(self) -> None:
        need(self.left == 0, "bytes after the end")


def u64(number: int) -> bytes:
    return struct.pack("<Q", number)


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number: int) -> bytes:
    return varint((number << 1 ^ number >> 63) & U64)


def string(data: bytes) -> bytes:
    return varint(len(data)) + data


def plain(value: Any) -> Any:
    """What JSON can say of it: identifiers as UUIDs, other bytes in hexadecimal, reals by their bits."""
    if isinstance(value, Id):
        return str(uuid.UUID(bytes=bytes(value)))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def canonical(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
