from nemo_run_lint.nemo.docstring import docstring, missing_in
from nemo_run_lint.nemo.docstring_edits import with_parameters
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedParameter(Rule):
    """Every parameter of a task, factory, entrypoint or experiment is described in its docstring.

    Parameters are what others change: on the command line, in run.Partial, in a sweep. The docstring may be in the
    style of Google, NumPy, reST or epydoc; a parameter also counts as described when a line begins with it, or when
    the text names it in backquotes. One finding names all that are missing.

    Not asked: self and cls, `*args` and `**kwargs`, names that begin with an underscore, tests, and functions without
    a docstring, which have a finding already.

    The fix, for docstrings in Google's style or in none, lists them with a TODO for what they mean, and so is unsafe.

    Bad:

        def train(steps: int, lr: float) -> None:
            \"\"\"Train the model.

            Args:
                steps: How long to train.
            \"\"\"

        task = run.Partial(train, steps=100, lr=0.1)

    Good:

        def train(steps: int, lr: float) -> None:
            \"\"\"Train the model.

            Args:
                steps: How long to train.
                lr: The learning rate at the start.
            \"\"\"

        task = run.Partial(train, steps=100, lr=0.1)
    """

    code = "NRL105"
    message = "the docstring of {role} `{name}` does not describe {what}"
    help = "describe what each parameter means, in an `Args:` section or the style of your project"

    def check(self, function: AnyFunction, file: File) -> Reports:
        missing = missing_in(function)
        if missing and not function.is_test:
            written = docstring(function)
            nothing = written is not None and not written.listed and len(missing) == len(function.asked)
            named = _listing(missing)
            what = f"its parameters: {named}" if nothing and len(missing) > 1 else named
            fix = with_parameters(function, missing)
            yield self.at(function.node.name, role=function.role, name=function.name, what=what, fix=fix)


def _listing(names: list[str], most: int = 6) -> str:
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
