import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.executor import made_by
from nemo_run_lint.nemo.guarding import moved_under_guard
from nemo_run_lint.nemo.handed_over import is_none
from nemo_run_lint.nemo.launching import Answer, Launch, is_conditional, is_script, is_test, reached_from
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ModuleLevelArgparse(Rule):
    """`parse_args()` at module level ends every job before it has begun.

    Before a job calls its function, it executes a copy of the launching script (nemo_run 0.11.1,
    `maybe_load_external_main`). `parse_args()` then reads the command line of the job, does not know its arguments, and
    exits with status 2: the job has FAILED.

    It is a warning where the text does not show what is launched or where. Not reported in scripts that launch no
    function, for `parse_args` of a list that is given to it, and for parse_known_args.

    The fix moves the statement under the guard, if only what is under it reads the arguments. It is unsafe: who imports
    the file does not find them any more.

    Bad:

        import argparse
        import nemo_run as run

        parser = argparse.ArgumentParser()
        parser.add_argument("--rate", type=float, default=0.1)
        args = parser.parse_args()

        def train(rate): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train, rate=args.rate), name="train")
                exp.run()

    Good:

        import argparse
        import nemo_run as run

        parser = argparse.ArgumentParser()
        parser.add_argument("--rate", type=float, default=0.1)

        def train(rate): ...

        if __name__ == "__main__":
            args = parser.parse_args()
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train, rate=args.rate), name="train")
                exp.run()
    """

    code = "NRL622"
    severity = Severity.ERROR
    fails = Phase.JOB
    of_scripts = True
    message = "`{call}()` is also executed in every job, whose command line it does not know: the job exits"
    help = 'parse the arguments under `if __name__ == "__main__":`'

    def check(self, call: cst.Call, file: File) -> Reports:
        function = call.func
        if not isinstance(function, cst.Attribute) or function.attr.value != "parse_args" or not is_script(file):
            return
        if (call.args and not is_none(file, call.args[0].value)) or not _is_parser(file, function.value):
            return
        answers = {launch.reloads_script for launch in file.all(Launch) if launch.is_reached}
        if answers <= {Answer.NO} or is_test(file, call):
            return
        severity = Severity.ERROR if Answer.YES in answers else Severity.WARNING
        for node in reached_from(file, call):
            if not is_conditional(file, node) and isinstance(node, cst.Call):
                fix = moved_under_guard(file, node)
                yield self.at(node.func, fix=fix, severity=severity, call=file.code(node.func))


def _is_parser(file: File, node: cst.CSTNode) -> bool:
    """Whether an expression is certainly a parser of Python's argparse."""
    made = list(made_by(file, node))
    paths = [file.names.qualified(each.func) if isinstance(each, cst.Call) else None for each in made]
    return bool(paths) and all(path == "argparse.ArgumentParser" for path in paths)
