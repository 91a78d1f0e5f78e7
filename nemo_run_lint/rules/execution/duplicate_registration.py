from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text


class DuplicateRegistration(Rule):
    """Two factories of one name for one type, or two entrypoints of one name: the last one wins, silently.

    The command line looks them up by name, and a second registration replaces the first (nemo_run 0.11.1,
    `nemo_run/cli/api.py`). A factory's name is that of its function or `name=`, and it is kept with the type that it
    returns; an entrypoint's is always that of its function, kept with its namespace.

    Not reported for the branches of an `if` or `try`, and where names or namespaces are not written out.

    Bad:

        class Model:
            def __init__(self, layers):
                self.layers = layers

        @run.cli.factory
        def base() -> run.Config[Model]:
            return run.Config(Model, layers=12)

        @run.cli.factory(name="base")
        def large() -> run.Config[Model]:
            return run.Config(Model, layers=48)

    Good:

        class Model:
            def __init__(self, layers):
                self.layers = layers

        @run.cli.factory
        def base() -> run.Config[Model]:
            return run.Config(Model, layers=12)

        @run.cli.factory(name="large")
        def big() -> run.Config[Model]:
            return run.Config(Model, layers=48)
    """

    code = "NRL643"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "the {what} `{name}` is registered again (line {line}): the command line only finds this one"
    help = "give each its own name"

    def check(self, module: cst.Module, file: File) -> Reports:
        seen: dict[tuple[str, ...], cst.FunctionDef] = {}
        for what, key, function, node in _registered(file):
            first = seen.setdefault((what, *key), function)
            if first is not function:
                yield self.at(node, what=what, name=key[0], line=file.span(first.name).line)


def _registered(file: File) -> Iterator[tuple[str, tuple[str, ...], cst.FunctionDef, cst.CSTNode]]:
    """What is registered, with its key: its name, and what it is kept with; and the narrowest node that names it."""
    for entrypoint in sorted(file.all(Entrypoint), key=lambda each: file.tree.order(each.node)):
        settings = entrypoint.settings
        namespace = settings.get("namespace") if settings is not None else None
        known = text(namespace) if namespace is not None else ""
        if settings is not None and known is not None and _is_plain(file, entrypoint.node):
            yield "entrypoint", (entrypoint.name, known), entrypoint.node, entrypoint.node.name
    for factory in sorted(file.all(Factory), key=lambda each: file.tree.order(each.node)):
        for made in factory.made:
            written = made.decorator if isinstance(made, cst.Decorator) else made
            call = written if isinstance(written, cst.Call) else None
            callee = call.func if call is not None else written
            if public(file.names.qualified(callee)) != "cli.factory" or not _is_plain(file, factory.node):
                continue
            given = keyword(call, "name") if call is not None else None
            name = factory.name if given is None else text(given)
            kept = _kept_with(file, factory, call)
            if name is not None and kept is not None:
                yield "factory", (name, kept), factory.node, given or factory.node.name


def _is_plain(file: File, function: cst.FunctionDef) -> bool:
    """Whether a function stands at the top of the module, where both registrations run."""
    above = file.tree.parent(function)
    return isinstance(above, cst.Module)


def _kept_with(file: File, factory: Factory, call: cst.Call | None) -> str | None:
    """What a factory is kept with, as text: its namespace, its target, or the type that it returns."""
    if call is not None and any(given.star for given in call.args):
        return None
    if call is not None:
        place = keyword(call, "namespace")
        if place is not None:
            return text(place)
        target = keyword(call, "target") or positional(call, 1)
        argument = keyword(call, "target_arg")
        if target is not None:
            return f"{file.code(target)}.{file.code(argument) if argument is not None else ''}"
    returns = factory.node.returns
    return f"-> {file.code(returns.annotation)}" if returns is not None else None
