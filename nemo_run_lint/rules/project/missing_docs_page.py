from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class MissingDocsPage(ProjectRule):
    """An experiment of the team has a page of documentation.

    Who wants to run it again in a year looks there for what it needs, what can be set, and what comes out.
    `nemo-run-lint docs` writes the page from the code and its docstrings, and keeps it fresh.

    Asked of files that make an experiment and lie where experiments belong; where that is, and where their pages are,
    say `experiment` and `documentation` of `[tool.nemo-run-lint.layout]`. flake8 does not run this rule, which looks at
    other files.

    Bad:

        # experiments/bert.py
        with run.Experiment("bert-pretraining") as exp:
            exp.run()

    Good:

        # experiments/bert.py
        with run.Experiment("bert-pretraining") as exp:
            exp.run()

        # docs/experiments/bert.md
        # BERT
    """

    code = "NRL902"
    strict = True
    message = "this experiment has no page of documentation: `{page}` does not exist"
    help = "write it with `nemo-run-lint docs {path}`"

    def check(self, experiment: LaidOut, file: File) -> Reports:
        if not file.project.exists(experiment.parts.documentation):
            yield self.at(experiment.node, page=experiment.parts.documentation, path=experiment.path)
