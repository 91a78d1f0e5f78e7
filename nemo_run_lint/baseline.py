"""A record of findings that are known, so that a run tells only new ones; it may shrink, and grows only when asked.

An entry is found again by its rule, the function or class it is in and its code, in its own file first. One whose file
is gone may be found in any other, since the file was renamed or the function moved there.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from nemo_run_lint.finding import Finding, Silenced
from nemo_run_lint.fingerprint import Fingerprints
from nemo_run_lint.replacing import replace_content
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.sources.kinds import is_document

if TYPE_CHECKING:
    from nemo_run_lint.result import Result

#: Where a baseline is written to unless another file is named.
DEFAULT = "nemo-run-lint-baseline.json"

VERSION = 1

#: That a file was not looked at to the end is no finding to get used to.
NEVER = frozenset({"syntax-error", "unreadable-file", "file-skipped", "rule-failed"})

_CONFLICT = re.compile(r"^(<<<<<<<|=======|>>>>>>>)", re.MULTILINE)
_AGAIN = "mend it, or delete it and write it anew with --write-baseline"

#: The text of a file by the path that findings carry; None if it cannot be had.
TextOf = Callable[[str], "str | None"]

#: Whether a rule was run on a file, by the path that findings carry and the rule's name.
WasRun = Callable[[str, str], bool]


class BaselineError(SettingsError):
    """A baseline that cannot be used or written. The message is a sentence for the user."""


class Entry(NamedTuple):
    """Findings that are known and alike.

    path    relative to the baseline's directory, with slashes
    rule    the rule's name
    symbol  `Class.method` or `<module>`
    code    what the finding is about
    times   how many there are
    """

    path: str
    rule: str
    symbol: str
    code: str
    times: int = 1

    @property
    def kind(self) -> tuple[str, str, str]:
        """What does not change when the file is renamed."""
        return self.rule, self.symbol, self.code


class Narrowed(NamedTuple):
    """What a baseline leaves of a result.

    result    without the findings that are known, which are among the silenced ones
    fixed     the entries that were looked for and are gone, with the number that is gone
    found     the entries of the findings that are known, in the files where they were found
    unjudged  the entries that were not looked for
    """

    result: Result
    fixed: tuple[Entry, ...] = ()
    found: tuple[Entry, ...] = ()
    unjudged: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is left of the baseline."""
        return _counted((*self.found, *self.unjudged))


def _always(path: str, rule: str) -> bool:
    return True


@dataclass(frozen=True)
class Baseline:
    """The entries of a file in `directory`, sorted."""

    directory: Path
    entries: tuple[Entry, ...] = ()

    def narrowed(self, result: Result, text_of: TextOf, was_run: WasRun = _always) -> Narrowed:
        """What is new in `result`, and which entries are fixed.

        An entry is fixed if its file was looked at by its rule and holds no such finding, or if the file is gone from a
        directory that was looked through.
        """
        if not self.entries:
            return Narrowed(result)
        known = _Known(self, result)
        known.recall(_fingerprinted(result.findings, text_of))
        fixed, unjudged = known.rest(was_run)
        new = tuple(finding for place, finding in enumerate(result.findings) if place not in known.recalled)
        old = [Silenced(result.findings[place], "baseline") for place in known.recalled]
        silenced = sorted((*result.silenced, *old), key=lambda each: each.finding.sort_key)
        narrowed = replace(result, findings=new, silenced=tuple(silenced))
        return Narrowed(narrowed, tuple(fixed), tuple(known.recalled.values()), tuple(unjudged))


class _Known:
    """The entries of a baseline while the findings of a run are looked up in them."""

    def __init__(self, baseline: Baseline, result: Result) -> None:
        self._baseline = baseline
        self._result = result
        self._left = Counter[Entry]()
        for entry in baseline.entries:
            self._left[entry._replace(times=1)] += entry.times
        #: By the place of a finding in the result, the entry that it is now.
        self.recalled: dict[int, Entry] = {}

    def recall(self, found: Iterable[tuple[int, Finding, tuple[str, str]]]) -> None:
        """Look the findings up: each in its own file, then what is left in files that are gone."""
        missed: list[tuple[int, Entry]] = []
        for place, finding, fingerprint in found:
            entry = Entry(self._relative(finding.path), finding.name, *fingerprint)
            if self._left[entry]:
                self._take(place, entry, entry)
            else:
                missed.append((place, entry))
        if not missed:
            return
        gone: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        for entry in sorted(self._left):
            if self._left[entry] and self._is_gone(entry.path):
                gone[entry.kind] += [entry] * min(self._left[entry], len(missed))
        for place, entry in missed:
            if moved := gone[entry.kind]:
                self._take(place, moved.pop(0), entry)

    def _take(self, place: int, entry: Entry, now: Entry) -> None:
        self._left[entry] -= 1
        self.recalled[place] = now

    def rest(self, was_run: WasRun) -> tuple[list[Entry], list[Entry]]:
        """What was not found: the fixed entries, and those that were not looked for."""
        fixed: list[Entry] = []
        other: list[Entry] = []
        for entry, count in sorted(self._left.items()):
            if count:
                (fixed if self._is_fixed(entry, was_run) else other).append(entry._replace(times=count))
        return fixed, other

    def _is_fixed(self, entry: Entry, was_run: WasRun) -> bool:
        if entry.path in self._judged:
            return was_run(self._judged[entry.path], entry.rule)
        if not self._is_gone(entry.path) or not _is_below(entry.path, self._roots):
            return False
        return was_run(str(self._baseline.directory / entry.path), entry.rule)  # or it may be elsewhere now

    @cached_property
    def _judged(self) -> dict[str, str]:
        """The files that were linted to the end, by their paths in the baseline."""
        return {path: each for each in self._result.looked_at if (path := self._relative(each)) not in self._troubled}

    @cached_property
    def _troubled(self) -> set[str]:
        """The files and directories that could not be read, or not to the end."""
        return {self._relative(finding.path) for finding in self._result.findings if finding.name in NEVER}

    @cached_property
    def _roots(self) -> set[str]:
        return {self._relative(path) for path in self._result.looked_through}

    def _is_gone(self, path: str) -> bool:
        if path not in self._gone:
            is_hidden = _is_below(path, self._troubled)
            self._gone[path] = not is_hidden and not os.path.lexists(self._baseline.directory / path)
        return self._gone[path]

    @cached_property
    def _gone(self) -> dict[str, bool]:
        return {}

    def _relative(self, path: str) -> str:
        return relative(path, self._baseline.directory)


def _is_below(path: str, directories: set[str]) -> bool:
    return any(str(parent) in directories for parent in PurePosixPath(path).parents)


def read(path: str | Path) -> Baseline:
    """The baseline in the file `path`. Raises BaselineError."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BaselineError(f"the baseline {path} is no ordinary file")
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise BaselineError(f"there is no baseline {path}: write it with --write-baseline") from None
    except (OSError, ValueError) as error:
        raise BaselineError(f"the baseline {path} cannot be read: {_reason(error)}") from None
    return Baseline(_directory(path), _entries(path, data))


def write(path: str | Path, result: Result, text_of: TextOf, was_run: WasRun = _always) -> tuple[Entry, ...]:
    """Make the findings of `result` the baseline in the file `path`, and return its entries.

    What it said of other files and rules stays. Findings that say a file was not looked at to the end are left out.
    Raises BaselineError, also where the file is there and is no baseline.
    """
    directory = _directory(path)
    before = read(path) if os.path.lexists(path) else Baseline(directory)
    others = before.narrowed(result, text_of, was_run).unjudged
    now = _counted((*entries(result, directory, text_of), *others))
    save(path, now)
    return now


def entries(result: Result, directory: Path, text_of: TextOf) -> tuple[Entry, ...]:
    """The findings of `result` as entries of a baseline in `directory`."""
    found = _fingerprinted(result.findings, text_of)
    return _counted(Entry(relative(finding.path, directory), finding.name, *told) for _, finding, told in found)


def save(path: str | Path, known: Sequence[Entry]) -> None:
    """Write a baseline of these entries, at once. Raises BaselineError, and leaves the file as it was."""
    try:
        replace_content(str(path), ["".join(_lines(known)).encode()])
    except (OSError, ValueError) as error:
        raise BaselineError(f"the baseline {path} cannot be written: {_reason(error)}") from None


def relative(path: str, directory: Path) -> str:
    """`path` as a baseline in `directory` calls it."""
    try:
        return Path(os.path.relpath(path, directory)).as_posix()
    except ValueError:  # on another drive
        return Path(os.path.abspath(path)).as_posix()


def _fingerprinted(findings: Sequence[Finding], text_of: TextOf) -> Iterator[tuple[int, Finding, tuple[str, str]]]:
    """The findings that may be in a baseline, each with its place among all, and its symbol and code."""
    path, fingerprints = "", Fingerprints("")
    for place, finding in enumerate(findings):
        if finding.name not in NEVER:
            if finding.path != path:
                path = finding.path
                fingerprints = Fingerprints(text_of(path) or "", not is_document(path))
            yield place, finding, fingerprints.of(finding.span)


def _counted(known: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, sorted, those that are alike as one."""
    counts = Counter[Entry]()
    for entry in known:
        counts[entry._replace(times=1)] += entry.times
    return tuple(entry._replace(times=count) for entry, count in sorted(counts.items()))


def _directory(path: str | Path) -> Path:
    return Path(os.path.dirname(os.path.abspath(path)))


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


# -- the file ----------------------------------------------------------------------------------------------------


def _lines(known: Sequence[Entry]) -> Iterator[str]:
    """JSON with an entry a line, so that git merges what two people add at different places."""
    yield f'{{"version": {VERSION}, "entries": [\n'
    for place, entry in enumerate(known, 1):
        plain = {"path": entry.path, "rule": entry.rule, "symbol": entry.symbol, "code": entry.code}
        told = plain if entry.times == 1 else {**plain, "count": entry.times}
        yield json.dumps(told) + (",\n" if place < len(known) else "\n")
    yield "]}\n"


def _entries(path: str | Path, data: bytes) -> tuple[Entry, ...]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BaselineError(f"the baseline {path} is not UTF-8: {_AGAIN}") from None
    if _CONFLICT.search(text):
        raise BaselineError(f"the baseline {path} holds the marks of a merge conflict: keep the lines of both sides")
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise BaselineError(f"the baseline {path} is not JSON ({error}): {_AGAIN}") from None
    except RecursionError:
        raise BaselineError(f"the baseline {path} is no baseline: {_AGAIN}") from None
    if not isinstance(plain, dict) or not isinstance(plain.get("entries"), list) or "version" not in plain:
        raise BaselineError(f"the baseline {path} is no baseline: {_AGAIN}")
    if plain["version"] != VERSION:
        raise BaselineError(
            f"the baseline {path} is of version {json.dumps(plain['version'])}, and this nemo-run-lint reads"
            f" {VERSION}: use the nemo-run-lint that wrote it, or delete it and write it anew with --write-baseline"
        )
    return _counted(_entry(path, place, entry) for place, entry in enumerate(plain["entries"], 1))


def _entry(path: str | Path, place: int, plain: Any) -> Entry:
    told = [plain.get(key) for key in ("path", "rule", "symbol", "code")] if isinstance(plain, dict) else []
    words = [each for each in told if isinstance(each, str)]
    times = plain.get("count", 1) if told else 0
    if len(words) != 4 or type(times) is not int or times < 1:
        raise BaselineError(f"the baseline {path} has an entry that is none, the {place}. of them: {_AGAIN}")
    return Entry(words[0], words[1], words[2], words[3], times)
