"""Modelled sections (delta.md, section 14)."""

from functools import cache
from pathlib import Path

from wire import Reader, need
from words import WORD

LARGEST = 65_536
MASK = 0xFFFFFFFF
CURVE = [
    22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768, 40793, 47911,
    53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
]


def squash(t: int) -> int:
    j, w = t + 2048 >> 7, t + 2048 & 127
    return CURVE[j] * (128 - w) + CURVE[j + 1] * w + 64 >> 7


def inverse() -> list[int]:
    out, t = [], -2047
    for q in range(4096):
        while t < 2047 and squash(t) < 16 * q + 8:
            t += 1
        out.append(t)
    return out


def after(count: int, bit: int) -> int:
    zeros, ones = count >> 4, count & 15
    seen, other = (ones, zeros) if bit else (zeros, ones)
    seen, other = min(seen + 1, 15), (other + 2) // 2 if other > 2 else other
    return other << 4 | seen if bit else seen << 4 | other


def mix(a: int, b: int) -> int:
    h = (a * 0x9E3779B1 ^ b * 0x85EBCA6B) & MASK
    h = (h ^ h >> 16) * 0x2C1B3C6D & MASK
    return h ^ h >> 15


STRETCH = inverse()
NEXT = [[after(count, bit) for bit in (0, 1)] for count in range(256)]
FIRST = [(5 * (n & 15) + 2) * 65535 // (5 * ((n >> 4) + (n & 15)) + 4) for n in range(256)]
SEEN = [(n >> 4) + (n & 15) for n in range(256)]


class Listener:
    """What is coded is known: bytes come from a list, and nothing is written."""

    def __init__(self, data: bytes) -> None:
        self.bits = (byte >> place & 1 for byte in data for place in range(7, -1, -1))

    def bit(self, probability: int) -> int:
        return next(self.bits)


class Range:
    def __init__(self) -> None:
        self.low, self.high = 0, MASK

    def middle(self, probability: int) -> int:
        width = self.high - self.low
        return self.low + (width >> 16) * probability + ((width & 65535) * probability >> 16)

    def cut(self, middle: int, bit: int) -> None:
        if bit:
            self.high = middle
        else:
            self.low = middle + 1
        while self.low >> 24 == self.high >> 24:
            self.shifted(self.low >> 24)
            self.low, self.high = self.low << 8 & MASK, self.high << 8 & MASK | 255

    def shifted(self, byte: int) -> None:
        raise NotImplementedError


class Decoder(Range):
    def __init__(self, code: bytes) -> None:
        super().__init__()
        self.code, self.at, self.number = code, 0, 0
        for _ in range(4):
            self.shifted(0)

    def shifted(self, byte: int) -> None:
        own = self.code[self.at] if self.at < len(self.code) else 0
        self.number = self.number << 8 & MASK | own
        self.at += 1

    def bit(self, probability: int) -> int:
        middle = self.middle(probability)
        bit = int(self.number <= middle)
        self.cut(middle, bit)
        return bit

    def end(self) -> None:
        need(self.at >= len(self.code), "code that nobody read")
        need(not self.code or self.code[-1] != 0, "a zero at the end of a code")


class Encoder(Range):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.out, self.known = bytearray(), Listener(data)

    def shifted(self, byte: int) -> None:
        self.out.append(byte)

    def bit(self, probability: int) -> int:
        bit = self.known.bit(probability)
        self.cut(self.middle(probability), bit)
        return bit

    def end(self) -> bytes:
        for count in range(5):
            unit = 1 << 32 - 8 * count
            number = -(-self.low // unit) * unit
            if number <= self.high:
                self.out += number.to_bytes(5, "big")[1 : 1 + count]
                break
        return bytes(self.out).rstrip(b"\0")


class Model:
    def __init__(self, is_text: bool) -> None:
        self.is_text = is_text
        self.contexts, self.row_bits = (5, 16) if is_text else (4, 12)
        self.rows = bytearray(16 << self.row_bits)
        self.maps = [list(FIRST) for _ in range(self.contexts)]
        first = [9_830] * self.contexts + [0]
        self.by_hits = [list(first) for _ in range(self.contexts + 1)]
        self.by_bits = [list(first) for _ in range(256)]
        self.begin()

    def copy(self) -> "Model":
        other = Model(self.is_text)
        other.rows = bytearray(self.rows)
        other.maps, other.by_hits, other.by_bits = (
            [list(one) for one in part] for part in (self.maps, self.by_hits, self.by_bits)
        )
        return other

    def begin(self) -> None:
        self.last = self.word = self.own = self.before = 0

    def bases(self) -> list[int]:
        if not self.is_text:
            last = [mix(self.last & (1 << 8 * count) - 1, count) for count in range(3)]
            return [*last, mix(self.own << 4 | self.before, 6)]
        return [mix(self.last & (1 << 8 * count) - 1, count) for count in range(1, 5)] + [mix(self.word, 5)]

    def remember(self, byte: int) -> None:
        self.last = self.last << 8 & MASK | byte
        if byte in WORD:
            self.word = mix(self.word, (byte + 32 if 65 <= byte <= 90 else byte) + 1)
        else:
            self.word = 0
        if byte > 127:
            self.own = min(self.own + 1, 15)
        else:
            self.before, self.own = self.own, 0

    def find(self, base: int, half: int) -> int:
        """Where the row begins in `rows`: its check, then its 15 counts."""
        h = mix(base, half)
        check, row = h & 255, h >> 32 - self.row_bits << 4
        other = row ^ 16
        if self.rows[row] == check:
            return row
        if self.rows[other] == check:
            return other
        if SEEN[self.rows[other + 1]] < SEEN[self.rows[row + 1]]:
            row = other
        self.rows[row : row + 16] = bytes([check]) + bytes(15)
        return row

    def byte(self, coder: Listener | Decoder | Encoder) -> int:
        rows, maps = self.rows, self.maps
        bases = self.bases()
        bits = node = 1
        for place in range(8):
            if place in (0, 4):
                found = [self.find(base, bits) for base in bases]
                node = 1
            counts = [rows[row + node] for row in found]
            inputs = [STRETCH[own[count] >> 4] if count else 0 for own, count in zip(maps, counts)] + [256]
            one = self.by_hits[self.contexts - counts.count(0)]
            two = self.by_bits[bits]
            total = sum((a + b) * value for a, b, value in zip(one, two, inputs))
            e = squash(max(-2047, min(2047, total >> 16)))
            bit = coder.bit(max(32, min(65_504, e)))
            error = 65_536 * bit - e
            for index, value in enumerate(inputs):
                more = value * error + 32_768 >> 16
                one[index] += more
                two[index] += more
            for own, count, row in zip(maps, counts, found):
                m = own[count]
                own[count] = m + (65_535 - m >> 7) if bit else m - (m >> 7)
                rows[row + node] = NEXT[count][bit]
            bits, node = bits << 1 | bit, node << 1 | bit
        self.remember(bits & 255)
        return bits & 255


@cache
def learnt(number: int) -> Model:
    """The model for text after a dictionary; to be copied."""
    model = Model(True)
    if number:
        words = (Path(__file__).parents[2] / "Schemas/wire/dictionary-1.txt").read_bytes()
        listener = Listener(words)
        for _ in words:
            model.byte(listener)
    return model


def most(coded: int) -> int:
    return min(LARGEST, 8 * coded + 64)


def structure_of(section: bytes) -> bytes:
    reader = Reader(section)
    count = reader.varint(LARGEST)
    code = reader.take(reader.left)
    need(count <= most(len(code)), "more than so short a code may say")
    model, decoder = Model(False), Decoder(code)
    out = bytes(model.byte(decoder) for _ in range(count))
    decoder.end()
    return out


class ModelledText:
    """Takes text of given lengths, as a Reader takes bytes."""

    def __init__(self, section: bytes, dictionary: int) -> None:
        self.model, self.decoder = learnt(dictionary).copy(), Decoder(section)
        self.left = most(len(section))

    def take(self, count: int) -> bytes:
        need(count <= self.left, "more than so short a code may say")
        self.left -= count
        self.model.begin()
        return bytes(self.model.byte(self.decoder) for _ in range(count))

    def end(self) -> None:
        self.decoder.end()


def code_of(values: list[bytes], model: Model) -> bytes | None:
    """What is read as these values; none where a reader would refuse it as too much."""
    encoder = Encoder(b"".join(values))
    for value in values:
        model.begin()
        for _ in value:
            model.byte(encoder)
    code = encoder.end()
    return code if sum(map(len, values)) <= most(len(code)) else None
