from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.docstring_edits import begun
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedEntrypoint(Rule):
    """The docstring of an entrypoint is what `--help` shows, and here there is none.

    nemo_run 0.11.1 (`cli/api.py`) takes the text of `--help` from `help=` or from the docstring. An entrypoint that is
    given `help=` is still asked for a docstring, because who reads the code sees no `--help`. Tests are not asked.

    The fix begins one with a TODO for everything that it has to say, and is unsafe: only a person knows the rest.

    Bad:

        @run.cli.entrypoint
        def train(steps: int = 100) -> None:
            print(steps)

    Good:

        @run.cli.entrypoint
        def train(steps: int = 100) -> None:
            \"\"\"Train the model for a number of steps.\"\"\"
            print(steps)
    """

    code = "NRL103"
    message = "entrypoint `{name}` has no docstring{use}"
    help = "say in a docstring what the command does and what its options mean"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        if docstring(entrypoint) is None and not entrypoint.is_test:
            has_help = entrypoint.settings is None or "help" in entrypoint.settings
            use = "" if has_help else ", which is the text of `--help`"
            yield self.at(entrypoint.node.name, name=entrypoint.name, use=use, fix=begun(entrypoint))
