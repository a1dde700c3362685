#!/usr/bin/python3
"""Every verb has a man page, on it stand all options and examples of its --help,
and man has nothing to complain about.  Usage: test_man.py PROGRAM FOLDER"""
import pathlib
import re
import subprocess
import sys

faults = []


def check(holds, what):
    if not holds:
        faults.append(what)


def ask(*command, **environment):
    return subprocess.run(command, env={"PATH": "/usr/bin:/bin", **environment},
                          text=True, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def shown(page):
    """The page as a reader sees it, without breaks at hyphens and in lines."""
    text = ask("man", "-E", "UTF-8", "-l", str(page), LC_ALL="C.UTF-8",
               MANWIDTH="200", MAN_KEEP_FORMATTING="", MANPAGER="cat").stdout
    return re.sub(r"\s+", " ", re.sub(r"\u2010\n\s*", "", text))


def check_page(page, help_text):
    warned = ask("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                 str(page), LC_ALL="C.UTF-8").stderr
    check(not warned, f"man warns of {page.name}: {warned}")
    text = shown(page)
    # At the beginning of a line of options; not what the examples use.
    rows = re.findall(r"^ {2,6}(-.*?)(?: {2,}.*)?$", help_text, re.M)
    for row in rows:
        for name in row.split(", "):
            check(f"{name.split('=')[0]}" in text, f"{page.name}: no {name}")
        check(row.split(", ")[-1] in text, f"{page.name}: no {row}")
    examples = help_text.split("\nExamples:\n")[1].split("\n\n")[0]
    for example in examples.splitlines():
        check(" ".join(example.split()) in text, f"{page.name}: no {example}")
    for code in re.findall(r"^  [0-5]  .*$", help_text, re.M):
        check(" ".join(code.split()) in text, f"{page.name}: no code {code}")
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS",
                    "EXAMPLES", "SEE ALSO"):
        check(f" {section} " in text, f"{page.name}: no {section}")
    return len(rows)


def main(program, folder):
    folder = pathlib.Path(folder)
    top = ask(program, "--help").stdout
    verbs = re.findall(r"^  ([a-z]+) +\S",
                       top.split("Verbs:\n")[1].split("\n\n")[0], re.M)
    check(len(verbs) >= 17, f"only {verbs} are verbs")
    wanted = {"pleats.1", *(f"pleats-{verb}.1" for verb in verbs)}
    found = {page.name for page in folder.glob("*.1")}
    check(wanted == found, f"pages {sorted(wanted ^ found)} are not both wanted "
                           "and there")
    check_page(folder / "pleats.1", top)
    n_options = 0
    for verb in verbs:
        help_text = ask(program, verb, "--help",
                        ARGP_HELP_FMT="dup-args-note=0,rmargin=10000").stdout
        n_options += check_page(folder / f"pleats-{verb}.1", help_text)
    check(n_options > 200, f"--help was read as only {n_options} options")
    for page in folder.glob("*.1"):
        for other in re.findall(r"\\fB(pleats[\w\\-]*)\\fP\(1\)",
                                page.read_text()):
            name = other.replace("\\", "") + ".1"
            check(name in found, f"{page.name} refers to {name}")
    print("\n".join(faults) or f"{len(found)} pages, {n_options} options")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
