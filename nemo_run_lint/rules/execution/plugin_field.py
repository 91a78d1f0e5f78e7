from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import certain, plugin_class, plugins
from nemo_run_lint.nemo.unsaveable import unsaveable
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword


class PluginField(Rule):
    """A plugin is saved with the experiment, and so is everything in its fields.

    A pathlib.Path, an open file or a logger in a field of the plugin is accepted by exp.add, and stops exp.run (and
    exp.dryrun) with nemo_run 0.11.1 and `UnserializableValueError: Unserializable value /x of type PosixPath. Error
    occurred at path '<root>.plugins[0].path'`.

    Reported for fields of dataclasses of the file, in the call and by their defaults.

    Bad:

        import dataclasses
        from pathlib import Path
        import nemo_run as run

        @dataclasses.dataclass(kw_only=True)
        class Profiling(run.Plugin):
            path: Path = Path("profile")

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train", plugins=[Profiling()])
            exp.dryrun()

    Good:

        import dataclasses
        import nemo_run as run

        @dataclasses.dataclass(kw_only=True)
        class Profiling(run.Plugin):
            path: str = "profile"

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train", plugins=[Profiling()])
            exp.dryrun()
    """

    code = "NRL633"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`{field}` of the plugin `{plugin}` is {what}, which cannot be saved with the experiment"
    help = "keep text or numbers in the plugin, and make the object in its `setup`"

    def check(self, submission: Submission, file: File) -> Reports:
        written = plugins(submission) if submission.how != "run.Task" else None
        source = certain(file, written) if written is not None else None
        if submission.how == "run.run" and submission.executor is None:
            return
        for element in source.elements if isinstance(source, (cst.List, cst.Tuple)) else ():
            made = certain(file, element.value)
            definition = file.values.definition(made.func) if isinstance(made, cst.Call) else None
            if not isinstance(made, cst.Call) or not isinstance(definition, cst.ClassDef):
                continue
            if not definition.decorators or plugin_class(file, definition) is None:
                continue
            for name, value in _fields(file, made, definition):
                what = unsaveable(file, value)
                if what is not None:
                    yield self.at(value, field=name, plugin=definition.name.value, what=what)


def _fields(file: File, made: cst.Call, definition: cst.ClassDef) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The fields of a plugin with their values: those that are given, and the defaults of the others."""
    given = {each.keyword.value: each.value for each in made.args if each.keyword is not None}
    yield from given.items()
    if any(each.star for each in made.args):
        return
    for field in file.tree.below(definition.body, cst.AnnAssign, into_functions=False):
        if isinstance(field.target, cst.Name) and field.value is not None and field.target.value not in given:
            value = field.value
            if isinstance(value, cst.Call) and file.names.qualified(value.func) == "dataclasses.field":
                value = keyword(value, "default") or value
            yield field.target.value, value
