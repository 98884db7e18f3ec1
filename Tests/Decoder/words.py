"""Text in words (delta.md, section 11)."""

from packed import LARGEST, Bits, inflated
from wire import Reader, need

LONGEST = 30
WORD = frozenset(b"0123456789'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") | frozenset(range(128, 256))


def canonical(lengths: list[int]) -> dict[tuple[int, int], int]:
    """By a code's length and bits, the place of its length in the list."""
    codes: dict[tuple[int, int], int] = {}
    code = 0
    for length in range(1, LONGEST + 1):
        code <<= 1
        for place, own in enumerate(lengths):
            if own == length:
                codes[length, code] = place
                code += 1
    need(code == 1 << LONGEST, "not a complete code")
    return codes


class Words:
    """Takes text of given lengths, as a Reader takes bytes."""

    def __init__(self, data: bytes, dictionary: bytes) -> None:
        reader = Reader(data)
        lengths = [reader.u8()]
        need(lengths[0] <= LONGEST, "a code too long")
        listed = Reader(inflated(reader.take(reader.varint()), dictionary))
        self.tokens: list[bytes] = []
        token = bytearray()
        while listed.left:
            byte = listed.u8()
            if byte >= 32:
                token.append(byte)
            elif byte == 31:
                token.append(listed.u8())
            else:
                need(len(token) > 0, "an empty token")
                self.tokens.append(bytes(token))
                lengths.append(byte)
                token.clear()
        need(not token, "half a token")
        self.codes = canonical(lengths) if any(lengths) else {}
        self.bits = Bits(reader.take(reader.left))
        self.new = 0
        self.taken = 0

    def token(self) -> bytes:
        place = 0
        if self.codes:
            length = code = 0
            while (length, code) not in self.codes:
                length, code = length + 1, code << 1 | self.bits.take(1)
            place = self.codes[length, code]
        if place == 0:
            need(self.new < len(self.tokens), "no new token is left")
            self.new += 1
            place = self.new
        return self.tokens[place - 1]

    def take(self, count: int) -> bytes:
        self.taken += count
        need(self.taken <= LARGEST, "a section too large")
        out = bytearray()
        while len(out) < count:
            token = self.token()
            if out and out[-1] in WORD and token[0] in WORD:
                out += b" "
            out += token
            need(len(out) <= count, "a token that goes beyond the text")
        return bytes(out)

    def end(self) -> None:
        need(self.new == len(self.tokens), "a token that was never new")
        self.bits.end()
