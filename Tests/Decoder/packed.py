"""What is deflated, and bits (delta.md, sections 2 and 9)."""

import zlib

from wire import Refused, need

LARGEST = 16 << 20


def inflated(data: bytes, dictionary: bytes = b"") -> bytes:
    engine = zlib.decompressobj(-15, zdict=dictionary) if dictionary else zlib.decompressobj(-15)
    try:
        out = engine.decompress(data, LARGEST + 1)
    except zlib.error as fault:
        raise Refused("does not inflate") from fault
    need(len(out) <= LARGEST, "a section too large")
    need(engine.eof and not engine.unused_data and not engine.unconsumed_tail, "not all of it inflates")
    return out


class Bits:
    """The identifier bits, the most significant first."""

    def __init__(self, data: bytes) -> None:
        self.number = int.from_bytes(data, "big")
        self.left = len(data) * 8

    def take(self, count: int) -> int:
        need(count <= self.left, "out of identifier bits")
        self.left -= count
        return self.number >> self.left & (1 << count) - 1

    def end(self) -> None:
        need(self.left < 8 and self.take(self.left) == 0, "identifier bits left over")
