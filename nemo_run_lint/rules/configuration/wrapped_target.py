import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import above, bare_arguments
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.nemo.saving import SavedValue, keeps_its_name, local_to, returned_function
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import parameters


class WrappedTarget(Rule):
    """A function behind a decorator can be saved only when importing its name gives the very same object.

    A task is saved as import paths, and each is tried out by `exp.add`. A decorator that returns its inner function
    without functools.wraps leaves a function called `decorate.<locals>.wrapper` (`AttributeError: 'function' object has
    no attribute '<locals>'`), functools.lru_cache and functools.cache leave an object that is no function
    (`UnserializableValueError`), and `timed = decorate(train)` with functools.wraps goes by the name `train`, which is
    another function (`UnserializableValueError: Couldn't create a pyref`): all with nemo_run 0.11.1.

    A functools.partial as the target fails alike: hand its function and arguments to run.Partial instead, which is a
    safe fix. Decorators are judged only when they are defined in the same file; functools.wraps in them is an unsafe
    fix, since it changes all that they decorate.

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
            yield self.at(value.written, fix=_fix(value, file), what=value.what, name=value.shown, problem=problem)

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


def _fix(value: SavedValue, file: File) -> NodeFix | None:
    if isinstance(value.source, cst.FunctionDef):
        found = (_wrapping(file, each.decorator) for each in value.source.decorators)
        return next((each for each in found if each is not None), None)
    source = value.source
    is_partial = isinstance(source, cst.Call) and file.names.qualified(source.func) == "functools.partial"
    if not isinstance(source, cst.Call) or not is_partial or source is not value.buildable.target:
        return None
    wrapped = file.values.definition(source.args[0].value) if source.args else None
    if wrapped is not None and local_to(file, wrapped) is not None:
        return None  # local-function-target would say so
    inner, outer = source.args, value.buildable.node.args[1:]
    keywords = [each.keyword.value for each in (*inner, *outer) if each.keyword is not None]
    mixed = any(each.keyword is not None for each in inner) and any(each.keyword is None for each in outer)
    if mixed or len(keywords) > len(set(keywords)) or any(each.star for each in (*inner, *outer)):
        return None
    return NodeFix("hand over its function and arguments", bare_arguments(source))


def _wrapping(file: File, decorator: cst.BaseExpression) -> NodeFix | None:
    """functools.wraps above the function that a decorator of the file returns."""
    outer = file.values.definition(decorator.func if isinstance(decorator, cst.Call) else decorator)
    wrapper = returned_function(file, outer)
    if wrapper is not None and isinstance(decorator, cst.Call):
        outer, wrapper = wrapper, returned_function(file, wrapper)
    if not isinstance(outer, cst.FunctionDef) or wrapper is None or keeps_its_name(file, wrapper) is not False:
        return None
    named = parameters(outer)
    wraps = spelling(file, "functools.wraps", wrapper, by_module=True)
    if len(named) != 1 or wraps is None or wrapper.decorators:
        return None
    edit = above(file, wrapper, f"@{wraps.text}({named[0].name.value})")
    return NodeFix("add functools.wraps", (edit, *wraps.edits), safe=False)
