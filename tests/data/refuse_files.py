"""Refused networks: broken graphs, tensors, external data, functions, and
bytes that are no ONNX file."""
import numpy as np
from onnx import TensorProto, helper

from corpus import FLOAT, N, ints, model, w
from refuse_operators import net, refuse

A, a = w(4, 2), w(2)


def tensor_proto(kind=FLOAT, dims=(4, 2), **fields):
    t = TensorProto(name="A", data_type=kind, dims=dims)
    for key, value in fields.items():
        if key == "raw_data":
            t.raw_data = value
        else:
            getattr(t, key).extend(value)
    return t


def one_tensor(name, t, *words):
    refuse(name, net([N("MatMul", "x A")], [t]), *words)


def tensors():
    raw = A.astype("<f4").tobytes()
    numbers = A.ravel().tolist()
    for tag, value in (("nan", np.nan), ("infinite", np.inf),
                       ("minus_infinite", -np.inf)):
        bad = A.copy()
        bad[2, 1] = value
        one_tensor(f"{tag}_weight", tensor_proto(
            raw_data=bad.astype("<f4").tobytes()), r"\bA\b|MatMul",
            "nan|inf|finite")
        one_tensor(f"{tag}_float_data", tensor_proto(
            float_data=bad.ravel().tolist()), r"\bA\b|MatMul",
            "nan|inf|finite")
    refuse("nan_bias", net([N("Gemm", "x A b")], {
        "A": A, "b": np.array([np.nan, 0])}), "nan|finite")
    refuse("nan_double", net([N("Add", "x c")], {
        "c": np.array([np.nan, 0, 0, 0])}, double=True), "nan|finite")
    one_tensor("short_raw_data", tensor_proto(raw_data=raw[:-4]), r"\bA\b")
    one_tensor("long_raw_data", tensor_proto(raw_data=raw + b"1234"),
               r"\bA\b")
    one_tensor("ragged_raw_data", tensor_proto(raw_data=raw[:-1]), r"\bA\b")
    one_tensor("no_data", tensor_proto(), r"\bA\b")
    one_tensor("short_float_data", tensor_proto(float_data=numbers[:-1]),
               r"\bA\b")
    one_tensor("long_float_data", tensor_proto(float_data=numbers + [1]),
               r"\bA\b")
    one_tensor("raw_and_typed_data", tensor_proto(
        raw_data=raw, float_data=numbers), r"\bA\b")
    one_tensor("two_typed_fields", tensor_proto(
        float_data=numbers, double_data=numbers), r"\bA\b")
    one_tensor("data_in_wrong_field", tensor_proto(double_data=numbers),
               r"\bA\b")
    one_tensor("dims_product", tensor_proto(dims=(4, 3), raw_data=raw),
               r"\bA\b")
    one_tensor("negative_dim", tensor_proto(dims=(4, -2), raw_data=raw),
               r"\bA\b")
    one_tensor("two_negative_dims", tensor_proto(dims=(-4, -2),
                                                 raw_data=raw), r"\bA\b")
    one_tensor("dims_overflow", tensor_proto(
        dims=(2 ** 62, 4), raw_data=b""), r"\bA\b")
    one_tensor("dims_overflow_to_size", tensor_proto(
        dims=(2 ** 61, 8, 8), raw_data=raw), r"\bA\b")
    one_tensor("huge_dims", tensor_proto(dims=(2 ** 40,), raw_data=raw),
               r"\bA\b")
    one_tensor("unknown_dtype", tensor_proto(kind=99, raw_data=raw),
               r"\bA\b", "99|type")
    one_tensor("undefined_dtype", tensor_proto(kind=0, raw_data=raw),
               r"\bA\b", "type")
    one_tensor("float16_infinite", tensor_proto(
        kind=TensorProto.FLOAT16, raw_data=b"\x00\x7c" * 8),
        r"\bA\b|MatMul", "inf")
    one_tensor("float8_nan", tensor_proto(kind=17, raw_data=b"\x7f" * 8),
               r"\bA\b|MatMul", "nan")
    one_tensor("float8_scale", tensor_proto(kind=24, raw_data=b"\x7f" * 8),
               r"\bA\b", "type")
    one_tensor("int4_short", tensor_proto(kind=22, raw_data=b"\x11" * 3),
               r"\bA\b")
    one_tensor("complex", tensor_proto(
        kind=TensorProto.COMPLEX64, raw_data=raw * 2), r"\bA\b|MatMul")
    one_tensor("string_tensor", tensor_proto(
        kind=TensorProto.STRING, string_data=[b"1"] * 8), r"\bA\b|MatMul")
    one_tensor("integer_weight", tensor_proto(
        kind=TensorProto.INT64, int64_data=[1] * 8), r"\bA\b|MatMul|type")
    many = tensor_proto(dims=[1] * 5000, raw_data=raw[:4])
    one_tensor("rank_5000", many, r"\bA\b")


def graphs():
    def both(name, nodes, *words, init=None, inputs=None, outputs=None):
        inputs = {"x": [1, 4]} if inputs is None else inputs
        outputs = {"y": None} if outputs is None else outputs
        refuse(name, model(nodes, inputs, outputs, init or {}), *words)
    both("unknown_tensor", [N("Add", "x ghost")], "ghost")
    both("unknown_output", [N("Neg", "x", "h")], r"\by\b")
    both("cycle", [N("Add", "x q", "p"), N("Neg", "p", "q"), N("Neg", "q")],
         r"cycle|\bp\b|\bq\b|Add_0")
    both("self_cycle", [N("Add", "x p", "p"), N("Neg", "p")],
         r"cycle|\bp\b|Add_0")
    both("two_writers", [N("Neg", "x", "h"), N("Abs", "x", "h"),
                         N("Neg", "h")], r"\bh\b")
    both("node_writes_input", [N("Neg", "x", "x"), N("Neg", "x")], r"\bx\b")
    both("node_writes_initializer", [N("Neg", "x", "c"), N("Neg", "c")],
         r"\bc\b", init={"c": a})
    both("same_output_twice_in_node",
         [N("Split", "x", "h h", axis=1), N("Neg", "h")], r"\bh\b")
    both("no_inputs", [N("Neg", "x")], "input", inputs={},
         init={"x": w(1, 4)})
    both("missing_input", [N("Neg", "x")], "input|x", inputs={})
    both("two_inputs_misfit", [N("Add", "x z")], "broadcast",
         inputs={"x": [1, 4], "z": [1, 3]})
    both("no_outputs", [N("Neg", "x")], "output", outputs={})
    both("input_without_shape", [N("Neg", "x")], "x|shape",
         inputs={"x": None})
    both("input_zero_dim", [N("Neg", "x")], inputs={"x": [1, 0]})
    both("input_negative_dim", [N("Neg", "x")], inputs={"x": [1, -4]})
    both("input_symbolic_features", [N("Neg", "x")], "--shape",
         inputs={"x": ["n", "features"]})
    both("input_symbolic_image", [N("GlobalAveragePool", "x")], "--shape",
         inputs={"x": ["n", 1, "height", "width"]})
    twice = model([N("MatMul", "x A")], {"x": [1, 4]}, {"y": None}, {"A": A})
    twice.graph.initializer.add().CopyFrom(twice.graph.initializer[0])
    refuse("same_initializer_twice", twice, r"\bA\b")
    for name, kind in (("bool_input", 9), ("complex_input", 14),
                       ("string_input", 8)):
        made = net([N("Identity", "x")])
        made.graph.input[0].type.tensor_type.elem_type = kind
        refuse(name, made, "x|input", "type|float")
    for op, init in (("Relu", {}), ("Neg", {}), ("Div", {"c": ints(2)}),
                     ("Mul", {"c": ints(2)})):
        made = net([N("Transpose", "x", "t"),
                    N(op, "t c" if init else "t", "u", name="culprit"),
                    N("Cast", "u", to=TensorProto.FLOAT)], init)
        made.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
        refuse(f"integer_input_{op.lower()}", made, "culprit", "integers")
    made = net([N("Neg", "x")])
    made.graph.input[0].ClearField("type")
    refuse("input_without_type", made, "x|input")
    made = net([N("Neg", "x")])
    made.graph.input[0].type.sequence_type.elem_type.tensor_type.elem_type = 1
    refuse("sequence_input", made, "x|input")
    empty = net([N("Neg", "x")])
    empty.ClearField("graph")
    refuse("no_graph", empty, "graph")
    refuse("no_nodes", model([], {"x": [1, 4]}, {"y": None}), r"\by\b")
    shaped = net([N("Conv", "x W")], {"W": w(1, 1, 2, 2)},
                 x=("n", 1, "h", "w"))
    refuse("shape_option_misfit", shaped, "shape",
           args=["--shape", "1,1,4"])
    refuse("shape_option_unknown_name", shaped, "q",
           args=["--shape", "h=3,q=3"])
    refuse("shape_option_one_missing", shaped, "w",
           args=["--shape", "h=3"])
    refuse("shape_option_zero", shaped, "shape|0",
           args=["--shape", "h=0,w=3"])
    refuse("shape_option_against_file", net([N("Neg", "x")]), "shape|4",
           args=["--shape", "1,5"])


def versions():
    for opset in (1, 5, 27, 2 ** 40):
        made = net([N("Relu", "x")])
        made.opset_import[0].version = opset
        refuse(f"opset{opset}", made, "opset", str(opset))
    old = {"opset": 6, "ir": 3}
    refuse("opset6_no_broadcast", net(
        [N("Add", "x c", "y", name="culprit")], {"c": w(4)}, **old),
        "culprit", "broadcast")
    refuse("opset6_axis_misfit", net(
        [N("Mul", "x c", "y", name="culprit", broadcast=1, axis=1)],
        {"c": w(1, 4)}, **old), "culprit", "axis")
    refuse("opset6_batchnorm_training", net(
        [N("BatchNormalization", "x s s s s", "y", name="culprit")],
        {"s": w(4, low=1)}, **old), "culprit", "training")
    for ir in (0, 2, 15, 2 ** 40):
        made = net([N("Relu", "x")], opset=9)
        made.ir_version = ir
        refuse(f"ir{ir}", made, r"\bIR\b|ir_version|version")
    made = net([N("Relu", "x")])
    made.ClearField("opset_import")
    refuse("no_opset", made, "opset")
    made = net([N("Relu", "x")])
    made.opset_import[0].domain = "com.example"
    refuse("other_opset_only", made, "opset|version|domain")


def external(name, words, data=None, **entries):
    t = TensorProto(name="A", data_type=FLOAT, dims=(4, 2),
                    data_location=TensorProto.EXTERNAL)
    for key, value in entries.items():
        t.external_data.add(key=key, value=str(value))
    files = {f"{name}.bin": data} if data is not None else None
    refuse(name, net([N("MatMul", "x A")], [t]), *words, files=files)


def external_data():
    def own(name, size=32, **entries):
        external(name, [r"\bA\b|\.bin|external"], b"\0" * size,
                 location=f"{name}.bin", **entries)
    e = "outside|escape|folder|relative|absolute|location|external"
    external("external_parent", [e], location="../make_refusals.py")
    external("external_parent_inside", [e],
             location="sub/../../make_refusals.py")
    external("external_absolute", [e], location="/etc/passwd")
    external("external_missing", ["external_missing_file"],
             location="external_missing_file")
    external("external_no_location", [r"\bA\b|location|external"], offset=0)
    external("external_empty_location", [r"\bA\b|location|external"],
             location="")
    external("external_folder", [r"\bA\b|location|external|folder"],
             location=".")
    external("external_zero_byte", [r"\bA\b|location|external"],
             location="external_zero_byte\0.bin")
    external("external_device", [e], location="/dev/zero")
    own("external_offset_past_end", offset=100)
    own("external_length_past_end", offset=0, length=64)
    own("external_short", size=31)
    own("external_length_misfit", size=64, length=28)
    own("external_negative_offset", offset=-8)
    own("external_offset_text", offset="eight")
    own("external_offset_overflow", offset=2 ** 64 + 4)
    own("external_huge_offset", offset=2 ** 63 - 8)
    t = TensorProto(name="A", data_type=FLOAT, dims=(4, 2),
                    data_location=TensorProto.EXTERNAL,
                    float_data=A.ravel().tolist())
    t.external_data.add(key="location", value="external_and_typed_data.bin")
    refuse("external_and_typed_data", net([N("MatMul", "x A")], [t]),
           r"\bA\b", files={"external_and_typed_data.bin": b"\0" * 32})
    t = TensorProto(name="A", data_type=FLOAT, dims=(2 ** 40, 2 ** 20),
                    data_location=TensorProto.EXTERNAL)
    t.external_data.add(key="location", value="external_huge_tensor.bin")
    refuse("external_huge_tensor", net([N("MatMul", "x A")], [t]),
           files={"external_huge_tensor.bin": b"\0" * 32})


def functions():
    stamps = [helper.make_opsetid("", 15), helper.make_opsetid("local", 1)]

    def function(name, nodes):
        return helper.make_function("local", name, ["v"], ["o"], nodes,
                                    stamps)

    def call(name, inputs="v", output="o"):
        return N(name, inputs, output, domain="local")

    def with_functions(name, made, *words, start="F", inputs="x"):
        refuse(name, net([call(start, inputs, "y")], functions=made,
                         domains=[("local", 1)], opset=15), *words)
    with_functions("function_recursive", [
        function("F", [N("Relu", "v", "t"), call("F", "t")])],
        "recurs|itself|cycle|deep|nest")
    with_functions("function_mutual", [
        function("F", [call("G")]), function("G", [call("F")])],
        "recurs|itself|cycle|deep|nest")
    with_functions("function_unknown", [
        function("F", [call("H")])], r"\bH\b")
    with_functions("function_bad_inside", [
        function("F", [N("Tanh", "v", "o", name="inner")])], "Tanh")
    with_functions("function_output_missing", [
        function("F", [N("Relu", "v", "t")])], r"\b[oFy]\b")
    with_functions("function_too_many_inputs", [
        function("F", [N("Relu", "v", "o")])], r"\bF\b", inputs="x x")
    with_functions("function_twice", [
        function("F", [N("Relu", "v", "o")]),
        function("F", [N("Abs", "v", "o")])], r"\bF\b")
    bomb = [function(f"F{i}", [call(f"F{i + 1}", "v", "t"),
                               call(f"F{i + 1}", "t", "o")])
            for i in range(40)]
    bomb.append(function("F40", [N("Relu", "v", "o")]))
    with_functions("function_bomb", bomb, start="F0")


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def nested(depth):
    """A model whose graph has a node with a graph attribute ..., `depth`
    deep: fields graph 7; node 1, attribute 5, g 6."""
    graph = b""
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return b"\x08\x08" + field(7, graph)


def plain_bytes():
    good = net([N("MatMul", "x A"), N("Relu", "y", "z")], {"A": A})
    good.graph.output[0].name = "z"
    good = good.SerializeToString()
    refuse("bytes_empty", b"", "empty|ONNX|graph|bytes")
    for at in (1, 7, 20, 60, len(good) // 2, len(good) - 1):
        refuse(f"bytes_cut_at_{at}", good[:at])
    refuse("bytes_text", b"This is not a network.\n")
    refuse("bytes_zeros", b"\0" * 64)
    refuse("bytes_ones", b"\xff" * 64)
    refuse("bytes_gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\x55" * 40)
    refuse("bytes_html", b"<!DOCTYPE html><html></html>")
    refuse("bytes_length_past_end", b"\x08\x08" + b"\x3a\xff\x7f" + good)
    refuse("bytes_length_64_bits",
           b"\x08\x08\x3a" + b"\xff" * 9 + b"\x01" + good)
    refuse("bytes_length_negative_32",
           b"\x08\x08\x3a" + varint(2 ** 32 - 1) + good)
    refuse("bytes_varint_too_long", b"\x08" + b"\xff" * 10 + b"\x01" + good)
    refuse("bytes_varint_unfinished", good + b"\x08\xff")
    refuse("bytes_graph_as_varint", b"\x08\x08\x38\x01")
    refuse("bytes_ir_as_bytes", b"\x0a\x04aaaa" + good[2:])
    refuse("bytes_group", b"\x08\x08\x3b\x08\x01\x3c")
    refuse("bytes_wire_type_6", good + b"\xf6\x01abcdef")
    refuse("bytes_wire_type_7", good + b"\xf7\x01abcdef")
    refuse("bytes_field_0", good + b"\x02\x01a")
    refuse("bytes_nested_100", nested(100))
    refuse("bytes_nested_10000", nested(10000))
    refuse("bytes_dims_cut", b"\x08\x08" + field(7, field(
        5, b"\x0a\x02\xff\xff" + b"\x10\x01" + field(8, b"A"))))
    refuse("bytes_many_empty_nodes",
           b"\x08\x08" + field(8, b"\x10\x0d") + field(
               7, b"\x0a\x00" * 20000))


def make():
    tensors()
    graphs()
    versions()
    external_data()
    functions()
    plain_bytes()
