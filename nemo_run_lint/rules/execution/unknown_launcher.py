import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.executor import Setting, Settings
from nemo_run_lint.nemo.known import known
from nemo_run_lint.nemo.versions import Known, api, meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Report, Reports, Rule
from nemo_run_lint.syntax.values import text

#: Launchers by the text that stands for them (nemo_run 0.11.1, `LAUNCHER_MAP` in `core/execution/launcher.py`).
_LAUNCHERS = ("torchrun", "ft", "slurm_ray")


class UnknownLauncher(Rule):
    """An executor's launcher is "torchrun", "ft", "slurm_ray", or an object such as run.Torchrun().

    Anything else is found out when the launch is prepared, in exp.run and exp.dryrun of nemo_run 0.11.1: another text
    is a `KeyError` (`""` an `AssertionError`), a class in the place of an object `AssertionError: ... could not setup
    the launcher`, and "slurm_template" is known but cannot be made without a template (`ValueError`).

    Not reported where the file puts launchers of its own into `LAUNCHER_MAP`.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(launcher="mpirun")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import nemo_run as run

        executor = run.LocalExecutor(launcher=None)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL665"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "{problem}: exp.run raises {error}"
    help = "{instead}"

    def check(self, settings: Settings, file: File) -> Reports:
        if not settings.is_executor:
            return
        for setting in settings.given:
            if setting.name != "launcher" or "LAUNCHER_MAP" in file.text:
                continue
            for source in file.values.sources(setting.value):
                name = text(source)
                made = known(file, source)
                if name is not None and name not in _LAUNCHERS:
                    yield self._of_text(setting, name)
                elif isinstance(made, Known) and made.kind == "class" and _is_launcher(made):
                    problem = f"`{file.code(setting.value)}` is a class, not a launcher"
                    is_named = isinstance(setting.value, (cst.Name, cst.Attribute))
                    fix = NodeFix("make one", (NodeEdit(setting.value, "()", "after"),)) if is_named else None
                    instead = "make an object: add `()`"
                    yield self.at(setting.value, fix=fix, problem=problem, error="AssertionError", instead=instead)

    def _of_text(self, setting: Setting, name: str) -> Report:
        if name == "slurm_template":
            instead = "write `run.SlurmTemplate(template_inline=...)`"
            return self.at(
                setting.value, problem="`slurm_template` needs a template", error="ValueError", instead=instead
            )
        close = meant(name, _LAUNCHERS)
        instead = f'write "{close}"' if close else 'write "torchrun", "ft" or "slurm_ray"'
        error = "KeyError" if name else "AssertionError"
        written = setting.value
        fix = None
        if close and isinstance(written, cst.SimpleString):
            fix = NodeFix(f"write {close}", (NodeEdit(written, literal(close, written)),))
        return self.at(written, fix=fix, problem=f'there is no launcher `"{name}"`', error=error, instead=instead)


def _is_launcher(made: Known) -> bool:
    return api().is_subclass(made.path, api().public["Launcher"])
