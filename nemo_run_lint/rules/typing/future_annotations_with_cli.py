import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import postpones, reading
from nemo_run_lint.nemo.edits import removed_elements, removed_statement
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.registration import registrations, unknown_to_factory
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class FutureAnnotationsWithCli(Rule):
    """`from __future__ import annotations` turns types into text, which NeMo Run's command line cannot use.

    A factory does not get as far as the command line: its return type is evaluated inside nemo_run, which does not
    know the names of your module (`NameError: name 'run' is not defined`, when the module is imported; nemo_run 0.11.1,
    `cli/api.py`). An option of an entrypoint is refused when it is set: "Unsupported type: int".

    Silent for factories that are registered for a target, and for options that are classes.

    Removing the import is an unsafe fix: annotations that name what is defined further down, or is imported for the
    type checker alone, need it.

    Bad:

        from __future__ import annotations

        import nemo_run as run

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> run.Config[Model]:
            return run.Config(Model, hidden=2)

    Good:

        import nemo_run as run

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> run.Config[Model]:
            return run.Config(Model, hidden=2)
    """

    code = "NRL206"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "with postponed annotations {what}"
    help = "remove `from __future__ import annotations` from this module"

    def check(self, module: cst.Module, file: File) -> Reports:
        postponed = postpones(file)
        if postponed is None:
            return
        for factory in file.all(Factory):
            returns = factory.node.returns
            if returns is not None and any(registrations(factory)):
                unknown = unknown_to_factory(returns.annotation)
                if unknown is not None:
                    what = f"factory `{factory.name}` cannot be registered: nemo_run does not know `{unknown}`"
                    yield self.at(postponed, fix=_fix(postponed, file), what=what)
                    return
        for entrypoint in file.all(Entrypoint):
            for parameter in entrypoint.asked:
                if parameter.annotation is not None and reading(file, parameter.annotation.annotation) != "unknown":
                    option = f"`{parameter.name.value}` of `{entrypoint.name}`"
                    yield self.at(
                        postponed, fix=_fix(postponed, file), what=f"{option} cannot be set from the command line"
                    )
                    return


def _fix(alias: cst.ImportAlias, file: File) -> NodeFix | None:
    statement = file.tree.parent(alias)
    if not isinstance(statement, cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
        return None
    if len(statement.names) > 1:
        edits = removed_elements(statement.names, alias)
    else:
        edit = removed_statement(file, statement)
        edits = (edit,) if edit is not None else ()
    return NodeFix("remove it", edits, safe=False) if edits else None
