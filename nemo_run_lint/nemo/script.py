"""run.Script(...): a file or a text that a shell or Python runs, and what its text is."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import added_argument, literal
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix
from nemo_run_lint.syntax.values import text

#: The order of run.Script's arguments (nemo_run 0.11.1).
_ORDER = ("path", "inline", "args", "env", "entrypoint", "m", "metadata")

_SHELLS = frozenset("bash sh zsh dash ksh".split())


@dataclass(eq=False)
class Script:
    """A call of run.Script; `given` are its arguments by name, whether given by keyword or by place."""

    file: File
    node: cst.Call
    given: dict[str, cst.Arg]

    @classmethod
    def find(cls, file: File) -> Iterable[Script]:
        """Every run.Script(...) whose arguments can all be seen, and are arguments of it."""
        for call in file.tree.nodes(cst.Call):
            if public(file.names.qualified(call.func)) != "Script" or any(given.star for given in call.args):
                continue
            names = [
                each.keyword.value if each.keyword is not None else place
                for each, place in zip(call.args, _ORDER, strict=False)
            ]
            if len(call.args) == len(names) and set(names) <= set(_ORDER):
                yield cls(file, call, dict(zip(names, call.args, strict=True)))

    def text(self, name: str) -> str | None:
        """The literal text of an argument, also behind one assignment; None for anything else."""
        return text(self.file.values.value(self.given[name].value)) if name in self.given else None

    @property
    def has_inline(self) -> bool:
        """Whether a text is given to be run, and not an empty one."""
        return "inline" in self.given and self.text("inline") != ""

    @property
    def runs_in(self) -> Literal["shell", "python"] | None:
        """What runs it: a shell, Python, or None when that is another program or cannot be told."""
        if "entrypoint" not in self.given:
            return "shell"
        program = (self.text("entrypoint") or "").rpartition("/")[2]
        if program in _SHELLS:
            return "shell"
        return "python" if re.fullmatch(r"python[\d.]*", program) else None


def with_entrypoint(script: Script, safe: bool = True) -> NodeFix | None:
    """The script run by Python; None where what runs it is not written in the call."""
    if "entrypoint" not in script.given:
        edit = added_argument(script.node, 'entrypoint="python"')
        return NodeFix("add entrypoint", (edit,), safe) if edit is not None else None
    written = script.given["entrypoint"].value
    if not isinstance(written, cst.SimpleString):
        return None
    return NodeFix("write python", (NodeEdit(written, literal("python", written)),), safe)


def looks_like_python(written: str) -> bool:
    """Whether a text is Python and no shell script: it says so in its first line, or parses and imports or calls."""
    if re.match(r"#!.*\bpython", written):
        return True
    tree = _parsed(textwrap.dedent(written))
    if tree is None:
        return False
    definite = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    calls = (each.value for each in tree.body if isinstance(each, ast.Expr))
    return any(isinstance(each, definite) for each in tree.body) or any(isinstance(each, ast.Call) for each in calls)


def is_indented_python(written: str) -> bool:
    """Whether a text is Python but for the indentation that all its lines have."""
    return _parsed(written) is None and _parsed(textwrap.dedent(written)) is not None


def _parsed(written: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(written)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def commands(written: str) -> list[str]:
    """The commands of a shell script, one a line; empty when it has heredocs or functions, which are not told apart."""
    if "<<" in written or re.search(r"\(\)\s*\{", written):
        return []
    joined = written.replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
