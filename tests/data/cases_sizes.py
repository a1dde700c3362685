"""Cases of the arithmetic on sizes that decides what a Reshape, Pad, Gather or
Where does: each starts from the input's Shape.  What comes behind is turned round,
since the order of the elements tells one size from another.  Expected sizes and
masks are NumPy's."""
import numpy as np
from onnx import TensorProto

from corpus import N, case, ints

X = (1, 2, 3, 4)
SHAPE = np.array(X)
INT, FLOAT = TensorProto.INT64, TensorProto.FLOAT


def turned(name, nodes, sizes, x=X, **how):
    """Nodes from the sizes "a" of x to two sizes "s"; the matrix of these
    sizes is transposed."""
    sizes = [int(s) for s in sizes]
    case(f"sizes_{name}",
         [N("Shape", "x", "a"), *nodes, N("Reshape", "x s", "m"),
          N("Transpose", "m", perm=[1, 0])],
         lambda v: v.reshape(sizes).T, x=x, **how)


def roundings():
    """What resizing by a factor writes: the last two sizes, scaled."""
    for op, scale, function in (
            ("Floor", [1.46875, 1.625], np.floor),
            ("Ceil", [1.25, 1.375], np.ceil),
            ("Round", [1.5, 1.625], np.rint),   # 4.5 and 6.5: to even ones
            ("Round", [0.5, 3.0], np.rint),     # 1.5: up
            ("Floor", [-1.125, -1.375], np.floor),
            ("Ceil", [-1.375, -1.625], np.ceil),
            ("Round", [-1.5, -1.4375], np.rint)):
        sizes = np.abs(function(SHAPE[2:] * scale))
        tag = f"{op}_{scale[0]}".lower().replace("-", "m").replace(".", "_")
        turned(tag, [N("Slice", "a two end", "b"), N("Cast", "b", "c", to=FLOAT),
                     N("Mul", "c f", "d"), N(op, "d", "e"),
                     N("Abs", "e", "g"), N("Cast", "g", "s", to=INT)],
               sizes, init={"two": ints(2), "end": ints(4), "f": np.array(scale)})


def rational_roundings():
    """Quotients that are no doubles."""
    for op, factors, function in (
            ("Floor", [10, 11], np.floor), ("Ceil", [8, 10], np.ceil),
            ("Round", [9, 11], np.rint), ("Floor", [-8, -10], np.floor),
            ("Ceil", [-10, -11], np.ceil), ("Round", [-9, -11], np.rint)):
        turned(f"{op}_sevenths_{factors[0]}".lower().replace("-", "m"),
               [N("Slice", "a two end", "b"), N("Cast", "b", "c", to=FLOAT),
                N("Mul", "c f", "d"), N("Div", "d seven", "q"),
                N(op, "q", "e"), N("Abs", "e", "g"),
                N("Cast", "g", "s", to=INT)],
               np.abs(function(SHAPE[2:] * factors / 7)),
               init={"two": ints(2), "end": ints(4),
                     "f": np.array(factors, float), "seven": np.array(7.0)})


def real_functions():
    """The side of a square of tokens; a size as a share of the whole."""
    case("sizes_sqrt",
         [N("Shape", "x", "a"), N("Gather", "a one", "b"),
          N("Cast", "b", "c", to=FLOAT), N("Sqrt", "c", "d"),
          N("Cast", "d", "e", to=INT), N("Concat", "i e e j", "s", axis=0),
          N("Reshape", "x s", "m"), N("Transpose", "m", perm=[0, 2, 1, 3])],
         lambda v: v.reshape(1, 3, 3, 2).permute(0, 2, 1, 3), x=(1, 9, 2),
         init={"one": ints(1), "i": ints(1), "j": ints(2)})
    turned("reciprocal",
           [N("Slice", "a two end", "b"), N("Cast", "b", "c", to=FLOAT),
            N("Reciprocal", "c", "d"), N("Mul", "d f", "e"),
            N("Cast", "e", "g", to=INT), N("Concat", "g last", "s", axis=0)],
           [8, 3], init={"two": ints(2), "end": ints(3), "last": ints(3),
                         "f": np.array(24.0)})


def products():
    turned("size", [N("Size", "x", "n"), N("Div", "n q", "d"),
                    N("Concat", "q d", "s", axis=0)],
           [8, 3], init={"q": ints(8)})
    turned("size_of_shape", [N("Size", "a", "n"), N("Reshape", "n one", "r"),
                             N("Concat", "r minus", "s", axis=0)],
           [4, 6], init={"one": ints(1), "minus": ints(-1)})
    for opset, tag in ((13, "attribute"), (18, "input")):
        how = {"axes": [0]} if opset < 18 else {}
        axes = {"z": ints(0)} if opset >= 18 else {}
        for first, last in ((1, 3), (2, 4)):
            prod = int(np.prod(SHAPE[first:last]))
            turned(f"reduceprod_{tag}_{first}",
                   [N("Slice", "a b e", "c"),
                    N("ReduceProd", "c z" if axes else "c", "p", keepdims=1,
                      **how), N("Concat", "p minus", "s", axis=0)],
                   [prod, 24 // prod], opset=opset,
                   init={"b": ints(first), "e": ints(last),
                         "minus": ints(-1), **axes})
    turned("reduceprod_all", [N("ReduceProd", "a", "p", keepdims=0),
                              N("Div", "p q", "d"),
                              N("Concat", "d q", "s", axis=0)],
           [3, 8], init={"q": ints(8)})


def remainders():
    """Padding up to the next multiple; the sign is the divisor's, with fmod
    the dividend's."""
    for n, multiple in ((5, 4), (6, 4), (8, 4), (7, 3)):
        more = int(np.mod(-n, multiple))
        case(f"sizes_mod_{n}_{multiple}",
             [N("Shape", "x", "a"), N("Gather", "a one", "b"),
              N("Sub", "zero b", "c"), N("Mod", "c k", "d"),
              N("Concat", "p d", "e", axis=0), N("Pad", "x e f")],
             lambda v, m=more: np.pad(np.asarray(v), ((0, 0), (0, m)),
                                      constant_values=9), x=(1, n),
             init={"one": ints(1), "zero": ints(0), "k": ints(multiple),
                   "p": ints(0, 0, 0), "f": np.array(9.0)})
    a, b = np.array([7, -7, 7, -7, 6]), np.array([4, 4, -4, -4, -3])
    for fmod, rest in ((0, np.mod(a, b)), (1, np.fmod(a, b))):
        case(f"mod_signs_{fmod}",
             [N("Mod", "a b", "c", fmod=fmod), N("Cast", "c", "d", to=FLOAT),
              N("Mul", "x d")], lambda v, r=rest: np.asarray(v) * r,
             x=(1, 5), init={"a": a, "b": b})
    a, b = np.array([5.75, -5.75, 5.75, 0.5]), np.array([2.5, 2.5, -2.5, 3.0])
    case("mod_reals", [N("Mod", "a b", "c", fmod=1), N("Mul", "x c")],
         lambda v: np.asarray(v) * np.fmod(a, b), x=(1, 4),
         init={"a": a, "b": b})


def relations():
    """Masks of the sizes 1, 2, 3, 4 against 2, 2, 3, 3, as factors; and two
    sizes chosen by one."""
    limits = np.array([2, 2, 3, 3])
    tables = {"Less": np.less, "Greater": np.greater, "Equal": np.equal,
              "LessOrEqual": np.less_equal,
              "GreaterOrEqual": np.greater_equal}
    for op, table in tables.items():
        mask = table(SHAPE, limits)
        for tag, nodes in (
                ("int", [N(op, "a k", "b")]),
                ("real", [N("Cast", "a", "r", to=FLOAT),
                          N("Cast", "k", "l", to=FLOAT), N(op, "r l", "b")])):
            case(f"sizes_{op.lower()}_{tag}",
                 [N("Shape", "x", "a"), *nodes,
                  N("Cast", "b", "c", to=FLOAT), N("Mul", "x c")],
                 lambda v, m=mask: np.asarray(v) * m, x=X, opset=16,
                 init={"k": limits})
    turned("where", [N("Slice", "a two end", "b"), N("Less", "b k", "c"),
                     N("Where", "c p q", "s")],
           [12, 2], init={"two": ints(2), "end": ints(4), "k": ints(4, 4),
                          "p": ints(12, 12), "q": ints(2, 2)})


def connectives():
    """Of all pairs of truths, which two comparisons of sizes make."""
    one, other = SHAPE < 3, SHAPE % 2 == 1
    masks = {"And": one & other, "Or": one | other, "Xor": one ^ other}
    pairs = [N("Shape", "x", "a"), N("Less", "a three", "p"),
             N("Mod", "a two", "h"), N("Greater", "h zero", "q")]
    init = {"three": ints(3), "two": ints(2), "zero": ints(0)}
    for op, mask in masks.items():
        case(f"sizes_{op.lower()}",
             [*pairs, N(op, "p q", "b"), N("Cast", "b", "c", to=FLOAT),
              N("Mul", "x c")], lambda v, m=mask: np.asarray(v) * m, x=X,
             init=init)
    case("sizes_not",
         [N("Shape", "x", "a"), N("Less", "a three", "p"), N("Not", "p", "b"),
          N("Cast", "b", "c", to=FLOAT), N("Mul", "x c")],
         lambda v: np.asarray(v) * ~one, x=X, init={"three": ints(3)})


def places():
    """Indices of what is not 0."""
    case("sizes_nonzero",
         [N("Shape", "x", "a"), N("Sub", "a one", "b"), N("NonZero", "b", "c"),
          N("Squeeze", "c zero", "i"), N("Gather", "x i", axis=3)],
         lambda v: v[..., np.flatnonzero(SHAPE - 1)], x=X,
         init={"one": ints(1), "zero": ints(0)})
    mask = np.array([[0, 2, 0], [1, 0, -1]])
    case("nonzero_matrix",
         [N("NonZero", "k", "i"), N("Transpose", "i", "j"),
          N("GatherND", "x j")], lambda v: np.asarray(v)[np.nonzero(mask)],
         x=(2, 3), init={"k": mask})
    case("nonzero_real",
         [N("NonZero", "k", "i"), N("Squeeze", "i zero", "j"),
          N("Gather", "x j", axis=1)], lambda v: v[:, [0, 3]], x=(1, 4),
         init={"k": np.array([0.5, 0.0, -0.0, -2.0]), "zero": ints(0)})
    case("nonzero_none",
         [N("NonZero", "k", "i"), N("Squeeze", "i zero", "j"),
          N("Gather", "x j", "g", axis=1), N("Concat", "g x", axis=1)],
         lambda v: v, x=(1, 3), init={"k": ints(0, 0), "zero": ints(0)})


def make():
    for part in (roundings, rational_roundings, real_functions, products,
                 remainders, relations, connectives, places):
        part()
