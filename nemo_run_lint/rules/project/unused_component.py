from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.laid_out import Component
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class UnusedComponent(ProjectRule):
    """What a library offers to experiments is used by one.

    A component or configuration that no experiment uses is read, kept working and reviewed for nothing, and who looks
    for one to start from finds it first.

    A component is a public function or class at the top of a module that makes configurations, tasks or executors, in a
    file that makes no experiment itself. It is used where any code, notebook, script or file of settings of the project
    other than the tests says its name; a factory may always be used on the command line. Only projects that have
    experiments where the layout has them are asked. That nobody outside of the project imports it is the assumption
    that makes this a rule of medium confidence. flake8 does not run this rule, which looks at other files.

    Bad:

        # team/configs.py
        from dataclasses import dataclass

        import nemo_run as run

        @dataclass
        class BertConfig:
            layers: int = 12

        def tiny_bert() -> run.Config[BertConfig]:
            return run.Config(BertConfig, layers=2)

        # experiments/bert.py
        from team.configs import BertConfig

    Good:

        # team/configs.py
        from dataclasses import dataclass

        import nemo_run as run

        @dataclass
        class BertConfig:
            layers: int = 12

        def tiny_bert() -> run.Config[BertConfig]:
            return run.Config(BertConfig, layers=2)

        # experiments/bert.py
        from team.configs import tiny_bert
    """

    code = "NRL908"
    severity = Severity.INFO
    confidence = Confidence.MEDIUM
    strict = True
    message = "no experiment uses `{name}`"
    help = "use it, or remove it"

    def check(self, component: Component, file: File) -> Reports:
        project = file.project
        if component.is_used_here or not project.experiments():
            return
        if not project.mentions(component.name, component.path):
            yield self.at(component.node.name, name=component.name)
