"""Other programs beside this one: how they are called and what they answer.

    PROGRAM MODEL.onnx DOMAIN.json SECONDS

counts the regions of the network on the domain in one thread and prints one
JSON object: {"regions": 8661, "seconds": 0.031, "complete": true}, where
`seconds` are those of the count alone, without starting and reading the model,
and `complete` is false when it stopped after SECONDS with what it had.  It ends
with an error where it cannot do that.  DOMAIN.json is one of

    {"lo": [...], "hi": [...]}       a box
    {"origin": [...], "u": [...], "v": [...], "box": [s0, s1, t0, t1]}
                                     origin + s u + t v
    {"all": true}                    all of space

Nothing is made of a peer's number of regions but its rate: whether it is right
is for the verdict on ours to say.
"""
import json
import pathlib
import subprocess


def commands(pleats, peers, workload, seconds, folder):
    """{name: command} of the peers; none where the workload is no plain count
    on one of these domains."""
    if not peers or workload.arguments[0] != "count":
        return {}
    model, option, *rest = workload.arguments[1:]
    domain = domain_of(pleats, model, option, rest)
    if domain is None:
        return {}
    path = pathlib.Path(folder) / f"peers-{workload.name}.json"
    path.write_text(json.dumps(domain))
    return {name: [program, model, path, seconds] for name, program in peers}


def domain_of(pleats, model, option, rest):
    if option == "--all" and not rest:
        return {"all": True}
    if len(rest) != 1 or option not in ("--box", "--plane"):
        return None
    text = str(rest[0])
    if option == "--plane" or text.startswith("@"):
        return json.loads(pathlib.Path(text.lstrip("@")).read_text())
    n = json.loads(subprocess.run([pleats, "info", model, "--json"], text=True,
                                  stdout=subprocess.PIPE,
                                  check=True).stdout)["inputs"]
    lo, hi = (float(x) for x in text.split(","))
    return {"lo": [lo] * n, "hi": [hi] * n}
