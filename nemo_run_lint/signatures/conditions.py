"""Whether the condition of an `if` holds where a module is imported: its Python, its platform and flags are known."""

from __future__ import annotations

import ast
import operator
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nemo_run_lint.signatures.expressions import View, evaluated
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.symbols import Module, Variable

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index import Index

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda part, whole: part in whole,
    ast.NotIn: lambda part, whole: part not in whole,
}

#: Reasons for which something is certainly not there.
_ABSENT = (Reason.NOT_INSTALLED, Reason.NO_SUCH_NAME)


def holding(index: Index, module: Module, test: ast.expr) -> bool | None:
    """Whether a condition in the code of a module holds when it is imported; None if it is not known."""
    return _Condition(index, module).truth(test)


class _Condition:
    def __init__(self, index: Index, module: Module) -> None:
        self._index = index
        self._module = module
        self._version = index.environment.version

    def truth(self, test: ast.expr) -> bool | None:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.truth(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            decides = isinstance(test.op, ast.Or)
            parts = [self.truth(each) for each in test.values]
            return decides if decides in parts else None if None in parts else not decides
        if isinstance(test, ast.Compare):
            return self._compared(test)
        if isinstance(test, ast.Call):
            return self._asked(test)
        value = self._value(test)
        return None if value is None else bool(value)

    def _compared(self, test: ast.Compare) -> bool | None:
        compare = _COMPARISONS.get(type(test.ops[0]))
        left, right = self._value(test.left), self._value(test.comparators[0])
        if compare is None or len(test.ops) != 1 or left is None or right is None:
            return None
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) != len(right):
            both = min(len(left), len(right))
            if left[:both] == right[:both] == self._version:
                return None  # the micro version decides
        try:
            return compare(left, right)
        except TypeError:
            return None

    def _asked(self, test: ast.Call) -> bool | None:
        """`sys.platform.startswith("win")`, `hasattr(typing, "Self")`."""
        texts = [each.value if isinstance(each, ast.Constant) else None for each in test.args]
        function = ast.unparse(test.func)
        if function == "sys.platform.startswith" and len(texts) == 1:
            return sys.platform.startswith(texts[0]) if isinstance(texts[0], str) else None
        if function != "hasattr" or len(texts) != 2 or not isinstance(texts[1], str):
            return None
        owner = evaluated(self._index, test.args[0], View(self._module))
        found = self._index.member(owner, texts[1]) if isinstance(owner, Module) else Unknown(Reason.COMPUTED)
        if isinstance(found, Unknown):
            return False if found.reason in _ABSENT else None
        return True

    def _value(self, node: ast.expr) -> object:
        """The value of a literal, of a flag, or of something that is known of the Python that runs; else None."""
        written = ast.unparse(node)
        if written.rpartition(".")[2] == "TYPE_CHECKING":
            return False
        fact = self._fact(written)
        if fact is not None:
            return fact
        if isinstance(node, (ast.Name, ast.Attribute)):
            found = evaluated(self._index, node, self._view(node))
            if isinstance(found, Variable) and isinstance(found.value, ast.Constant):
                return found.value.value
            return self._fact(found.what) if isinstance(found, Unknown) and found.reason is Reason.COMPILED else None
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            return None

    def _view(self, node: ast.expr) -> View:
        """What a condition sees: it may ask for a name that is deleted afterwards."""
        name = node.id if isinstance(node, ast.Name) else ""
        kinds = [each.kind for each in self._module.summary.names.get(name, ())]
        return View(self._module, None, name, kinds.index("deleted")) if "deleted" in kinds else View(self._module)

    def _fact(self, path: str) -> object:
        version = self._version
        part = re.fullmatch(r"(?:sys\.)?version_info\[(:?)([12]|0)\]", path)
        if part is not None:
            end = int(part[2])
            return version[:end] if part[1] else version[end] if end < len(version) else None
        facts: Mapping[str, object] = {
            "sys.version_info": version,
            "version_info": version,
            "sys.version_info.major": version[0],
            "sys.version_info.minor": version[1],
            "sys.platform": sys.platform,
            "sys.builtin_module_names": sys.builtin_module_names,
            "sys.implementation.name": sys.implementation.name,
            "os.name": os.name,
        }
        return facts.get(path)
