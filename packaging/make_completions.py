#!/usr/bin/python3
"""Completions for bash, zsh and fish, made of the option tables that --help shows.
Usage: make_completions.py PROGRAM FOLDER"""
import pathlib
import re
import sys

import program_help
import values

BASH = r"""# Completion of pleats for bash.  Made from its --help.

_pleats_words() # of a list with commas between, the last
{
    local before=
    [[ $cur == *,* ]] && before=${cur%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

_pleats()
{
    local cur prev words cword split
    _init_completion -s -n : || return
    if ((cword == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "@verbs@ --help --version" -- "$cur")
        return
    fi
    case ${words[1]},$prev in
@values@
    esac
    $split && return
    local options= files= specs=
    case ${words[1]} in
@verbs_of@
        *) return ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        [[ ${COMPREPLY-} == *= ]] && compopt -o nospace
    else
        _filedir "$files"
        local names=("${COMPREPLY[@]}")
        mapfile -t COMPREPLY < <(compgen -W "$specs" -- "$cur")
        ((${#COMPREPLY[@]})) && compopt -o nospace
        COMPREPLY+=("${names[@]}")
        __ltrim_colon_completions "$cur"
    fi
} &&
complete -F _pleats pleats
"""
ZSH = r"""#compdef pleats
# Completion of pleats for zsh.  Made from its --help.

local -a verbs
verbs=(
@verbs@
)
local context state state_descr line
typeset -A opt_args
_arguments -C '(- *)--help[Give this help list]' \
    '(- *)--version[Print program version]' '1: :->verb' '*:: :->rest' && return 0
case $state in
verb) _describe verb verbs ;;
rest)
    case $words[1] in
@verbs_of@
    esac
    ;;
esac
"""
FISH = r"""# Completion of pleats for fish.  Made from its --help.

function __pleats_files -d 'Folders, and files with these ends'
    set -l ends (string join '|' $argv)
    __fish_complete_path (commandline -ct) |
        string match -r ".*(?:/|\.(?:$ends))(?:\t.*)?\$"
end

complete -c pleats -f
complete -c pleats -n __fish_use_subcommand -l help -d 'Give this help list'
complete -c pleats -n __fish_use_subcommand -l version -d 'Print program version'
"""


def takes(option):
    """The names of an option as they are typed, = behind those with a value."""
    end = "=" if option.argument else ""
    return [name + end if name.startswith("--") else name
            for name in option.names if name != "-?"]


def bash(verbs):
    cases, of_verbs = [], []
    for verb in verbs:
        for option in verb.options:
            if not option.argument:
                continue
            names = "|".join(f"{verb.name},{name}" for name in option.names)
            words, ends = values.words(verb, option), values.ends(verb, option)
            if words:
                action = f'_pleats_words "{" ".join(words)}"'
            elif option.long == "--box":
                action = ("[[ $cur == @* ]] && cur=${cur#@} && _filedir json &&\n"
                          '            COMPREPLY=("${COMPREPLY[@]/#/@}")')
            elif ends is not None:
                action = f"_filedir '{'|'.join(ends)}'" if ends else "_filedir"
            else:
                action = ":"
            cases.append(f"        {names}) {action}; return ;;")
        files, has_spec = values.operands(verb)
        names = " ".join(name for option in verb.options
                         for name in takes(option))
        of_verbs.append(f"        {verb.name})\n"
                        f"            options='{names}'\n"
                        f"            files='@({'|'.join(files)})'\n"
                        + (f"            specs='{' '.join(values.SPECS)}'\n"
                           if has_spec else "") + "            ;;")
    return (BASH.replace("@verbs@", " ".join(verb.name for verb in verbs))
            .replace("@values@", "\n".join(cases))
            .replace("@verbs_of@", "\n".join(of_verbs)))


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", r"'\''")


def zsh_files(ends):
    return f'_files -g "*.({"|".join(ends)})(-.)"' if ends else "_files"


def zsh_option(verb, option):
    value = ""
    if option.argument:
        words, ends = values.words(verb, option), values.ends(verb, option)
        action = (f"({' '.join(zsh_text(word) for word in words)})" if words
                  else "" if ends is None or option.long == "--box"
                  else zsh_files(ends))
        value = f":{zsh_text(option.argument)}:{action}"
    text = f"[{zsh_text(option.text)}]{value}"
    names = [f"{name}=" if option.argument and name.startswith("--") else name
             for name in option.names]
    if len(names) == 1:
        return f"            '{names[0]}{text}'"
    excluded = " ".join(option.names)
    quoted = ",".join(f"'{name}'" for name in names)
    return f"            '({excluded})'{{{quoted}}}'{text}'"


def zsh(verbs):
    rows = [f"    '{verb.name}:{zsh_text(verb.summary)}'" for verb in verbs]
    cases = []
    for verb in verbs:
        lines = [zsh_option(verb, option) for option in verb.options]
        files, _ = values.operands(verb)
        lines.append(f"            '*:file:{zsh_files(files)}'")
        joined = " \\\n".join(lines)
        cases.append(f"    {verb.name})\n        _arguments -s \\\n{joined}\n"
                     "        ;;")
    return ZSH.replace("@verbs@", "\n".join(rows)).replace(
        "@verbs_of@", "\n".join(cases))


def quoted(text):
    return "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"


def fish_files(ends):
    return f"-xa '(__pleats_files {' '.join(ends)})'" if ends else "-r -F"


def fish_option(verb, option):
    names = " ".join(f"-l {name[2:]}" if name.startswith("--")
                     else f"-s {quoted(name[1:])}" for name in option.names)
    value = ""
    if option.argument:
        words, ends = values.words(verb, option), values.ends(verb, option)
        value = (f" -xa {quoted(' '.join(words))}" if words
                 else " -x" if ends is None or option.long == "--box"
                 else " " + fish_files(ends))
    return f"{names}{value} -d {quoted(option.text)}"


def fish(verbs):
    lines = [FISH]
    for verb in verbs:
        lines.append("complete -c pleats -n __fish_use_subcommand "
                     f"-a {verb.name} -d {quoted(verb.summary)}\n")
        seen = f"complete -c pleats -n '__fish_seen_subcommand_from {verb.name}'"
        files, _ = values.operands(verb)
        lines.append(f"{seen} {fish_files(files)}\n")
        lines += [f"{seen} {fish_option(verb, option)}\n"
                  for option in verb.options]
    return "".join(lines)


def main(program, folder):
    verbs = program_help.read_program(program)[1]
    for name, make in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        pathlib.Path(folder, f"pleats.{name}").write_text(make(verbs),
                                                          encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
