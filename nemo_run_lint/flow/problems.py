"""What would go wrong with a configuration: facts, with the proof for each; rules put them into words."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum

from nemo_run_lint.signatures.literals import Contradiction
from nemo_run_lint.signatures.signature import Signature


class Wrong(Enum):
    """What is wrong."""

    UNKNOWN_KEYWORD = "a keyword that the target does not take"
    SWALLOWED = "a keyword that an open `**kwargs` takes, although it is nearly the name of a parameter"
    SURPLUS = "more positional arguments than there are places"
    TWICE = "an argument by place and by keyword"
    RESERVED = "a keyword that run.Config keeps for itself"
    MISSING = "a required argument that is not set where the config is submitted or built"
    TARGET = "a target that is no function or class"
    LITERAL = "a literal of a kind that the annotation rules out"
    UNKNOWN_ATTRIBUTE = "an attribute that the target has no parameter for"
    UNSET_ATTRIBUTE = "an attribute that is read before it is set"
    ATTRIBUTE_OF_PLAIN = "an attribute of None, text, a number or a container, where a config was meant"
    BROADCAST = "a broadcast or walk that no config has the parameter for"
    INSTANCE = "an object that cannot be saved"
    SHARED = "a list or dict that is changed through one of two configs that hold it"
    CONVERTED = "an attribute of a config in a function under run.autoconvert"
    NO_TASK = "what is launched is neither a run.Partial nor a run.Script"


class When(Enum):
    """When it fails."""

    CONFIGURED = "when it is configured"
    ASSIGNED = "when it is assigned"
    READ = "when it is read"
    ADDED = "when it is added"
    CALLED = "when it is called"
    BUILT_HERE = "when it is built here"
    BUILT = "when the job builds it"
    NEVER = "never: nothing tells"


@dataclass(frozen=True)
class Step:
    """A call on the way to a problem, or the place where it is: a file, a line, and what stands there."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Problem:
    """One thing that would go wrong.

    node        where, in the file that is read
    owner       how to speak of the target or the value: `MegatronStrategy`, `recipe.trainer`
    name        the keyword, attribute or parameter; several when arguments are missing
    near        the name that was probably meant, if there is just one
    available   the names that there are
    signature   of the target, if there is one
    steps       the calls that lead there from `node`, outermost first; empty when it is written at `node` itself
    callers     the calls of the file that lead to `node`, when it is only wrong for some callers
    detail      words or data that only one kind needs
    is_conditional
                whether it is in a function that is called, on a branch of it that may not be taken for this caller
    made        the call that made the config, where that is what the problem is about
    """

    wrong: Wrong
    when: When
    node: ast.AST
    owner: str
    name: str = ""
    near: str | None = None
    available: tuple[str, ...] = ()
    signature: Signature | None = None
    steps: tuple[Step, ...] = ()
    callers: tuple[Step, ...] = ()
    detail: str = ""
    made: ast.AST | None = None
    is_conditional: bool = False
    contradiction: Contradiction | None = None
