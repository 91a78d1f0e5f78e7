"""What a rule is: a class that looks at one thing of a file and reports what is wrong with it.

A rule says what it wants to see by the annotation of `check`'s first parameter: a thing from `nemo/`,
a LibCST node type, or a union of them. It keeps no state between calls.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

from nemo_run_lint.finding import Confidence, Note, Severity

if TYPE_CHECKING:
    import libcst as cst

    from nemo_run_lint.project import File

T = TypeVar("T")


class Profile(str, Enum):
    """A set of rules, each holding the one before: what certainly fails, the team standard, everything."""

    CORRECTNESS = "correctness"
    TEAM = "team"
    STRICT = "strict"


class Phase(str, Enum):
    """When a mistake shows under the real nemo_run; what a rule claims here, `tests/oracle` proves."""

    IMPORTED = "when the file is imported"
    CONFIGURED = "when it is configured"
    ADDED = "at exp.add"
    LAUNCHED = "when it is launched"
    JOB = "in the job"
    SILENT = "silently"


class Option(Generic[T]):
    """A setting of one rule, written as a class attribute: `minimum_length = Option(3, "shortest name")`.

    In `[tool.nemo-run-lint.rules.<rule-name>]` it is spelt with hyphens: `minimum-length = 4`.
    """

    def __init__(self, default: T, help: str, choices: tuple[str, ...] = ()) -> None:
        self.default = default
        self.help = help
        self.choices = choices
        self.attribute = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name

    @property
    def key(self) -> str:
        """How it is spelt in the settings."""
        return self.attribute.replace("_", "-")

    @overload
    def __get__(self, rule: None, owner: type) -> Option[T]: ...

    @overload
    def __get__(self, rule: Rule, owner: type) -> T: ...

    def __get__(self, rule: Rule | None, owner: type) -> Option[T] | T:
        if rule is None:
            return self
        return typing.cast(T, rule.settings.get(self.key, self.default))


#: What of a node an edit replaces: all of it, or its whole `lines`; or the empty place `before` it, `after` it,
#: `inside` before its last character, `behind the header` of a statement with a body, `behind the parameters` of a
#: function, or the line `below` it; of an expression in parentheses, the outermost `opening` or `closing` one, or the
#: `whole` with them. `up to` needs an `until`.
Where = Literal[
    "replace",
    "whole",
    "lines",
    "before",
    "after",
    "inside",
    "behind the header",
    "behind the parameters",
    "below",
    "up to",
    "opening",
    "closing",
]


@dataclass(frozen=True)
class NodeEdit:
    """Put `text` in the place that `node` and `where` name. Line ends are written as the file's own.

    With `until`, a node further on, all between the two places is replaced: from where `node` begins to where `until`
    does; from its end `up to` there; `after` it and up to the end of `until`; or from where it begins to `inside` that.
    """

    node: cst.CSTNode
    text: str
    where: Where = "replace"
    until: cst.CSTNode | None = None


@dataclass(frozen=True)
class NodeFix:
    """A fix in terms of nodes; the linter works out the spans once it is known to be reported."""

    message: str
    edits: tuple[NodeEdit, ...]
    safe: bool = True


@dataclass(frozen=True)
class Report:
    """What a rule found at a node. Of a compound statement only the header is shown: `except ValueError`.

    `notes` are its proof; `fails` is when it fails, where that is not the same for all reports of the rule.
    """

    node: cst.CSTNode
    message: str
    fix: NodeFix | None = None
    severity: Severity | None = None
    help: str | None = None
    notes: tuple[Note, ...] = ()
    fails: Phase | None = None


Reports = Iterable[Report]


@cache
def rule_name(class_name: str) -> str:
    """`LambdaInConfig` -> `lambda-in-config`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", class_name).lower()


class Rule:
    """One kind of mistake.

    The docstring is its page: a first line that states the fact, why it matters, then `Bad:` and `Good:` blocks,
    which a test runs. Class attributes:

    code        `NRL` and three digits, the first one the family's
    severity    unless a report says otherwise
    worst       the severity of its worst reports, where that is worse than `severity`
    confidence  HIGH, or MEDIUM where an assumption is needed (say which on the page)
    fails       when it fails under the real nemo_run; None for a rule of opinion
    strict      True for a rule that only the `strict` profile switches on
    of_scripts  True for a rule about files that are started: it is not asked of notebooks and pages of documentation
    gives_way_to  names of rules that say more of the same mistake: on a line where one of them reports, it does not
    message     with `{fields}` that `at` fills in
    help        what to write instead; one sentence without a full stop; may use the same fields
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    worst: ClassVar[Severity | None] = None
    confidence: ClassVar[Confidence] = Confidence.HIGH
    fails: ClassVar[Phase | None] = None
    strict: ClassVar[bool] = False
    of_scripts: ClassVar[bool] = False
    gives_way_to: ClassVar[tuple[str, ...]] = ()
    message: ClassVar[str]
    help: ClassVar[str] = ""

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        self.settings: dict[str, Any] = settings or {}
        self.errors_only = False

    def check(self, thing: Any, file: File) -> Reports:
        """Report what is wrong with `thing`. Subclasses annotate `thing` with what they want to see."""
        raise TypeError(f"{type(self).__name__} does not say what it checks")

    def at(
        self,
        node: cst.CSTNode,
        /,
        *,
        fix: NodeFix | None = None,
        severity: Severity | None = None,
        notes: tuple[Note, ...] = (),
        fails: Phase | None = None,
        **fields: object,
    ) -> Report:
        """A report at `node`, whose message is the rule's with the fields filled in."""
        message, advice = self.message.format(**fields), self.help.format(**fields)
        return Report(node, message, fix=fix, severity=severity, help=advice, notes=notes, fails=fails)

    @classmethod
    def name(cls) -> str:
        """The rule's name, made from the class's: `lambda-in-config`."""
        return rule_name(cls.__name__)

    @classmethod
    def profile(cls) -> Profile:
        """The smallest profile that holds the rule."""
        if cls.strict:
            return Profile.STRICT
        if (cls.worst or cls.severity) is Severity.ERROR and cls.confidence is Confidence.HIGH:
            return Profile.CORRECTNESS
        return Profile.TEAM

    @classmethod
    def options(cls) -> dict[str, Option[Any]]:
        """Its settings by the key that the settings file uses."""
        found = (value for base in cls.__mro__ for value in vars(base).values() if isinstance(value, Option))
        return {option.key: option for option in found}

    @classmethod
    @cache
    def subscriptions(cls) -> tuple[type, ...]:
        """The types of things that `check` wants to see, from its first parameter's annotation.

        None for a rule that reports what the linter itself could not do, and has no `check`.
        """
        if cls.check is Rule.check:
            return ()
        hints = typing.get_type_hints(cls.check)
        hints.pop("return", None)
        wanted = next(iter(hints.values()))
        if isinstance(wanted, UnionType) or typing.get_origin(wanted) is typing.Union:
            return typing.get_args(wanted)
        return (wanted,)


class ProjectRule(Rule):
    """A rule that has to see other files of the project as well: it asks `file.project`.

    Such a rule is run where a file is linted in its place, not on a text alone and not by flake8, which hands over one
    file after the other and would not look again when another one changes. It reads other files only by the questions
    of `file_tree.Project`: what it found is remembered together with the answers.
    """
