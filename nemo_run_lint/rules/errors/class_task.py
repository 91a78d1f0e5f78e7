import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.job import submitted
from nemo_run_lint.nemo.saving import bases_in_file
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ClassTask(Rule):
    """A task made of a class only constructs an object, and is reported as SUCCEEDED.

    NeMo Run calls the target of the run.Partial once. For a class that makes an instance; its `run`, `train` or
    `__call__` is never called (nemo_run 0.11.1, `core/runners/fdl_runner.py`).

    It is an error for a class of the file, all of whose bases are in the file. For an imported name that is written
    like a class (`Model`) it is a warning. Not reported for a class whose constructor calls its own methods.

    Bad:

        class Training:
            def run(self):
                print("training")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(Training), name="train-llama")
                exp.run()

    Good:

        class Training:
            def run(self):
                print("training")

        def train():
            Training().run()

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train-llama")
                exp.run()
    """

    code = "NRL509"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "the task is the class `{name}`: an object is made, nothing is run, and the job is reported as SUCCEEDED"
    help = "write a function that makes the object and calls it"

    def check(self, submission: Submission, file: File) -> Reports:
        for source in submitted(file, submission):
            partial = file.at(Buildable, source)
            if partial is None or partial.kind != "Partial" or partial.target is None:
                continue
            definition = file.values.definition(partial.target)
            if isinstance(definition, cst.ClassDef):
                if _only_constructs(file, definition):
                    yield self.at(partial.target, name=partial.name)
            elif definition is None and _is_named_like_a_class(file, partial.target):
                yield self.at(partial.target, severity=Severity.WARNING, name=partial.name)


def _only_constructs(file: File, definition: cst.ClassDef) -> bool:
    """Whether making an object certainly does no work: all its code is in the file, and no method is called."""
    classes = [definition, *bases_in_file(file, definition)]
    bases = [base.value for each in classes for base in each.bases]
    if any(file.values.definition(base) not in classes and not file.names.is_builtin(base, "object") for base in bases):
        return False
    if any(each.keywords for each in classes):
        return False
    for each in classes:
        for name in ("__init__", "__new__", "__post_init__"):
            for method in file.values.attribute(each, name):
                calls = file.tree.below(method, cst.Call) if isinstance(method, cst.FunctionDef) else ()
                if any(
                    isinstance(call.func, cst.Attribute) and file.values.self_class(call.func.value) for call in calls
                ):
                    return False
    return True


def _is_named_like_a_class(file: File, target: cst.BaseExpression) -> bool:
    name = (file.names.qualified(target) or "").split(".")[-1]
    return name[:1].isupper() and not name.isupper() and "_" not in name and any(letter.islower() for letter in name)
