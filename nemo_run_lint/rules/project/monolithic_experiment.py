import libcst as cst

from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.experiment import ExperimentBuilder
from nemo_run_lint.nemo.given_name import TaskList
from nemo_run_lint.nemo.handed_over import group, length
from nemo_run_lint.nemo.laid_out import made_in
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule


class MonolithicExperiment(Rule):
    """An experiment is put together from parts that can be read, tested and used one by one.

    One function that does everything, and one experiment with every task in it, can only be taken as a whole. Move what
    belongs together into functions that add some tasks, or that return one; several experiments can then share them.

    Reported are experiments with more tasks than the option allows, as far as the file shows them, the members of
    groups counted, and functions that make an experiment in more lines than the option allows, the docstring not
    counted. Tests are not asked.

    Bad:

        def step(): ...

        with run.Experiment("everything") as exp:
            exp.add(run.Partial(step), name="load")
            exp.add(run.Partial(step), name="clean")
            exp.add(run.Partial(step), name="split")
            exp.add(run.Partial(step), name="tokenize")
            exp.add(run.Partial(step), name="shuffle")
            exp.add(run.Partial(step), name="pack")
            exp.add(run.Partial(step), name="train")
            exp.add(run.Partial(step), name="tune")
            exp.add(run.Partial(step), name="distill")
            exp.add(run.Partial(step), name="prune")
            exp.add(run.Partial(step), name="export")

    Good:

        def step(): ...

        def add_data(exp: run.Experiment) -> list[str]:
            return [exp.add(run.Partial(step), name=name) for name in ("load", "clean", "split")]

        def add_model(exp: run.Experiment, after: list[str]) -> None:
            exp.add(run.Partial(step), name="train", dependencies=after)

        with run.Experiment("everything") as exp:
            add_model(exp, after=add_data(exp))
    """

    code = "NRL906"
    strict = True
    message = "{what}, more than {maximum}: {shape} does everything at once"
    help = "split it into functions that each add a part of the tasks, or into several experiments"

    maximum_tasks = Option(10, "how many tasks an experiment may have")
    maximum_lines = Option(80, "how many lines a function that makes an experiment may have")

    def check(self, thing: TaskList | ExperimentBuilder | Entrypoint, file: File) -> Reports:
        if isinstance(thing, TaskList):
            tasks = sum(length(file, group(file, each) or each.node) or 1 for each in thing.tasks)
            if tasks > self.maximum_tasks and not file.in_test(thing.holder):
                holder = thing.holder.func if isinstance(thing.holder, cst.Call) else thing.tasks[0].node.func
                what = f"this experiment has {tasks} tasks"
                yield self.at(holder, what=what, maximum=self.maximum_tasks, shape="it")
        elif any(file.tree.inside(made, thing.node) for made in made_in(file)):
            lines = _lines(file, thing.node)
            if lines > self.maximum_lines:
                what = f"`{thing.name}` makes an experiment in {lines} lines"
                yield self.at(thing.node.name, what=what, maximum=self.maximum_lines, shape="one function")


def _lines(file: File, function: cst.FunctionDef) -> int:
    """How many lines a function has from `def` on, without its docstring."""
    whole = file.positions.span(function)
    docstring = function.body.body[0] if function.get_docstring() is not None else None
    told = file.positions.span(docstring) if docstring is not None else None
    return whole.end_line - whole.line + 1 - (told.end_line - told.line + 1 if told is not None else 0)
