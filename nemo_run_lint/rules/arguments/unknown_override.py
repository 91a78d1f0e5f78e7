from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.command_lines import Argument
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import instead, renamed
from nemo_run_lint.nemo.override import Form
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, ProjectRule, Reports
from nemo_run_lint.signatures.binding import near

#: What `run.` on a command line can set: the fields of `RunContext` (nemo_run 0.11.1, `cli/api.py`).
_OF_RUN = (
    "name direct dryrun factory load repl detach skip_confirmation tail_logs yaml to_yaml to_toml to_json executor "
    "plugins".split()
)


class UnknownOverride(ProjectRule):
    """An argument of a command line names a parameter of the entrypoint, or an attribute below one: another name fails.

    `python train.py trainer.max_step=10` stops with nemo_run 0.11.1 and `No parameter named 'max_step' exists`, before
    anything runs, and the exit status is 0 all the same. What the name is a part of is followed through the script and
    its default factory, or the one behind `--factory`, as it is for `recipe.trainer.max_step = 10`.

    Checked in shell scripts, in the shell blocks of pages, and in the `!` lines of notebooks, where the script is a
    file of the project that hands one function to run.cli.main, or `nemo` starts a command that is installed. A warning
    where the command holds something else that cannot be told, as `"$@"`.

    Bad:

        # launch.sh
        python train.py step=10

        # train.py
        import nemo_run as run

        def train(steps: int = 100):
            print("steps:", steps)

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        # launch.sh
        python train.py steps=10

        # train.py
        import nemo_run as run

        def train(steps: int = 100):
            print("steps:", steps)

        if __name__ == "__main__":
            run.cli.main(train)
    """

    code = "NRL814"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{what}"
    help = "{instead}"

    def check(self, argument: Argument, file: File) -> Reports:
        if argument.override.form is Form.RUN:
            yield from self._of_run(argument)
        elif argument.misfit is not None and not argument.given.is_value:
            problem = argument.misfit.problem
            whose = f"`{argument.owner}` (`{problem.owner}`)" if argument.owner else f"`{problem.owner}`"
            what = {
                Wrong.UNKNOWN_ATTRIBUTE: f"{whose} has no parameter `{problem.name}`",
                Wrong.UNSET_ATTRIBUTE: f"`{problem.name}` of {whose} is not set and has no default",
                Wrong.ATTRIBUTE_OF_PLAIN: f"`{argument.owner}` is {problem.detail} and has no `{problem.name}`",
            }.get(problem.wrong)
            if what is not None:
                unknown = problem.wrong is Wrong.UNKNOWN_ATTRIBUTE
                yield self.at(
                    argument.node,
                    fix=renamed(argument.misfit),
                    severity=argument.severity,
                    notes=argument.misfit.notes,
                    what=what,
                    instead=instead(problem) if unknown else "give it first, with the name of a factory",
                )

    def _of_run(self, argument: Argument) -> Reports:
        """`run.detatch=True`."""
        name = argument.override.key.partition(".")[0].partition("[")[0]
        if name not in _OF_RUN:
            close = near(name, _OF_RUN)
            listed = ", ".join(f"`{each}`" for each in _OF_RUN)
            advice = f"did you mean `run.{close}`?" if close else f"available are {listed}"
            what = f"nothing of how a command runs is called `run.{name}`"
            yield self.at(argument.node, severity=argument.severity, what=what, instead=advice)
        elif argument.given.has_executor and name not in ("executor", "plugins") and not argument.is_beside("executor"):
            what = f"with a default executor, `run.{name}` is looked for in that executor, and the command stops"
            option = name.replace("_", "-")
            yield self.at(argument.node, severity=argument.severity, what=what, instead=f"use `--{option}`")
