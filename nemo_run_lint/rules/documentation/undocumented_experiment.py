from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.docstring_edits import begun
from nemo_run_lint.nemo.experiment import ExperimentBuilder
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedExperiment(Rule):
    """A function that builds an experiment says in its docstring what the experiment is for.

    The team standard asks for one on every function that makes a run.Experiment or is annotated to return one.
    Tests are not asked; entrypoints and factories have rules of their own.

    The fix begins one with a TODO for everything that it has to say, and is unsafe: only a person knows the rest.

    Bad:

        def launch(task: run.Partial) -> None:
            with run.Experiment("ablation") as exp:
                exp.add(task, name="train")

    Good:

        def launch(task: run.Partial) -> None:
            \"\"\"Measure what dropout brings, with one training run.\"\"\"
            with run.Experiment("ablation") as exp:
                exp.add(task, name="train")
    """

    code = "NRL104"
    message = "`{name}` builds an experiment and has no docstring"
    help = "say in a docstring what the experiment is for, what it needs and what comes out"

    def check(self, builder: ExperimentBuilder, file: File) -> Reports:
        if docstring(builder) is None and not builder.is_test:
            yield self.at(builder.node.name, name=builder.name, fix=begun(builder))
