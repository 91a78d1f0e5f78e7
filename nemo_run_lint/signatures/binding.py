"""How the arguments of a call meet parameters, and which parameter a wrong name was probably meant to be.

Unlike `inspect.Signature.bind`, which stops at the first mistake, this tells all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Generic, TypeVar

from nemo_run_lint.signatures.signature import Kind, Parameter

T = TypeVar("T")

#: By how much the lengths of two names differ at most that differ by slips: a letter a word, and underscores.
_MOST_SLIPS = 8

#: How alike names must be that differ in more than slips: `tensor_model_parallel` is `tensor_model_parallel_size`.
_ALIKE = 0.85

#: Of so many pairs of names it is remembered how alike they are: one mistake is often met on several ways.
_PAIRS = 4_096

#: The share of letters that must be right in a name that is not refused.
_VERY_ALIKE = 0.88


@dataclass(frozen=True)
class Given(Generic[T]):
    """The arguments of a call.

    placed         those whose place is certain: up to the first `*args` of unknown length
    more_placed    whether such an `*args` may give more
    more_keywords  whether a `**kwargs` of unknown content may give more
    """

    placed: tuple[T, ...]
    keywords: Mapping[str, T]
    more_placed: bool = False
    more_keywords: bool = False


@dataclass(frozen=True)
class Bound(Generic[T]):
    """Where the arguments of a call went.

    arguments      what each parameter got; not what `*args` and `**kwargs` collected
    unknown        keywords that no parameter takes
    swallowed      keywords that `**kwargs` takes
    by_place_only  keywords that name a positional-only parameter, without `**kwargs` to take them
    twice          parameters given by place and by keyword
    surplus        positional arguments without a place
    missing        required parameters that are certainly not given
    """

    arguments: Mapping[str, T]
    unknown: tuple[str, ...]
    swallowed: tuple[str, ...]
    by_place_only: tuple[str, ...]
    twice: tuple[str, ...]
    surplus: tuple[T, ...]
    missing: tuple[str, ...]


def bind(parameters: Sequence[Parameter], given: Given[T]) -> Bound[T]:
    """Give every argument to its parameter, as a call would."""
    kinds = {each.kind for each in parameters}
    places = [each.name for each in parameters if each.by_place]
    takers = {each.name for each in parameters if each.by_keyword} if given.keywords else ()

    placed = dict(zip(places, given.placed, strict=False))
    keywords = {name: value for name, value in given.keywords.items() if name in takers}
    others = tuple(name for name in given.keywords if name not in takers)
    swallows = Kind.VAR_KEYWORD in kinds
    return Bound(
        arguments={**keywords, **placed},
        unknown=() if swallows else tuple(name for name in others if name not in places),
        swallowed=others if swallows else (),
        by_place_only=() if swallows else tuple(name for name in others if name in places),
        twice=tuple(name for name in keywords if name in placed),
        surplus=() if Kind.VAR_POSITIONAL in kinds else given.placed[len(places) :],
        missing=tuple(
            each.name
            for each in parameters
            if each.name not in placed
            and each.name not in keywords
            and each.required
            and not (each.by_place and given.more_placed)
            and not (each.by_keyword and given.more_keywords)
        ),
    )


def near(name: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that was probably meant by `name`; None for none, and where two are equally near."""
    others = set(candidates) - {name}
    distances = _by_slips(name, others)
    if not distances:
        divided_otherwise = (each for each in others if each.count("_") != name.count("_"))
        distances = {each: -alike for each in divided_otherwise if (alike := _likeness(name, each)) >= _ALIKE}
    return _nearest(distances)


def near_miss(name: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that `name` is so near that it is a mistake even where any name is taken; None for none."""
    close = _nearest(_by_slips(name, set(candidates) - {name}))
    return close if close is not None and is_near_miss(name, close) else None


def _by_slips(name: str, others: Iterable[str]) -> dict[str, float]:
    """The names that differ by slips of the finger alone, each with how many."""
    alike = (each for each in others if abs(len(each) - len(name)) <= _MOST_SLIPS)
    return {each: float(slips) for each in alike if (slips := _slips(name, each)) is not None}


def _nearest(distances: Mapping[str, float]) -> str | None:
    nearest = [each for each, distance in distances.items() if distance == min(distances.values())]
    return nearest[0] if len(nearest) == 1 else None


def is_near_miss(name: str, candidate: str) -> bool:
    """Whether `name` is so near that it is a mistake even where any name is taken."""
    slips, lengths = _slips(name, candidate), (len(_letters(name)), len(_letters(candidate)))
    return slips is not None and 2 * (max(lengths) - slips) >= _VERY_ALIKE * sum(lengths)


@lru_cache(_PAIRS)
def _slips(name: str, other: str) -> int | None:
    """How many words of the names differ by a slip of the finger; None where one differs by more.

    Word by word, since `tp_size` is not `dp_size`, and `min_length` not `max_length`. Case never matters, and
    underscores only divide words where both names have as many.
    """
    if _letters(name) == _letters(other):
        return 0
    words, others = name.casefold().split("_"), other.casefold().split("_")
    if len(words) != len(others):
        words, others = [_letters(name)], [_letters(other)]
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) if all(_is_slip(*pair) for pair in differing) else None


def _is_slip(word: str, other: str) -> bool:
    """Whether one letter is missing, too many or wrong, or two have changed places.

    Two letters are too short to tell, and a digit is hardly ever wrong by accident: `beta1`, `beta2`.
    """
    first, last = 0, 0
    shorter = min(len(word), len(other))
    while first < shorter and word[first] == other[first]:
        first += 1
    while last < shorter - first and word[-1 - last] == other[-1 - last]:
        last += 1
    here, there = word[first : len(word) - last], other[first : len(other) - last]
    is_one = max(len(here), len(there)) == 1 or (len(here) == 2 and here == there[::-1])
    return is_one and max(len(word), len(other)) > 2 and not any(each.isdigit() for each in here + there)


@lru_cache(_PAIRS)
def _likeness(name: str, other: str) -> float:
    """From 0 to 1, by the letters alone."""
    return SequenceMatcher(None, _letters(name), _letters(other), autojunk=False).ratio()


def _letters(name: str) -> str:
    return name.casefold().replace("_", "")
