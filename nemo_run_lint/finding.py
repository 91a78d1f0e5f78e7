"""What a linter says: plain data, with no knowledge of LibCST.

Lines and columns count from 1, columns in code points, and an end is one past the last character:
the convention of SARIF and of ruff's JSON. flake8 and LSP count columns from 0; they subtract.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """How bad it is. ERROR: fails or loses work when it runs; WARNING: the team standard; INFO: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(str, Enum):
    """How sure it is. HIGH: certain from the text; MEDIUM: needs an assumption, which the rule's page names."""

    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a file: first line and column, last line, and the column after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Edit:
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that remove a finding. `safe`: the program does the same as before, or what it was meant to do."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True


#: What the note says that names the place of a mistake in another function or file than the finding.
CAUSE = "this is where it fails"


@dataclass(frozen=True)
class Note:
    """What a finding rests on: a definition, or a call that leads to it. `line` is 0 where it is no place in a file."""

    message: str
    path: str = ""
    line: int = 0


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    number  from 1, all cells counted
    id      as the notebook names it; empty before format 4.5
    """

    number: int
    id: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing wrong at one place.

    `path` is what the user called the file; `name` is the rule's name (`lambda-in-config`), `code` its code
    (`NRL401`); `message` says what was written, `help` what to write instead (may be empty), `notes` the proof.

    Of a notebook, `span` counts in the text that all its code cells make; `cell` is set only for one who is to see it,
    and then `span` counts in that cell.
    """

    path: str
    span: Span
    code: str
    name: str
    severity: Severity
    message: str
    confidence: Confidence = Confidence.HIGH
    help: str = ""
    fix: Fix | None = None
    notes: tuple[Note, ...] = ()
    cell: Cell | None = None

    @property
    def cause(self) -> tuple[str, int] | None:
        """The file and line of the mistake, where it is not at the finding itself but in a function called there."""
        return next(((note.path, note.line) for note in self.notes if note.message == CAUSE), None)

    @property
    def file(self) -> str:
        """The file, also where `path` names a cell of it."""
        return self.path.removesuffix(f":cell {self.cell.number}") if self.cell is not None else self.path

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        """The order of a report: by file, then place, then code; the message decides what is left."""
        return (self.path, self.span, self.code, self.message)


@dataclass(frozen=True)
class Silenced:
    """A finding that is not reported, and what silences it.

    by       `comment` or `baseline`
    reason   why, as somebody wrote it; may be empty
    """

    finding: Finding
    by: str
    reason: str = ""
