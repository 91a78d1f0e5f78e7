"""Follows one file: its module body, then every function by itself, and the functions that these call.

Nothing is executed: values are abstract, a call of a function whose source is there is followed into it, and what
cannot be told is worth nothing. Only what is certain is reported, once, where it stands in the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from nemo_run_lint.flow import attributes, calls, expressions, iterables, patches, statements
from nemo_run_lint.flow.activations import Activation, Stack
from nemo_run_lint.flow.global_names import unsettle
from nemo_run_lint.flow.memory import Memory
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.reports import Reports
from nemo_run_lint.flow.state import GLOBALS, State
from nemo_run_lint.flow.values import (
    NOTHING,
    Closure,
    Named,
    Object,
    Plain,
    Ref,
    Spot,
    Value,
    alternatives,
    one_of,
)
from nemo_run_lint.nemo.api import public
from nemo_run_lint.signatures import literals
from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.conditions import holding
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.literals import Shape
from nemo_run_lint.signatures.nodes import nodes, outermost_functions
from nemo_run_lint.signatures.signature import Parameter, Place, Reason, Signature, Unknown
from nemo_run_lint.signatures.summarising import class_summary, function_summary
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, Symbol, Variable
from nemo_run_lint.signatures.symbols import OneOf as OneSymbolOf

#: How many steps one function may take, with all that it calls; no real one needs a tenth.
BUDGET = 10_000

#: How many steps all functions of a file may take together.
BUDGET_OF_FILE = 5 * BUDGET


@dataclass(eq=False)
class Analysis:
    """What was found in a file.

    problems   in no order
    targets    every run.Config and run.Partial of the file, with what its target accepts or why that is not known
    overrides  every assignment to an attribute that was met, by its file, line and column (in UTF-8 bytes, from 0), and
               whether it could be checked; also those in functions of other files that were followed
    """

    problems: list[Problem] = field(default_factory=list)
    targets: dict[ast.AST, tuple[Signature, ...] | Unknown] = field(default_factory=dict)
    overrides: dict[tuple[str, int, int], bool] = field(default_factory=dict)


def analyse(index: Index, path: str, text: str, tree: ast.Module) -> Analysis:
    """Follow the file that the user calls `path`, with this text, parsed."""
    return Interpreter(index, path, text, tree).run(tree)


class Interpreter:
    """The state of one such walk; the modules beside this one hold what it does with each kind of syntax."""

    def __init__(self, index: Index, path: str, text: str, tree: ast.Module) -> None:
        self.index = index
        self.text = text
        self.own = index.own(path, text, tree)
        self.analysis = Analysis()
        self.stack = Stack(Activation(self.own, (GLOBALS,)), BUDGET)
        self.reports = Reports(self.own, self.stack)
        self._functions = list(outermost_functions(tree))
        self._inside = nodes(*self._functions)
        self._patched = patches.patched([*nodes(tree, closed=frozenset(self._functions)), *self._inside])
        self.reads_of_configs: set[ast.AST] = set()
        self.memory = Memory.of(index)
        self._next = 1
        self._symbols: dict[ast.AST, Class | Function] = {}

    @property
    def activation(self) -> Activation:
        """What runs now."""
        return self.stack.current

    # -- the walk --------------------------------------------------------------------------------------------

    def run(self, tree: ast.Module) -> Analysis:
        """Follow the module body, then every function with parameters that nothing is known about."""
        state, remaining = State(), BUDGET_OF_FILE
        with suppress(RecursionError):
            state = self.execute(tree.body, state) or state
            functions = self._functions if self.stack.left > 0 else []
            unsettle(state, self._inside if functions else [])
            for function in functions:
                self.stack.left = allowed = min(BUDGET, remaining)
                self.reports.root = function
                with suppress(RecursionError):
                    self._alone(function, state.fork())
                remaining -= allowed - self.stack.left
        self.analysis.problems = self.reports.problems
        return self.analysis

    def _alone(self, function: ast.FunctionDef | ast.AsyncFunctionDef, state: State) -> None:
        closure = Closure(function, self.own, (GLOBALS,), self._function_symbol(function))
        calls.follow_alone(self, closure, state)

    def execute(self, body: Sequence[ast.stmt], state: State | None) -> State | None:
        """What is known after these statements."""
        return statements.execute(self, body, state)

    def evaluate(self, node: ast.expr, state: State) -> Value:
        """What an expression may be worth."""
        return expressions.evaluate(self, node, state)

    def assign(self, target: ast.expr, value: Value, state: State) -> None:
        """`target = value`."""
        statements.assign(self, target, value, state)

    def bind(self, name: str, value: Value, state: State) -> None:
        """Give a variable a value."""
        statements.bind(self, name, value, state)

    def call(self, node: ast.Call, state: State) -> Value:
        """What a call gives."""
        return calls.call(self, node, state)

    def attribute(self, owner: Value, node: ast.Attribute, state: State) -> Value:
        """What reading an attribute gives."""
        return attributes.read(self, owner, node, state)

    def member(self, owner: Named, name: str) -> Value:
        """An attribute of a module or class; of a module, not one that the file puts there."""
        is_module = isinstance(owner.symbol, Module)
        if is_module and any(each.rpartition(".")[2] == name and "." in each for each in self._patched):
            return NOTHING
        return attributes.member(self, owner, name)

    def set_attribute(self, owner: Value, node: ast.Attribute, value: Value, state: State) -> None:
        """`owner.name = value`."""
        attributes.write(self, owner, node, value, state)

    def unset_attribute(self, owner: Value, name: str, state: State) -> None:
        """`del owner.name`."""
        attributes.unset(owner, name, state)

    def set_item(self, owner: Value, key: Value, value: Value, state: State) -> None:
        """`owner[key] = value`."""
        attributes.set_item(owner, key, value, state)

    def operated(self, left: Value, right: Value, state: State) -> Value:
        """`left + right`."""
        return expressions.operated(self, left, right, state)

    def new(self, thing: Object, state: State) -> Ref:
        """Put an object on the heap."""
        address = self.number()
        state.put(address, thing)
        return Ref(address)

    def number(self) -> int:
        """The number of a new frame, or the address of a new object."""
        self._next += 1
        return self._next

    def element(self, value: Value, state: State) -> Value:
        """What a loop over a value goes through."""
        return iterables.element(self.opened(value, state), state)

    # -- names -----------------------------------------------------------------------------------------------

    def name(self, name: str, state: State) -> Value:
        """What a name is worth where the running function uses it."""
        place = self.activation.places.get(name)
        for frame in self.activation.frames if place is None else (place,):
            names = state.names(frame)
            if name in names:
                return names[name]
        return self.global_name(self.activation.module, name, state)

    def global_name(self, module: Module, name: str, state: State) -> Value:
        """A global name of a module, or a builtin."""
        if module is self.own and name in state.names(GLOBALS):
            return state.names(GLOBALS)[name]
        for binding in module.summary.names.get(name, ()):
            root = binding.source.partition(".")[0]
            if binding.kind == "import" and root in ("nemo_run", "fiddle"):
                return self.imported_from(binding.source, binding.attribute)
        return self.value_of(self.index.lookup(module, name))

    def absolute(self, source: str) -> str:
        """The dotted path of a module that the running code imports as `source`, with its dots when relative."""
        return self.index.absolute(self.activation.module, source) or ""

    def imported(self, module: str) -> Value:
        """What `import module as x` binds."""
        symbol = self.index.symbol(module)
        unknown = isinstance(symbol, Unknown)
        return Named(Unknown(Reason.NOT_INSTALLED, module)) if unknown else self.value_of(symbol)

    def imported_from(self, module: str, name: str) -> Value:
        """What `from module import name` binds."""
        path = f"{module}.{name}" if name else module
        symbol = self.index.symbol(path)
        if isinstance(symbol, Unknown) and symbol.reason is Reason.NOT_INSTALLED:
            return Named(Unknown(symbol.reason, path))
        return self.value_of(symbol)

    def value_of(self, symbol: Symbol) -> Value:
        """A symbol as a value: a variable is worth what it was assigned, if that is a constant or a name."""
        if isinstance(symbol, OneSymbolOf):
            return one_of([self.value_of(each) for each in symbol.alternatives])
        if isinstance(symbol, Variable):
            return self._variable(symbol)
        return Named(symbol)

    def _variable(self, variable: Variable) -> Value:
        value = variable.value
        if variable.name.rpartition(".")[0] != variable.module.name:
            return Named(variable)  # of a class: a member of an Enum is not the constant it stands for
        if isinstance(value, ast.Constant) and value.value is not ...:
            kind = "None" if value.value is None else type(value.value).__name__
            return Plain(Shape(kind, value.value))  # type: ignore[arg-type]
        return Named(variable)

    def of_environment(self, test: ast.expr) -> bool | None:
        """Whether a condition on the version of Python or the platform holds."""
        asked = {each.attr for each in nodes(test) if isinstance(each, ast.Attribute)}
        if not asked & {"version_info", "platform"}:
            return None
        return holding(self.index, self.activation.module, test)

    def opened(self, value: Value, state: State) -> Value:
        """The container that a variable of another module holds; any other value as it is."""
        variable = value.symbol if isinstance(value, Named) else None
        if not isinstance(variable, Variable) or not isinstance(variable.value, (ast.Dict, ast.List, ast.Tuple)):
            return value
        with self.stack.replaced(Activation(variable.module, (self.number(),), self.activation.function)):
            return self.evaluate(variable.value, state) if self.stack.spend() else NOTHING

    def default(self, parameter: Parameter) -> Value:
        """What a parameter is worth where nothing is given for it."""
        if parameter.factory or parameter.default is None:
            return NOTHING
        expression = self.index.parse(parameter.default)
        module = self.module_of(parameter)
        if expression is None or isinstance(module, Unknown):
            return NOTHING
        shape = literals.shape_of(expression)
        if shape is not None and shape.constant is not literals.NO_CONSTANT:
            return Plain(shape)
        if isinstance(expression, (ast.Name, ast.Attribute)):
            return self.value_of(self.index.evaluate(expression, module))
        return NOTHING

    def module_of(self, parameter: Parameter) -> Module | Unknown:
        """The module in whose names a parameter's default and annotation are meant."""
        return self.own if parameter.module in ("", self.own.name) else self.index.module(parameter.module)

    def public_in(self, expression: ast.expr, module: Module) -> str | None:
        """The public name of what an expression of a module names, when it belongs to NeMo Run."""
        if isinstance(expression, ast.Name):
            return self.public(self.global_name(module, expression.id, State()))
        if isinstance(expression, ast.Attribute):
            owner = self.public_in(expression.value, module)
            return None if owner is None else f"{owner}.{expression.attr}".lstrip(".")
        return None

    def captured(self) -> tuple[int, ...]:
        """The frames of the running function, for a function that is defined in it."""
        self.activation.is_captured = True
        return self.activation.frames

    # -- definitions -----------------------------------------------------------------------------------------

    def defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Class | Function | None:
        """The symbol of a definition that is met on the way; None for a local class that needs local names."""
        if isinstance(node, ast.ClassDef):
            return self._class_symbol(node)
        return self._function_symbol(node)

    def _function_symbol(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function | None:
        module = self.activation.module
        if module is not self.own:
            return None
        if node not in self._symbols:
            known = self.index.lookup(module, node.name)
            if not isinstance(known, Function) or known.module is not module or known.place.line != node.lineno:
                place = Place(module.path, node.lineno)
                known = Function(node.name, module, function_summary(self.text, node), place)
            self._symbols[node] = known
        symbol = self._symbols[node]
        return symbol if isinstance(symbol, Function) else None

    def _class_symbol(self, node: ast.ClassDef) -> Class | None:
        module = self.activation.module
        known = self.index.lookup(module, node.name)
        if isinstance(known, Class) and known.place.line == node.lineno and known.module is module:
            return known
        if module is not self.own or self.activation.function is not None:
            return None
        return Class(node.name, module, class_summary(self.text, node), Place(module.path, node.lineno))

    def path(self, value: Value) -> str | None:
        """The dotted path of a module, class or function."""
        if isinstance(value, Closure):
            return value.symbol.name if value.symbol is not None else None
        if not isinstance(value, Named):
            return None
        if isinstance(value.symbol, Unknown):
            return value.symbol.what if value.symbol.reason is Reason.NOT_INSTALLED else None
        if isinstance(value.symbol, Builtin):
            return f"builtins.{value.symbol.name}"
        return None if isinstance(value.symbol, OneSymbolOf) else value.symbol.name

    def public(self, value: Value) -> str | None:
        """The public name of what belongs to NeMo Run: `Config`, `cli.factory`."""
        return public(self.path(value))

    def accepts(self, value: Value) -> tuple[Signature, ...] | Unknown:
        """What a callable accepts."""
        if any(self._is_patched(each) for each in alternatives(value)):
            return Unknown(Reason.CLASS_PATCHED, self.path(value) or "")
        return calls.accepts(self, value)

    def _is_patched(self, value: Value) -> bool:
        name = value.node.name if isinstance(value, Closure) and not isinstance(value.node, ast.Lambda) else ""
        return bool(self._patched & {name or (self.path(value) or "").rpartition(".")[2], patches.ALL})

    def signatures(self, symbol: Symbol) -> tuple[Signature, ...] | Unknown:
        """What a symbol accepts."""
        return signatures(self.index, symbol)

    # -- what is found ---------------------------------------------------------------------------------------

    @contextmanager
    def following(self, function: Closure, call: Spot | None, converts: bool) -> Iterator[None]:
        """Run as this function, in a frame of its own."""
        if call is not None:
            self.reports.note_call(function.node)
        frames = (self.number(), *function.frames)
        with self.stack.entered(Activation(function.module, frames, function.node, call, converts)):
            yield

    def check_literal(
        self,
        parameter: Parameter,
        value: Value,
        node: ast.AST,
        owner: str,
        accepted: tuple[Signature, ...] | Unknown,
        state: State,
    ) -> None:
        """Report a literal of a kind that the parameter's annotation rules out."""
        shape = calls.shape(value, state)
        annotation = self.index.parse(parameter.annotation) if parameter.annotation else None
        if shape is None or annotation is None or isinstance(accepted, Unknown):
            return
        found = literals.contradiction(shape, annotation, parameter.module, self._resolve, parameter.default)
        if found is not None:
            self.reports.add(
                Problem(
                    Wrong.LITERAL,
                    When.NEVER,
                    node,
                    owner,
                    parameter.name,
                    signature=accepted[0],
                    contradiction=found,
                )
            )

    def _resolve(self, expression: ast.expr, module: str) -> Symbol:
        known = self.module_of(Parameter("", module=module))
        return known if isinstance(known, Unknown) else self.index.evaluate(expression, known)

    def note_target(self, node: ast.AST, accepted: tuple[Signature, ...] | Unknown) -> None:
        """Remember what the target of a config of this file accepts; the best that is known on any way."""
        if self.activation.module is self.own and not isinstance(self.analysis.targets.get(node), tuple):
            self.analysis.targets[node] = accepted

    def note_override(self, node: ast.Attribute, checked: bool) -> None:
        """Remember whether an assignment could be checked, on any way to it."""
        place = (self.activation.module.path, node.lineno, node.col_offset)
        self.analysis.overrides[place] = checked or self.analysis.overrides.get(place, False)
