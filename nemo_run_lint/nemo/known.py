"""Which module, class, function or object of NeMo Run an expression is; and where a failure is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS
from nemo_run_lint.nemo.versions import Api, Known, Missing, api
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import Binding, Kind, dotted

#: How many steps an expression is followed.
_STEPS = 6

#: Expressions that may be something of NeMo Run's.
_NAMING = frozenset({cst.Name, cst.Attribute, cst.Call, cst.IfExp, cst.BooleanOperation, cst.NamedExpr, cst.Subscript})

#: Classes that nobody subclasses: nemo_run looks an executor's scheduler up by its exact class.
_FINAL = EXECUTORS | {"Experiment"}

#: What is caught by who expects that a name or an argument is not there.
_CAUGHT = frozenset("ImportError ModuleNotFoundError AttributeError TypeError Exception BaseException".split())

_ASKING = frozenset("hasattr getattr setattr delattr find_spec object dict".split())


@dataclass(eq=False)
class _Told:
    """What was found out about a file's expressions, by version and steps; many rules ask about the same ones."""

    assigned: frozenset[str]
    told: dict[tuple[int, cst.CSTNode | Binding, int], Known | Missing | None] = field(default_factory=dict)

    @classmethod
    def find(cls, file: File) -> Iterable[_Told]:
        """The one of the file."""
        targets = [each.target for each in file.tree.nodes(cst.AssignTarget)]
        targets += [each.target for each in file.tree.nodes(cst.AnnAssign)]
        return (cls(frozenset(each.attr.value for each in targets if isinstance(each, cst.Attribute))),)


def apis(file: File) -> tuple[Api, ...]:
    """The versions of NeMo Run that count for a file, oldest first."""
    return _judging(file.versions)


@cache
def _judging(versions: tuple[str, ...]) -> tuple[Api, ...]:
    return tuple(map(api, versions)) or (api(),)


def known(file: File, node: cst.CSTNode, version: Api | None = None, steps: int = _STEPS) -> Known | Missing | None:
    """What `node` certainly is; Missing when NeMo Run does not have it; None when it cannot be told.

    Judged by `version`, or else by the newest that counts.
    """
    if node.__class__ not in _NAMING:
        return None
    version = version or apis(file)[-1]
    told = file.all(_Told)[0].told
    bindings = file.names.lookup(node) if isinstance(node, cst.Name) else ()
    # every use of a name that is bound once is the same
    asked = bindings[0] if len(bindings) == 1 else node
    for kept in (_STEPS, steps):
        if (version.key, asked, kept) in told:
            return told[version.key, asked, kept]
    if not steps:
        return None
    found = {_source(file, source, version, steps - 1) for source in file.values.sources(node)}
    told[version.key, asked, steps] = found.pop() if len(found) == 1 else None
    return told[version.key, asked, steps]


def object_class(file: File, node: cst.CSTNode) -> str | None:
    """The path of the nemo_run class whose object `node` certainly is."""
    found = known(file, node)
    return found.path if isinstance(found, Known) and found.kind == "object" else None


def _source(file: File, node: cst.CSTNode, version: Api, steps: int) -> Known | Missing | None:
    if isinstance(node, cst.Name):
        found = {_bound(file, binding, version, steps) for binding in file.names.lookup(node)}
        return found.pop() if len(found) == 1 else None
    if isinstance(node, cst.Attribute):
        owner = known(file, node.value, version, steps) if not is_assigned(file, node.attr.value) else None
        return version.attribute(owner, node.attr.value) if isinstance(owner, Known) else None
    if isinstance(node, cst.Call):
        return _result(file, node, version, steps)
    return None


def _bound(file: File, binding: Binding, version: Api, steps: int) -> Known | Missing | None:
    if binding.kind is Kind.IMPORT:
        return _imported(file, binding, version)
    if binding.kind is Kind.WITH and binding.value is not None:
        entered = known(file, binding.value, version, steps)
        is_experiment = isinstance(entered, Known) and entered == Known("object", "nemo_run.run.experiment.Experiment")
        return entered if is_experiment else None
    if binding.kind is Kind.PARAMETER and isinstance(binding.node, cst.Param) and binding.node.annotation is not None:
        annotated = known(file, binding.node.annotation.annotation, version, steps)
        is_final = isinstance(annotated, Known) and annotated.kind == "class" and annotated.name in _FINAL
        return Known("object", annotated.path) if is_final and isinstance(annotated, Known) else None
    return None


def _imported(file: File, binding: Binding, version: Api) -> Known | Missing | None:
    """What an import binds."""
    statement = file.tree.enclosing(binding.node, cst.Import, cst.ImportFrom)
    if binding.path.split(".")[0] != "nemo_run":
        return None
    if isinstance(statement, cst.ImportFrom):
        module, _, name = binding.path.rpartition(".")
        return version.imported(module, name)
    found: Known | Missing | None = Known("module", "nemo_run")
    for name in binding.path.split(".")[1:]:  # `import a.b as c` reads the attribute `b` of `a`
        found = version.attribute(found, name) if isinstance(found, Known) else found
    return found


def _result(file: File, call: cst.Call, version: Api, steps: int) -> Known | None:
    function = call.func.value if isinstance(call.func, cst.Subscript) else call.func
    definition = file.values.definition(function)
    if isinstance(definition, cst.FunctionDef):
        return _returned(file, definition, version, steps)
    called = known(file, function, version, steps)
    return Known("object", called.path) if isinstance(called, Known) and called.kind == "class" else None


def _returned(file: File, function: cst.FunctionDef, version: Api, steps: int) -> Known | None:
    """What a plain function of the file gives, when every return gives the same."""
    if function.decorators or function.asynchronous is not None or next(file.tree.below(function, cst.Yield), None):
        return None
    returns = list(file.tree.below(function.body, cst.Return, into_functions=False))
    found = {known(file, each.value, version, steps) if each.value is not None else None for each in returns}
    only = found.pop() if len(found) == 1 else None
    return only if isinstance(only, Known) else None


# -- where it is not certain that it runs, or that it matters --------------------------------------------------


def is_guarded(file: File, node: cst.CSTNode) -> bool:
    """Whether the failure of `node` is expected: in a try that catches it or its handler, or under a check."""
    child = node
    for above in file.tree.ancestors(node):
        if _expects(file, above, child):
            return True
        child = above
    return False


def _expects(file: File, above: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Whether `above`, right above `child`, catches or avoids its failure."""
    if isinstance(above, (cst.Try, cst.TryStar)):
        return child is above.body and any(
            _catches(handler.type) and not _only_raises_again(file, handler) for handler in above.handlers
        )
    if isinstance(above, (cst.ExceptHandler, cst.ExceptStarHandler)):
        return _catches(above.type)  # what is done where the newer or older way has failed
    if isinstance(above, (cst.If, cst.IfExp)):
        return child is not above.test and _is_check(file, above.test)
    if isinstance(above, cst.BooleanOperation):
        return child is above.right and _is_check(file, above.left)
    return isinstance(above, cst.With) and any(_suppresses(file, item.item) for item in above.items)


def _only_raises_again(file: File, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """Whether a handler ends by raising what it caught, and has no other way out."""
    line = handler.body.body[-1] if handler.body.body else None
    last = line.body[-1] if isinstance(line, cst.SimpleStatementLine) else line
    ways_out = (cst.Return, cst.Break, cst.Continue, cst.If, cst.Match)
    return isinstance(last, cst.Raise) and last.exc is None and not any(file.tree.below(handler.body, *ways_out))


def is_asked_for(file: File, name: str) -> bool:
    """Whether the file asks for or sets an attribute of this name by text: hasattr(run, "Task"), patch.object(...)."""
    for call in file.tree.nodes(cst.Call):
        function = dotted(call.func) or ""
        if function.rpartition(".")[2] in _ASKING:
            for given in call.args:
                if isinstance(given.value, cst.SimpleString) and given.value.evaluated_value == name:
                    return True
    return False


def is_assigned(file: File, name: str) -> bool:
    """Whether an attribute of this name is assigned anywhere in the file: `run.Task = ...`."""
    return name in file.all(_Told)[0].assigned


def is_evaluated(file: File, node: cst.CSTNode) -> bool:
    """False for an annotation that Python never evaluates: of a local variable, or of a module that postpones them."""
    annotation = file.tree.enclosing(node, cst.Annotation)
    if annotation is None:
        return True
    if "__future__.annotations" in _futures(file):
        return False
    owner = file.tree.parent(annotation)
    local = isinstance(owner, cst.AnnAssign) and isinstance(file.names.scope_of(owner).node, cst.FunctionDef)
    return not local


def _futures(file: File) -> set[str]:
    bindings = file.names.module.bindings.get("annotations", ())
    return {binding.path for binding in bindings if binding.kind is Kind.IMPORT}


def _catches(caught: cst.BaseExpression | None) -> bool:
    names = [element.value for element in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
    return any(name is None or (dotted(name) or "").rpartition(".")[2] in _CAUGHT for name in names)


def _suppresses(file: File, item: cst.BaseExpression) -> bool:
    if not isinstance(item, cst.Call):
        return False
    path = file.names.qualified(item.func) or ""
    return path == "contextlib.suppress" or path.startswith("pytest.")


def _is_check(file: File, test: cst.BaseExpression) -> bool:
    written = file.code(test)
    return any(word in written for word in ("hasattr", "version", "TYPE_CHECKING", "find_spec", "AVAILABLE", "HAVE_"))
