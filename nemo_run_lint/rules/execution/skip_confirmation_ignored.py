from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.handed_over import is_true
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class SkipConfirmationIgnored(Rule):
    """`skip_confirmation=True` of run.cli.entrypoint has no effect: the command still asks.

    It is noted down and never read (nemo_run 0.11.1, `nemo_run/cli/api.py`; NVIDIA-NeMo/Run#608). Where nobody can
    answer, as in CI, the command ends without having done anything.

    Bad:

        @run.cli.entrypoint(skip_confirmation=True)
        def train():
            print("training")

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        @run.cli.entrypoint
        def train():
            print("training")

        if __name__ == "__main__":
            run.cli.main(train, cmd_defaults={"skip_confirmation": True})
    """

    code = "NRL642"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`skip_confirmation=True` is ignored here: the command still asks before it runs"
    help = 'write `run.cli.main({name}, cmd_defaults={{"skip_confirmation": True}})`, or call it with `--yes`'

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        value = (entrypoint.settings or {}).get("skip_confirmation")
        if value is not None and is_true(file, value):
            yield self.at(file.tree.parents[value], name=entrypoint.name)
