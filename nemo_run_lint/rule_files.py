"""The names and codes of all rules, learnt by looking at their files: no rule is imported, so LibCST is not either.

A selector is what a user writes to mean rules: `ALL`, a code or the beginning of one (`NRL4`), or a rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint import witnesses

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: The entry points through which other packages bring rules; the name of one is the rule's name.
ENTRY_POINTS = "nemo_run_lint.rules"

EVERY_RULE = "ALL"

_brought: dict[str, EntryPoint] = {}

_RULES = Path(__file__).parent / "rules"
_CODE_LINE = re.compile(r'^    code(?:: [^=\n]+)? = "(NRL\d{3})"', re.MULTILINE)
_CODE_SELECTOR = re.compile(r"NRL\d{0,3}", re.IGNORECASE)


@cache
def own_modules() -> Mapping[str, str]:
    """The rules of this package: from a rule's name to the module that holds it."""
    files = sorted(_RULES.glob("*/*.py"))
    return {
        file.stem.replace("_", "-"): f"{__package__}.rules.{file.parent.name}.{file.stem}"
        for file in files
        if file.stem != "__init__"
    }


@cache
def plugins() -> Mapping[str, EntryPoint]:
    """The rules of other packages that are installed, and those that were brought, by name."""
    from importlib.metadata import entry_points  # not for a run that needs to know of no other rules

    found = {**{entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}, **_brought}
    if found:
        witnesses.spoil()  # they may say what they like
    return found


def bring(rules: Mapping[str, EntryPoint]) -> None:
    """Have these rules, which are not installed, among all others from now on; their modules are imported already."""
    witnesses.spoil()
    _brought.update(rules)
    plugins.cache_clear()
    codes.cache_clear()


def are_brought() -> bool:
    """Whether there are rules that only this process, and those that are forked from it, know."""
    return bool(_brought)


def names() -> set[str]:
    """The name of every rule."""
    return {*own_modules(), *plugins()}


@cache
def own_codes() -> frozenset[str]:
    """The codes of the rules of this package."""
    return frozenset(_codes_by_name().values())


@cache
def codes() -> Mapping[str, str]:
    """The code of every rule, by its name. Imports the rules of other packages."""
    return {**_codes_by_name(), **{name: entry.load().code for name, entry in plugins().items()}}


@cache
def _codes_by_name() -> Mapping[str, str]:
    texts = {file.stem.replace("_", "-"): file.read_text(encoding="utf-8") for file in _RULES.glob("*/*.py")}
    return {name: code[1] for name, text in texts.items() if (code := _CODE_LINE.search(text))}


def means(selector: str, code: str, name: str) -> bool:
    """Whether `selector` means the rule of that code and name. An empty one means none."""
    return bool(selector) and (
        selector.upper() == EVERY_RULE or code.upper().startswith(selector.upper()) or name == selector.lower()
    )


def weight(selector: str, code: str, name: str) -> int:
    """How exactly `selector` means the rule of that code and name: 0 not at all, 1 for `ALL`, a name like a code."""
    if not means(selector, code, name):
        return 0
    if selector.upper() == EVERY_RULE:
        return 1
    return len(code) + 1 if selector.lower() == name else len(selector) + 1


def canonical(selector: str) -> str:
    """`selector` in its usual spelling: codes in capitals, names in small letters.

    Raises ValueError, with a sentence for the user, for one that means no rule.
    """
    upper, lower = selector.upper(), selector.lower()
    if upper == EVERY_RULE:
        return upper
    if lower in names():
        return lower
    if _CODE_SELECTOR.fullmatch(selector):
        if any(code.startswith(upper) for code in own_codes()) or _is_plugin_code(upper):
            return upper
        what = "no rule has this code" if len(selector) == len("NRL000") else "no rule's code begins so"
        raise ValueError(f"`{selector}`: {what}{did_you_mean(upper, own_codes())}")
    raise ValueError(f"`{selector}` is neither a code (NRL401, NRL4) nor a rule{did_you_mean(lower, names())}")


def _is_plugin_code(start: str) -> bool:
    """Whether another package's rule has such a code; only importing it can tell."""
    return any(entry.load().code.startswith(start) for entry in plugins().values())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the nearest of `known`, or nothing if none is near."""
    import difflib  # only for what went wrong

    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
