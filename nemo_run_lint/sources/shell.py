"""Shell text as the commands in it: words without their quotes, each character at its place in the text.

Only what is certain without running it is told: whatever the shell would put in a place (`$x`, `$(...)`, `{a,b}`), and
what a page leaves to its reader (`<name>`), is one UNKNOWN character. What a heredoc holds is no command.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

#: Stands in a word for what only the shell, or the reader, knows.
UNKNOWN = "\0"

#: Words before which a command begins anew.
_BEFORE_COMMANDS = frozenset("if then else elif while until do { time exec command builtin".split())

_BLANKS = " \t"
_ENDS = ";&|\n\r()"
_VARIABLE = re.compile(r"\$(?:\w+|[@*#?$!-])")
_PLACEHOLDER = re.compile(r"<\w(?:[\w .|,/=-]*\w)?>")
_BRACES = re.compile(r"\{[^\s{}'\"]*\}")
_REDIRECTION = re.compile(r"&>>?|\d*(?:<<<|<<-?|>>|<>|>\||[<>]&?)")
_HIDDEN_LINE_END = re.compile(r"\\(?:\r\n?|\n)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")


@dataclass(frozen=True)
class Word:
    """A word of a command.

    text    without quotes; UNKNOWN stands for each thing that cannot be told
    places  where each of its characters stands in the shell text
    begin   where the word begins there, with a quote
    end     where it ends
    """

    text: str
    places: tuple[int, ...]
    begin: int
    end: int

    @property
    def is_known(self) -> bool:
        """Whether all of it can be told."""
        return UNKNOWN not in self.text


@dataclass(frozen=True)
class Command:
    """A simple command.

    words    without what is assigned before it, and without redirections
    depth    in how many parentheses it stands
    negated  whether `!` before it turns its status around
    files    what it redirects to or from
    """

    words: tuple[Word, ...]
    depth: int = 0
    negated: bool = False
    files: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Comment:
    """A comment, from its `#`, and where that stands in the text."""

    text: str
    begin: int


@dataclass
class Script:
    """What a shell text holds, in order."""

    commands: list[Command] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


def read_shell(text: str, fills_braces: bool = False) -> Script:
    """The commands and comments of a shell text; of one that ends in the middle, as far as it goes.

    fills_braces    whether something else puts values in place of `{x}` before the shell sees it, as IPython does
    """
    return _Reader(text, fills_braces).read()


class _Reader:
    """Goes through a text once, from left to right."""

    def __init__(self, text: str, fills_braces: bool) -> None:
        self.text = text
        self.fills_braces = fills_braces
        self.at = 0
        self.script = Script()
        self.words: list[Word] = []
        self.files: list[Word] = []
        self.heredocs: list[tuple[str, bool]] = []
        self.depth = 0

    def read(self) -> Script:
        """All of it."""
        while self.at < len(self.text):
            character = self.text[self.at]
            redirection = _REDIRECTION.match(self.text, self.at)
            if character in _BLANKS:
                self.at += 1
            elif self.skips_line_end():
                pass
            elif character == "#":
                self.comment()
            elif redirection is not None and not self.is_substitution() and not self.is_placeholder():
                self.redirection(redirection)
            elif character in _ENDS:
                self.end_of_command(character)
            else:
                self.words.append(self.word())
        self.finish()
        return self.script

    def skips_line_end(self) -> bool:
        """Go past a backslash that hides the end of a line, if there is one."""
        found = _HIDDEN_LINE_END.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        return True

    def comment(self) -> None:
        """Go past a comment."""
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in "\r\n":
            self.at += 1
        self.script.comments.append(Comment(self.text[begin : self.at], begin))

    def end_of_command(self, character: str) -> None:
        """Go past what ends a command."""
        self.at += 1
        self.finish()
        self.depth = max(self.depth + {"(": 1, ")": -1}.get(character, 0), 0)
        if character in "\r\n":
            if self.text[self.at - 1 : self.at + 1] == "\r\n":
                self.at += 1
            self.skip_heredocs()

    def finish(self) -> None:
        """Keep the command that ended."""
        words, negated = self.words, False
        while words:
            if words[0].text == "!":
                negated = not negated
            elif words[0].text not in _BEFORE_COMMANDS and not _is_assignment(words[0]):
                break
            words = words[1:]
        if words or self.files:
            self.script.commands.append(Command(tuple(words), self.depth, negated, tuple(self.files)))
        self.words, self.files = [], []

    # -- redirections ----------------------------------------------------------------------------------------

    def is_substitution(self) -> bool:
        """Whether `<(...)` or `>(...)` begins here."""
        return self.text[self.at] in "<>" and self.text.startswith("(", self.at + 1)

    def is_placeholder(self) -> bool:
        """Whether `<name>` begins here."""
        return _PLACEHOLDER.match(self.text, self.at) is not None

    def redirection(self, found: re.Match[str]) -> None:
        """Go past a redirection and its file."""
        self.at = found.end()
        while self.at < len(self.text) and self.text[self.at] in _BLANKS:
            self.at += 1
        if self.at >= len(self.text) or self.text[self.at] in _ENDS:
            return
        word = self.word()
        kind = found[0].lstrip("0123456789")
        if kind in ("<<", "<<-"):
            self.heredocs.append((word.text, kind == "<<-"))
        else:
            self.files.append(word)

    def skip_heredocs(self) -> None:
        """Go past the heredocs that begin in this line."""
        for delimiter, is_indented in self.heredocs:
            while self.at < len(self.text):
                line = _LINE.match(self.text, self.at)
                assert line is not None  # it matches what is left
                self.at = line.end()
                written = line[0].rstrip("\r\n")
                if (written.lstrip("\t") if is_indented else written) == delimiter:
                    break
        self.heredocs = []

    # -- words -----------------------------------------------------------------------------------------------

    def word(self) -> Word:
        """Go past a word."""
        begin = self.at
        found: list[tuple[str, int]] = []
        while self.at < len(self.text):
            character = self.text[self.at]
            if self.skips_line_end():
                continue
            if character in _BLANKS or (character in _ENDS and not (character == "(" and self.is_inside(found))):
                break
            if character in "<>":
                placeholder = _PLACEHOLDER.match(self.text, self.at)
                if placeholder is None and not self.is_substitution():
                    break
                end = placeholder.end() if placeholder is not None else self.closing(self.at + 1)
                self.unknown(found, end)
            else:
                self.piece(found, character)
        text = "".join(each for each, _ in found)
        return Word(text, tuple(place for _, place in found), begin, self.at)

    def is_inside(self, found: Sequence[tuple[str, int]]) -> bool:
        """Whether a parenthesis here belongs to an assignment of an array, or to a pattern, and ends nothing."""
        return bool(found) and found[-1][0] in "=@?*+!"

    def piece(self, found: list[tuple[str, int]], character: str) -> None:
        """Go past a piece of a word that begins with this character."""
        begin = self.at
        if character == "'":
            self.single_quoted(found)
        elif character == '"':
            self.double_quoted(found)
        elif character == "\\":
            found += [(each, begin + 1) for each in self.text[begin + 1 : begin + 2]]
            self.at += 2
        elif character in "$`":
            self.expansion(found)
        elif character == "(":
            self.unknown(found, self.closing(begin))
        elif character == "{" and (end := self.braces()):
            self.unknown(found, end)
        else:
            found.append((character, begin))
            self.at += 1

    def braces(self) -> int:
        """Where braces end that begin here and stand for something else; 0 if they do not."""
        if self.fills_braces:
            end = self.text.find("}", self.at) + 1
            return end if "\n" not in self.text[self.at : end] else 0
        found = _BRACES.match(self.text, self.at)
        return found.end() if found is not None and ("," in found[0] or ".." in found[0]) else 0

    def unknown(self, found: list[tuple[str, int]], end: int) -> None:
        """Something that cannot be told, up to `end`."""
        found.append((UNKNOWN, self.at))
        self.at = max(end, self.at + 1)

    def single_quoted(self, found: list[tuple[str, int]]) -> None:
        """Go past `'...'`."""
        end = self.text.find("'", self.at + 1)
        end = len(self.text) if end < 0 else end
        found += [(self.text[place], place) for place in range(self.at + 1, end)]
        self.at = end + 1

    def double_quoted(self, found: list[tuple[str, int]]) -> None:
        """Go past `"..."`."""
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            character = self.text[self.at]
            if self.skips_line_end():
                continue
            if character == "\\" and self.text[self.at + 1 : self.at + 2] in ("$", "`", '"', "\\"):
                found.append((self.text[self.at + 1], self.at + 1))
                self.at += 2
            elif character in "$`":
                self.expansion(found)
            else:
                found.append((character, self.at))
                self.at += 1
        self.at += 1

    def expansion(self, found: list[tuple[str, int]]) -> None:
        """Go past `$x`, `${x}`, `$(...)`, a command in backquotes, or a `$` that is just that."""
        following = self.text[self.at + 1 : self.at + 2]
        if self.text[self.at] == "`":
            end = self.text.find("`", self.at + 1)
            self.unknown(found, len(self.text) if end < 0 else end + 1)
        elif following in ("{", "("):
            self.unknown(found, self.closing(self.at + 1))
        elif following in ("'", '"'):
            end = self.text.find(following, self.at + 2)
            self.unknown(found, len(self.text) if end < 0 else end + 1)
        elif (variable := _VARIABLE.match(self.text, self.at)) is not None:
            self.unknown(found, variable.end())
        else:
            found.append(("$", self.at))
            self.at += 1

    def closing(self, place: int) -> int:
        """Where the bracket at `place` is closed, past that; the end of the text if it is not."""
        pairs = {"(": ")", "{": "}"}
        open_ones: list[str] = []
        while place < len(self.text):
            character = self.text[place]
            if character == "\\":
                place += 1
            elif character in "'\"":
                end = self.text.find(character, place + 1)
                place = len(self.text) if end < 0 else end
            elif character in pairs:
                open_ones.append(pairs[character])
            elif open_ones and character == open_ones[-1]:
                open_ones.pop()
                if not open_ones:
                    return place + 1
            place += 1
        return len(self.text)


def _is_assignment(word: Word) -> bool:
    return _ASSIGNMENT.match(word.text) is not None
