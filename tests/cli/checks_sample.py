"""pleats sample: what its numbers must be, whatever they are."""
import json
import signal
import subprocess
import time

from harness import ended

BOX = ("sample", "EXAMPLES/moons.onnx", "--box", "-1,1")
KEYS = {"points": int, "patterns": int, "singletons": int, "doubletons": int,
        "estimates": dict, "saturated": bool, "decided_exactly": int,
        "left_out": dict, "source": str, "units": int, "remarks": list,
        "label": str, "definition": str, "domain": str, "seed": int}
LONG = ("sample", "EXAMPLES/bars.onnx", "--box", "0,1", "--points",
        "1000000000000")


def same_but_cost(answers):
    texts = {json.dumps({k: v for k, v in a.items()
                         if k not in ("seconds", "memory")})
             for a in answers}
    return "" if len(texts) == 1 else "the answers differ: " + "; ".join(texts)


def numbers(answer):
    """What must hold between the numbers of a sample."""
    for key, kind in KEYS.items():
        if not isinstance(answer.get(key), kind):
            return f"{key} is {answer.get(key)!r}"
    n, s = answer["points"], answer["patterns"]
    once, twice = answer["singletons"], answer["doubletons"]
    unseen = once * once / (2 * twice) if twice else once * (once - 1) / 2
    estimates = answer["estimates"]
    if answer["label"] != "lower" or estimates["label"] != "estimate":
        return f"labels {answer['label']}, {estimates['label']}"
    if abs(estimates["coverage"] - (1 - once / n)) > 1e-12:
        return f"coverage {estimates['coverage']} of {once} in {n}"
    if abs(estimates["richness"] / (s + (n - 1) / n * unseen) - 1) > 1e-12:
        return f"richness {estimates['richness']}"
    if once + 2 * twice + 3 * (s - once - twice) > n or s > n:
        return "more seen than drawn"
    if answer["saturated"] != (s > n // 2):
        return f"saturated {answer['saturated']} with {s} of {n}"
    return ""


def check(program, checks):
    exact, wrong = program.json("count", *BOX[1:])
    answers = []
    for flags in ([], ["--threads", "1"], ["--threads", "3"],
                  ["--batch", "7"], ["--batch", "100000"]):
        answer, bad = program.json(*BOX, "--points", "30000", *flags)
        wrong = wrong or bad or numbers(answer)
        answers.append(answer)
    wrong = wrong or same_but_cost(answers)
    if not wrong and not 100 < answers[0]["patterns"] <= int(
            exact["regions"]):
        wrong = f"{answers[0]['patterns']} of {exact['regions']}"
    checks.add("sample: the same for threads and batches", wrong)
    seeds(program, checks)
    saturation(program, checks)
    deviations(program, checks)
    sequence(program, checks)
    limits(program, checks)


def seeds(program, checks):
    found, wrong = set(), ""
    for seed in range(6):
        answer, bad = program.json(*BOX, "--points", "500", "--seed",
                                   str(seed))
        wrong = wrong or bad or numbers(answer)
        if not wrong:
            found.add((answer["patterns"], answer["singletons"],
                       answer["doubletons"]))
    if not wrong and len(found) < 2:
        wrong = "all seeds give the same sample"
    checks.add("sample: the seed counts", wrong)


def saturation(program, checks):
    few, wrong = program.json("sample", "EXAMPLES/bars.onnx", "--box", "0,1",
                              "--points", "50")
    many, bad = program.json(*BOX, "--points", "50000")
    wrong = wrong or bad or numbers(few) or numbers(many)
    if not wrong and not (few["saturated"] and not many["saturated"]):
        wrong = f"{few['patterns']} of 50, {many['patterns']} of 50000"
    checks.add("sample: saturation is said", wrong)


def deviations(program, checks):
    answer, wrong = program.json("sample", "EXAMPLES/moons.onnx", "--preset",
                                 "icml", "--points", "2000", "--per-unit")
    wrong = wrong or numbers(answer)
    if not wrong:
        runs = answer["runs"]
        best = max(r["patterns"] for r in runs)
        if [r["sigma"] for r in runs] != [3, 5, 7, 9, 11, 13]:
            wrong = f"runs {runs}"
        elif answer["patterns"] != best:
            wrong = f"{answer['patterns']} is not the greatest, {best}"
        elif abs(answer["per_unit"] - best / answer["units"]) > 1e-12:
            wrong = f"{answer['per_unit']} per unit"
    checks.add("sample: --preset icml is the greatest of six", wrong)
    each = [program.json("sample", "EXAMPLES/moons.onnx", "--gaussian", s,
                         "--points", "2000")[0] for s in ("3", "13")]
    wrong = wrong or ("" if [a["patterns"] for a in each] == [
        r["patterns"] for r in (runs[0], runs[-1])] else "others alone")
    checks.add("sample: each deviation as alone", wrong)


def partial(text, stopped):
    answer = json.loads(text)
    if answer["complete"] or answer["stopped"] != stopped:
        return f"complete {answer['complete']}, {answer.get('stopped')}"
    return numbers(answer)


def sequence(program, checks):
    answer, wrong = program.json(*BOX, "--low-discrepancy")
    if not wrong and (answer["estimates"] is not None or
                      answer["source"] != "sequence"):
        wrong = f"{answer['source']}, estimates {answer['estimates']}"
    checks.add("sample: nothing is estimated from a sequence", wrong)


def limits(program, checks):
    start = time.monotonic()
    result = program(*LONG, "--time-limit", "1", "--json")
    spent = time.monotonic() - start
    wrong = ended(result, 4) or partial(result.stdout, "time limit")
    if not wrong and not 0.9 <= spent <= (30 if program.is_slow else 5):
        wrong = f"took {spent:.1f} s"
    checks.add("sample --time-limit 1", wrong)
    process = subprocess.Popen(
        program.command(*LONG, "--json", "--progress"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=program.environment)
    time.sleep(4 if program.is_slow else 1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    wrong = "" if process.returncode == 4 else f"exit {process.returncode}"
    wrong = wrong or partial(out, "interrupt")
    if not wrong and not ("patterns" in err and "%" in err):
        wrong = f"progress {err!r}"
    checks.add("sample: signal SIGINT", wrong)
