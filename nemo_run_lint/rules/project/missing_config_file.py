from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class MissingConfigFile(ProjectRule):
    """An experiment of the team keeps its configuration in a file of its own.

    The numbers that decide what it does are then found, changed and reviewed in one place, and other experiments can
    start from them.

    Asked of files that make an experiment and lie where experiments belong; where that is, and where their
    configurations are, say `experiment` and `config` of `[tool.nemo-run-lint.layout]`. flake8 does not run this rule,
    which looks at other files.

    Bad:

        # experiments/bert.py
        def pretrain(learning_rate: float) -> None: ...

        with run.Experiment("bert-pretraining") as exp:
            exp.add(run.Partial(pretrain, learning_rate=1e-4))

    Good:

        # experiments/bert.py
        from configs.bert_config import LEARNING_RATE

        def pretrain(learning_rate: float) -> None: ...

        with run.Experiment("bert-pretraining") as exp:
            exp.add(run.Partial(pretrain, learning_rate=LEARNING_RATE))

        # configs/bert_config.py
        LEARNING_RATE = 1e-4
    """

    code = "NRL903"
    severity = Severity.INFO
    strict = True
    message = "this experiment has no file of configuration: `{path}` does not exist"
    help = "put there the numbers that decide what it does, and import them"

    def check(self, experiment: LaidOut, file: File) -> Reports:
        if not file.project.exists(experiment.parts.config):
            yield self.at(experiment.node, path=experiment.parts.config)
