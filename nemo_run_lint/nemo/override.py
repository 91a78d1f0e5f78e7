"""One argument of a command that nemo_run's command line reads: `trainer.max_steps=100`, `lr*=2`, `run.detach=True`.

From `_parse_prefixed_args` and `LazyEntrypoint._parse_config` of nemo_run 0.11.1, then `PythonicParser.parse`.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from enum import Enum

from nemo_run_lint.sources.shell import UNKNOWN, Word


class Form(Enum):
    """What an argument is, or why it is none."""

    PLAIN = "sets an argument"
    RUN = "sets how it is run: `run.detach=True`"
    FLAG = "begins with `--`, and is passed over"
    PLACED = "has no `=`"
    KEY = "names what cannot be a name"
    OPERATOR = "has an operator that there is not"
    EMPTY = "has nothing behind the `=`"
    RUN_PREFIX = "begins with `run`, and is taken for a part of `run.`"


#: The operators that nemo_run knows, without the `=`.
OPERATORS = ("", "+", "-", "*", "/", "|", "&")

#: What an operator may be made of, by those who think that there are more of them.
_SIGNS = "-+*/|&%^:@<>~!?"
_KEY = re.compile(r"[\w\[\].]+")
_PART = re.compile(r"[A-Za-z_]\w*(?:\[\d+\])*")

#: What a page writes for what it does not say.
_LEFT_OUT = re.compile(r"\.\.\.|…|\[.*\]|\w+=(?:value|val|VALUE|<.*>)")


@dataclass(frozen=True)
class Override:
    """An argument of a command.

    key       the name, with its dots; without the `run.` of what says how it is run
    operator  one of OPERATORS, or what stands there instead
    value     None where it cannot be told
    """

    word: Word
    form: Form
    key: str = ""
    operator: str = ""
    value: str | None = None

    @property
    def parts(self) -> list[str]:
        """The names on the way to what is set; empty where not all of them are names."""
        parts = self.key.split(".")
        are_names = all(_PART.fullmatch(each) and not keyword.iskeyword(each.partition("[")[0]) for each in parts)
        return parts if are_names and not any(each.startswith("_") for each in parts) and "[" not in parts[-1] else []


def override(word: Word) -> Override | None:
    """What an argument says; None where that cannot be told."""
    text = word.text
    if UNKNOWN in text.partition("=")[0] or _LEFT_OUT.fullmatch(text) or not text:
        return None
    if text.startswith("run") and not text.startswith(("run=", "run.", "run[")):
        return Override(word, Form.RUN_PREFIX, text.partition("=")[0])
    if text.startswith("--"):
        return Override(word, Form.FLAG, text.lstrip("-").partition("=")[0].replace("-", "_"))
    before, equals, value = text.partition("=")
    key = before.rstrip(_SIGNS)
    if not equals or not key:
        return Override(word, Form.PLACED, before)
    operator, key, value = before[len(key) :], key.rstrip(), value.lstrip()
    form = _form(key, operator, value)
    is_known = UNKNOWN not in value and not _LEFT_OUT.fullmatch(value)
    is_run = form is Form.PLAIN and key.startswith("run.")
    named = key.removeprefix("run.") if is_run else key
    return Override(word, Form.RUN if is_run else form, named, operator, value if is_known else None)


def _form(key: str, operator: str, value: str) -> Form:
    if operator not in OPERATORS:
        return Form.OPERATOR
    if _KEY.fullmatch(key) is None:
        return Form.KEY
    return Form.PLAIN if value else Form.EMPTY
