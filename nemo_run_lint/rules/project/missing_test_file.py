from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class MissingTestFile(ProjectRule):
    """An experiment of the team has a test file.

    What is never tried before it is launched fails in the queue. A test that only makes the experiment and calls
    `experiment.dryrun()` finds most of that in a second.

    Asked of files that make an experiment and lie where experiments belong; where that is, and where their tests are,
    say `experiment` and `test` of `[tool.nemo-run-lint.layout]`. flake8 does not run this rule, which looks at other
    files.

    Bad:

        # experiments/bert.py
        with run.Experiment("bert-pretraining") as exp:
            exp.run()

    Good:

        # experiments/bert.py
        with run.Experiment("bert-pretraining") as exp:
            exp.run()

        # tests/test_bert.py
        from experiments.bert import exp
    """

    code = "NRL901"
    strict = True
    message = "this experiment has no test file: `{path}` does not exist"
    help = "write it; a test that makes the experiment and calls `experiment.dryrun()` is a beginning"

    def check(self, experiment: LaidOut, file: File) -> Reports:
        if not file.project.exists(experiment.parts.test):
            yield self.at(experiment.node, path=experiment.parts.test)
