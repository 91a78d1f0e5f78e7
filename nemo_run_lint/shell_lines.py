"""Command lines that start experiments, in shell text of any file: found, brought together with their scripts, linted.

Where a script lies is certain only as long as it is certain in which directory a command runs, and that no command
before has written the script: otherwise nothing is said.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from nemo_run_lint.collector import collector_paused
from nemo_run_lint.finding import Edit, Finding, Fix, Span
from nemo_run_lint.linter import Examined, finding_of, located, reports
from nemo_run_lint.nemo.command_line import Arguments, Started, arguments, started
from nemo_run_lint.rule import Rule
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.sources.code_block import CodeBlock, line_at
from nemo_run_lint.sources.python import (
    LINE_END,
    TooLargeError,
    UndecodableError,
    UnreadableError,
    decode,
    parsed,
    read,
)
from nemo_run_lint.sources.shell import Command, Comment, Script, Word, read_shell

if TYPE_CHECKING:
    from nemo_run_lint.file_tree import Project
    from nemo_run_lint.nemo.program import Given, ProgramFile
    from nemo_run_lint.signatures.index import Index

#: What a script without run.cli.main lacks.
_MAIN = re.compile(r"\bnemo_run\b")

#: Commands that may write or fetch a script that they name, and those after which the directory is another.
_WRITING = frozenset("cp mv ln wget curl tee sed install rsync patch unzip tar".split())
_MOVING = frozenset("cd pushd popd".split())


@dataclass(frozen=True)
class Shell:
    """A piece of shell text in a file.

    block  its lines, each at its place in the file
    text   these lines
    read   what is in them
    """

    block: CodeBlock
    text: str
    read: Script

    @classmethod
    def of_block(cls, block: CodeBlock, fills_braces: bool = False) -> Shell:
        """That of a block of a page, or of a notebook, where IPython fills in `{x}`."""
        text = "\n".join(line.text for line in block.lines)
        return cls(block, text, read_shell(text, fills_braces))

    @classmethod
    def of_text(cls, text: str) -> Shell:
        """That of a whole file."""
        lines = enumerate(LINE_END.split(text), 1)
        return cls.of_block(CodeBlock(tuple(line_at(number, line, line) for number, line in lines)))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, in the file, of the character at `offset` of the text."""
        number = min(bisect_right(self._starts, offset), len(self.block.lines)) - 1
        line = self.block.lines[number]
        return line.number, max(offset - self._starts[number] + line.shift, 0) + 1

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each line begins in the text."""
        return [0, *accumulate(len(line.text) + 1 for line in self.block.lines)]

    def span(self, begin: int, end: int) -> Span:
        """The stretch of the file between two offsets."""
        line, column = self.place(begin)
        end_line, end_column = self.place(max(end - 1, begin))
        return Span(line, column, end_line, end_column + 1)


@dataclass(frozen=True)
class CommandLine:
    """A command line that starts an experiment."""

    shell: Shell
    started: Started
    arguments: Arguments


@dataclass
class Starting:
    """The command lines of a file that start one script, or commands of `nemo`.

    path   of the file that they stand in
    script the path of the script; for commands of `nemo`, one beside the file that need not be there
    text   the script's; empty for commands of `nemo`
    """

    path: str
    script: str
    text: str
    lines: list[CommandLine] = field(default_factory=list)

    @property
    def key(self) -> str:
        """All that decides what is found, the environment apart."""
        said = [
            (each.started, [each.shell.span(word.begin, word.end) for word in each.started.arguments])
            for each in self.lines
        ]
        return f"{self.text}\n{self.path}\n{said}"

    def examined(
        self, rules: Sequence[Rule], versions: tuple[str, ...], index: Index, project: Project | None
    ) -> Examined:
        """What `rules` find, where it stands in the file."""
        from nemo_run_lint.nemo.program import ProgramFile as Program
        from nemo_run_lint.nemo.program import program
        from nemo_run_lint.starting import starts
        from nemo_run_lint.syntax.tree import Tree

        with collector_paused():
            tree = parsed(self.text)
            if isinstance(tree, SyntaxError):
                return Examined()
            found = [
                (each, start) for each in self.lines if (start := starts(each.started, each.arguments, tree, index))
            ]
            if not found:
                return Examined()
            made = program(self.text, tree, [(start, each.arguments) for each, start in found])
            syntax = parsed(made.text)
            if isinstance(syntax, SyntaxError):
                return Examined()
            file = Program(self.script, made.text, Tree(made.text, syntax), versions, index, project)
            file.program = made
            told = [each for rule in rules for each in self._told(file, rule, [each for each, _ in found])]
            file.forget()
        return Examined(tuple(dict.fromkeys(told)))

    def _told(self, file: ProgramFile, rule: Rule, lines: Sequence[CommandLine]) -> list[Finding]:
        from nemo_run_lint.flow.command_lines import Argument

        if Argument not in rule.subscriptions():
            return []
        try:
            found = [located(file, rule, report) for report in reports(rule, file)]
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            return [finding_of(RuleFailed, self.path, Span(1, 1, 1, 1), rule=rule.name(), error=reason)]
        placed = (self._placed(each, file.program.given.get(each.span.line), lines) for each in found)
        return [each for each in placed if each is not None]

    def _placed(self, finding: Finding, given: Given | None, lines: Sequence[CommandLine]) -> Finding | None:
        """A finding in the program as one in the file."""
        if given is None:
            return None
        shell = lines[given.command].shell
        begin, end = _stretch(given, finding.span)
        fix = _fix(finding.fix, given, shell) if finding.fix is not None else None
        return replace(finding, path=self.path, span=shell.span(begin, end), fix=fix)


def _stretch(given: Given, span: Span) -> tuple[int, int]:
    """Where the part of an argument begins and ends, in the shell text, that a span of its line is about."""
    word = given.override.word
    if given.is_value:
        begin = word.text.index("=") + 1
        end = len(word.text)
    else:
        begin, end = span.column - given.column, span.end_column - given.column
    if not given.column or not 0 <= begin < end <= len(word.places):
        return word.begin, word.end
    return word.places[begin], word.places[end - 1] + 1


def _fix(fix: Fix, given: Given, shell: Shell) -> Fix | None:
    """A fix in the program as one in the file; None where what it changes is not written there as it is meant."""
    edits: list[Edit] = []
    for edit in fix.edits:
        begin, end = _stretch(given, edit.span)
        if given.is_value or shell.text[begin:end] != given.override.word.text[slice(*_columns(given, edit.span))]:
            return None
        edits.append(Edit(shell.span(begin, end), edit.text))
    return Fix(fix.message, tuple(edits), fix.safe)


def _columns(given: Given, span: Span) -> tuple[int, int]:
    return span.column - given.column, span.end_column - given.column


# -- which scripts ---------------------------------------------------------------------------------------------


def starting(path: str, pieces: Iterable[Shell], root: str, maximum_size: int, scripts: bool = True) -> list[Starting]:
    """The command lines in the pieces of a file that start experiments, by the script that they start.

    root     the directory of the project
    scripts  whether what a command names as its script is certain to be a file, and not something that is shown
    """
    pieces = list(pieces)
    walk = _Walk(os.path.dirname(os.path.abspath(path)), os.path.abspath(root))
    written = {name for piece in pieces for command in piece.read.commands for name in _written(command)}
    found: dict[str, Starting] = {}
    if any("LAZY_CLI" in piece.text for piece in pieces):
        return []
    for piece in pieces:
        for command in piece.read.commands:
            walk.step(command)
            begun = started(command) if not command.negated else None
            given = arguments(begun.arguments) if begun is not None else Arguments()
            if begun is None or given.is_other or not given.overrides:
                continue
            script = walk.nowhere if begun.entry is not None else walk.script(begun)
            if script is None or (begun.entry is None and (not scripts or os.path.basename(script) in written)):
                continue
            if script not in found:
                text = "" if begun.entry is not None else _source(script, maximum_size)
                found[script] = Starting(path, script, text)
            found[script].lines.append(CommandLine(piece, begun, given))
    return [each for each in found.values() if each.script == walk.nowhere or _MAIN.search(each.text)]


def changes_directory(text: str) -> bool:
    """Whether what is around command lines, as in a notebook, may change where they run, or write their scripts."""
    return re.search(r"%cd\b|\bchdir\b|%%writefile\b|%%file\b", text) is not None


def _written(command: Command) -> Iterator[str]:
    """The names of the files that a command may write."""
    name = os.path.basename(command.words[0].text) if command.words else ""
    words: Sequence[Word] = command.words[1:] if name in _WRITING else ()
    yield from (os.path.basename(word.text) for word in (*command.files, *words))


def _source(script: str, maximum_size: int) -> str:
    """The text of a script; empty where it cannot be read."""
    try:
        return decode(read(script, maximum_size)).text
    except (UnreadableError, TooLargeError, UndecodableError):
        return ""


class _Walk:
    """Goes from command to command, and knows in which directories each may run; in none where that is lost."""

    def __init__(self, beside: str, root: str) -> None:
        self.beside = beside
        self.root = root
        self.where: tuple[str, ...] = (beside, root)
        self.outside: list[tuple[str, ...]] = []

    @property
    def nowhere(self) -> str:
        """The path that stands for what lies in no file."""
        return os.path.join(self.beside, "<nemo>.py")

    def step(self, command: Command) -> None:
        """What a command changes."""
        while len(self.outside) < command.depth:
            self.outside.append(self.where)
        while len(self.outside) > command.depth:
            self.where = self.outside.pop()
        name = command.words[0].text if command.words else ""
        if name in _MOVING:
            goal = command.words[1] if name != "popd" and len(command.words) == 2 else None
            self.where = self._moved(goal.text) if goal is not None and goal.is_known else ()

    def _moved(self, goal: str) -> tuple[str, ...]:
        if os.path.isabs(goal) or goal.startswith("~"):
            return ()
        places = (os.path.join(each, goal) for each in self.where)
        return tuple(os.path.normpath(each) for each in places if os.path.isdir(each))

    def script(self, begun: Started) -> str | None:
        """The file that a command starts; None if there is none, or one in each of several directories."""
        names = [begun.script] if begun.script else [f"{begun.module.replace('.', '/')}.py"]
        if begun.module:
            names.append(f"src/{names[0]}")
        tried = (os.path.normpath(os.path.join(each, name)) for each in self.where for name in names)
        found = {os.path.realpath(each): each for each in tried if os.path.isfile(each) and self._is_inside(each)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_inside(self, path: str) -> bool:
        return path.startswith((os.path.join(self.root, ""), os.path.join(self.beside, "")))


# -- comments --------------------------------------------------------------------------------------------------


def as_python(pieces: Sequence[Shell], text: str = "") -> str:
    """A Python text whose comments are those of the shell text, and whose statements stand where its commands do.

    text    the Python around the pieces
    """
    lines = LINE_END.split(text)
    for piece in pieces:
        last = max((line.number for line in piece.block.lines), default=1)
        lines += [""] * (last - len(lines))
        for first, end in _rows(piece):
            indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
            filled = ["0"] if first == end else ["(", *[""] * (end - first - 1), "0)"]
            lines[first - 1 : end] = [f"{indent}{each}" for each in filled]
        for comment in piece.read.comments:
            _put(lines, piece, comment)
    return "\n".join(lines) + "\n"


def _put(lines: list[str], piece: Shell, comment: Comment) -> None:
    line, column = piece.place(comment.begin)
    before = lines[line - 1].rstrip()
    lines[line - 1] = before.ljust(column - 1) + comment.text


def _rows(piece: Shell) -> list[tuple[int, int]]:
    """The lines that the commands take up; what shares a line is one."""
    found: list[tuple[int, int]] = []
    for command in piece.read.commands:
        words = (*command.words, *command.files)
        begin, end = min(word.begin for word in words), max(word.end for word in words)
        first, last = piece.place(begin)[0], piece.place(max(end - 1, begin))[0]
        if found and first <= found[-1][1]:
            first = found.pop()[0]
        found.append((first, last))
    return found
