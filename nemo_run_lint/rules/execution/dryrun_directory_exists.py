import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.handed_over import argument_node
from nemo_run_lint.nemo.order import surely_before
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class DryrunDirectoryExists(Rule):
    """exp.run and exp.dryrun make the experiment's directory, and stop when it is there already.

    exp.dryrun removes it again, but for `exp.dryrun(delete_exp_dir=False)`: an exp.run after that stops with nemo_run
    0.11.1 and a FileExistsError, and so does an exp.dryrun after an exp.run.

    Bad:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.dryrun(delete_exp_dir=False)
                exp.run()

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.dryrun()
                exp.run()
    """

    code = "NRL619"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`{call}()` stops with a FileExistsError: {before} (line {line}) has left the experiment's directory"
    help = "leave out `delete_exp_dir=False`, and call exp.dryrun before exp.run"

    def check(self, experiment: Experiment, file: File) -> Reports:
        calls = [(method, call) for method, call in experiment.calls if method in ("run", "dryrun")]
        for place, (method, call) in enumerate(calls):
            if method == "dryrun" and _says(file, call, "exist_ok", 1) is not False:
                continue
            for earlier, other in calls[:place]:
                keeps = earlier == "run" or (_given(other) and _says(file, other, "delete_exp_dir", 2) is False)
                if keeps and (earlier, method) != ("run", "run") and surely_before(file, other, call):
                    before = f"`{' '.join(file.code(other).split())}`"
                    line, fix = file.span(other).line, _fix(file, other) if earlier == "dryrun" else None
                    yield self.at(call.func, fix=fix, call=file.code(call.func), before=before, line=line)
                    return


def _given(call: cst.Call) -> bool:
    return argument_node(call, "delete_exp_dir", 2) is not None


def _says(file: File, call: cst.Call, name: str, place: int) -> bool | None:
    """False for an argument that is False or not given, True for True, None for what cannot be told."""
    given = argument_node(call, name, place)
    if given is None:
        return None if any(each.star for each in call.args) else False
    value = file.values.value(given.value)
    return file.names.is_builtin(value, "True") if file.names.is_builtin(value, "True", "False") else None


def _fix(file: File, dryrun: cst.Call) -> NodeFix | None:
    given = argument_node(dryrun, "delete_exp_dir", 2)
    edits = without(file, given) if given is not None else ()
    return NodeFix("leave out delete_exp_dir=False", edits) if edits else None
