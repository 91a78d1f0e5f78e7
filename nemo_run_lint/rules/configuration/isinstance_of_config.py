import builtins

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.importing import spelt_like
from nemo_run_lint.nemo.objects import class_kind
from nemo_run_lint.nemo.unbuilt import buildable_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class IsinstanceOfConfig(Rule):
    """A run.Config of a class is no object of that class: isinstance says False until it is built.

    `run.Config(Model)` only notes that `Model` is to be called. Asking whether it is a `Model` is answered with False
    by nemo_run 0.11.1 and no error, so what depends on it is never done.

    Reported where the object is a run.Config or run.Partial for certain, and the class is its own target, a plain class
    of the file or a builtin type. Asking for run.Config, run.Partial or fiddle's Buildable is right, and so is
    asserting that it is *not* an object yet. The fix is unsafe: what was never done is done then.

    Bad:

        from dataclasses import dataclass

        @dataclass
        class Model:
            hidden: int = 8

        model = run.Config(Model)
        if isinstance(model, Model):
            model.hidden = 16

    Good:

        from dataclasses import dataclass

        @dataclass
        class Model:
            hidden: int = 8

        model = run.Config(Model)
        if isinstance(model, run.Config):
            model.hidden = 16
    """

    code = "NRL428"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{config}` is a run.{kind}, no `{asked}`: this is always False"
    help = "ask for run.{kind}, compare `{config}.__fn_or_cls__`, or ask after it is built"

    def check(self, call: cst.Call, file: File) -> Reports:
        if not file.names.is_builtin(call.func, "isinstance") or len(call.args) != 2 or _is_denied(file, call):
            return
        subject, asked = (given.value for given in call.args)
        config = buildable_of(file, subject)
        if config is None:
            return
        if all(_is_other_class(file, config, each) for each in _classes(asked)):
            kind = spelt_like(file, config.kind, config.node.func)
            edits = (NodeEdit(asked, kind.text, "whole"), *kind.edits) if kind is not None else ()
            fix = NodeFix(f"ask for {kind.text}", edits, safe=False) if kind is not None else None
            yield self.at(call, fix=fix, config=file.code(subject), kind=config.kind, asked=file.code(asked))


def _classes(asked: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The classes asked for: one, a tuple of them, or `A | B`."""
    if isinstance(asked, cst.Tuple):
        return [each for element in asked.elements for each in _classes(element.value)]
    if isinstance(asked, cst.BinaryOperation) and isinstance(asked.operator, cst.BitOr):
        return _classes(asked.left) + _classes(asked.right)
    return [asked]


def _is_other_class(file: File, config: Buildable, asked: cst.BaseExpression) -> bool:
    """Whether `asked` is certainly a class that a run.Config or run.Partial is no object of."""
    if file.names.is_builtin(asked, *dir(builtins)):
        return not file.names.is_builtin(asked, "object")
    definition = file.values.definition(asked)
    if isinstance(definition, cst.ClassDef):
        return class_kind(file, definition) is not None and not _is_protocol(file, definition)
    path = file.names.qualified(asked)
    return config.target is not None and path is not None and path == file.names.qualified(config.target)


def _is_protocol(file: File, definition: cst.ClassDef) -> bool:
    """Whether it asks for attributes and not for a class; or might, by a hook of its own."""
    bases = [file.names.qualified(each.value) or "" for each in definition.bases]
    scope = file.names.scope(definition).bindings
    return any(base.endswith(".Protocol") for base in bases) or "__subclasshook__" in scope


def _is_denied(file: File, call: cst.Call) -> bool:
    """Whether it stands in `assert not isinstance(...)`, which is true, and meant so."""
    above = file.tree.parent(call)
    return isinstance(above, cst.UnaryOperation) and isinstance(file.tree.parent(above), cst.Assert)
