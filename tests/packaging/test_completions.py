#!/usr/bin/python3
"""Completions, in the shells themselves: what a line becomes when TAB is pressed in
an interactive bash or zsh, what fish offers.  A shell that is not there is left
out, but for bash.  Usage: test_completions.py PROGRAM FOLDER PACKAGING"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 20  # seconds for a shell to answer
# A line, and what it becomes with TAB.
CASES = [
    ("pleats cou", "pleats count "),
    ("pleats est", "pleats estimate "),
    ("pleats count --para", "pleats count --paranoid "),
    ("pleats count --eng", "pleats count --engine="),
    ("pleats count --engine=v", "pleats count --engine=vertices "),
    ("pleats count --engine v", "pleats count --engine vertices "),
    ("pleats count mod", "pleats count model.onnx "),
    ("pleats count model.onnx --vnnlib pro",
     "pleats count model.onnx --vnnlib property.vnnlib "),
    ("pleats eval model.onnx --input ro",
     "pleats eval model.onnx --input rows.npz "),
    ("pleats plot re", "pleats plot report.json "),
    ("pleats layer ml", "pleats layer mlp:"),
    ("pleats count model.onnx --box @bo", "pleats count model.onnx --box @box.json "),
]
# What only bash is asked to do.
BASH_ONLY = {"pleats layer ml", "pleats count model.onnx --box @bo"}
FILES = ["model.onnx", "model.txt", "property.vnnlib", "property.txt",
         "rows.npz", "rows.txt", "report.json", "report.txt", "box.json",
         "box.txt"]


class Shell:
    """An interactive shell on a terminal of its own, in which ^X^L prints the line
    that is being written and empties it."""

    def __init__(self, command, folder, start):
        # Not typed, since what is typed is echoed.
        for name in (".bashrc", ".zshrc"):
            (folder / name).write_text(f"{start}\necho 'LINE[ready]'\n")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command,
                       {"PATH": os.environ["PATH"], "TERM": "dumb",
                        "HOME": str(folder), "ZDOTDIR": str(folder), "LC_ALL": "C.UTF-8",
                        "COLUMNS": "200"})
        self.seen = b""
        self.line()

    def write(self, text):
        os.write(self.terminal, text.encode())

    def line(self):
        """The next line that is printed, None if none comes."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(rb"LINE\[(.*?)\]", self.seen)):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                return None
            self.seen += os.read(self.terminal, 65536)
        self.seen = self.seen[match.end():]
        return match[1].decode()

    def completed(self, line):
        """What the line is after TAB."""
        self.write(f"{line}\t\x18\x0c")
        return self.line()

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def bash(script, folder, faults):
    start = ("bind 'set bell-style none'; bind 'set enable-bracketed-paste off';"
             f". /usr/share/bash-completion/bash_completion; . {script};"
             "\nbind -x '\"\\C-x\\C-l\":printf \"LINE[%s]\\n\" \"$READLINE_LINE\";"
             "READLINE_LINE='")
    shell = Shell(["bash", "--rcfile", str(folder / ".bashrc"), "-i"], folder, start)
    for line, want in CASES:
        got = shell.completed(line)
        if got != want:
            faults.append(f"bash: {line!r} became {got!r}, not {want!r}")
    shell.close()


def zsh(script, folder, faults):
    functions = folder / "functions"
    functions.mkdir()
    shutil.copy(script, functions / "_pleats")
    start = (f"unset zle_bracketed_paste; fpath=({functions} $fpath);"
             "autoload -U compinit; compinit -u -D; bindkey -e;"
             "show() { zle -I; print -r \"LINE[$BUFFER]\"; BUFFER= }; zle -N show;"
             "bindkey '^X^L' show")
    shell = Shell(["zsh", "-d", "-i"], folder, start)
    for line, want in CASES:
        if line in BASH_ONLY:
            continue
        got = shell.completed(line)
        # What zsh puts behind a word goes when the next key is no letter.
        if got is None or got.rstrip(" =") != want.rstrip(" ="):
            faults.append(f"zsh: {line!r} became {got!r}, not {want!r}")
    shell.close()


def fish(script, folder, faults):
    for line, want in CASES:
        if line in BASH_ONLY:
            continue
        done = subprocess.run(
            ["fish", "--no-config", "-c",
             f"source {script}; complete -C {line!r}"], cwd=folder, text=True,
            stdout=subprocess.PIPE, env={**os.environ, "HOME": str(folder)})
        offered = [row.split("\t")[0] for row in done.stdout.splitlines()]
        word = want.split()[-1].rstrip("=")
        if offered != [word]:
            faults.append(f"fish: {line!r}: {offered} and not {word}")


def check_values(program, packaging, faults):
    """Words that completions offer stand in the help of their verb, and options
    that are named exist."""
    sys.path.insert(0, packaging)
    import program_help
    import values
    _, verbs = program_help.read_program(program)
    seen = set()
    for verb in verbs:
        said = subprocess.run([program, verb.name, "--help"], text=True,
                              stdout=subprocess.PIPE, check=True).stdout
        for option in verb.options:
            seen |= {option.long, (verb.name, option.long)}
            for word in values.words(verb, option):
                if not re.search(rf"(?<![\w-]){re.escape(word)}", said):
                    faults.append(f"{verb.name} --help does not know {word}")
    faults += [f"no verb has the option {name}"
               for table in (values.WORDS, values.ENDS) for name in table
               if name not in seen]


def main(program, built, packaging):
    faults = []
    check_values(program, packaging, faults)
    for name, act in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        script = pathlib.Path(built).resolve() / f"pleats.{name}"
        if not shutil.which(name):
            print(f"no {name} here: its completions are not tried")
            continue
        if subprocess.run([name, "-n", str(script)]).returncode:
            faults.append(f"{name} -n {script}")
        with tempfile.TemporaryDirectory() as folder:
            for file in FILES:
                pathlib.Path(folder, file).touch()
            act(script, pathlib.Path(folder), faults)
    print("\n".join(faults) or "all completed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
