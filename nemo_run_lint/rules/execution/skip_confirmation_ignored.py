import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import added_argument, without
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.handed_over import is_true
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class SkipConfirmationIgnored(Rule):
    """`skip_confirmation=True` of run.cli.entrypoint has no effect: the command still asks.

    It is noted down and never read (nemo_run 0.11.1, `nemo_run/cli/api.py`; NVIDIA-NeMo/Run#608). Where nobody can
    answer, as in CI, the command ends without having done anything. The fix, where the file calls run.cli.main, is
    unsafe: nobody is asked any more.

    Bad:

        @run.cli.entrypoint(skip_confirmation=True)
        def train():
            print("training")

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        @run.cli.entrypoint
        def train():
            print("training")

        if __name__ == "__main__":
            run.cli.main(train, cmd_defaults={"skip_confirmation": True})
    """

    code = "NRL642"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`skip_confirmation=True` is ignored here: the command still asks before it runs"
    help = 'write `run.cli.main({name}, cmd_defaults={{"skip_confirmation": True}})`, or call it with `--yes`'

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        value = (entrypoint.settings or {}).get("skip_confirmation")
        if value is not None and is_true(file, value):
            given = file.tree.parent(value)
            yield self.at(given, fix=_fix(entrypoint, given, file), name=entrypoint.name)


def _fix(entrypoint: Entrypoint, given: cst.CSTNode, file: File) -> NodeFix | None:
    """The same for the only run.cli.main of the entrypoint, as one of its `cmd_defaults`."""
    calls = [each for each in file.tree.nodes(cst.Call) if public(file.names.qualified(each.func)) == "cli.main"]
    functions = [keyword(each, "fn") or positional(each, 0) for each in calls]
    mains = [
        call
        for call, function in zip(calls, functions, strict=True)
        if function is not None and file.values.definition(function) is entrypoint.node
    ]
    if len(mains) != 1 or keyword(mains[0], "cmd_defaults") is not None or any(each.star for each in mains[0].args):
        return None
    added, removed = added_argument(mains[0], 'cmd_defaults={"skip_confirmation": True}'), without(file, given)
    if added is None or not removed:
        return None
    return NodeFix("say it to run.cli.main", (*removed, added), safe=False)
