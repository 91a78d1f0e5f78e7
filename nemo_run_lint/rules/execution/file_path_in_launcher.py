from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.launching import LaunchedFunction, guard_of, in_container, is_script
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import Kind


class FilePathInLauncher(Rule):
    """In a job the `__file__` of the launching script is a copy in the experiment's directory.

    A job executes the copy `__main__.py` that is kept with the experiment (`maybe_load_external_main` of nemo_run
    0.11.1). A path that is made from `__file__` leads there, not to where the script lies: data beside the script is
    not found, and modules beside it cannot be imported.

    Reported for what a task of the script reads, itself or through variables, and for `sys.path`.

    Bad:

        from pathlib import Path
        import nemo_run as run

        HERE = Path(__file__).parent

        def train():
            print((HERE / "data.txt").exists())

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()

    Good:

        from pathlib import Path
        import nemo_run as run

        def train(here):
            print((Path(here) / "data.txt").exists())

        if __name__ == "__main__":
            here = str(Path(__file__).parent)
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train, here=here), name="train")
                exp.run()
    """

    code = "NRL625"
    severity = Severity.WARNING
    fails = Phase.SILENT
    of_scripts = True
    message = "in the job of `{task}` this `__file__` is a copy in the experiment's directory, not the script"
    help = "work the path out under the guard and hand it to the task, or move the task to a module of its own"

    def check(self, launched: LaunchedFunction, file: File) -> Reports:
        if not is_script(file) or not launched.launch.is_reached or in_container(file, launched.submission):
            return
        found = [*_read(file, launched), *_on_the_path(file)]
        for name in dict.fromkeys(found):
            yield self.at(name, task=launched.name)


def _read(file: File, launched: LaunchedFunction) -> Iterator[cst.Name]:
    """The `__file__`s that a task reads."""
    for function in launched.with_callees():
        yield from _files(file, function.body)
    stack = [name.value for name in launched.globals_read()]
    seen: set[str] = set()
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        for value in _at_module_level(file, name):
            yield from _files(file, value)
            stack += [each.value for each in file.tree.below(value, cst.Name)]


def _at_module_level(file: File, name: str) -> Iterator[cst.BaseExpression]:
    """What a name of the module is assigned there, outside of the guard."""
    for binding in file.names.module.bindings.get(name, ()):
        if binding.kind is Kind.ASSIGNMENT and binding.value is not None and guard_of(file, binding.node) is None:
            yield binding.value


def _on_the_path(file: File) -> Iterator[cst.Name]:
    """The `__file__`s in sys.path.insert(...) and sys.path.append(...) at module level."""
    for call in file.tree.nodes(cst.Call):
        if file.names.qualified(call.func) not in ("sys.path.insert", "sys.path.append"):
            continue
        if not file.tree.enclosing(call, cst.FunctionDef) and guard_of(file, call) is None:
            for given in call.args:
                yield from _files(file, given.value)


def _files(file: File, node: cst.CSTNode) -> Iterator[cst.Name]:
    for name in [node] if isinstance(node, cst.Name) else file.tree.below(node, cst.Name):
        if name.value == "__file__" and isinstance(name, cst.Name) and not file.names.lookup(name):
            yield name
