from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import configured, literal, wrapped
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.handed_over import certain, literal_kind, not_an_executor, plugin_class
from nemo_run_lint.nemo.importing import Spelling, spelt_like
from nemo_run_lint.nemo.saving import local_to
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text

#: What `cmd_defaults` knows (nemo_run 0.11.1, `CommandDefaults` in `nemo_run/cli/api.py`).
_DEFAULTS = frozenset(
    "direct dryrun load yaml repl detach skip_confirmation tail_logs rich_exceptions rich_traceback rich_locals "
    "rich_theme verbose".split()
)


class CliMainArguments(Rule):
    """run.cli.main and run.cli.entrypoint take configurations of executors and plugins, and only defaults they know.

    `default_plugins=[Profiling()]` stops run.cli.main with nemo_run 0.11.1 and `ValueError: default_plugins must be a
    list of Config objects`. A class or a text as `default_executor` makes every command end with "Unexpected error",
    and status 0. A key of `cmd_defaults` that does not exist is ignored. The first argument is the function, not what
    it returns.

    Bad:

        import nemo_run as run

        class Profiling(run.Plugin): ...

        @run.cli.entrypoint
        def train(): ...

        if __name__ == "__main__":
            run.cli.main(train, default_plugins=[Profiling()])

    Good:

        import nemo_run as run

        class Profiling(run.Plugin): ...

        @run.cli.entrypoint
        def train(): ...

        if __name__ == "__main__":
            run.cli.main(train, default_plugins=[run.Config(Profiling)])
    """

    code = "NRL641"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "{what}"
    help = "`run.cli.main(function, default_executor=run.Config(...), default_plugins=[run.Config(...)])`"

    def check(self, call: cst.Call, file: File) -> Reports:
        kind = public(file.names.qualified(call.func))
        if kind not in ("cli.main", "cli.entrypoint"):
            return
        wrong = (*_function(file, call, kind), *_executor(file, call), *_plugins(file, call), *_keys(file, call))
        for node, what in wrong:
            yield self.at(node, fix=_fix(file, call, node), what=what)


def _function(file: File, call: cst.Call, kind: str) -> Iterator[tuple[cst.CSTNode, str]]:
    given = (keyword(call, "fn") or positional(call, 0)) if kind == "cli.main" else None
    if isinstance(given, cst.Call):
        called = file.values.definition(given.func)
        if any(entrypoint.node is called for entrypoint in file.all(Entrypoint)):
            name = file.code(given.func)
            yield given, f"run.cli.main is given what `{name}()` returns, not `{name}`: the command is run before"
    factory = keyword(call, "default_factory")
    body = factory.body if isinstance(factory, cst.Lambda) else None
    what = literal_kind(file, body) if body is not None else None
    if factory is not None and what is not None:
        yield factory, f"`default_factory` returns {what}, no run.Partial of the entrypoint: no command can be run"


def _executor(file: File, call: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    written = keyword(call, "default_executor")
    what = not_an_executor(file, written) if written is not None else None
    if written is not None and what is not None and not what.startswith("a run."):
        yield written, f"`default_executor` is {what}, not a run.Config of an executor: no command can be run"


def _plugins(file: File, call: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    written = keyword(call, "default_plugins")
    source = certain(file, written) if written is not None else None
    elements = [each.value for each in source.elements] if isinstance(source, cst.List) else [written]
    for element in elements if written is not None else ():
        value = certain(file, element) if element is not None else None
        made = value.func if isinstance(value, cst.Call) else value
        name = plugin_class(file, made) if made is not None else None
        if element is not None and name is not None:
            what = f"a {name}" if isinstance(value, cst.Call) else f"the class `{name}`"
            yield element, f"`default_plugins` holds {what}, and takes only run.Configs of plugins"


def _keys(file: File, call: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    written = keyword(call, "cmd_defaults")
    source = certain(file, written) if written is not None else None
    for element in source.elements if isinstance(source, cst.Dict) else ():
        key = text(element.key) if isinstance(element, cst.DictElement) else None
        if isinstance(element, cst.DictElement) and key is not None and key not in _DEFAULTS:
            known = ", ".join(sorted(_DEFAULTS))
            yield element.key, f"`cmd_defaults` has no `{key}`: it is ignored (there are {known})"


def _fix(file: File, call: cst.Call, node: cst.CSTNode) -> NodeFix | None:
    """A run.Config of what is made or named, the function that is called, the key that was meant."""
    key = text(node)
    if key is not None and isinstance(file.tree.parent(node), cst.DictElement):
        close = meant(key, _DEFAULTS)
        edit = NodeEdit(node, literal(close, node if isinstance(node, cst.SimpleString) else None)) if close else None
        return NodeFix(f"write {close}", (edit,), safe=False) if edit is not None else None
    if isinstance(node, cst.Call) and (keyword(call, "fn") or positional(call, 0)) is node:
        return NodeFix("pass the function", (NodeEdit(node.func, "", "after", until=node),), safe=False)
    config = _config(file, call)
    definition = file.values.definition(node.func if isinstance(node, cst.Call) else node)
    if definition is not None and local_to(file, definition) is not None:
        return None  # local-function-target would say so
    if config is None or not isinstance(node, (cst.Call, cst.Name, cst.Attribute)):
        return None
    if isinstance(node, cst.Call):
        return NodeFix(f"wrap it in {config.text}", configured(file, node, config))
    is_class = plugin_class(file, node) is not None or (not_an_executor(file, node) or "").startswith("the class")
    edits = (*wrapped(node, f"{config.text}("), *config.edits)
    return NodeFix(f"wrap it in {config.text}", edits) if is_class and certain(file, node) is not None else None


def _config(file: File, call: cst.Call) -> Spelling | None:
    """How run.Config is written beside `run.cli.main`."""
    function = call.func
    beside = function.value if isinstance(function, cst.Attribute) else function
    return spelt_like(file, "Config", beside)
