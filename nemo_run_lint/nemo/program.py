"""The Python that command lines amount to: after their script, a function for each, a line or two for each argument.

`python train.py model.size=8` is `recipe = run.Partial(train)`, then `recipe.model.size = ...`. So what a rule knows of
configurations it knows of command lines too. The names that arguments write stand in those lines as they were written.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nemo_run_lint.nemo.cli_main import Definition, Main
from nemo_run_lint.nemo.command_line import Arguments
from nemo_run_lint.nemo.override import Form, Override
from nemo_run_lint.project import File
from nemo_run_lint.sources.python import LINE_END

#: What the function of a command works on, and a value that nothing is known about.
_RECIPE, ANYTHING = "__recipe", "__anything"

#: Where in a line the name of an argument begins.
_COLUMN = len(f"    {_RECIPE}.") + 1

#: How nemo_run is imported, as the script may call it something else.
_RUN = "__run"

#: A value that a factory, or a name of the script, may stand for.
_NAMING = re.compile(r"[A-Za-z_][\w.]*(?:\(.*\))?", re.DOTALL)


@dataclass(frozen=True)
class Given:
    """An argument at its line of the program.

    command       which of the program's commands it belongs to, from 0
    column        where its name stands in that line; 0 where the line is about the argument as a whole
    is_value      whether the line gives the value, as text, for the sake of its type alone
    is_sure       whether the rest of the command is known
    has_executor  whether the entrypoint has a default executor
    """

    override: Override
    command: int = 0
    column: int = 0
    is_value: bool = False
    is_sure: bool = True
    has_executor: bool = False


@dataclass
class Program:
    """A script with what its commands amount to.

    text   the Python
    given  the arguments, by the line that each makes
    """

    text: str
    given: dict[int, Given] = field(default_factory=dict)

    def sets(self, command: int, name: str) -> bool:
        """Whether a command has `run.name=...`."""
        beside = (each.override for each in self.given.values() if each.command == command)
        return any(each.form is Form.RUN and each.key == name for each in beside)


class ProgramFile(File):
    """A program as rules see it; its things are those of the command lines alone."""

    program: Program


@dataclass(frozen=True)
class Start:
    """What a command starts from.

    main        the function and its default factory, as the script names them
    imports     lines that import what is not the script's
    definition  of the function, if it is the script's
    names       all names of the script; None where any name may be one
    has_chosen  whether the factory is that which the command names
    """

    main: Main
    imports: str = ""
    definition: Definition | None = None
    names: frozenset[str] | None = frozenset()
    has_chosen: bool = False


def program(script: str, tree: ast.Module, commands: Sequence[tuple[Start, Arguments]]) -> Program:
    """The program that these commands of one script amount to."""
    entrypoints = {start.definition for start, _ in commands if start.definition is not None}
    plain = _without_decorators(script, entrypoints)
    made = Program(plain if LINE_END.split(plain)[-1] == "" else f"{plain}\n")
    functions = _functions(tree)
    lines: list[tuple[str, Given | None]] = [(f"import nemo_run as {_RUN}", None)]
    for number, (start, given) in enumerate(commands):
        lines += [(each, None) for each in start.imports.splitlines()]
        lines.append((f"def __command_{number}({ANYTHING}):", None))
        lines += [(f"    {code}", each) for code, each in _Body(functions, start, given, number).lines()]
    first = len(LINE_END.split(made.text))
    made.given = {first + place: each for place, (_, each) in enumerate(lines) if each is not None}
    made.text += "".join(f"{code}\n" for code, _ in lines)
    return made


def _without_decorators(script: str, entrypoints: Iterable[Definition]) -> str:
    """A script in whose entrypoints nothing is left of the decorators, which give back what they get (see `cli_main`).

    So what an entrypoint accepts is known where nemo_run is not installed too.
    """
    lines = script.splitlines(keepends=True) if "\f" not in script and "\v" not in script else []
    for node in entrypoints if len(lines) == len(LINE_END.split(script)) - script.endswith(("\n", "\r")) else ():
        for decorator in node.decorator_list:
            for place in range(decorator.lineno - 1, decorator.end_lineno or decorator.lineno):
                lines[place] = "\n"
    return "".join(lines) or script


@dataclass
class _Body:
    """The lines of one command."""

    functions: frozenset[str]
    start: Start
    arguments: Arguments
    number: int

    def lines(self) -> Iterator[tuple[str, Given | None]]:
        """Each with the argument that it is about."""
        yield f"{_RECIPE} = {self.recipe}", None
        plain = [each for each in self.arguments.overrides if each.form is Form.PLAIN]
        for each in self.arguments.overrides:
            if each.form is not Form.PLAIN:
                yield ANYTHING, self.given(each)
        if not self.arguments.has_file:
            whole = [each for each in plain if "." not in each.key]
            yield from (line for each in whole for line in self.of(each))
            yield from self.made_for(plain, {each.key for each in whole})
            yield from (line for each in plain if "." in each.key for line in self.of(each))

    @property
    def recipe(self) -> str:
        """What the arguments are set on."""
        named, factory = self.arguments.factory, self.start.main.factory
        if named is not None and not self.start.has_chosen:
            return f"{named.text}()" if named.is_known and self.is_function(named.text) else ANYTHING
        if factory is None:
            return f"{_RUN}.Partial({self.start.main.function})"
        return f"{factory}()" if factory else ANYTHING

    @property
    def has_factory(self) -> bool:
        return self.arguments.factory is not None or self.start.main.factory is not None

    def is_function(self, name: str) -> bool:
        """Whether this certainly is a function of the script, and what a factory of that name is."""
        return name in self.functions

    def given(self, override: Override, column: int = 0, is_value: bool = False) -> Given:
        is_sure = not self.arguments.is_open
        return Given(override, self.number, column, is_value, is_sure, self.start.main.has_executor)

    def of(self, override: Override) -> Iterator[tuple[str, Given | None]]:
        """The lines for an argument: that its name can be set, and that the text can be its value."""
        if not override.parts or self.has_settled(override):
            return
        place = f"{_RECIPE}.{override.key}"
        operator = f"{override.operator}=" if override.operator else "="
        yield f"{place} {operator} {ANYTHING}", self.given(override, _COLUMN)
        if override.value is not None and not self.may_name(override.value):
            yield f"{place} = {override.value!r}", self.given(override, _COLUMN, is_value=True)
        made = f"{override.value}()" if override.value and self.is_function(override.value) else ANYTHING
        yield f"{place} = {made}", None

    def has_settled(self, override: Override) -> bool:
        """Whether nothing is known of what the name is a part of, since a factory may come with what is left open."""
        return self.arguments.is_open and "." in override.key and not self.has_factory

    def may_name(self, value: str) -> bool:
        """Whether a value may stand for something else than this text."""
        if value.isupper():  # `N` or `YOUR_RATE`, to be filled in
            return True
        if value.startswith(("Config", "Partial", "<Config", "<Partial", "@", "[")) or "${" in value:
            return True
        names = self.start.names
        return _NAMING.fullmatch(value) is not None and (names is None or not value.isidentifier() or value in names)

    def made_for(self, plain: Sequence[Override], set_before: set[str]) -> Iterator[tuple[str, Given | None]]:
        """What nemo_run makes, where there is no factory, of a parameter of which only parts are set: its type's."""
        if self.has_factory or self.arguments.is_open:
            return
        made: set[str] = set()
        for each in plain:
            for length in range(1, len(each.parts)):
                place = ".".join(each.parts[:length])
                if each.parts[0] not in set_before and place not in made:
                    made.add(place)
                    what = self.configuration(place) if length == 1 else ANYTHING
                    yield f"{_RECIPE}.{place} = {what}", self.given(each, _COLUMN)

    def configuration(self, name: str) -> str:
        """What `Config` as a value makes of the annotation of a parameter."""
        node = self.start.definition
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs] if node is not None else []
        annotation = next((each.annotation for each in arguments if each.arg == name), None)
        is_name = isinstance(annotation, (ast.Name, ast.Attribute))
        return f"{_RUN}.Config({ast.unparse(annotation)})" if annotation is not None and is_name else ANYTHING


def _functions(tree: ast.Module) -> frozenset[str]:
    """The functions that a module defines once, and of whose name there is no text that may name a factory."""
    nodes = list(ast.walk(tree))
    defined = Counter(each.name for each in nodes if isinstance(each, Definition))
    texts = {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return frozenset(name for name, times in defined.items() if times == 1 and name not in texts)


def names_in(tree: ast.Module) -> frozenset[str] | None:
    """All names that a module may have; None if it may have any."""
    found: set[str] = set()
    for each in ast.walk(tree):
        if isinstance(each, (ast.Import, ast.ImportFrom)):
            if any(alias.name == "*" for alias in each.names):
                return None
            found |= {alias.asname or alias.name.partition(".")[0] for alias in each.names}
        elif isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(each.name)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.add(each.value)  # the name of a factory, or of what `globals()` gets
    return frozenset(found) if not found & {"globals", "exec", "__getattr__"} else None
