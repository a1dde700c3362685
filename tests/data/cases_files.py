"""Cases of the file format: encodings of tensors, versions, order of nodes,
functions, symbolic axes; and of whole small networks."""
import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper
import torch.nn.functional as F

from corpus import FLOAT, DOUBLE, N, case, f32, ints, model, tensor, w

T = torch.from_numpy
A, a, B, b = w(3, 4), w(4), w(4, 2), w(2)
MLP = {"A": A, "a": a, "B": B, "b": b}


def mlp_nodes():
    return [N("Gemm", "x A a", "h"), N("Relu", "h", "r"), N("Gemm", "r B b")]


def mlp(x):
    return (x @ T(A) + T(a)).relu() @ T(B) + T(b)


def mlp_case(name, init=MLP, nodes=None, **how):
    case(f"file_{name}", nodes or mlp_nodes(), mlp, x=how.pop("x", (1, 3)),
         init=init, **how)


def typed_tensor(name, kind, field, array):
    t = TensorProto(name=name, data_type=kind, dims=array.shape)
    getattr(t, field).extend(array.ravel().tolist())
    return t


def encodings():
    mlp_case("float_data", [typed_tensor(k, FLOAT, "float_data", v)
                            for k, v in MLP.items()])
    mlp_case("double", double=True)
    mlp_case("double_data", [typed_tensor(k, DOUBLE, "double_data", v)
                             for k, v in MLP.items()], double=True)
    third = np.array([1 / 3, 0.1, 1e-300])
    case("file_double_digits", [N("Mul", "x c")], lambda x: x * T(third),
         x=(1, 3), init={"c": third}, double=True)
    case("file_float_digits", [N("Mul", "x c")],
         lambda x: x * T(np.float32([1 / 3, 0.1, 1e-40]).astype(float)),
         x=(1, 3), init={"c": np.array([1 / 3, 0.1, 1e-40])})
    case("file_int64_data", [N("Reshape", "x s")],
         lambda x: x.reshape(2, 3), x=(1, 6),
         init=[typed_tensor("s", TensorProto.INT64, "int64_data",
                            ints(2, -1))])
    case("file_int32_data", [N("Cast", "s", "t", to=TensorProto.INT64),
                             N("Reshape", "x t")],
         lambda x: x.reshape(2, 3), x=(1, 6),
         init=[typed_tensor("s", TensorProto.INT32, "int32_data",
                            ints(2, -1))])
    case("file_sparse_initializer", [], lambda x: x @ torch.tensor(
        [[0, 0], [0, 1.5], [0, 0], [-2, 0]], dtype=torch.float64), x=(1, 4),
        made=sparse_initializer())
    mlp_case("all_initializers_as_inputs", made=initializers_as_inputs())
    mlp_case("constants",
             nodes=[N("Constant", "", k, value=tensor("", v))
                    for k, v in MLP.items()] + mlp_nodes(), init={})
    case("constant_scalars",
         [N("Constant", "", "f", value_float=0.75),
          N("Constant", "", "v", value_floats=[1.0, -2.0, 0.5]),
          N("Constant", "", "i", value_int=1),
          N("Constant", "", "k", value_ints=[3, 1]),
          N("Mul", "x f", "p"), N("Add", "p v", "q"),
          N("Reshape", "q k", "r"), N("Gather", "r i", axis=0)],
         lambda x: (x * 0.75 + torch.tensor([1, -2, 0.5])).reshape(3, 1)[1],
         x=(1, 3))


def sparse_initializer():
    made = model([N("MatMul", "x S")], {"x": [1, 4]}, {"y": [1, 2]})
    item = made.graph.sparse_initializer.add(dims=[4, 2])
    item.values.CopyFrom(TensorProto(name="S", data_type=FLOAT, dims=[2],
                                     float_data=[1.5, -2.0]))
    item.indices.CopyFrom(typed_tensor("", TensorProto.INT64, "int64_data",
                                       ints(3, 6)))
    return made


def initializers_as_inputs():
    inputs = {"x": [1, 3], **{k: list(v.shape) for k, v in MLP.items()}}
    return model(mlp_nodes(), inputs, {"y": [1, 2]}, MLP, opset=8)


def external(name, tensors, files):
    """Moves tensors to files: tensors is {name: (file, offset or None,
    length or None)}."""
    made = model(mlp_nodes(), {"x": [1, 3]}, {"y": [1, 2]}, MLP)
    for t in made.graph.initializer:
        if t.name not in tensors:
            continue
        where, offset, length = tensors[t.name]
        t.ClearField("raw_data")
        t.data_location = TensorProto.EXTERNAL
        for key, value in (("location", where), ("offset", offset),
                           ("length", length)):
            if value is not None:
                t.external_data.add(key=key, value=str(value))
    mlp_case(name, made=made, files=files)


def raw(array):
    return array.astype("<f4").tobytes()


def external_data():
    external("external_whole", {"A": ("file_external_whole.bin", None, None)},
             {"file_external_whole.bin": raw(A)})
    external("external_shared",
             {"A": ("file_external_shared.bin", 16, 48),
              "B": ("file_external_shared.bin", 64, None)},
             {"file_external_shared.bin": b"\xff" * 16 + raw(A) + raw(B)})
    external("external_dot", {"a": ("./file_external_dot.bin", 0, 16)},
             {"file_external_dot.bin": raw(a)})


def versions():
    for opset in range(8, 23):
        mlp_case(f"opset{opset}", opset=opset)
    for ir in (4, 5, 6, 7, 8, 9, 10):
        mlp_case(f"ir{ir}", opset=9, ir=ir)
    mlp_case("domain_spelled_out", opset=13, domains=[("ai.onnx.ml", 2)])
    no_names = mlp_nodes()
    mlp_case("nodes_without_names", nodes=no_names, name_nodes=False)


def graphs():
    mlp_case("batch_symbol", x=("batch", 3))
    made = model(mlp_nodes(), {"x": None}, {"y": None}, MLP)
    for i, value in enumerate((None, 3)):
        axis = made.graph.input[0].type.tensor_type.shape.dim.add()
        if value:
            axis.dim_value = value
    mlp_case("batch_nameless", made=made)
    mlp_case("output_shape_unknown", y_shape="unknown")
    mlp_case("unordered", nodes=mlp_nodes()[::-1])
    mlp_case("unused_node", nodes=mlp_nodes() + [N("Neg", "h", "u")])
    mlp_case("unused_initializer", init={**MLP, "never": w(5)})
    case("file_two_outputs", mlp_nodes(),
         lambda x: [mlp(x), (x @ T(A) + T(a)).relu()], x=(1, 3), init=MLP,
         outputs=("y", "r"))
    case("file_output_is_input", [N("Neg", "x")], lambda x: [-x, x],
         x=(1, 3), outputs=("y", "x"))
    case("file_same_tensor_twice", [N("Concat", "x x", axis=1)],
         lambda x: torch.cat([x, x], 1), x=(1, 3))
    case("file_shape_by_name", [N("Conv", "x W"), ],
         lambda x: F.conv2d(x, T(w(2, 1, 2, 2))), x=(1, 1, 3, 4),
         made=model([N("Conv", "x W")], {"x": ["batch", 1, "H", "W_"]},
                    {"y": ["batch", 2, "h", "w"]}, {"W": w(2, 1, 2, 2)}),
         args=["--shape", "H=3,W_=4"])
    case("file_shape_by_position", [],
         lambda x: F.conv2d(x, T(w(2, 1, 2, 2))), x=(1, 1, 3, 4),
         made=model([N("Conv", "x W")], {"x": ["batch", 1, "H", "W_"]},
                    {"y": ["batch", 2, "h", "w"]}, {"W": w(2, 1, 2, 2)}),
         args=["--shape", "1,1,3,4"])
    case("file_rank1_input", [N("Add", "x c", "h"), N("Relu", "h")],
         lambda x: (x + T(w(3))).relu(), x=(3,), init={"c": w(3)})
    case("file_rank1_symbolic", [N("Relu", "x")], lambda x: x.relu(),
         x=("n",))
    for opset in (8, 10, 11, 13):
        nodes = [N("Identity", "x", "h"), N("Dropout", "h", "k m",
                                            **({} if opset > 11 else
                                               {"ratio": 0.5})),
                 N("Identity", "k")]
        case(f"identity_dropout_opset{opset}", nodes, lambda x: x, x=(1, 3),
             opset=opset)
    case("dropout_inputs", [N("Dropout", "x r t", seed=3)], lambda x: x,
         x=(1, 3), init=[tensor("r", np.array(0.25)),
                         numpy_helper.from_array(np.array(False), "t")])
    case("cast_same_type", [N("Cast", "x", to=FLOAT)], lambda x: x, x=(1, 3))
    for kind in ("Softmax", "LogSoftmax", "Sigmoid", "ArgMax"):
        how = {"axis": 1} if kind != "Sigmoid" else {}
        tail = mlp_nodes()[:2] + [N("Gemm", "r B b", "z"),
                                  N(kind, "z", **how)]
        made = model(tail, {"x": [1, 3]}, {"y": None}, MLP)
        if kind == "ArgMax":
            made.graph.output[0].type.tensor_type.elem_type = (
                TensorProto.INT64)
        mlp_case(f"logits_{kind.lower()}", made=made, args=["--logits"])


def functions():
    norm = helper.make_function(
        "local", "ScaleRelu", ["v", "s"], ["o"],
        [N("Mul", "v s", "t"), N("Relu", "t", "o")],
        [helper.make_opsetid("", 15)])
    twice = helper.make_function(
        "local", "Twice", ["v", "s"], ["o", "t"],
        [N("ScaleRelu", "v s", "t", domain="local"),
         N("Sub", "v t", "u"), N("ScaleRelu", "u s", "o", domain="local")],
        [helper.make_opsetid("", 15), helper.make_opsetid("local", 1)])

    def scaled(x):
        return (x * T(a)).relu()
    case("function_plain", [], scaled, x=(1, 4), made=model(
        [N("ScaleRelu", "x a", domain="local")], {"x": [1, 4]},
        {"y": [1, 4]}, {"a": a}, opset=15, functions=[norm],
        domains=[("local", 1)]))
    case("function_nested", [], lambda x: scaled(x - scaled(x)) + scaled(x),
         x=(1, 4), made=model(
             [N("Twice", "x a", "t u", domain="local"), N("Add", "t u")],
             {"x": [1, 4]}, {"y": [1, 4]}, {"a": a}, opset=15,
             functions=[twice, norm], domains=[("local", 1)]))
    leaky = N("LeakyRelu", "v", "o")
    attribute = leaky.attribute.add()
    attribute.name, attribute.ref_attr_name = "alpha", "slope"
    attribute.type = 1
    sloped = helper.make_function("local", "Sloped", ["v"], ["o"], [leaky],
                                  [helper.make_opsetid("", 15)], ["slope"])
    case("function_attribute", [],
         lambda x: torch.where(x < 0, 0.25 * x, x), x=(1, 4), made=model(
             [N("Sloped", "x", domain="local", slope=0.25)], {"x": [1, 4]},
             {"y": [1, 4]}, opset=15, functions=[sloped],
             domains=[("local", 1)]))
    case("function_attribute_default", [],
         lambda x: torch.where(x < 0, f32(0.01) * x, x), x=(1, 4),
         made=model([N("Sloped", "x", domain="local")], {"x": [1, 4]},
                    {"y": [1, 4]}, opset=15, functions=[sloped],
                    domains=[("local", 1)]))
    case("function_called_twice", [], lambda x: scaled(scaled(x)), x=(1, 4),
         made=model([N("ScaleRelu", "x a", "o", domain="local"),
                     N("ScaleRelu", "o a", "y", domain="local")],
                    {"x": [1, 4]}, {"y": [1, 4]}, {"a": a}, opset=15,
                    functions=[norm], domains=[("local", 1)]))


def networks():
    W, V, U = w(2, 1, 3, 3), w(2, 2, 3, 3), w(18, 2)
    same = {"pads": [1, 1, 1, 1]}

    def residual(x):
        h = F.conv2d(x, T(W), padding=1).relu()
        k = (F.conv2d(h, T(V), padding=1) + h).relu()
        return k.reshape(1, -1) @ T(U)
    case("net_residual",
         [N("Conv", "x W", "a", **same), N("Relu", "a", "h"),
          N("Conv", "h V", "c", **same), N("Add", "c h", "d"),
          N("Relu", "d", "k"), N("Flatten", "k", "f"), N("MatMul", "f U")],
         residual, x=("n", 1, 3, 3), init={"W": W, "V": V, "U": U})
    K = w(2, 1, 2, 2, 2)
    case("net_5d",
         [N("Conv", "x K", "a"), N("Relu", "a", "h"),
          N("MaxPool", "h", "p", kernel_shape=[2, 1, 1]),
          N("ReduceMean", "p", axes=[2, 3, 4], keepdims=0)],
         lambda x: F.conv3d(x, T(K)).relu().amax(2, True).mean((2, 3, 4)),
         x=("n", 1, 3, 2, 3), init={"K": K})
    P = w(2, 2)
    case("net_mixed",
         [N("Sub", "x m", "s"), N("Div", "s d", "t"), N("MatMul", "t P", "u"),
          N("LeakyRelu", "u", "v", alpha=0.125),
          N("Concat", "v t", "c", axis=1), N("Clip", "c l h", "e"),
          N("Split", "e", "f g", axis=1), N("Max", "f g", "k"),
          N("Abs", "k", "o"), N("ReduceSum", "o q", keepdims=0)],
         lambda x: mixed(x, P), x=(1, 2),
         init={"m": np.array([0.5, -1.0]), "d": np.array([3.0, 0.7]),
               "P": P, "l": np.array(-2.0), "h": np.array(2.5),
               "q": ints(1)})
    case("net_shared_weights",
         [N("Gemm", "x A", "h"), N("Relu", "h", "r"),
          N("Gemm", "r A", "k", transB=1), N("Relu", "k")],
         lambda x: ((x @ T(A)).relu() @ T(A).T).relu(), x=(1, 3),
         init={"A": A})


def mixed(x, P):
    t = (x - torch.tensor([0.5, -1.0])) / torch.tensor([3.0, f32(0.7)],
                                                       dtype=torch.float64)
    u = t @ T(P)
    v = torch.where(u < 0, 0.125 * u, u)
    e = torch.cat([v, t], 1).clamp(-2, 2.5)
    return torch.maximum(e[:, :2], e[:, 2:]).abs().sum(1)


def make():
    encodings()
    external_data()
    versions()
    graphs()
    functions()
    networks()
