"""Every rule told in words: rules.md, and what `explain` and `rules` print, all made from the rules themselves.

A rule's docstring is its page: a first line that states the fact, paragraphs, and blocks headed `Bad:` and `Good:`.
`python -m nemo_run_lint.catalogue` writes rules.md.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nemo_run_lint.left_out import COVERED, LEFT_OUT
from nemo_run_lint.outputs.ansi import BOLD, CYAN, DIM, SEVERITY, paint
from nemo_run_lint.page import Kind, page
from nemo_run_lint.rule import Option, Rule
from nemo_run_lint.selection import all_rules

RULES_MD = Path(__file__).parent.parent / "rules.md"

#: Columns that `explain` wraps its text to.
WIDTH = 88

_CODE_PREFIX = re.compile(r"^NRL\d+: ")


def as_dict(rule: type[Rule]) -> dict[str, Any]:
    """All there is to know about a rule, ready for JSON."""
    told = page(rule)
    return {
        "code": rule.code,
        "name": rule.name(),
        "family": family(rule)[0],
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "profile": rule.profile().value,
        "summary": told.summary,
        "description": [block.text for block in told.blocks if block.kind is Kind.TEXT],
        "examples": [{"kind": b.kind.value, "code": b.text} for b in told.blocks if b.kind is not Kind.TEXT],
        "message": rule.message,
        "help": rule.help or None,
        "options": [
            {"key": key, "default": option.default, "help": option.help, "choices": list(option.choices)}
            for key, option in rule.options().items()
        ],
    }


def family(rule: type[Rule]) -> tuple[str, str]:
    """The name of a rule's family, and what the family is about (empty if nobody says)."""
    package = rule.__module__.rpartition(".")[0]
    about = (importlib.import_module(package).__doc__ or "") if package else ""
    first = inspect.cleandoc(about).partition("\n")[0]
    return package.rpartition(".")[2], _CODE_PREFIX.sub("", first)


def table(rules: Sequence[type[Rule]] | None = None, color: bool = False) -> str:
    """A line for each of `rules` (default: all): code, name, severity, smallest profile that holds it, summary."""
    shown = all_rules() if rules is None else rules
    name_width = max((len(rule.name()) for rule in shown), default=0)
    return "".join(
        f"{paint(rule.code, BOLD, color)}  "
        f"{paint(rule.name(), CYAN, color)}{' ' * (name_width - len(rule.name()))}  "
        f"{paint(rule.severity.value, SEVERITY[rule.severity], color)}{' ' * (7 - len(rule.severity.value))}  "
        f"{rule.profile().value:<11}  {page(rule).summary}\n"
        for rule in shown
    )


def explain(rule: type[Rule], color: bool = False, width: int = WIDTH) -> str:
    """The page of `rule` for the terminal: what it is about, examples, options, how to silence it."""
    told = page(rule)
    severity = paint(rule.severity.value, SEVERITY[rule.severity], color)
    parts = [
        f"{paint(rule.code, BOLD, color)} {paint(rule.name(), CYAN, color)}",
        f"{severity}, {rule.confidence.value} confidence, in the profiles {_and(_profiles(rule))}",
        _wrapped(told.summary, width),
    ]
    for block in told.blocks:
        if block.kind is Kind.TEXT:
            parts.append(_wrapped(block.text, width))
        else:
            style = SEVERITY[rule.severity] if block.kind is Kind.BAD else BOLD
            parts.append(paint(f"{block.kind.value.title()}:", style, color))
            parts.append(textwrap.indent(block.text, "    "))
    advice = _without_fields(rule.help)
    if advice and not advice.endswith("…"):  # what depends on the finding to its last word says nothing here
        parts.append(_wrapped(f"What to do: {advice}.", width))
    if rule.options():
        options = (_wrapped(f"    {_option(option)}", width, "        ") for option in rule.options().values())
        parts.append(f"Options, in [tool.nemo-run-lint.rules.{rule.name()}]:")
        parts.append("\n".join(options))
    parts.append("Silence it:")
    parts.append("\n".join(f"    {how}{paint(f'  {where}', DIM, color)}" for how, where in _silences(rule)))
    return "\n\n".join(parts) + "\n"


def rules_md(rules: Iterable[type[Rule]] | None = None) -> str:
    """The whole of rules.md: a table of contents by family, then a page for each rule (default: of this package)."""
    families: dict[str, list[type[Rule]]] = {}
    for rule in rules if rules is not None else own_rules():
        families.setdefault(family(rule)[0], []).append(rule)
    parts = [_MD_HEAD]
    for name, members in families.items():
        about = family(members[0])[1]
        parts += [f"## {name.capitalize()}", about[:1].upper() + about[1:], _md_table(members)]
    for members in families.values():
        for rule in members:
            parts += _md_page(rule)
    if rules is None:
        parts += _md_left_out()
    return "\n\n".join(parts) + "\n"


def markdown_page(rule: type[Rule]) -> str:
    """The page of `rule` as rules.md has it."""
    return "\n\n".join(_md_page(rule)) + "\n"


def own_rules() -> tuple[type[Rule], ...]:
    """The rules of this package; installed plugins have theirs documented elsewhere."""
    return tuple(rule for rule in all_rules() if rule.__module__.startswith(f"{__package__}.rules."))


_MD_HEAD = """\
# The rules

<!-- Made from the rules by `python -m nemo_run_lint.catalogue`. Edit the docstring of a rule, not this file. -->

Made from the docstrings of the rules by `make rules`; `nemo-run-lint explain NAME` prints the same pages.

An *error* fails or loses work when it runs, a *warning* is the team standard, an *info* is worth knowing. The profile
`correctness` holds the errors that are certain from the text, `team` (the default) adds the team standard, `strict`
adds the rest; the smallest profile that holds a rule is given. A rule of *medium confidence* makes an assumption, which
its page names."""


def _md_table(rules: Iterable[type[Rule]]) -> str:
    rows = ["| code | rule | severity | profile | |", "|---|---|---|---|---|"]
    for rule in rules:
        summary = page(rule).summary.replace("|", "\\|")
        link = f"[{rule.name()}](#{rule.name()})"
        rows.append(f"| {rule.code} | {link} | {rule.severity.value} | {rule.profile().value} | {summary} |")
    return "\n".join(rows)


def _md_page(rule: type[Rule]) -> Iterator[str]:
    told = page(rule)
    yield f"## {rule.name()}"
    yield f"{rule.code} · {rule.severity.value} · {rule.confidence.value} confidence · profile `{rule.profile().value}`"
    yield told.summary
    for block in told.blocks:
        if block.kind is not Kind.TEXT:
            yield f"{block.kind.value.title()}:"
        yield block.text if block.kind is Kind.TEXT else f"```python\n{block.text}\n```"
    if rule.options():
        yield f"Options, in `[tool.nemo-run-lint.rules.{rule.name()}]`:"
        yield "\n".join(f"* {_option(option, code='`')}" for option in rule.options().values())


def _md_left_out() -> Iterator[str]:
    yield "## What is left out"
    yield "Mistakes that were looked into, and that no rule reports:"
    rows = ["| name | why |", "|---|---|", *(f"| {name} | {why} |" for name, why in sorted(LEFT_OUT.items()))]
    yield "\n".join(rows)
    yield "Other names for what is reported:"
    rows = ["| name | reported by |", "|---|---|"]
    for name, covering in sorted(COVERED.items()):
        rows.append(f"| {name} | {', '.join(f'[{rule}](#{rule})' for rule in covering)} |")
    yield "\n".join(rows)


def _option(option: Option[Any], code: str = "") -> str:
    """`minimum-length = 3 - shortest name`, as it is written in the settings."""
    default = "not set" if option.default is None else json.dumps(option.default, ensure_ascii=False)
    choices = f" (one of {', '.join(map(json.dumps, option.choices))})" if option.choices else ""
    return f"{code}{option.key} = {default}{code} - {option.help}{choices}"


def _silences(rule: type[Rule]) -> list[tuple[str, str]]:
    width = len(f"# nemo-run-lint: ignore[{rule.name()}] -- why")
    return [
        (f"# noqa: {rule.code}".ljust(width), "at the end of the line"),
        (f"# nemo-run-lint: ignore[{rule.name()}] -- why", "there, or alone on the line above"),
        (f'ignore = ["{rule.name()}"]'.ljust(width), "in [tool.nemo-run-lint]"),
    ]


def _profiles(rule: type[Rule]) -> list[str]:
    every = [profile.value for profile in type(rule.profile())]
    return every[every.index(rule.profile().value) :]


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _without_fields(help: str) -> str:
    """The help of a rule before its fields are filled in: `{argument}` reads as "…"."""
    return re.sub(r"\{[^{}]*\}", "…", help).replace("{{", "{").replace("}}", "}")


def _wrapped(text: str, width: int, hanging: str = "") -> str:
    """A paragraph filled to `width`; lists and indented text keep their lines."""
    if re.search(r"^(?:[*-] |\d+\. |\s)", text, re.MULTILINE) and not hanging:
        return text
    return textwrap.fill(text, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    """Write rules.md at the root of the repository."""
    if not (RULES_MD.parent / "pyproject.toml").exists():
        raise SystemExit(f"{RULES_MD.parent} is not the repository of nemo-run-lint: rules.md is written only there")
    RULES_MD.write_text(rules_md(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
