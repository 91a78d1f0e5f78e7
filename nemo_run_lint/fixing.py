"""Fixes applied in memory until none is left, then shown as a diff or written: all files, or none if one cannot be.

After every step the new text is linted again, since a fix may bring findings, and may make others needless. What was
not to be fixed at first keeps its place through all edits, and is never touched.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path

from nemo_run_lint.checking import check_source
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.fixable import Fixable, fixable
from nemo_run_lint.fixer import Accepts, Change, Lines, apply, replace_file
from nemo_run_lint.runner import SettingsFor
from nemo_run_lint.settings import Settings, load
from nemo_run_lint.surroundings import Surroundings

#: After so many steps in a file that left no less to fix than before, the fixes are taken to undo each other: if a text
#: comes back, or if there are as many more steps as the file has lines, up to the second number.
_PATIENCE, _GREATEST_PATIENCE = 10, 100

#: How often all files are gone through again because another one has changed.
_PASSES = 5


class FixError(Exception):
    """Fixes that could not be written. The message is a sentence for the user, and names the file."""


@dataclass(frozen=True)
class Rewritten:
    """What fixing makes of a file.

    path      what the user calls it
    before    its bytes, as they were when the fixes were made
    after     its bytes with the fixes
    fixed     the findings that were fixed, each placed as it was when its turn came
    left_out  names of the rules with a fix that cannot be applied here: what comes out would not parse, could not be
              said in the file's encoding, or would not stay as it is
    """

    path: str
    before: bytes
    after: bytes
    fixed: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()


def rewritten(
    found: Sequence[Finding],
    settings_for: SettingsFor = load,
    *,
    unsafe: bool = False,
    wanted: Accepts | None = None,
    given: Mapping[str, bytes] | None = None,
) -> list[Rewritten]:
    """What becomes of the files that `found` is about, in order; those in which nothing is to be fixed are left out.

    found         the findings that may be fixed; others that the files have now are never touched, whyever they are
                  not among them, but what a fix brings with it may be fixed as well
    settings_for  by which settings the findings were found
    unsafe        whether to apply unsafe fixes too
    wanted        asked for each fix that can be applied, if given
    given         the bytes of sources that are not read from a file, by path

    Raises FixError for a file that cannot be read, and SettingsError as `runner.run` does.
    """
    linter = _Linter(settings_for)
    try:
        files = list(_files(found, linter, unsafe, given or {}))
        for file in files:
            file.settle(wanted)
        for _ in range(_PASSES):
            # a file that was fixed may be imported by the others
            if len(files) == 1 or not [file for file in files if file.settle(wanted)]:
                break
    finally:
        linter.surroundings.flush()
    done = (file.rewritten() for file in files)
    return [each for each in done if each.fixed or each.left_out]


def diff(changed: Iterable[Rewritten]) -> Iterator[bytes]:
    """What has changed, as a unified diff that `git apply -p0` takes, line by line."""
    for each in changed:
        name = each.path.replace(os.sep, "/")
        label = (name if name.isprintable() and '"' not in name else f'"{_quoted(name)}"').encode(
            errors="surrogateescape"
        )
        before, after = (re.findall(rb"[^\n]*\n|[^\n]+", data) for data in (each.before, each.after))
        for line in difflib.diff_bytes(difflib.unified_diff, before, after, label, label):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def replace_files(changed: Sequence[Rewritten]) -> int:
    """Put what was rewritten in the place of the files; how many findings are fixed by that.

    Raises FixError, before anything is written, for a file that may not be written or has changed since; and for one
    whose writing fails, which is left as it was, like those after it.
    """
    to_write = [each for each in changed if each.after != each.before]
    for each in to_write:
        _check(each)
    for count, each in enumerate(to_write):
        done = f" ({count} of {len(to_write)} files are fixed)" if count else ""
        _replace(each, done)
    return sum(len(each.fixed) for each in changed)


def _replace(each: Rewritten, done: str) -> None:
    _check(each)
    try:
        replace_file(each.path, each.after)
    except OSError as error:
        raise FixError(f"`{each.path}` cannot be written: {error.strerror or error}{done}") from None


def _check(each: Rewritten) -> None:
    """Raise FixError if a file must not be written."""
    place = os.path.realpath(each.path)
    if _read(each.path) != each.before:
        raise FixError(f"`{each.path}` has changed while it was being fixed, and is left as it is now: run it again")
    if not os.access(place, os.W_OK) or not os.stat(place).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise FixError(f"`{each.path}` cannot be fixed: it is read-only")
    if not os.access(os.path.dirname(place), os.W_OK | os.X_OK):
        raise FixError(f"`{each.path}` cannot be fixed: its directory is read-only")


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FixError(f"`{path}` cannot be fixed: {error.strerror or error}") from None


def _quoted(name: str) -> str:
    """A path as git writes one that would not fit on a line as it is."""
    return "".join(
        each if each.isprintable() and each not in '"\\' else f"\\{ord(each):03o}" if each.isascii() else each
        for each in name
    )


# -- fixing ------------------------------------------------------------------------------------------------------


class _Linter:
    """Lints sources as they are at the moment; each sees those that others are at the moment."""

    def __init__(self, settings_for: SettingsFor) -> None:
        self.surroundings = Surroundings()
        self._settings_for: Callable[[Path], Settings] = cache(settings_for)
        self._seen: dict[str, bytes] = {}

    def lint(self, path: str, data: bytes) -> tuple[Finding, ...]:
        """What is to be told of `data`, which stands in the file `path`."""
        if self._seen.setdefault(path, data) != data:
            self._seen[path] = data
            self.surroundings.give(path, data)
        settings = self._settings_for(Path(os.path.dirname(os.path.abspath(path))))
        return check_source(path, data, settings, surroundings=self.surroundings).findings


@dataclass(frozen=True)
class _Left:
    """A finding that is left as it is: it begins somewhere from `low` to `high`, in offsets of the text."""

    code: str
    low: int
    high: int

    def after(self, changes: Sequence[Change]) -> _Left:
        """The same in the text that `changes` make."""
        return _Left(self.code, _moved(self.low, changes, False), _moved(self.high, changes, True))


@dataclass(frozen=True)
class _State:
    """A file on the way, and the findings in it that are left; what was fixed so far."""

    data: bytes
    source: Fixable
    left: frozenset[_Left] = frozenset()
    fixed: tuple[Finding, ...] = ()

    def leaves(self, finding: Finding, lines: Lines) -> bool:
        """Whether a finding in this text, whose lines are given, is to be left."""
        place = _place(finding, lines)
        return any(each.code == finding.code and each.low <= place <= each.high for each in self.left)

    def leaving(self, findings: Iterable[Finding]) -> _State:
        """The same, with more findings that are to be left."""
        lines = Lines(self.source.text)
        more = (_Left(each.code, place, place) for each in findings for place in [_place(each, lines)])
        return replace(self, left=self.left.union(more))


@dataclass
class _File:
    """A file that is being fixed; `left_out` names rules whose fixes are not applied in it."""

    path: str
    before: bytes
    state: _State
    linter: _Linter
    unsafe: bool
    left_out: set[str] = field(default_factory=set)

    def settle(self, wanted: Accepts | None) -> bool:
        """Apply fixes until none is left; whether there were any. Rules whose fixes never settle are left out."""
        while True:
            state, restless = self._settled(self.state, wanted)
            if not restless:
                changed, self.state = state.data != self.state.data, state
                return changed
            self.left_out |= restless

    def rewritten(self) -> Rewritten:
        """What has become of it."""
        return Rewritten(self.path, self.before, self.state.data, self.state.fixed, tuple(sorted(self.left_out)))

    def _settled(self, state: _State, wanted: Accepts | None) -> tuple[_State, set[str]]:
        """The state in which nothing is left to be fixed; or names of rules whose fixes bring each other back."""
        least, steps = None, 0
        seen: set[bytes] = set()
        patience = min(_PATIENCE + state.source.text.count("\n"), _GREATEST_PATIENCE)
        lately: deque[set[str]] = deque(maxlen=_PATIENCE // 2)
        while True:
            todo = self._to_fix(state)
            if not todo:
                return state, set()
            if least is None or len(todo) < least:
                least, steps = len(todo), 0
            elif steps >= (_PATIENCE if state.data in seen else patience):
                return state, set().union(*lately)
            seen.add(state.data)
            after, fixed = self._step(state, todo, wanted)
            if after is state:
                self.left_out |= {finding.name for finding in todo}
                return state, set()
            state, steps = after, steps + 1
            lately.append(fixed)

    def _to_fix(self, state: _State) -> list[Finding]:
        lines = Lines(state.source.text)
        return [
            finding
            for finding in self.linter.lint(self.path, state.data)
            if _is_fixable(finding, self.unsafe)
            and finding.name not in self.left_out
            and not state.leaves(finding, lines)
        ]

    def _step(self, state: _State, todo: Sequence[Finding], wanted: Accepts | None) -> tuple[_State, set[str]]:
        """The state after what can be fixed of `todo` at once, or the same if nothing can; and by which rules."""
        refused: list[Finding] = []
        written = state.source.bytes

        def is_sound(text: str, changes: Sequence[Change]) -> bool:
            return written(text, changes) is not None

        applied = apply(state.source.text, todo, is_sound, _asking(wanted, refused))
        state = state.leaving(refused) if refused else state
        data = written(applied.text, applied.changes) if applied.changes else None
        source = fixable(self.path, data) if data is not None else None
        if data is None or source is None:
            return state, set()
        left = frozenset(each.after(applied.changes) for each in state.left)
        fixed = (*state.fixed, *applied.fixed)
        return _State(data, source, left, fixed), {finding.name for finding in applied.fixed}


def _files(found: Sequence[Finding], linter: _Linter, unsafe: bool, given: Mapping[str, bytes]) -> Iterator[_File]:
    """The files in which there is something to fix; of several links to one file, the first."""
    places: set[str] = set()
    for path, group in groupby(found, lambda finding: finding.path):
        findings = list(group)
        place = os.path.realpath(path)
        if place in places or not any(_is_fixable(finding, unsafe) for finding in findings):
            continue
        places.add(place)
        data = given[path] if path in given else _read(path)
        source = fixable(path, data)
        if source is not None:
            known = {_known(finding) for finding in findings}
            others = [finding for finding in linter.lint(path, data) if _known(finding) not in known]
            yield _File(path, data, _State(data, source).leaving(others), linter, unsafe)


def _asking(wanted: Accepts | None, refused: list[Finding]) -> Accepts | None:
    """`wanted`; it collects the findings that are not to be fixed."""
    if wanted is None:
        return None

    def accepts(finding: Finding, before: str, after: str) -> bool:
        if wanted(finding, before, after):
            return True
        refused.append(finding)
        return False

    return accepts


def _is_fixable(finding: Finding, unsafe: bool) -> bool:
    return finding.fix is not None and bool(finding.fix.edits) and (finding.fix.safe or unsafe)


def _known(finding: Finding) -> tuple[str, Span, str]:
    return finding.code, finding.span, finding.message


def _place(finding: Finding, lines: Lines) -> int:
    return lines.offset(finding.span.line, finding.span.column) or 0


def _moved(offset: int, changes: Sequence[Change], late: bool) -> int:
    """Where a place is after changes; of one that was replaced or inserted at, the first place or the last."""
    shift = 0
    for begin, end, new in changes:
        if end < offset or (end == offset and (begin < end or late)):
            shift += len(new) - (end - begin)
        elif begin < offset:
            return begin + shift + (len(new) if late else 0)
        else:
            break
    return offset + shift
