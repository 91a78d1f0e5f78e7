from difflib import get_close_matches

from nemo_run_lint.nemo.docstring import docstring, missing_in
from nemo_run_lint.nemo.docstring_edits import renamed_parameter
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Reports, Rule


class DocstringNamesUnknownParameter(Rule):
    """The docstring describes a parameter that the function does not have: renamed, removed, or misspelt.

    Who follows it writes `run.Partial(train, learning_rate=...)` and gets a TypeError. Found in the lists of
    parameters in the styles of Google, NumPy, reST and epydoc. Silent where `**kwargs` may take the name, and for
    tests.

    The fix writes the name that is nearly the same, or the only one that is not described; what is said of it may still
    be of another one, so that it is unsafe.

    Bad:

        def train(lr: float) -> None:
            \"\"\"Train the model.

            Args:
                learning_rate: The learning rate at the start.
            \"\"\"

        task = run.Partial(train, lr=0.1)

    Good:

        def train(lr: float) -> None:
            \"\"\"Train the model.

            Args:
                lr: The learning rate at the start.
            \"\"\"

        task = run.Partial(train, lr=0.1)
    """

    code = "NRL109"
    message = "the docstring of {role} `{name}` describes {unknown}, which it does not have{hint}"
    help = "name the parameters in the docstring as the function does"

    def check(self, function: AnyFunction, file: File) -> Reports:
        written = docstring(function)
        if written is None or function.node.params.star_kwarg is not None or function.is_test:
            return
        known = {parameter.name.value for parameter in function.parameters} | {"self", "cls"}
        unknown = [name for name in written.listed if name.isidentifier() and name not in known and name[0].islower()]
        if unknown:
            near = get_close_matches(unknown[0], sorted(known - set(written.listed) - {"self", "cls"}), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            named = " and ".join(f"`{each}`" for each in dict.fromkeys(unknown))
            fix = _fix(function, unknown, near)
            yield self.at(function.node.name, fix=fix, role=function.role, name=function.name, unknown=named, hint=hint)


def _fix(function: AnyFunction, unknown: list[str], near: list[str]) -> NodeFix | None:
    """The name that is nearly the same, or the only one that is not described."""
    if not near:
        missing = missing_in(function)
        near = missing if len(missing) == len(set(unknown)) == 1 else []
    return renamed_parameter(function, unknown[0], near[0]) if near else None
