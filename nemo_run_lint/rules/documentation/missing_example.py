from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class MissingExample(Rule):
    """The docstring of a task, factory, entrypoint or experiment shows how to use it.

    The team guide asks for "descriptions and examples". An `Examples:` section, `>>>`, a fenced block, a code-block
    directive or a command line after `$` will do. Not asked: tests, and functions without a docstring, which have a
    finding already. Only the strict profile asks.

    Bad:

        @run.cli.entrypoint
        def train(steps: int = 100) -> None:
            \"\"\"Train the model.\"\"\"

    Good:

        @run.cli.entrypoint
        def train(steps: int = 100) -> None:
            \"\"\"Train the model.

            Example:
                $ python train.py steps=200
            \"\"\"
    """

    code = "NRL107"
    strict = True
    message = "the docstring of {role} `{name}` shows no example"
    help = "add an `Example:` section with a command or a few lines of code"

    def check(self, function: AnyFunction, file: File) -> Reports:
        written = docstring(function)
        if written is not None and not written.shows_example and not function.is_test:
            yield self.at(function.node.name, role=function.role, name=function.name)
