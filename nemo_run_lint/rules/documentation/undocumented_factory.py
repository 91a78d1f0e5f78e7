from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.docstring_edits import begun
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedFactory(Rule):
    """A factory is chosen by its name on the command line: its docstring says what the name stands for.

    `--help` shows the first line of it beside the name (nemo_run 0.11.1, `help.py`). The team standard asks for one on
    every function under @run.cli.factory or @run.autoconvert. Tests are not asked.

    The fix begins one with a TODO for everything that it has to say, and is unsafe: only a person knows the rest.

    Bad:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> run.Config[Model]:
            return run.Config(Model, hidden=2)

    Good:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> run.Config[Model]:
            \"\"\"The smallest model, for a first try on one GPU.\"\"\"
            return run.Config(Model, hidden=2)
    """

    code = "NRL102"
    message = "factory `{name}` has no docstring"
    help = "say in a docstring what it makes and when to choose it"

    def check(self, factory: Factory, file: File) -> Reports:
        if docstring(factory) is None and not factory.is_test:
            yield self.at(factory.node.name, name=factory.name, fix=begun(factory))
