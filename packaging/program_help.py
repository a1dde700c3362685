"""What `pleats --help` and `pleats VERB --help` say, as data: the option tables of
the program itself, from which man pages and completions are made."""
import dataclasses
import os
import re
import subprocess

OPTION = re.compile(r"^ {2,6}(-\S.*?)(?: {2,}(.*))?$")
NAME = re.compile(r"(--?[\w?-]+)(?:=(\S+))?$")
GROUP = re.compile(r"^ (\S.*):$")


@dataclasses.dataclass
class Option:
    names: list     # "-o", "--out"
    argument: str   # what --help calls its value; empty without one
    text: str

    @property
    def long(self):
        return self.names[-1]


@dataclasses.dataclass
class Verb:
    name: str
    summary: str
    usage: list     # lines "pleats VERB ...", without "Usage:"
    about: list     # paragraphs before the options
    groups: list    # (title, or "" for the first and last; options)
    after: list     # lines behind the options

    @property
    def options(self):
        return [option for _, options in self.groups for option in options]


def ask(program, *words):
    # Lines as long as they come, so that a paragraph is one line.
    environment = dict(os.environ, LC_ALL="C",
                       ARGP_HELP_FMT="rmargin=10000,dup-args-note=0")
    return subprocess.run([program, *words, "--help"], env=environment,
                          stdout=subprocess.PIPE, text=True,
                          check=True).stdout.splitlines()


def read_option(line):
    names, text = OPTION.match(line).groups()
    parts = [NAME.match(name) for name in re.split(r", (?=-)", names)]
    if not all(parts):
        raise ValueError(f"not an option of --help: {line!r}")
    return Option([part[1] for part in parts], parts[-1][2] or "", text or "")


def read_verb(program, name, summary):
    usage, about, groups, after = [], [], [("", [])], []
    state = "usage"
    for line in ask(program, name):
        is_option = OPTION.match(line) and state != "after"
        if state == "usage" and re.match(r"Usage:|  or:", line):
            usage.append(line.split(":", 1)[1].strip())
        elif is_option:
            state = "options"
            groups[-1][1].append(read_option(line))
        elif state == "options" and re.match(r"^ {20,}\S", line):
            option = groups[-1][1][-1]
            option.text = f"{option.text} {line.strip()}".strip()
        elif state == "options" and GROUP.match(line):
            groups.append((GROUP.match(line)[1], []))
        elif state == "options" and not line:
            if groups[-1][1] and groups[-1][1][-1].long == "--version":
                state = "after"
            elif groups[-1][0]:
                groups.append(("", []))
        elif state in ("usage", "about"):
            state = "about"
            about.append(line)
        else:
            state = "after"
            after.append(line)
    return Verb(name, summary, usage, [line for line in about if line],
                [group for group in groups if group[1]], after)


def read_program(program):
    """The lines of `pleats --help`, and its verbs."""
    lines = ask(program)
    start = lines.index("Verbs:") + 1
    rows = [line.split(None, 1) for line in lines[start:lines.index("", start)]]
    return lines, [read_verb(program, *row) for row in rows]
