import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue, keeps_its_name, returned_function
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class WrappedTarget(Rule):
    """A function behind a decorator can be saved only when importing its name gives the very same object.

    A task is saved as import paths, and each is tried out by `exp.add`. A decorator that returns its inner function
    without functools.wraps leaves a function called `decorate.<locals>.wrapper` (`AttributeError: 'function' object has
    no attribute '<locals>'`), functools.lru_cache and functools.cache leave an object that is no function
    (`UnserializableValueError`), and `timed = decorate(train)` with functools.wraps goes by the name `train`, which is
    another function (`UnserializableValueError: Couldn't create a pyref`): all with nemo_run 0.11.1.

    A functools.partial as the target fails alike: hand its function and arguments to run.Partial instead. Decorators
    are judged only when they are defined in the same file.

    Bad:

        def timed(function):
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)

            return wrapper

        @timed
        def train():
            print("training")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train), name="train")

    Good:

        import functools

        def timed(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)

            return wrapper

        @timed
        def train():
            print("training")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL404"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is `{name}`, {problem}: it cannot be saved"
    help = "use functools.wraps in the decorator, and give the decorated function the name of the function it wraps"

    def check(self, value: SavedValue, file: File) -> Reports:
        problem = None
        if isinstance(value.source, cst.FunctionDef) and file.tree.enclosing(value.source, cst.FunctionDef) is None:
            for decorator in value.source.decorators:
                problem = problem or self._decorated(decorator.decorator, file)
        elif isinstance(value.source, cst.Call):
            problem = self._called(value, value.source, file)
        if problem is not None:
            yield self.at(value.written, what=value.what, name=value.shown, problem=problem)

    def _decorated(self, decorator: cst.BaseExpression, file: File) -> str | None:
        """What a decorator does to a function that keeps it from being saved."""
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        path = file.names.qualified(called)
        if path in ("functools.lru_cache", "functools.cache"):
            return f"wrapped by {path}, which is no function any more"
        wrapper = returned_function(file, file.values.definition(called))
        if wrapper is not None and isinstance(decorator, cst.Call):
            wrapper = returned_function(file, wrapper)  # `@retry(3)` makes the decorator
        if wrapper is not None and keeps_its_name(file, wrapper) is False:
            return f"wrapped by `{file.code(called)}` without functools.wraps"
        return None

    def _called(self, value: SavedValue, call: cst.Call, file: File) -> str | None:
        """What is wrong with `timed(train)` under another name than `train`."""
        path = file.names.qualified(call.func)
        if path in ("functools.lru_cache", "functools.cache") and call.args:
            return "a functools cache, which is no function"
        if path == "functools.partial" and value.is_target and call.args:
            named = not isinstance(file.values.value(call.args[0].value), cst.Lambda)  # lambda-in-config says so
            return "a functools.partial, which is no function" if named else None
        wrapper = returned_function(file, file.values.definition(call.func))
        if wrapper is None or not keeps_its_name(file, wrapper) or not call.args:
            return None
        wrapped = file.values.definition(call.args[0].value)
        if not isinstance(value.written, cst.Name) or not isinstance(wrapped, cst.FunctionDef):
            return None
        name = wrapped.name.value
        return f"which goes by the name of `{name}`, another function" if name != value.written.value else None
