"""What run.Config and run.Partial do with arguments and attributes: the one place that knows fiddle's rules.

From `_src/config.py` and `_src/signatures.py` of fiddle 0.3.1 and `config.py` of nemo_run 0.11.1. Making one binds what
it is given as `inspect.Signature.bind_partial` does; setting an attribute checks its name; reading one gives what was
set, else the default; building calls the target for the first time. What is said here holds for every signature that
the target may have.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.values import Config, Value
from nemo_run_lint.signatures.binding import Bound, Given, bind, near, near_miss
from nemo_run_lint.signatures.signature import Kind, Parameter, Signature

#: Parameters of run.Config.__init__ itself: never arguments of the target.
RESERVED = frozenset({"self", "fn_or_cls"})

#: What run.Config and run.Partial can do themselves; reading these never asks the target.
METHODS = frozenset({"clone", "walk", "broadcast", "diff", "visualize", "save_config_img"})


@dataclass(frozen=True)
class Refusal:
    """An argument or attribute that does not work; what a Problem needs but for its place."""

    wrong: Wrong
    when: When
    name: str
    signature: Signature
    near: str | None = None
    available: tuple[str, ...] = ()
    detail: str = ""

    def at(self, node: ast.AST, owner: str) -> Problem:
        """The problem that it is at a place; `owner` is how to speak of the target."""
        return Problem(
            self.wrong,
            self.when,
            node,
            owner,
            self.name,
            self.near,
            self.available,
            self.signature,
            detail=self.detail,
        )


def refused(signatures: Sequence[Signature], given: Given[Value], partly: bool = True) -> list[tuple[Refusal, object]]:
    """What is wrong with the arguments of a run.Config, or of a call when not `partly`, each with its key.

    The key is the keyword, or the surplus value. With several signatures only what all refuse, in the mildest way.
    """
    found = [{key: refusal for refusal, key in reversed(_refused(each, given, partly))} for each in signatures]
    agreed = [key for key in found[0] if all(key in each for each in found)] if found else []
    return [(mildest([each[key] for each in found]), key) for key in agreed]


def mildest(refusals: Sequence[Refusal]) -> Refusal:
    """Of several ways in which it may fail the one that fails last, or never."""
    order = list(When)
    return max(refusals, key=lambda refusal: order.index(refusal.when))


def _refused(signature: Signature, given: Given[Value], partly: bool) -> list[tuple[Refusal, object]]:
    configured = bind(signature.parameters, given)
    found = [*_of_binding(signature, configured, When.CONFIGURED if partly else When.CALLED)]
    told = {key for _, key in found}
    if signature.built is not None:
        built = bind(signature.built, given)
        when = When.BUILT if partly else When.CALLED
        found += [(refusal, key) for refusal, key in _of_binding(signature, built, when) if key not in told]
        swallowed: Iterable[str] = built.swallowed
    else:
        swallowed = configured.swallowed
    for name in swallowed:
        close = _swallowed_name(signature, name, given.keywords)
        if close is not None:
            found.append((Refusal(Wrong.SWALLOWED, When.NEVER, name, signature, close), name))
    if not partly and configured.missing and not found:
        found.append((Refusal(Wrong.MISSING, When.CALLED, ", ".join(configured.missing), signature), "missing"))
    return found


def _of_binding(signature: Signature, bound: Bound[Value], when: When) -> Iterable[tuple[Refusal, object]]:
    if not (bound.unknown or bound.by_place_only or bound.twice or bound.surplus):
        return
    parameters = signature.parameters if when is When.CONFIGURED else signature.called
    names = signature.names if when is When.CONFIGURED else signature.called_names
    free = [name for name in names if name not in bound.arguments]
    for name in (*bound.unknown, *bound.by_place_only):
        yield Refusal(Wrong.UNKNOWN_KEYWORD, when, name, signature, near(name, free), names), name
    for name in bound.twice:
        yield Refusal(Wrong.TWICE, when, name, signature), name
    if bound.surplus:
        places = sum(each.by_place for each in parameters)
        detail = f"{places}, {places + len(bound.surplus)}"
        yield Refusal(Wrong.SURPLUS, when, "", signature, None, names, detail), bound.surplus[0]


def _swallowed_name(signature: Signature, name: str, given: Mapping[str, object]) -> str | None:
    """The parameter that a keyword taken by `**kwargs` nearly names."""
    return near_miss(name, (each for each in signature.called_names if each not in given))


def unread(config: Config, name: str, read: frozenset[str]) -> Refusal | None:
    """A name that the open `**kwargs` of a target take although nothing reads it; `read` are the names that are."""
    if name in read or name.startswith("_") or not isinstance(config.signatures, tuple):
        return None
    signature = config.signatures[0]
    if not takes_any(signature.called) or name in signature.called_names:
        return None
    return Refusal(Wrong.SWALLOWED, When.NEVER, name, signature, near(name, sorted(read)), detail="unread")


def accepted(parameters: Iterable[Parameter]) -> tuple[str, ...]:
    """The names that may be given by keyword or set as attributes."""
    return tuple(each.name for each in parameters if each.by_keyword)


def takes_any(parameters: Iterable[Parameter]) -> bool:
    """Whether there is a `**kwargs`."""
    return any(each.kind is Kind.VAR_KEYWORD for each in parameters)


def parameter(config: Config, name: str) -> Parameter | None:
    """The parameter of that name, as building sees it; None unless every signature has one alike."""
    if not isinstance(config.signatures, tuple):
        return None
    found = [_named(each.called, name) or _named(each.parameters, name) for each in config.signatures]
    return found[0] if found and all(each == found[0] for each in found) else None


def _named(parameters: Iterable[Parameter], name: str) -> Parameter | None:
    return next((each for each in parameters if each.name == name and each.by_keyword), None)


# -- attributes ------------------------------------------------------------------------------------------------


def set_refused(config: Config, name: str) -> Refusal | None:
    """Why `config.name = ...` does not work, or what it leads to; None when it works, or that cannot be told."""
    if not isinstance(config.signatures, tuple) or name.startswith("_"):
        return None
    found = [_set_refused(signature, name) for signature in config.signatures]
    refusals = [each for each in found if each is not None]
    return mildest(refusals) if refusals and len(refusals) == len(found) else None


def _set_refused(signature: Signature, name: str) -> Refusal | None:
    shown = signature.parameters, signature.names, When.ASSIGNED
    for parameters, names, when in (shown, (signature.called, signature.called_names, When.BUILT)):
        if name in names:
            continue
        only_by_place = any(each.name == name and each.kind <= Kind.VAR_POSITIONAL for each in parameters)
        if not takes_any(parameters) or (only_by_place and when is When.ASSIGNED):
            return Refusal(Wrong.UNKNOWN_ATTRIBUTE, when, name, signature, near(name, names), names)
    if takes_any(signature.called):
        close = _swallowed_name(signature, name, {})
        if close is not None and name not in signature.called_names:
            return Refusal(Wrong.SWALLOWED, When.NEVER, name, signature, close)
    return None


def lacks_method(config: Config, name: str) -> bool:
    """Whether a config has no method of this name, and certainly no argument of it either."""
    unset = name not in config.arguments and not config.is_open and not config.is_shared
    return (
        config.is_fiddles
        and unset
        and isinstance(config.signatures, tuple)
        and not any(name in signature.called_names for signature in config.signatures)
    )


def read_refused(config: Config, name: str) -> Refusal | None:
    """Why reading `config.name` fails, when it is certainly not set and has no default."""
    if not isinstance(config.signatures, tuple) or name in config.arguments or name in METHODS or name.startswith("_"):
        return None
    found = [_read_refused(config, signature, name) for signature in config.signatures]
    return found[0] if found and all(found) else None


def _read_refused(config: Config, signature: Signature, name: str) -> Refusal | None:
    names = signature.names
    named = next((each for each in signature.parameters if each.name == name), None)
    may_be_set = config.is_open or config.is_shared
    if named is None or named.kind in (Kind.VAR_KEYWORD, Kind.VAR_POSITIONAL, Kind.POSITIONAL_ONLY):
        if takes_any(signature.parameters):
            if may_be_set:
                return None
            return Refusal(Wrong.UNSET_ATTRIBUTE, When.READ, name, signature, near(name, names), names, "unknown")
        return Refusal(Wrong.UNKNOWN_ATTRIBUTE, When.READ, name, signature, near(name, names), names)
    if may_be_set:
        return None
    if named.factory:
        return Refusal(Wrong.UNSET_ATTRIBUTE, When.READ, name, signature, detail="factory")
    if named.required:
        return Refusal(Wrong.UNSET_ATTRIBUTE, When.READ, name, signature, detail="required")
    return None


# -- building --------------------------------------------------------------------------------------------------


def missing(config: Config) -> tuple[list[str], Signature] | None:
    """The required parameters that are certainly not set, so that building fails; None when there are none."""
    if not isinstance(config.signatures, tuple) or config.is_open or config.is_shared or not config.signatures:
        return None
    lists = [
        [
            each.name
            for each in signature.called
            if each.required and each.by_keyword and each.name not in config.arguments
        ]
        for signature in config.signatures
    ]
    return (lists[0], config.signatures[0]) if all(lists) else None


def arguments_of(signatures: Sequence[Signature], given: Given[Value]) -> dict[str, Value]:
    """What is set after making a config of it, by name."""
    found = dict(given.keywords)
    for signature in signatures:
        found.update(bind(signature.called, given).arguments)
    return found


def filled_in(
    config: Config, given: Given[Value], make: Callable[[Parameter], Value | None], convert: Callable[[Value], Value]
) -> Config:
    """What nemo_run adds when all of a call could be made as it stands (`_bind_args`).

    Dataclass objects among the keywords become configs, and parameters annotated `Annotated[Optional[T],
    run.Config[T]]` that are not given get one. run.Partial does not look at positional arguments in that test.
    """
    if not isinstance(config.signatures, tuple) or len(config.signatures) != 1:
        return config
    parameters = config.signatures[0].parameters
    tried = given if config.kind == "Config" else replace(given, placed=())
    bound = bind(parameters, tried)
    if bound.missing or bound.unknown or bound.twice or bound.surplus or given.more_keywords or given.more_placed:
        return config
    arguments = dict(config.arguments)
    for name in config.signatures[0].names:
        if name in given.keywords:
            arguments[name] = convert(arguments[name])
    for each in parameters:
        if each.name not in given.keywords and each.annotation:
            made = make(each)
            if made is not None and each.name not in arguments:
                arguments[each.name] = made
    return replace(config, arguments=arguments)
