"""Refused: comparisons that jump, sorts that are too large, powers, and picks
of outputs that are not there."""
import numpy as np

from corpus import N, ints, model, w
from refuse_operators import net, refuse

SCALARS = {"z": np.array(0.0), "o": np.array(1.0), "h": np.array(0.5)}


def jump(name, nodes, *words, init=None, x=(1, 4), **how):
    used = {i for node in nodes for i in node.input}
    constants = {k: v for k, v in {**SCALARS, **(init or {})}.items()
                 if k in used}
    refuse(f"jump_{name}", net(nodes, constants, x, **how), *words)


def cast(i, o):
    return N("Cast", i, o, to=1)


def jumps():
    greater = [N("Greater", "x z", "g", name="culprit")]
    jump("step_at_the_end", greater + [cast("g", "y")],
         "output 'y' jumps from 0 to 1 at 0", "culprit")
    jump("step_into_product", greater + [cast("g", "f"), N("MatMul", "f W")],
         "input 'f' jumps from 0 to 1 at 0", "culprit",
         init={"W": w(4, 2)})
    jump("step_into_relu", greater + [cast("g", "f"), N("Relu", "f")],
         "jumps", "continuous")
    jump("mask_beside", greater + [cast("g", "f"), N("Add", "x o", "p"),
                                   N("Mul", "p f")],
         "jumps from 0 to 1 at 0")
    jump("where_shifted", greater + [N("Add", "x o", "p"),
                                     N("Where", "g p x")],
         "jumps from 0 to 1 at 0")
    jump("where_constants", greater + [N("Where", "g o z")], "jumps")
    jump("where_at_a_point", [N("Equal", "x z", "g"), N("Where", "g o x")],
         "jumps from 0 to 1 at 0")
    jump("where_strangers", greater + [N("MatMul", "x W", "p"),
                                       N("Where", "g p z")],
         "comparison of one tensor", init={"W": w(4, 4)})
    jump("where_nearly", [N("Greater", "x h", "g"), N("Where", "g x n")],
         "jumps", init={"n": np.array(0.5 + 2.0 ** -20)})
    jump("mask_of_another", greater + [cast("g", "f"), N("MatMul", "x W", "p"),
                                       N("Mul", "p f")],
         "comparison of one tensor", init={"W": w(4, 4)})
    jump("two_masks", greater + [N("MatMul", "x W", "p"),
                                 N("Greater", "p z", "k"), N("And", "g k")],
         "comparison of one tensor", init={"W": w(4, 4)})
    jump("square_of_selected", greater + [cast("g", "f"), N("Add", "f x", "p"),
                                          N("Mul", "p x")],
         "product of two variables")
    jump("divided_by_sign", [N("Sign", "x", "s"), N("Div", "x s")],
         "divides by 0")
    jump("hard_shrink", [N("Shrink", "x", lambd=0.5)], "Shrink",
         "jumps at 0.5")
    jump("thresholded", [N("ThresholdedRelu", "x", alpha=0.5)],
         "jumps at 0.5")
    jump("mask_clip_shifted",
         [N("Less", "x o", "a"), N("Greater", "x z", "b"), N("And", "a b", "c"),
          cast("c", "f"), N("Mul", "f x")], "output 'y' jumps from 1 to 0 at 1")
    jump("max_of_steps", greater + [cast("g", "f"), N("Max", "f x")], "jumps")
    jump("sum_over_steps", greater + [cast("g", "f"),
                                      N("ReduceSum", "f", keepdims=0)],
         "jumps")


def others():
    for op, x in (("LpPool", (1, 1, 3, 3)), ("GlobalLpPool", (1, 1, 3, 3))):
        how = {"kernel_shape": [2, 2]} if op == "LpPool" else {}
        refuse(f"{op.lower()}_p_default", net([N(op, "x", **how)], x=x), op,
               "p = 2")
        refuse(f"{op.lower()}_p_3", net([N(op, "x", p=3, **how)], x=x), op,
               "p = 3")
    for e in (2.0, -1.0, 0.5):
        refuse(f"pow_{e}", net([N("Pow", "x e")], {"e": np.array(e)}), "Pow",
               f"exponent {e:g}")
    refuse("pow_variable", net([N("Pow", "c x")], {"c": np.array(2.0)}),
           "Pow", "exponent")
    k = {"k": ints(12)}
    refuse("topk_too_many_sums", net([N("TopK", "x k", "y i")], k, (1, 40)),
           "TopK", "first 12 of 40", "65536")
    refuse("topk_indices", net([N("TopK", "x k", "v i"),
                                N("Cast", "i", "f", to=1), N("Add", "f v")],
                               {"k": ints(2)}), "TopK", "'i'")
    for tag, n in (("zero", 0), ("beyond", 5)):
        refuse(f"topk_k_{tag}", net([N("TopK", "x k", "y i")],
                                    {"k": ints(n)}), "TopK", f"k is {n}")
    refuse("pad_infinite_conv",
           net([N("Pad", "x p v", "q"), N("Conv", "q W")],
               {"W": w(1, 1, 2),
                "v": np.array(-np.inf), "p": ints(0, 0, 1, 0, 0, 1)},
               (1, 1, 4)), "Pad", "infinity")
    refuse("pad_infinite_output",
           net([N("Pad", "x p v")], {"p": ints(0, 1, 0, 1),
                                     "v": np.array(-np.inf)}),
           "Pad", "infinity")
    rnn()
    for text, tag in (("q", "name"), ("3", "number"), ("y,", "nothing")):
        refuse(f"output_unknown_{tag}", net([N("Relu", "x")]), "--output",
               "0 'y'", args=["--output", text])
    inputs()
    tails()


def rnn():
    init = {"W": w(1, 3, 2), "R": w(1, 3, 3), "B": w(1, 6)}
    for tag, how, word in (
            ("default", {}, "Tanh"),
            ("tanh", dict(activations=["Tanh"]), "Tanh"),
            ("half", dict(activations=["Relu"], direction="bidirectional"),
             "Tanh"),
            ("shape", dict(activations=["Relu"] * 2,
                           direction="bidirectional"), "shape")):
        refuse(f"rnn_{tag}", net([N("RNN", "x W R B", "_ y", hidden_size=3,
                                    **how)], init, (2, 1, 2)), "RNN", word)
    refuse("rnn_variable_weight",
           net([N("RNN", "x W r B", "_ y", hidden_size=3,
                  activations=["Relu"])],
               {k: v for k, v in init.items() if k != "R"}, (2, 1, 2)), "r")


def inputs():
    both = model([N("Concat", "a b", "c", axis=1), N("Relu", "c")],
                 {"a": [1, 2], "b": [1, 3]}, {"y": None})
    refuse("inputs_one_shape", both, "--shape", args=["--shape", "1,2"])
    refuse("inputs_three_shapes", both, "--shape",
           args=["--shape", "1,2;1,3;1,4"])
    refuse("inputs_unknown_name", both, "'q'", args=["--shape", "q=2"])
    refuse("batch_of_two", net([N("Relu", "x")], x=(3, 4)), "--shape",
           args=["--shape", "2,4"])


def tails():
    """Without --logits the refusal names it."""
    for tag, nodes, init in (
            ("tanh", [N("Tanh", "x")], {}),
            ("scaled", [N("Tanh", "x", "t"), N("Mul", "t c")],
             {"c": np.array(2.0)}),
            ("complement", [N("Sigmoid", "x", "p"), N("Sub", "c p", "q"),
                            N("Concat", "q p", axis=1)],
             {"c": np.array(1.0)})):
        refuse(f"tail_{tag}", net(nodes, init), "--logits",
               accepted_with=["--logits"])
    for tag, nodes, init in (
            ("negative", [N("Tanh", "x", "t"), N("Mul", "t c")],
             {"c": np.array(-2.0)}),
            ("zero", [N("Tanh", "x", "t"), N("Mul", "t c")],
             {"c": np.array([1.0, 0, 1, 1])}),
            ("reversed", [N("Tanh", "x", "t"), N("Sub", "c t")],
             {"c": np.array(1.0)}),
            ("elu", [N("Elu", "x", alpha=-1.0)], {}),
            ("strangers", [N("Sigmoid", "x", "p"), N("Tanh", "y2", "q"),
                           N("Concat", "p q", axis=1)], {})):
        if tag == "strangers":
            nodes.insert(0, N("Neg", "x", "y2"))
        refuse(f"no_tail_{tag}", net(nodes, init), "not piecewise linear",
               args=["--logits"])


def make():
    jumps()
    others()
