from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.importing import Spelling, spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import dotted
from nemo_run_lint.syntax.values import text

_NAME = "NEMORUN_HOME"


class NemorunHomeAfterImport(Rule):
    """NEMORUN_HOME is read once, when nemo_run is imported; setting it afterwards does nothing.

    `os.environ["NEMORUN_HOME"] = ...` after the import leaves the experiments in the old place, `~/.nemo_run` (nemo_run
    0.11.1, `nemo_run/config.py`). Set it before the import, or call `run.config.set_nemorun_home(...)`.

    Not reported where the file calls set_nemorun_home as well, and for the environment of a job (`env_vars`). The fix
    is unsafe: programs that are started from here do not see the variable any more.

    Bad:

        import os
        import nemo_run as run

        os.environ["NEMORUN_HOME"] = "experiments"

    Good:

        import nemo_run as run

        run.config.set_nemorun_home("experiments")
    """

    code = "NRL626"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "NEMORUN_HOME is set after nemo_run was imported (line {line}), and is not read any more"
    help = "set it before the import, or call `run.config.set_nemorun_home(...)`"

    def check(self, module: cst.Module, file: File) -> Reports:
        if _NAME not in file.text or "set_nemorun_home" in file.text:
            return
        imports = [each for each in _imports(file) if not file.tree.enclosing(each, cst.FunctionDef, cst.If, cst.Try)]
        first = min(imports, key=file.tree.order, default=None)
        for node in _settings(file) if first is not None else ():
            if first is not None and file.tree.order(node) > file.tree.order(first):
                yield self.at(node, fix=_fix(file, node), line=file.span(first).line)


def _imports(file: File) -> Iterator[cst.Import | cst.ImportFrom]:
    for plain in file.tree.nodes(cst.Import):
        if any((dotted(alias.name) or "").split(".")[0] == "nemo_run" for alias in plain.names):
            yield plain
    for each in file.tree.nodes(cst.ImportFrom):
        if not each.relative and each.module is not None and (dotted(each.module) or "").split(".")[0] == "nemo_run":
            yield each


def _settings(file: File) -> Iterator[cst.CSTNode]:
    """Where the file sets the variable for its own process."""
    for target in file.tree.nodes(cst.AssignTarget):
        node = target.target
        if isinstance(node, cst.Subscript) and file.names.qualified(node.value) == "os.environ":
            key = node.slice[0].slice
            if isinstance(key, cst.Index) and text(file.values.value(key.value)) == _NAME:
                yield node
    for call in file.tree.nodes(cst.Call):
        path = file.names.qualified(call.func)
        if path in ("os.environ.setdefault", "os.putenv") and call.args:
            if text(file.values.value(call.args[0].value)) == _NAME:
                yield call.func
        elif path == "os.environ.update":
            yield from _updates(call)


def _updates(call: cst.Call) -> Iterator[cst.CSTNode]:
    for given in call.args:
        if given.keyword is not None and given.keyword.value == _NAME:
            yield given
        elif isinstance(given.value, cst.Dict):
            for element in given.value.elements:
                if isinstance(element, cst.DictElement) and text(element.key) == _NAME:
                    yield element.key


def _fix(file: File, node: cst.CSTNode) -> NodeFix | None:
    """`run.config.set_nemorun_home("experiments")` in the place of an assignment."""
    target = file.tree.parent(node)
    assign = file.tree.parent(target)
    if not isinstance(assign, cst.Assign) or len(assign.targets) > 1:
        return None
    whole = spelling(file, "nemo_run.config", assign)
    setter = spelling(file, "nemo_run.config.set_nemorun_home", assign)
    if whole is not None and not whole.edits:
        setter = Spelling(f"{whole.text}.set_nemorun_home")
    if setter is None:
        return None
    edits = (NodeEdit(assign, f"{setter.text}(", until=assign.value), NodeEdit(assign, ")", "after"))
    return NodeFix(f"call {setter.text}", (*edits, *setter.edits), safe=False)
