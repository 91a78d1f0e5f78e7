"""Whether the imports in the body of a `try` succeed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from nemo_run_lint.signatures.guards import Attempt
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.summary import Guard, ModuleSummary
from nemo_run_lint.signatures.symbols import Module

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index import Index

#: Of so many names it is looked whether they exist; more are imported to see whether something is installed.
_MOST_NAMES = 8


class Import(NamedTuple):
    """An import as written: a module, and the name that is taken from it, if any; `*` for all."""

    source: str
    attribute: str = ""


def tried_imports(summary: ModuleSummary) -> Mapping[int, list[Import]]:
    """The imports that stand directly in the body of a `try`, by its line; none of one that may raise by itself."""
    found: dict[int, list[Import]] = {}

    def add(guards: tuple[Guard, ...], imported: Import) -> None:
        if guards and (guards[-1].kind, guards[-1].branch, guards[-1].test) == ("try", 0, ""):
            found.setdefault(guards[-1].line, []).append(imported)

    for bindings in summary.names.values():
        for binding in bindings:
            if binding.kind == "import":
                add(binding.guards, Import(binding.source, binding.attribute))
    for source, guards in summary.stars:
        add(guards, Import(source, "*"))
    for source, guards in summary.submodules:
        add(guards, Import(source))
    return found


def attempted(index: Index, module: Module, imports: list[Import]) -> Attempt:
    """What becomes of these imports together."""
    sources = {index.absolute(module, each.source) for each in imports}
    if any(source is None or not index.is_module(source) for source in sources):
        return Attempt.LACKS_MODULE
    names = [each for each in imports if each.attribute][:_MOST_NAMES]
    outcomes = {_named(index, module, each) for each in names} if imports else {Attempt.UNCLEAR}
    return next((each for each in (Attempt.LACKS_NAME, Attempt.UNCLEAR) if each in outcomes), Attempt.SUCCEEDS)


def _named(index: Index, module: Module, imported: Import) -> Attempt:
    target = index.module(index.absolute(module, imported.source) or "")
    if imported.attribute == "*":
        return Attempt.UNCLEAR if isinstance(target, Unknown) else Attempt.SUCCEEDS
    if isinstance(target, Unknown):
        return Attempt.SUCCEEDS
    found = index.member(target, imported.attribute)
    reason = found.reason if isinstance(found, Unknown) else None
    if reason is Reason.NO_SUCH_NAME:
        return Attempt.LACKS_NAME
    return Attempt.UNCLEAR if reason in (Reason.MODULE_GETATTR, Reason.STAR_IMPORT) else Attempt.SUCCEEDS
