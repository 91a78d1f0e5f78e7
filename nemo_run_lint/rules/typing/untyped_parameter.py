import libcst as cst

from nemo_run_lint.nemo.annotation import postpones
from nemo_run_lint.nemo.buildable import made_for
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.evident_type import literal_type
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule


class UntypedParameter(Rule):
    """Every parameter of a task, factory, entrypoint or experiment builder has a type.

    NeMo Run's command line turns text into values by the annotations; of a parameter without one it guesses from the
    text (`x=1e5` is a number, `x=1e5a` is not). One finding names all that are missing.

    Not asked: self and cls, `*args` and `**kwargs`, names that begin with an underscore, tests.

    The fix goes by the defaults and by what the file's run.Partial and run.Config give, and is there if these say the
    types of all that are missing. It is unsafe: another file may give something else.

    Bad:

        def train(steps, lr: float) -> None: ...

        task = run.Partial(train, steps=100, lr=0.1)

    Good:

        def train(steps: int, lr: float) -> None: ...

        task = run.Partial(train, steps=100, lr=0.1)
    """

    code = "NRL201"
    message = "{role} `{name}` does not say the type of {missing}"
    help = "annotate every parameter: `steps: int`"

    def check(self, function: AnyFunction, file: File) -> Reports:
        missing = [f"`{each.name.value}`" for each in function.asked if each.annotation is None]
        if missing and not function.is_test:
            fix = _fix(function, file)
            listed = f"{', '.join(missing[:-1])} and {missing[-1]}" if len(missing) > 1 else missing[0]
            yield self.at(function.node.name, role=function.role, name=function.name, missing=listed, fix=fix)


def _fix(function: AnyFunction, file: File) -> NodeFix | None:
    edits = []
    if isinstance(function, Entrypoint) and postpones(file):
        return None  # the command line would not read the type: future-annotations-with-cli
    for parameter in function.asked:
        if parameter.annotation is None:
            kinds = {literal_type(file, value) for value in _values(function, parameter, file)}
            kind = kinds.pop() if len(kinds) == 1 else None
            if kind is None:
                return None
            edits.append(_edit(parameter, kind))
    return NodeFix("say the types of the values", tuple(edits), safe=False)


def _edit(parameter: cst.Param, kind: str) -> NodeEdit:
    """The type behind the name; the `=` of a default has blanks around it once there is one."""
    if parameter.default is None or getattr(parameter.default, "lpar", None):
        return NodeEdit(parameter.name, f": {kind}", "after")
    return NodeEdit(parameter.name, f": {kind} = ", "up to", parameter.default)


def _values(function: AnyFunction, parameter: cst.Param, file: File) -> list[cst.BaseExpression]:
    """What the file gives to a parameter: its default, and the arguments of configurations of the function."""
    found = [parameter.default] if parameter.default is not None else []
    for config in made_for(file, function.node):
        found += [each.value for each in config.arguments if each.name == parameter.name.value]
    return found
