import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import Kind


class ReboundTarget(Rule):
    """A function whose name means something else further down is not what the job would import.

    A task is saved as the import path of its function, here the module and the name. If the file gives that name
    another meaning after the task was configured, the path leads to the other one. `exp.add` notices with nemo_run
    0.11.1 (`UnserializableValueError: Couldn't create a pyref for <function ...>; the same value was not obtained by
    importing`) when it is called after that; when it is called before, the job runs the other function.

    Reported only when both definitions and the configuration stand at module level, where their order is certain.

    Bad:

        def train():
            print("first")

        task = run.Partial(train)

        def train():
            print("second")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(task, name="train")

    Good:

        def train():
            print("first")

        task = run.Partial(train)

        def train_again():
            print("second")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(task, name="train")
    """

    code = "NRL405"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = (
        "{what} is `{name}`, and `{name}` means something else from line {line} on: the wrong one would be imported"
    )
    help = "give the two different names"

    def check(self, value: SavedValue, file: File) -> Reports:
        definition = value.definition
        if definition is None or not isinstance(value.written, cst.Name) or not _at_top(file, definition):
            return
        if file.names.scope_of(value.written) is not file.names.module:
            return
        name, used = definition.name.value, file.tree.order(value.written)
        for binding in file.names.module.bindings.get(name, ()):
            later = file.tree.order(binding.node) > used and _at_top(file, binding.node)
            if binding.value is not None and any(n.value == name for n in file.tree.below(binding.value, cst.Name)):
                continue  # `train = entrypoint(train)` may hand back the same function
            if later and binding.kind in (Kind.FUNCTION, Kind.CLASS, Kind.ASSIGNMENT, Kind.IMPORT):
                line = file.span(binding.node).line
                yield self.at(value.written, what=value.what, name=name, line=line)
                return


def _at_top(file: File, node: cst.CSTNode) -> bool:
    """Whether a statement stands in the module itself, not in an `if`, a loop or a function."""
    blocks = (cst.BaseSuite, cst.Module)
    return isinstance(next(above for above in file.tree.ancestors(node) if isinstance(above, blocks)), cst.Module)
