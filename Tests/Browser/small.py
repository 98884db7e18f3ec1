"""Makes a picture of a page small: a palette of at most 256 colours instead of three bytes for each point.

Pages have few colours, and the shades at the edges of their letters: what is rare becomes the nearest that is not."""

import collections
import struct
import zlib

HEAD = b"\x89PNG\r\n\x1a\n"
COLOURS = 256


def small(data):
    """The same picture with a palette; only pictures as the browser makes them, of 8 bits and without interlacing."""
    width, height, rows, size = read(data)
    points = [row[i:i + 3] for row in rows for i in range(0, width * size, size)]
    counts = collections.Counter(points)
    palette = [colour for colour, _ in counts.most_common(COLOURS)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counts:
        if colour not in index:
            index[colour] = min(range(len(palette)), key=lambda number: far(palette[number], colour))
    body = bytearray()
    for line in range(height):
        body.append(0)
        body += bytes(index[point] for point in points[line * width:(line + 1) * width])
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return HEAD + b"".join(
        chunk(kind, content) for kind, content in (
            (b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(bytes(body), 9)), (b"IEND", b"")))


def far(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def read(data):
    """Width, height, the lines as bytes, and how many bytes a point has."""
    assert data.startswith(HEAD), "no PNG"
    place, body = len(HEAD), b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        content = data[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
            assert depth == 8 and colour in (2, 6) and not interlaced, "another kind of PNG"
        if kind == b"IDAT":
            body += content
        place += length + 12
    size = 3 if colour == 2 else 4
    raw, step = zlib.decompress(body), width * size
    before, rows = bytes(step), []
    for line in range(height):
        begin = line * (step + 1)
        before = unfiltered(raw[begin], raw[begin + 1:begin + 1 + step], before, size)
        rows.append(before)
    return width, height, rows, size


def unfiltered(kind, line, above, size):
    """A line as it was before the encoder took away what its neighbours tell of it."""
    if kind == 0:
        return line
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above))
    done = bytearray(len(line))
    for i, value in enumerate(line):
        left = done[i - size] if i >= size else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + above[i]) // 2
        else:
            corner = above[i - size] if i >= size else 0
            sum_ = left + above[i] - corner
            near = abs(sum_ - left), abs(sum_ - above[i]), abs(sum_ - corner)
            guess = left if near[0] <= near[1] and near[0] <= near[2] else above[i] if near[1] <= near[2] else corner
        done[i] = (value + guess) & 255
    return bytes(done)
