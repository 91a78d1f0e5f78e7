import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.replacements import replacement
from nemo_run_lint.nemo.versions import Known, Missing, api
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.names import dotted


class UnknownImport(Rule):
    """An import of what NeMo Run does not have raises ImportError before anything else runs.

    The modules and names are those of nemo_run 0.11.1. `import nemo_run.run.experiment as e` fails as well (`'function'
    object has no attribute 'experiment'`): it reads the attribute `nemo_run.run`, which is the function; `from
    nemo_run.run import experiment` works. The command is called `nemorun`, the package `nemo_run`.

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
            missing = _missing(statement, alias)
            if missing is not None:
                at = statement.module if isinstance(statement, cst.ImportFrom) else None
                is_name = isinstance(statement, cst.ImportFrom) and missing.owner.path == dotted(
                    statement.module or alias
                )
                owner = "nemo_run.run, which is a function," if missing.owner.kind == "function" else missing.owner.path
                yield self.at(
                    alias if is_name else at or alias,
                    name=missing.name,
                    owner=owner,
                    version=api().version,
                    instead=_instead(missing),
                )


def _missing(statement: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> Missing | None:
    name = dotted(alias.name) or ""
    found: Known | Missing | None
    if isinstance(statement, cst.ImportFrom):
        module = dotted(statement.module) if statement.module is not None and not statement.relative else ""
        found = api().imported(module, name) if module else None
    else:
        found = api().module(name)
        if isinstance(found, Known) and alias.asname is not None:
            found = Known("module", "nemo_run")
            for part in name.split(".")[1:]:
                found = api().attribute(found, part) if isinstance(found, Known) else found
    return found if isinstance(found, Missing) else None


def _instead(missing: Missing) -> str:
    if missing.owner.kind == "function":
        return f"write `from nemo_run.run import {missing.name}`"
    return replacement(missing.owner, missing.name)
