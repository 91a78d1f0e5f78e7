from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UntypedParameter(Rule):
    """Every parameter of a task, factory, entrypoint or experiment builder has a type.

    NeMo Run's command line turns text into values by the annotations; of a parameter without one it guesses from the
    text (`x=1e5` is a number, `x=1e5a` is not). One finding names all that are missing.

    Not asked: self and cls, `*args` and `**kwargs`, names that begin with an underscore, tests.

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
            listed = f"{', '.join(missing[:-1])} and {missing[-1]}" if len(missing) > 1 else missing[0]
            yield self.at(function.node.name, role=function.role, name=function.name, missing=listed)
