"""Writes fully connected ReLU networks with given numbers as ONNX files, with
nothing but the standard library: the few protobuf fields that it takes."""
import struct

FLOAT = 1


def write_mlp(path, layers):
    """`layers` is a list of (weight, bias): rows of one unit each, and their
    offsets.  A ReLU follows every layer but the last."""
    nodes, tensors, name = b"", b"", "x"
    for i, (weight, bias) in enumerate(layers):
        columns = [list(c) for c in zip(*weight)]
        tensors += field(5, tensor(f"w{i}", columns)) + field(
            5, tensor(f"b{i}", bias))
        last = i + 1 == len(layers)
        out = "y" if last else f"h{i}"
        nodes += field(1, node("Gemm", [name, f"w{i}", f"b{i}"], out))
        if not last:
            nodes += field(1, node("Relu", [out], f"r{i}"))
        name = f"r{i}"
    graph = (nodes + field(2, b"net") + tensors +
             field(11, value("x", len(layers[0][0][0]))) +
             field(12, value("y", len(layers[-1][0]))))
    with open(path, "wb") as file:
        file.write(number(1, 7) + field(7, graph) + field(8, number(2, 13)))


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def number(tag, value):
    return varint(tag << 3) + varint(value)


def field(tag, content):
    if isinstance(content, str):
        content = content.encode()
    return varint(tag << 3 | 2) + varint(len(content)) + content


def node(op, inputs, output):
    return (b"".join(field(1, i) for i in inputs) + field(2, output) +
            field(3, output) + field(4, op))


def tensor(name, rows):
    """A float32 tensor from a list, or a list of equally long lists."""
    matrix = isinstance(rows[0], (list, tuple))
    flat = [v for row in rows for v in row] if matrix else rows
    dims = [len(rows), len(rows[0])] if matrix else [len(rows)]
    return (b"".join(number(1, d) for d in dims) + number(2, FLOAT) +
            field(8, name) + field(9, struct.pack(f"<{len(flat)}f", *flat)))


def value(name, width):
    """A float32 tensor [batch, width]."""
    dims = field(1, field(2, "batch")) + field(1, number(1, width))
    return field(1, name) + field(
        2, field(1, number(1, FLOAT) + field(2, dims)))
