"""What following a few lines reports, in words that fit into a table."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

from nemo_run_lint.flow.interpreter import Analysis, analyse
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index

#: What the lines may use.
TARGETS = """
import nemo_run as run
import fiddle as fdl
import copy

class Adam:
    def __init__(self, lr=1e-3): ...

class SGD:
    def __init__(self, momentum=0.9): ...

class Model:
    def __init__(self, size: int = 1, inner=None): ...

def train(model=None, steps: int = 1): ...

def needs(model, steps): ...

def takes_any(hidden_size=1, **others): ...
"""


def followed(text: str, index: Index | None = None, path: str = "recipe.py") -> Analysis:
    """What following a source finds; with the standard library alone, unless there is an index."""
    return analyse(index or Index(Environment.bare()), path, text, ast.parse(text))


def told(analysis: Analysis) -> list[str]:
    """The problems in words: `unknown_attribute sise`, `perhaps missing model`, in the order of the lines."""
    found = sorted(analysis.problems, key=lambda each: (getattr(each.node, "lineno", 0), each.wrong.name, each.name))
    return [f"{'perhaps ' * each.is_conditional}{each.wrong.name.lower()} {each.name}".strip() for each in found]


def problems(lines: str) -> list[str]:
    """What is wrong in lines that use the targets above."""
    return told(followed(TARGETS + textwrap.dedent(lines)))


def written(directory: Path, files: dict[str, str]) -> Index:
    """An index over these files, each given by its path and text."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return Index(Environment.of(directory))


def linted(index: Index, directory: Path, name: str) -> list[str]:
    """What is wrong in one of these files."""
    path = directory / name
    return told(followed(path.read_text(encoding="utf-8"), index, str(path)))
