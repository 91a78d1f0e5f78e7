import re
from pathlib import PurePath

from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.docstring_edits import with_example
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.evident_type import literal_type
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Reports, Rule
from nemo_run_lint.syntax.values import text


class MissingExample(Rule):
    """The docstring of a task, factory, entrypoint or experiment shows how to use it.

    The team guide asks for "descriptions and examples". An `Examples:` section, `>>>`, a fenced block, a code-block
    directive or a command line after `$` will do. Not asked: tests, and functions without a docstring, which have a
    finding already. Only the strict profile asks.

    The fix writes down the command that runs an entrypoint, with its defaults, and is unsafe: a better example is known
    to who wrote it.

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
            yield self.at(function.node.name, role=function.role, name=function.name, fix=_fix(function, file))


def _fix(function: AnyFunction, file: File) -> NodeFix | None:
    """The command line of an entrypoint that has a default for everything it asks, or asks nothing."""
    if not isinstance(function, Entrypoint):
        return None
    given = []
    for parameter in function.asked:
        kind = literal_type(file, parameter.default)
        if parameter.default is None or (kind is not None and "[" in kind):
            return None
        value = text(parameter.default) or file.code(parameter.default)
        if kind is not None and re.fullmatch(r"[\w.+-]+", value):
            given.append(f" {parameter.name.value}={value}")
    return with_example(function, [f"$ python {PurePath(file.path).name}{''.join(given[:3])}"])
