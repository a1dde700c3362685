#!/usr/bin/python3
"""Runs a notebook that is kept as a script (cells begin with `# %%`, text with
`# %% [markdown]`: jupytext's percent format) and writes it with what it shows.
Usage: notebook.py SCRIPT OUT.ipynb

Runs in the folder where it is called; pictures of matplotlib go to OUT-1.png,
OUT-2.png, ..., too.  What an expression at the end of a cell shows, by
_repr_html_ or as text, is shown; an error ends it with exit code 1."""
import ast
import base64
import contextlib
import io
import json
import pathlib
import re
import sys
import traceback


def cells_of(text):
    """(is markdown, source) of each cell."""
    for part in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            yield True, re.sub(r"^# ?", "", body, flags=re.MULTILINE).strip()
        else:
            yield False, body.strip()


def shown_of(value):
    """What a notebook shows of a value."""
    data = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return {"output_type": "execute_result", "data": data, "metadata": {},
            "execution_count": None}


class Notebook:
    """A script under way."""

    def __init__(self, out):
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
        self.out, self.pyplot, self.n_pictures = out, pyplot, 0
        self.names = {"__name__": "__main__"}
        pyplot.show = lambda *_, **__: None

    def run(self, source):
        """Runs a cell; its outputs."""
        tree, stream = ast.parse(source), io.StringIO()
        last = tree.body.pop() if tree.body and isinstance(
            tree.body[-1], ast.Expr) else None
        value = None
        with contextlib.redirect_stdout(stream):
            exec(compile(tree, "<cell>", "exec"), self.names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "<cell>",
                                     "eval"), self.names)
        outputs = [shown_of(value)] if value is not None else []
        if stream.getvalue():
            outputs.insert(0, {"output_type": "stream", "name": "stdout",
                               "text": stream.getvalue()})
        return outputs + list(self.pictures())

    def pictures(self):
        for number in self.pyplot.get_fignums():
            figure, stream = self.pyplot.figure(number), io.BytesIO()
            figure.savefig(stream, format="png", dpi=80, bbox_inches="tight")
            self.pyplot.close(figure)
            self.n_pictures += 1
            self.out.with_name(f"{self.out.stem}-{self.n_pictures}.png"
                               ).write_bytes(stream.getvalue())
            yield {"output_type": "display_data", "metadata": {}, "data": {
                "image/png": base64.b64encode(stream.getvalue()).decode(),
                "text/plain": "a picture"}}


def main(script, out):
    notebook, cells, failed = Notebook(out), [], False
    for is_text, source in cells_of(script.read_text(encoding="utf-8")):
        cell = {"cell_type": "markdown" if is_text else "code", "metadata": {},
                "id": f"cell-{len(cells)}",
                "source": source}
        cells.append(cell)
        if is_text:
            continue
        cell["execution_count"], cell["outputs"] = None, []
        try:
            cell["outputs"] = notebook.run(source)
        except Exception:
            traceback.print_exc()
            print(f"{script.name}: in the cell\n{source}", file=sys.stderr)
            failed = True
            break
    out.write_text(json.dumps({
        "cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3",
                           "language": "python"}}}, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    del sys.path[0]  # this folder, where a pleats without its library lies
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
