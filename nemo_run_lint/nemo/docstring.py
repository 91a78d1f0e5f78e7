"""A docstring understood: which parameters it describes, whether it speaks of the result, whether it shows an example.

Written by people, so read generously: Google, NumPy, reST, epydoc, and what only looks like them. Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import docstring_parser
import libcst as cst

from nemo_run_lint.nemo.function import Function

_STYLES = [style for style in docstring_parser.DocstringStyle if style is not docstring_parser.DocstringStyle.AUTO]

#: What the parser calls an entry of a list of parameters; the entries of `Attributes:` are something else.
_PARAMETER_WORDS = frozenset("param parameter arg argument key keyword other_param".split())

_RETURNS = re.compile(r"^[ \t]*(?:#+ *|\*\*)?(?:returns?|yields?|rtype)\b", re.IGNORECASE | re.MULTILINE)
_RETURN_FIELD = re.compile(r"^[ \t]*[:@](?:returns?|rtype|yields?)\b", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^[ \t]*>>> |^[ \t]*```|^[ \t]*~~~|\.\. (?:code-block|code|sourcecode|highlight)::|^[ \t]*\$ \S"
    r"|^[ \t]*(?:#+ *|\*\*)?(?:e\.g\.|(?:cli |command[- ]line )?(?:examples?|usage)\b[^.\n]{0,40}"
    r"(?:::?(?:\*\*)?|\*\*)?[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Docstring:
    """The text of a docstring, its indentation removed."""

    text: str

    @cached_property
    def _parsed(self) -> list[docstring_parser.Docstring]:
        """The text as every style sees it that accepts it."""
        found = (_parsed(self.text, style) for style in _STYLES)
        return [parsed for parsed in found if parsed is not None]

    @cached_property
    def listed(self) -> list[str]:
        """The parameters that it lists, in the style that finds most of them; stars removed."""
        return max((_listed(parsed) for parsed in self._parsed), key=len, default=[])

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """What it says of each parameter, on one line, in the style that finds most of them; stars removed."""
        return max(map(_descriptions, self._parsed), key=len, default={})

    def describes(self, parameter: str) -> bool:
        """Whether it lists `parameter`, begins a line with it, or names it in backquotes."""
        name = re.escape(parameter)
        bullet, of_type, dash = (
            r"(?:[-*+\u2022][ \t]+)?",
            r"[ \t]*(?:[(\[].*?[)\]])?[`*]*[ \t]*",
            r"(?::|=|-|\u2013|\u2014)",
        )
        line = rf"^[ \t]*{bullet}[`*\"']*\*{{0,2}}{name}[`*\"']*{of_type}{dash}"
        return any(parameter in _listed(parsed) for parsed in self._parsed) or bool(
            re.search(line, self.text, re.MULTILINE) or re.search(rf"`{name}`", self.text)
        )

    @property
    def describes_return(self) -> bool:
        """Whether something in it says what is returned or yielded."""
        return bool(_RETURNS.search(self.text) or _RETURN_FIELD.search(self.text))

    @property
    def shows_example(self) -> bool:
        """Whether there is code, a command, or a section of examples in it."""
        return bool(_EXAMPLE.search(self.text)) or "::\n\n" in self.text


def docstring(function: Function) -> Docstring | None:
    """The docstring of a function; None when there is none, or nothing in it."""
    text = function.docstring
    return _docstring(text) if text and text.strip() else None


@lru_cache(maxsize=256)
def _docstring(text: str) -> Docstring:
    """One object for each text: several rules ask for the same docstring, and parsing it takes long."""
    return Docstring(text)


def missing_in(function: Function) -> list[str]:
    """The parameters that a function's docstring does not describe; none for a function without one."""
    written = docstring(function)
    return [name for name in map(_name, function.asked) if not written.describes(name)] if written is not None else []


def returned_value(function: Function) -> cst.CSTNode | None:
    """A `return value` or `yield` by which the function gives something to its caller, or None."""
    annotation = function.node.returns
    if annotation is not None and isinstance(annotation.annotation, cst.Name) and annotation.annotation.value == "None":
        return None
    below = function.file.tree.below
    returns = below(function.node.body, cst.Return, into_functions=False)
    yields = below(function.node.body, cst.Yield, into_functions=False)
    found: list[cst.Return | cst.Yield] = [*returns, *yields]
    for node in found:
        is_none = isinstance(node.value, cst.Name) and node.value.value == "None"
        if node.value is not None and not is_none:
            return node
    return None


def _name(parameter: cst.Param) -> str:
    return parameter.name.value


def _parsed(text: str, style: docstring_parser.DocstringStyle) -> docstring_parser.Docstring | None:
    try:
        return docstring_parser.parse(text, style)
    except Exception:  # the parser raises more than its own ParseError on odd text
        return None


def _descriptions(parsed: docstring_parser.Docstring) -> dict[str, str]:
    found = {}
    for entry in parsed.params:
        if entry.args and entry.args[0] in _PARAMETER_WORDS and entry.description:
            for name in entry.arg_name.split(","):
                found[name.strip().lstrip("*\\").strip("`'\" ")] = " ".join(entry.description.split())
    return found


def _listed(parsed: docstring_parser.Docstring) -> list[str]:
    found: list[str] = []
    for entry in parsed.params:
        if entry.args and entry.args[0] in _PARAMETER_WORDS:
            found += [name.strip().lstrip("*\\").strip("`'\" ") for name in entry.arg_name.split(",")]
    return found
