"""Imports point downwards: a module knows only what stands below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nemo_run_lint"

#: From the ground up; a module may import from the layers below its own, and from its own package.
LAYERS = [
    {
        "_version",
        "cache_place",
        "copied_output",
        "checklist",
        "collector",
        "formats",
        "identity",
        "layout",
        "left_out",
        "ordinary_file",
        "replacing",
        "target",
        "timings",
        "repository",
        "base_revision",
    },
    {"answered"},
    {"kept_answers"},
    {"witnesses"},
    {"finding", "progress"},
    {"rule"},
    {"releases", "rule_files", "syntax", "sources", "signatures"},
    {"page", "place", "comment_edits", "comment_words", "directives", "fingerprint", "local_rules"},
    {"settings"},
    {"project"},
    {"nemo", "placing"},
    {"file_tree", "flow"},
    {"rules"},
    {"selection"},
    {"applicability", "fixer", "linter", "suppressions", "outputs"},
    {"comments", "fixable", "starting", "surroundings"},
    {"remembered", "result", "shell_lines"},
    {"examination"},
    {"shell_checks"},
    {"checking", "processes"},
    {"sending"},
    {"runner", "resolution"},
    {"fixing"},
    {"baseline", "catalogue", "changes", "workflow", "doctor", "schema", "watching", "migration", "silencing"},
    {"explanation_text"},
    {"explanation"},
    {"documentation"},
    {"scaffold", "review"},
    {"flake8_plugin", "language_server"},
    {"commands"},
    {"command_line"},
    {"cli"},
    {"__init__", "__main__"},
]

#: Names that say nothing about what lives in a module.
FORBIDDEN = {"utils", "common", "helpers", "core", "base", "misc", "manager"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def unit(name: str) -> str:
    """The layer's name for `nemo_run_lint.rules.naming.short_name`: `rules`."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def layer(name: str) -> int:
    return next(height for height, units in enumerate(LAYERS) if unit(name) in units)


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def imports(path: Path) -> set[str]:
    """What a module imports when it runs; imports for the type checker alone don't count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("nemo_run_lint.")}


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_downwards(path: Path) -> None:
    own = dotted(path)
    for imported in imports(path):
        assert layer(imported) < layer(own) or unit(imported) == unit(own), f"{own} imports {imported}"


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_modules_are_named_for_what_they_hold(path: Path) -> None:
    assert path.stem not in FORBIDDEN


@pytest.mark.parametrize("path", sorted((PACKAGE / "rules").glob("*/*.py")), ids=dotted)
def test_a_rule_knows_neither_the_linter_nor_other_rules(path: Path) -> None:
    allowed = {"flow", "nemo", "project", "rule", "finding", "signatures", "syntax"}
    assert {unit(name) for name in imports(path)} <= allowed
