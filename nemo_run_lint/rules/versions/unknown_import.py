from functools import partial

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import apis, is_guarded
from nemo_run_lint.nemo.lack import Lack, lacking
from nemo_run_lint.nemo.replacements import importable_from, replacement
from nemo_run_lint.nemo.versions import Api, Known, Missing
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import dotted


class UnknownImport(Rule):
    """An import of what NeMo Run does not have raises ImportError before anything else runs.

    The modules and names are those of every release of nemo_run that the project uses, or of 0.11.1. `import
    nemo_run.run.experiment as e` fails as well (`'function' object has no attribute 'experiment'`): it reads the
    attribute `nemo_run.run`, which is the function; `from nemo_run.run import experiment` works. The command is called
    `nemorun`, the package `nemo_run`.

    Not reported in a `try` that catches ImportError, under TYPE_CHECKING, and behind a check of the version.

    Bad:

        from nemo_run.config import ZlibJSONSerializer

    Good:

        from nemo_run.core.serialization.zlib_json import ZlibJSONSerializer
    """

    code = "NRL702"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "{owner} has no `{name}` in nemo_run {version}: this import fails"
    help = "{instead}"

    def check(self, statement: cst.Import | cst.ImportFrom, file: File) -> Reports:
        if isinstance(statement.names, cst.ImportStar) or is_guarded(file, statement):
            return
        for alias in statement.names:
            lack = lacking(file, partial(_missing, statement, alias))
            if lack is not None:
                missing = lack.missing
                module = statement.module if isinstance(statement, cst.ImportFrom) else None
                is_name = module is not None and missing.owner.path == dotted(module)
                owner = "nemo_run.run, which is a function," if missing.owner.kind == "function" else missing.owner.path
                yield self.at(
                    alias if is_name else module or alias,
                    fix=_fix(statement, lack, apis(file)),
                    name=missing.name,
                    owner=owner,
                    version=lack.where,
                    instead=_instead(lack, apis(file)[-1]),
                )


def _missing(statement: cst.Import | cst.ImportFrom, alias: cst.ImportAlias, version: Api) -> Missing | None:
    name = dotted(alias.name) or ""
    found: Known | Missing | None
    if isinstance(statement, cst.ImportFrom):
        module = dotted(statement.module) if statement.module is not None and not statement.relative else ""
        found = version.imported(module, name) if module else None
    else:
        found = version.module(name)
        if isinstance(found, Known) and alias.asname is not None:
            found = Known("module", "nemo_run")
            for part in name.split(".")[1:]:
                found = version.attribute(found, part) if isinstance(found, Known) else found
    return found if isinstance(found, Missing) else None


def _fix(statement: cst.Import | cst.ImportFrom, lack: Lack, versions: tuple[Api, ...]) -> NodeFix | None:
    """The module that a module, or the only name of an import, has moved to."""
    if not isinstance(statement, cst.ImportFrom) or statement.module is None:
        return None
    if lack.renamed is None:
        return _from_elsewhere(statement, statement.module, lack, versions)
    names = (
        [dotted(each.name) or "" for each in statement.names] if not isinstance(statement.names, cst.ImportStar) else []
    )
    has_moved = dotted(statement.module) == f"{lack.missing.owner.path}.{lack.missing.name}"
    module = lack.renamed if has_moved else lack.renamed.rpartition(".")[0]
    if not has_moved and len(names) > 1:
        return None
    if any(isinstance(version.imported(module, name), Missing) for version in versions for name in names):
        return None
    return lack.fix(statement.module, module)


def _from_elsewhere(
    statement: cst.ImportFrom, module: cst.BaseExpression, lack: Lack, versions: tuple[Api, ...]
) -> NodeFix | None:
    """The module that has the only name of an import, in all versions that count."""
    name = lack.missing.name
    if isinstance(statement.names, cst.ImportStar) or len(statement.names) > 1 or lack.missing.owner.kind != "module":
        return None
    if dotted(statement.names[0].name) != name or dotted(module) != lack.missing.owner.path:
        return None
    places = {importable_from(name, version) for version in versions}
    place = places.pop() if len(places) == 1 else None
    return NodeFix(f"import it from {place}", (NodeEdit(module, place),)) if place is not None else None


def _instead(lack: Lack, version: Api) -> str:
    if lack.missing.owner.kind == "function":
        return f"write `from nemo_run.run import {lack.missing.name}`"
    return lack.advice(replacement(lack.missing, version))
