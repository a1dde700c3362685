#!/usr/bin/python3
"""The node tests that come with ONNX, every input stored in the file as a
constant: y = operator(constants) + x must give ONNX's own expected output.
Cases are rewritten to opset 8 where they are older and the operator is the same
there.  Refused cases are fine unless the operator is one that must be evaluated.
Usage: test_folding.py PLEATS"""
import json
import pathlib
import sys
import tempfile
import warnings

try:
    warnings.filterwarnings("ignore")
    import numpy as np
    for old in ("float", "int", "bool", "object", "str"):
        if not hasattr(np, old):  # the generator was written for older NumPy
            setattr(np, old, __builtins__.__dict__[old] if hasattr(
                __builtins__, "__dict__") else __builtins__[old])
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from onnx.backend.test.case import node as node_cases
except ImportError:
    raise SystemExit(77)

from harness import Checks, arguments, run

# By definition of the operator on constants; others as they are supported.
MUST = """Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Ceil Clip
Concat Cos Cosh CumSum Div Elu Equal Erf Exp Flatten Floor Gather Gemm
GlobalAveragePool GlobalMaxPool Greater HardSigmoid HardSwish Hardmax
InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less Log
LogSoftmax MatMul Max MeanVarianceNormalization Min Mul Neg Not Or PRelu Pow
Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Round Selu Shrink Sigmoid
Sign Sin Sinh Softmax Softplus Softsign Sqrt Sub Sum Tan Tanh ThresholdedRelu
TopK Unique Where Xor""".split()
# bfloat16 is kept in integers there; ranges are not reals; types of 16 bits
LEFT_OUT = ("BFLOAT16", "FLOAT16", "float16", "_training_mode", "_expanded",
            # written to four digits
            "test_gridsample_bicubic",
            # scale * length where the operator's text, PyTorch and onnxruntime
            # have the length of the result
            "test_resize_downsample_scales_linear_align_corners",
            "test_resize_downsample_scales_cubic_align_corners")


def usable(case):
    data = case.data_sets and case.data_sets[0]
    if not data or case.model is None or len(case.model.graph.node) != 1:
        return False
    arrays = list(data[0]) + list(data[1][:1])
    return (all(isinstance(a, np.ndarray) and a.dtype.kind in "fiub"
                for a in arrays) and data[1][0].size > 0 and
            case.model.graph.node[0].output[0] and
            len(data[0]) == len(case.model.graph.input) and
            not any(word in case.name for word in LEFT_OUT))


def write(case, path):
    """The case's node on initialisers, its first output as a list plus x."""
    node = case.model.graph.node[0]
    inputs, want = case.data_sets[0][0], case.data_sets[0][1][0]
    init = [numpy_helper.from_array(np.ascontiguousarray(a).reshape(a.shape),
                                    value.name)
            for a, value in zip(inputs, case.model.graph.input)]
    init.append(numpy_helper.from_array(np.array([1, -1], np.int64), "shape_"))
    nodes = [node,
             helper.make_node("Cast", [node.output[0]], ["cast_"],
                              to=TensorProto.DOUBLE),
             helper.make_node("Reshape", ["cast_", "shape_"], ["list_"]),
             helper.make_node("Add", ["list_", "x_"], ["y_"])]
    value = lambda name: helper.make_tensor_value_info(
        name, TensorProto.DOUBLE, [1, want.size])
    version = max([o.version for o in case.model.opset_import
                   if o.domain in ("", "ai.onnx")] + [8])
    model = helper.make_model(
        helper.make_graph(nodes, "g", [value("x_")], [value("y_")], init),
        opset_imports=[helper.make_opsetid("", version)])
    model.ir_version = min(case.model.ir_version, 8)
    onnx.save(model, path)
    return np.asarray(want, float).ravel()


def main():
    options = arguments()
    checks = Checks()
    try:
        cases = node_cases.collect_testcases()
    except TypeError:
        cases = node_cases.collect_testcases(None)

    def check(item):
        number, case = item
        operator = case.model.graph.node[0].op_type
        path = pathlib.Path(folder) / f"{number}.onnx"
        rows = path.with_suffix(".json")
        want = write(case, path)
        rows.write_text(json.dumps([[0.0] * want.size]))
        result = run([options.pleats, "eval", path, "--input", rows, "--json"])
        wrong = ""
        if result.returncode == 3:
            wrong = result.stderr[-200:] if operator in MUST else ""
        elif result.returncode != 0:
            wrong = f"exit {result.returncode}: {result.stderr[-200:]}"
        else:
            got = np.array(json.loads(result.stdout)["outputs"][0], float)
            if got.shape != want.shape or not np.allclose(
                    got, want, 1e-4, 1e-5, equal_nan=True):
                wrong = f"{got[:6]} instead of {want[:6]}"
        return case.name, wrong

    with tempfile.TemporaryDirectory() as folder:
        chosen = [c for c in cases if usable(c) and options.only in c.name]
        checks.each(check, list(enumerate(chosen)))
        if len(chosen) < 300 and not options.only:
            print("few cases:", len(chosen))
            return 1
    checks.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
