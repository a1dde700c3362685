"""Pictures of planes, read back: polygons, lines and letters of an SVG in the
plane's coordinates, and the pixels of a PNG."""
import copy
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib

GRAIN = 1 / 256  # cairo's: points lie on multiples, in points


class Picture:
    """cells [(colour, corners)], lines [(colour, width, points)], letters
    [(symbol, x, y)], all in points; colours are bytes (r, g, b).  frame: left,
    right, top, bottom of the plane, the largest of frames; size: width,
    height."""

    def __init__(self, path):
        self.cells, self.lines, self.letters = [], [], []
        self.frame, self.frames = (0, 0, 0, 0), []
        self.empty = set()  # symbols of spaces
        root = ElementTree.parse(path).getroot()
        self.size = [float(v) for v in root.get("viewBox").split()[2:]]
        self.read(root)
        self.filled = self.cells
        self.cells = self.cells_in(self.frame)

    def cells_in(self, frame):
        left, right, top, bottom = frame
        return [(c, p) for c, p in self.filled if all(
            left - GRAIN <= x <= right + GRAIN and
            top - GRAIN <= y <= bottom + GRAIN for x, y in p)]

    def panels(self):
        """A picture for each frame, in the order in which they are drawn."""
        found = []
        for frame in self.frames:
            panel = copy.copy(self)
            panel.frame, panel.cells = frame, self.cells_in(frame)
            found.append(panel)
        return found

    def read(self, item):
        kind = item.tag.split("}")[1]
        if kind == "defs":
            for symbol in item.iter():
                paths = [c.get("d") for c in symbol if c.tag.endswith("path")]
                if symbol.get("id", "").startswith("glyph") and not any(paths):
                    self.empty.add("#" + symbol.get("id"))
            return
        if kind == "use":
            name = item.get("{http://www.w3.org/1999/xlink}href")
            self.letters.append((name, float(item.get("x")),
                                 float(item.get("y"))))
        if kind == "path":
            self.read_path(item)
        for child in item:
            self.read(child)

    def read_path(self, item):
        style = dict(s.strip().split(":") for s in item.get("style").split(";")
                     if s.strip())
        data = item.get("d")
        if style["fill"] == "none":
            colour = colour_of(style["stroke"])
            width = float(style["stroke-width"])
            for points in outlines(data):
                self.lines.append((colour, width, points))
                if "Z" in data:
                    self.frames.append(box_of(points))
                    self.frame = max(self.frame, self.frames[-1], key=size_of)
        elif "C" not in data:
            fill = colour_of(style["fill"])
            self.cells += [(fill, points) for points in outlines(data)]

    def inside(self, points):
        left, right, top, bottom = self.frame
        return all(left <= x <= right and top <= y <= bottom
                   for x, y in points)

    def plane(self, box, point):
        """The place on the plane box = s0, s1, t0, t1 of a point."""
        left, right, top, bottom = self.frame
        s0, s1, t0, t1 = box
        return (s0 + (point[0] - left) / (right - left) * (s1 - s0),
                t1 - (point[1] - top) / (bottom - top) * (t1 - t0))

    def segments(self, colours, width=None):
        """Pieces of lines of these colours, and of this width, in the frame:
        (colour, p, q)."""
        found = []
        for colour, own, points in self.lines:
            if colour in colours and self.inside(points) and (
                    width in (None, own)):
                found += [(colour, p, q) for p, q in zip(points, points[1:])]
        return found


def colour_of(text):
    return tuple(round(float(v) * 2.55)
                 for v in re.findall(r"([\d.]+)%", text))


def outlines(data):
    """Lists of points of the parts of a path that have more than one."""
    found = []
    for part in data.split("M")[1:]:
        numbers = [float(v) for v in re.findall(r"-?[\d.]+", part)]
        points = list(zip(numbers[::2], numbers[1::2]))
        if len(points) > 1:
            found.append(points)
    return found


def box_of(points):
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), max(xs), min(ys), max(ys)


def size_of(box):
    return (box[1] - box[0]) * (box[3] - box[2])


def area(points):
    """Signed; y goes down."""
    return sum(p[0] * q[1] - q[0] * p[1]
               for p, q in zip(points, points[1:] + points[:1])) / 2


def depth(points, at):
    """How far inside a convex polygon a point is; negative: outside."""
    sign = 1 if area(points) > 0 else -1
    least = float("inf")
    for p, q in zip(points, points[1:] + points[:1]):
        dx, dy = q[0] - p[0], q[1] - p[1]
        length = (dx * dx + dy * dy) ** 0.5
        if length > 0:
            turn = dx * (at[1] - p[1]) - dy * (at[0] - p[0])
            least = min(least, sign * turn / length)
    return least


def middle(points):
    return (sum(x for x, _ in points) / len(points),
            sum(y for _, y in points) / len(points))


def png_size(data):
    return struct.unpack(">II", data[16:24])


def png_pixels(data):
    """Rows of (r, g, b): 8 bits a channel, not interlaced."""
    width, height, bits, kind, _, _, interlaced = struct.unpack(
        ">IIBBBBB", data[16:29])
    assert (bits, interlaced) == (8, 0) and kind in (2, 6)
    step = 3 if kind == 2 else 4
    packed, at = b"", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        if name == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(packed)
    rows, above = [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        line = unfilter(raw[start], bytearray(
            raw[start + 1:start + 1 + width * step]), above, step)
        rows.append([tuple(line[x:x + 3])
                     for x in range(0, width * step, step)])
        above = line
    return rows


def unfilter(kind, line, above, step):
    for i in range(len(line) if kind else 0):
        a = line[i - step] if i >= step else 0
        b, c = above[i], above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b),
                    (abs(p - c), 2, c))[2]
        line[i] = (line[i] + (a, b, (a + b) // 2, paeth)[kind - 1]) & 255
    return line
