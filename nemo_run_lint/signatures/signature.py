"""What a callable takes: plain data, as `inspect.signature` would tell it, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property


class Kind(IntEnum):
    """How a parameter is filled, in the order in which parameters stand; the values are `inspect`'s."""

    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    annotation  its type as written, or empty
    default     the expression of its default as written; None when it is required
    module      the module in whose names `annotation` and `default` are meant
    factory     whether `default` is the `default_factory` of a dataclass field, to be called for a value
    """

    name: str
    kind: Kind = Kind.POSITIONAL_OR_KEYWORD
    annotation: str = ""
    default: str | None = None
    module: str = ""
    factory: bool = False

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and self.kind not in (Kind.VAR_POSITIONAL, Kind.VAR_KEYWORD)

    @property
    def by_place(self) -> bool:
        """Whether a positional argument may fill it, `*args` aside."""
        return self.kind <= Kind.POSITIONAL_OR_KEYWORD

    @property
    def by_keyword(self) -> bool:
        """Whether a keyword may fill it, `**kwargs` aside."""
        return self.kind is Kind.POSITIONAL_OR_KEYWORD or self.kind is Kind.KEYWORD_ONLY


@dataclass(frozen=True)
class Place:
    """Where something is defined.

    path          the file, as it was found
    line          from 1
    distribution  name and version of the installed distribution that brought the file, `megatron-core 0.13.1`; or empty
    """

    path: str
    line: int
    distribution: str = ""


@dataclass(frozen=True)
class Signature:
    """What a callable takes.

    name        how to speak of it: `MegatronStrategy`, `pretrain`
    place       where the parameters are written: the function, the `__init__`, or the dataclass
    parameters  what `inspect.signature` tells of it, `self` left out; decides what `run.Config` accepts
    built       what a call of it really takes, where that is less: an `__init__` that an inherited `__new__` hides, or
                `**kwargs` that are handed on to a callable without them; otherwise None. Decides what building accepts
    """

    name: str
    place: Place
    parameters: tuple[Parameter, ...]
    built: tuple[Parameter, ...] | None = None

    @property
    def called(self) -> tuple[Parameter, ...]:
        """What a call of it really takes."""
        return self.parameters if self.built is None else self.built

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of `parameters` that may be given by keyword or set as attributes."""
        return tuple(each.name for each in self.parameters if each.by_keyword)

    @cached_property
    def called_names(self) -> tuple[str, ...]:
        """Those of `called`."""
        return self.names if self.built is None else tuple(each.name for each in self.built if each.by_keyword)


class Reason(str, Enum):
    """Why it is not known what something accepts: the whole set, which `--explain-unresolved` counts."""

    NOT_INSTALLED = "not installed: no module of this name in the project or the environment"
    NO_SUCH_NAME = "the module does not define this name"
    COMPILED = "compiled code without a stub"
    UNREADABLE = "its source cannot be read or parsed"
    COMPUTED = "computed when the program runs"
    MODULE_GETATTR = "the module makes up names with `__getattr__`"
    STAR_IMPORT = "may come from a star import that cannot be resolved"
    PARAMETER = "a parameter of the function around it"
    LOCAL = "defined inside a function"
    BUILTIN = "a builtin without a signature"
    DECORATOR = "a decorator may have put something else in its place"
    METACLASS = "a metaclass decides what a call takes"
    BASE = "a base class is not known"
    CLASS_PATCHED = "its `__init__` is made or replaced when the program runs"
    CONDITIONAL = "defined differently on several branches"
    NOT_CALLABLE = "not a function or class"
    TOO_DEEP = "nested or imported too deeply to follow"


@dataclass(frozen=True)
class Unknown:
    """Nothing is known about it, for one reason; `what` names the thing that stopped the search."""

    reason: Reason
    what: str = ""
