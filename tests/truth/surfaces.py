"""Surfaces in PLY and OBJ files: their triangles, whether they are closed, and the
volume that they enclose."""
import numpy as np


def read_ply(path):
    """Corners [n x 3] and triangles [m x 3] of a binary file of this kind."""
    head, body = path.read_bytes().split(b"end_header\n", 1)
    n, m = (int(line.split()[2]) for line in head.decode().splitlines()
            if line.startswith("element"))
    corners = np.frombuffer(body, "<f8", 3 * n).reshape(n, 3)
    faces = np.frombuffer(body, np.dtype([("n", "u1"), ("c", "<i4", 3)]), m,
                          24 * n)
    if len(body) != 24 * n + 13 * m or not (faces["n"] == 3).all():
        raise ValueError("the file has not the size that its head says")
    return corners, faces["c"]


def read_obj(path):
    rows = [line.split() for line in path.read_text().splitlines()]
    return (np.array([r[1:] for r in rows if r[0] == "v"], float),
            np.array([r[1:] for r in rows if r[0] == "f"], int) - 1)


def loose_edges(triangles):
    """Directed edges that do not come once each way."""
    edges = np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    forward = {tuple(e) for e in edges}
    repeated = len(edges) - len(forward)
    return repeated + sum((b, a) not in forward for a, b in forward)


def volume(corners, triangles):
    a, b, c = (corners[triangles[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)
