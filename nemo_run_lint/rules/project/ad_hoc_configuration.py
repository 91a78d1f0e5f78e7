from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.nemo.buildable import Argument, Buildable
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.laid_out import made_in
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule

_LITERALS = (cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float)


class AdHocConfiguration(Rule):
    """A task takes its numbers from a shared configuration, not from where it is added.

    A dict that is written for one task has no names that anybody checks, no defaults, and nobody else can start from
    it; the same goes for a row of numbers. A dataclass, and a function that returns a `run.Config` of it, have.

    Reported where a function is wrapped with run.Partial in a file that makes an experiment: a dict with a literal
    value in it, and more literal values than the option allows. Not in a factory, which is itself the shared
    configuration, and not in tests.

    Bad:

        def pretrain(config): ...

        with run.Experiment("bert-pretraining") as exp:
            exp.add(run.Partial(pretrain, {"learning_rate": 1e-4, "epochs": 10}))

    Good:

        from dataclasses import dataclass

        @dataclass
        class BertConfig:
            learning_rate: float = 1e-4
            epochs: int = 1

        def pretrain(config: BertConfig): ...

        with run.Experiment("bert-pretraining") as exp:
            exp.add(run.Partial(pretrain, config=run.Config(BertConfig, epochs=10)))
    """

    code = "NRL905"
    strict = True
    message = "`{target}` is handed {what} where the experiment is made"
    help = "write a configuration that others can share: a dataclass, and a function that returns a run.Config of it"

    maximum_literals = Option(5, "how many literal values a task may be given")

    def check(self, task: Buildable, file: File) -> Reports:
        if task.kind != "Partial" or task.target is None or not _is_ad_hoc(task, file):
            return
        for argument in task.arguments:
            if _is_dict_of_literals(file, argument):
                name = f" as {argument.shown}" if argument.name else ""
                yield self.at(argument.value, what=f"a dict{name}", target=task.name)
        literals = [argument for argument in task.arguments if _is_literal(file, argument.value)]
        if len(literals) > self.maximum_literals:
            what = f"{len(literals)} literal values, more than {self.maximum_literals},"
            yield self.at(task.target, what=what, target=task.name)


def _is_ad_hoc(task: Buildable, file: File) -> bool:
    factories = {factory.node for factory in file.all(Factory)}
    functions = [above for above in file.tree.ancestors(task.node) if isinstance(above, cst.FunctionDef)]
    is_function = not task.name.rpartition(".")[2][:1].isupper()
    return is_function and bool(made_in(file)) and factories.isdisjoint(functions) and not file.in_test(task.node)


def _is_dict_of_literals(file: File, argument: Argument) -> bool:
    made = file.values.value(argument.value)
    if isinstance(made, cst.Call) and file.names.is_builtin(made.func, "dict"):
        return any(_is_literal(file, each.value) for each in made.args)
    return isinstance(made, cst.Dict) and any(_is_literal(file, value) for value in _values(made))


def _values(made: cst.Dict) -> Iterator[cst.BaseExpression]:
    for element in made.elements:
        if isinstance(element, cst.DictElement):
            nested = element.value
            yield from _values(nested) if isinstance(nested, cst.Dict) else [nested]


def _is_literal(file: File, value: cst.CSTNode) -> bool:
    plain = value.expression if isinstance(value, cst.UnaryOperation) else value
    return isinstance(plain, _LITERALS) or file.names.is_builtin(plain, "True", "False", "None")
