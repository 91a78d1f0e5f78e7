"""What an editor shows where the pointer rests: the page of a rule, or what a target accepts. All as Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from nemo_run_lint.catalogue import markdown_page
from nemo_run_lint.language_server.diagnostics import uri_of
from nemo_run_lint.language_server.targets import Named, parameter_of
from nemo_run_lint.page import url
from nemo_run_lint.rule import Rule
from nemo_run_lint.selection import all_rules, matches
from nemo_run_lint.signatures.signature import Kind, Parameter, Signature, Unknown
from nemo_run_lint.sources.logical_lines import logical_lines

_SUPPRESSES = re.compile(r"noqa|nemo-run-lint", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")

#: Of a selector that means more rules only their names are told.
_MOST_PAGES = 1

_STARS = {Kind.VAR_POSITIONAL: "*", Kind.VAR_KEYWORD: "**"}


def selector_at(text: str, line: int, column: int) -> tuple[str, int, int] | None:
    """The word of a comment that silences at a place, with the columns at which it begins and ends."""
    for statement in logical_lines(text):
        for comment in statement.comments:
            if comment.line == line and comment.column < column and _SUPPRESSES.search(comment.text):
                for word in _WORD.finditer(comment.text):
                    begin, end = comment.column + word.start() + 1, comment.column + word.end() + 1
                    if begin <= column <= end:
                        return word[0], begin, end
    return None


def rules_page(selector: str) -> str | None:
    """The page of the rule that a selector means, or the list of several; None for any other word."""
    meant = [rule for rule in all_rules() if matches(selector.upper(), rule) or selector.lower() == rule.name()]
    if len(meant) > _MOST_PAGES:
        return "\n".join(f"* {_linked(rule)}" for rule in meant)
    return markdown_page(meant[0]) if meant else None


def target_page(named: Named) -> str:
    """What the target of a config accepts, or the parameter that a keyword names, and where that is defined."""
    if isinstance(named.accepted, Unknown):
        what = f" (`{named.accepted.what}`)" if named.accepted.what else ""
        return f"nemo-run-lint does not know what this accepts: {named.accepted.reason.value}{what}"
    if named.keyword:
        return _parameter_page(named.accepted, named.keyword)
    return "\n\n---\n\n".join(_signature_page(each) for each in named.accepted)


def shown(parameter: Parameter) -> str:
    """A parameter as it is written in a signature: `hidden: int = 8`."""
    text = f"{_STARS.get(parameter.kind, '')}{parameter.name}"
    text += f": {parameter.annotation}" if parameter.annotation else ""
    if parameter.default is None:
        return text
    default = f"{parameter.default}()" if parameter.factory else parameter.default
    return f"{text} = {default}" if parameter.annotation else f"{text}={default}"


def place_of(signature: Signature) -> str:
    """Where a signature is written: a link to its line, and the distribution that brought it."""
    path, line = signature.place.path, signature.place.line
    name = f"{os.path.basename(path)}:{line}"
    link = f"[{name}]({uri_of(path)}#L{line})" if os.path.isfile(path) else name
    return f"{link} ({signature.place.distribution})" if signature.place.distribution else link


def _signature_page(signature: Signature) -> str:
    called = signature.called if any(each.by_keyword for each in signature.called) else signature.parameters
    parts = list(_parts(called))
    written = f"{signature.name}({', '.join(parts)})"
    if len(written) > 80:
        written = f"{signature.name}(\n" + "".join(f"    {part},\n" for part in parts) + ")"
    return f"```python\n{written}\n```\n\nDefined in {place_of(signature)}"


def _parts(parameters: Sequence[Parameter]) -> Iterator[str]:
    """The parameters as they are written, with the `/` and `*` that stand between them."""
    before: Kind | None = None
    for each in parameters:
        if before is Kind.POSITIONAL_ONLY and each.kind is not Kind.POSITIONAL_ONLY:
            yield "/"
        if each.kind is Kind.KEYWORD_ONLY and before not in (Kind.KEYWORD_ONLY, Kind.VAR_POSITIONAL):
            yield "*"
        yield shown(each)
        before = each.kind
    if before is Kind.POSITIONAL_ONLY:
        yield "/"


def _parameter_page(signatures: Sequence[Signature], name: str) -> str:
    found = parameter_of(signatures, name)
    if found is None:
        return f"`{signatures[0].name}` has no parameter `{name}`" if signatures else ""
    parameter, signature = found
    return f"```python\n{shown(parameter)}\n```\n\nParameter of `{signature.name}`, defined in {place_of(signature)}"


def _linked(rule: type[Rule]) -> str:
    address = url(rule.name())
    name = f"[{rule.name()}]({address})" if address else rule.name()
    return f"{rule.code} {name}"
