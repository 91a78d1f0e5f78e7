from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class UntestedExperiment(ProjectRule):
    """The test file of an experiment tests it.

    A test file that holds no test, or never gets near the experiment, only looks like one.

    Near it is what imports it, what imports a module of the project that imports it, what has it from a conftest.py,
    and what names its file in a text, say to start it. That a test finds it in yet another way is the assumption that
    makes this a rule of medium confidence. An experiment without a test file is reported by missing-test-file. flake8
    does not run this rule, which looks at other files.

    Bad:

        # experiments/bert.py
        def launch() -> None:
            with run.Experiment("bert-pretraining") as exp:
                exp.run()

        # tests/test_bert.py
        def test_nothing():
            assert True

    Good:

        # experiments/bert.py
        def launch() -> None:
            with run.Experiment("bert-pretraining") as exp:
                exp.run()

        # tests/test_bert.py
        from experiments.bert import launch

        def test_it_can_be_launched():
            launch()
    """

    code = "NRL904"
    confidence = Confidence.MEDIUM
    strict = True
    message = "this experiment is not tested: `{path}` {problem}"
    help = "import it there, make it, and call `experiment.dryrun()`"

    def check(self, experiment: LaidOut, file: File) -> Reports:
        project, path = file.project, experiment.parts.test
        if not path.endswith(".py") or not project.exists(path):
            return
        if not project.has_tests(path):
            yield self.at(experiment.node, path=path, problem="holds no test")
        elif not project.reaches(path, experiment.path):
            yield self.at(experiment.node, path=path, problem="never imports it")
