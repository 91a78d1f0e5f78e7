"""The order in which a class looks for a method: C3, also where some of the bases are not known.

What is not known may have ancestors of its own, and so may come before classes that seem to be its elders. The order
ends where that is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


class NoOrderError(Exception):
    """The bases contradict each other, or a class is its own ancestor."""


def linearise(start: T, bases: Callable[[T], Sequence[T]], is_opaque: Callable[[T], bool]) -> list[T]:
    """The method resolution order of a class, as far as it is certain; it ends after the first opaque one.

    Raises NoOrderError.
    """
    order = _merged(start, bases, {}, ())
    opaque = [each for each in order if is_opaque(each)]
    if not opaque:
        return order
    followers = _followers(order, bases)
    certain: list[T] = []
    for each in order:
        if each in opaque:
            return [*certain, each]
        if not _reaches(each, opaque, followers):
            break
        certain.append(each)
    return [*certain, opaque[0]]


def _merged(start: T, bases: Callable[[T], Sequence[T]], known: dict[T, list[T]], below: tuple[T, ...]) -> list[T]:
    if start in known:
        return known[start]
    if start in below:
        raise NoOrderError
    direct = list(bases(start))
    lines = [list(_merged(base, bases, known, (*below, start))) for base in direct]
    known[start] = [start, *_merge([*lines, direct])]
    return known[start]


def _merge(lines: list[list[T]]) -> list[T]:
    merged: list[T] = []
    while lines := [line for line in lines if line]:
        elders = {each for line in lines for each in line[1:]}
        head = next((line[0] for line in lines if line[0] not in elders), None)
        if head is None:
            raise NoOrderError
        merged.append(head)
        lines = [line[1:] if line[0] == head else line for line in lines]
    return merged


def _followers(order: Sequence[T], bases: Callable[[T], Sequence[T]]) -> dict[T, set[T]]:
    """What certainly comes after each: its bases, and what is written after it in a list of bases."""
    followers: dict[T, set[T]] = {each: set() for each in order}
    for each in order:
        line = [each, *bases(each)]
        for before, after in pairwise(line):
            followers[before].add(after)
        followers[each].update(line[1:])
    return followers


def _reaches(start: T, goals: Sequence[T], followers: dict[T, set[T]]) -> bool:
    """Whether all goals certainly come after `start`."""
    seen = {start}
    stack = [start]
    while stack:
        fresh = followers[stack.pop()] - seen
        seen |= fresh
        stack += fresh
    return seen.issuperset(goals)
