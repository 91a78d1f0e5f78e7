"""The mistakes that are seeded: each is one edit of a file's bytes, and no edit moves a line.

What may be no mistake, as far as is known, is not made: the name of another parameter, a value that the annotation
admits.
"""

from __future__ import annotations

import ast
import keyword
import random
import re
import string
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from judge import Answers
from sites import Function, Override, Source, Target

from nemo_run_lint.signatures.signature import Signature

#: What stands instead of a literal, as written, where no annotation that admits the literal's kind should admit it.
_CONTRADICTING: dict[type, tuple[str, ...]] = {
    str: ("31", "['x']"),
    bool: ("'x'", "['x']"),
    int: ("'x'", "['x']"),
    float: ("'x'", "['x']"),
    ast.List: ("'x'", "31", "{'x': 31}"),
    ast.Tuple: ("'x'", "31", "{'x': 31}"),
    ast.Set: ("'x'", "31", "{'x': 31}"),
    ast.Dict: ("'x'", "31", "['x']"),
}

#: The words of an annotation that admit such a value after all, by its first character.
_ADMITTING = {
    "'": re.compile(r"\b(Any|object|str|Path|PathLike|Literal|Sequence|Iterable|Collection)\b"),
    "3": re.compile(r"\b(Any|object|int|float|complex|bool)\b"),
    "[": re.compile(r"\b(Any|object|[Ll]ist|[Tt]uple|[Ss]et|Sequence|Iterable|Collection|ListConfig)\b"),
    "{": re.compile(r"\b(Any|object|[Dd]ict|Mapping|MutableMapping|Iterable|Collection|DictConfig)\b"),
}


@dataclass(frozen=True)
class Mutant:
    """A file with one mistake in it.

    start, end  which of the file's bytes `new` stands instead of
    what        what was done, in words
    launcher    what is added at the end of the file, so that the mistake is one; without a mistake of its own
    """

    source: Source
    start: int
    end: int
    new: str
    what: str
    launcher: str = ""

    @property
    def original(self) -> str:
        """The file without the mistake."""
        return self.source.text + self.launcher

    @property
    def text(self) -> str:
        """The file with the mistake."""
        data = self.source.data
        return (data[: self.start] + self.new.encode() + data[self.end :]).decode() + self.launcher

    @property
    def place(self) -> str:
        """The file and line."""
        return f"{self.source.shown}:{_lines(self.source, 0, self.start) + 1}"


#: What a kind makes of a site: None where it is not known what stands there, so that no linter could see a mistake.
Mutants = Iterator[Mutant | None]


def keyword_typos(source: Source, answers: Answers, rng: random.Random) -> Mutants:
    """One character wrong in a keyword of a Config or Partial."""
    for target, argument in _keywords(source):
        signatures = answers.signatures(target.place)
        if not signatures:
            yield None
            continue
        known = {parameter.name for signature in signatures for parameter in signature.parameters}
        given = {str(each.arg) for each in target.call.keywords}
        start = source.offset(argument.lineno, argument.col_offset)
        yield _typo(source, start, str(argument.arg), known | given, rng)


def override_typos(source: Source, answers: Answers, rng: random.Random) -> Mutants:
    """One character wrong in one attribute of an override's path, wherever it stands.

    What a helper overrides is often known only from its callers: to leave out what is not known in its own file would
    leave out what is hard to see.
    """
    for override in source.overrides:
        yield _override_typo(source, override, rng)


def checked_override_typos(source: Source, answers: Answers, rng: random.Random) -> Mutants:
    """The same, where it is known that the override can be checked."""
    for override in source.overrides:
        yield _override_typo(source, override, rng) if answers.overrides.get(override.place, False) else None


def contradicting_literals(source: Source, answers: Answers, rng: random.Random) -> Mutants:
    """A literal argument of a Config or Partial made one of another kind."""
    for target, argument in _keywords(source):
        kind = type(argument.value.value) if isinstance(argument.value, ast.Constant) else type(argument.value)
        if kind not in _CONTRADICTING:
            continue
        signatures = answers.signatures(target.place)
        if not signatures:
            yield None
            continue
        parameters = (each for signature in signatures for each in signature.called if each.name == argument.arg)
        annotations = " ".join(parameter.annotation for parameter in parameters)
        values = [value for value in _CONTRADICTING[kind] if not _ADMITTING[value[0]].search(annotations)]
        if not values:
            continue
        start, end = source.offset(argument.value.lineno, argument.value.col_offset), _end(source, argument.value)
        new = rng.choice(values)
        what = f"{argument.arg}={ast.unparse(argument.value)} -> {new}"
        yield Mutant(source, start, end, new + "\n" * _lines(source, start, end), what)


def dropped_arguments(source: Source, answers: Answers, rng: random.Random) -> Mutants:
    """A required argument left out of a Config or Partial that a function returns, which a launcher calls and runs."""
    for target in source.targets:
        function = target.function
        if function is None or not _is_submitted(source, target, function):
            continue
        signatures = answers.signatures(target.place)
        if not signatures:
            yield None
            continue
        required = set.intersection(
            *({each.name for each in signature.called if each.required} for signature in signatures)
        )
        for argument in target.call.keywords:
            if argument.arg in required - _assigned_later(function):
                start, end = source.offset(argument.lineno, argument.col_offset), _end(source, argument.value)
                end += _comma_length(source.data[end:])
                what = f"{target.text}: without {argument.arg}"
                new = "\n" * _lines(source, start, end)
                mutant = Mutant(source, start, end, new, what, _launcher(source, function))
                if _parses(mutant.text):
                    yield mutant


KINDS = {
    "keyword": keyword_typos,
    "override": override_typos,
    "checked-override": checked_override_typos,
    "literal": contradicting_literals,
    "dropped": dropped_arguments,
}


def typo(name: str, taken: Collection[str], rng: random.Random) -> str:
    """`name` with one character deleted, swapped, inserted or replaced: another name, and none of `taken`."""
    while True:
        place, letter = rng.randrange(len(name)), rng.choice(string.ascii_lowercase + "_")
        head, tail = name[:place], name[place:]
        wrong = rng.choice(
            (head + tail[1:], head + tail[1:2] + tail[:1] + tail[2:], head + letter + tail, head + letter + tail[1:])
        )
        if wrong != name and wrong not in taken and wrong.isidentifier() and not keyword.iskeyword(wrong):
            return wrong


def _override_typo(source: Source, override: Override, rng: random.Random) -> Mutant:
    node = rng.choice(override.attributes)
    return _typo(source, _end(source, node) - len(node.attr.encode()), node.attr, (), rng)


def _typo(source: Source, start: int, name: str, taken: Collection[str], rng: random.Random) -> Mutant:
    wrong = typo(name, taken, rng)
    return Mutant(source, start, start + len(name.encode()), wrong, f"{name} -> {wrong}")


def _keywords(source: Source) -> Iterator[tuple[Target, ast.keyword]]:
    for target in source.targets:
        yield from ((target, argument) for argument in target.call.keywords if argument.arg is not None)


def _required(signature: Signature) -> set[str]:
    return {parameter.name for parameter in signature.called if parameter.required}


def _is_submitted(source: Source, target: Target, function: Function) -> bool:
    """Whether a call of `function` without arguments returns `target` or what holds it, on the only way through it.

    A Partial inside another thing is none of these: building leaves it a partial, which may get its arguments later.
    """
    depth = target.around.index(function)
    outside, statement, inside = target.around[depth - 1], target.around[depth + 1], target.around[depth + 2 :]
    if not (isinstance(outside, ast.Module) and source.is_buildable(function.returns) and _needs_nothing(function)):
        return False
    is_partial = source.dotted(target.call.func).endswith("Partial")
    if is_partial and (_is_config(source, function) or any(isinstance(node, ast.Call) for node in inside)):
        return False
    if any(isinstance(node, ast.Lambda | ast.IfExp | ast.BoolOp) for node in inside):
        return False
    return statement in _steps_to_the_result(function)


def _needs_nothing(function: Function) -> bool:
    arguments = function.args
    places = len(arguments.posonlyargs) + len(arguments.args)
    return places == len(arguments.defaults) and None not in arguments.kw_defaults


def _steps_to_the_result(function: Function) -> list[ast.stmt]:
    """The last return of `function`, and the assignments to what it returns; none of what stands in branches."""
    last = function.body[-1]
    if not isinstance(last, ast.Return):
        return []
    steps: list[ast.stmt] = [last]
    held = _names(last)
    for statement in reversed(function.body):
        if isinstance(statement, ast.Assign) and held & _names(*statement.targets):
            steps.append(statement)
            held -= {target.id for target in statement.targets if isinstance(target, ast.Name)}
            held |= _names(statement.value)
    return steps


def _names(*nodes: ast.AST) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _assigned_later(function: Function) -> set[str]:
    """The attributes that anything in `function` assigns: what is left out of a call may be set so."""
    nodes = ast.walk(function)
    return {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}


def _is_config(source: Source, function: Function) -> bool:
    return function.returns is not None and source.dotted(function.returns).endswith("Config")


def _launcher(source: Source, function: Function) -> str:
    """Submits what `function` returns; a Config, which is no task, is built."""
    module, verb = ("fiddle", "build") if _is_config(source, function) else ("nemo_run", "run")
    return f'\n\nif __name__ == "__main__":\n    import {module}\n\n    {module}.{verb}({function.name}())\n'


def _comma_length(after: bytes) -> int:
    """How much goes with an argument that is left out."""
    return len(after) - len(after.lstrip(b" \t").removeprefix(b",").lstrip(b" \t"))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _lines(source: Source, start: int, end: int) -> int:
    return source.data.count(b"\n", start, end)


def _end(source: Source, node: ast.expr) -> int:
    return source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
