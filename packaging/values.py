"""What --help cannot say in a table: the words that options take, and the names of
files.  Every word stands in the help of the verbs that have the option; a test
looks."""

INIT = ["torch", "he-normal", "he-uniform", "xavier-normal", "xavier-uniform"]
# By option, or by verb and option where verbs differ.
WORDS = {
    "--bias": ["default", "zero", "normal:"],
    "--colour": ["pattern", "depth", "active", "gradient", "output", "class"],
    "--construction": ["montufar", "serra", "xiong", "folds"],
    "--fields": ["pattern", "point", "map"],
    "--format": ["h5", "npz", "jsonl"],
    "--effort": ["intervals", "forms", "programmes", "exact"],
    "--engine": ["auto", "vertices", "programmes"],
    "--histogram": ["area", "gradient", "sides", "active", "depth"],
    "--init": INIT,
    "--kind": ["parameters", "depth", "formula"],
    "--match": ["fc"],
    "--preset": ["icml", "te-nas"],
    ("count", "--what"): ["regions", "pieces", "maps"],
    ("layer", "--what"): ["formula", "generic", "no-bias", "bounded", "slice",
                          "independent", "polynomial"],
    ("search", "--what"): ["regions", "pieces"],
}
# Ends of names: of files that an option names, and of what stands behind them.
ENDS = {
    "--at": ["npz", "json"], "--rows": ["npz", "json"],
    "--input": ["npz", "json"], "--box": ["json"], "--plane": ["json"],
    "--line": ["json"], "--polytope": ["json"], "--vnnlib": ["vnnlib"],
    "--map": ["npz"], "--csv": ["csv"], "--witness": ["onnx"],
    ("walk", "--out"): ["json", "graphml"],
    ("cells", "--out"): ["h5", "hdf5", "npz", "jsonl"],
    ("draw", "--out"): ["svg", "pdf", "png", "html", "obj", "ply"],
    ("plot", "--out"): ["svg", "pdf", "png"],
    ("make", "--output"): ["onnx"], ("search", "--output"): ["onnx"],
}
OPERANDS = {"MODEL": ["onnx", "nnet", "gz"], "SPEC": ["json"],
            "REPORT": ["json"]}
SPECS = ["mlp:", "cnn:in="]


def words(verb, option):
    return WORDS.get((verb.name, option.long), WORDS.get(option.long, []))


def ends(verb, option):
    """The ends of the files that an option names, [] for any; None if its value
    is no file."""
    if not option.argument.startswith("F") and option.long != "--box":
        return None
    return ENDS.get((verb.name, option.long), ENDS.get(option.long, []))


def operands(verb):
    """The ends of the files that stand without an option, and whether a spec may
    stand there."""
    named = verb.usage[0]
    found = [end for name, several in OPERANDS.items() if name in named
             for end in several]
    return found, "SPEC" in named
