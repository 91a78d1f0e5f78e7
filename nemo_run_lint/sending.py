"""Files that have to be parsed, sent to other processes: so that they take less time, and that none can end the run.

A worker parses with LibCST, whose native code may take too long, or end the process that it runs in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from nemo_run_lint import witnesses
from nemo_run_lint.checking import Source
from nemo_run_lint.collector import collector_paused
from nemo_run_lint.examination import rules_by
from nemo_run_lint.result import Result
from nemo_run_lint.rule_files import are_brought
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.surroundings import Surroundings

if TYPE_CHECKING:
    from typing_extensions import Self

    from nemo_run_lint.processes.pool import Pool, Task

#: In bytes of source: what a forked worker must have to do to be worth starting, and what one must that has to import
#: all anew. Both are about what is linted while one starts.
_WORTH_A_FORK = 20_000
_WORTH_A_START = 150_000

#: In seconds: how often a worker writes what it remembers, for those beside it and in case that it dies.
_PAUSE = 1.0

#: In seconds: how often to look for results while more sources are found.
_GLANCE = 0.005


class Linting:
    """What a worker does: lints files, and writes now and then what is to be remembered of them."""

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        """`surroundings`: what is known already, if the process is a copy of one that knows something."""
        self._surroundings = surroundings
        self._flushed = time.monotonic()

    def __call__(self, source: Source) -> Result | SettingsError:
        """What is found in a source, or what is wrong with its settings."""
        if self._surroundings is None:
            self._surroundings = Surroundings()
        try:
            result = source.check(self._surroundings)
        except SettingsError as error:
            return error
        except Exception as error:  # a mistake of the linter's must not end the run
            reason = f"the linter failed on it, please report this with the file: {type(error).__name__}: {error}"
            return source.skipped(reason)
        if time.monotonic() - self._flushed > _PAUSE:
            self.finish()
        return result

    def finish(self) -> None:
        """Write what is to be kept."""
        if self._surroundings is not None:
            self._surroundings.flush()
        self._flushed = time.monotonic()


class Workers:
    """Processes that lint sources; they are gone when the `with` that holds this object is left."""

    def __init__(self, jobs: int, surroundings: Surroundings) -> None:
        """`jobs`: how many there may be, 0 for one on each core; `surroundings`: what this process knows."""
        self._jobs = jobs
        self._surroundings = surroundings
        self._sources: list[Source] = []
        self._sizes: list[int] = []
        self._total = 0
        self._pool: Pool | None = None
        self._looked = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.__exit__(kind, error, trace)

    def add(self, source: Source) -> None:
        """One more to be linted; the first one is number 0."""
        self._sources.append(source)
        self._sizes.append(source.size)
        self._total += self._sizes[-1]
        if self._pool is not None:
            self._pool.add(self._task(len(self._sources) - 1))
        else:
            self._start()

    def results(self, to_the_end: bool = False) -> Iterator[tuple[int, Result]]:
        """The number of each source, and what is found in it, that is there at once, or of all of them.

        A file that takes longer than its settings allow, or of which a worker dies, is skipped, and that is said. There
        is nothing of sources for which no process can be had. Raises SettingsError.
        """
        if to_the_end and self._pool is None and self._sources:
            self._start(is_all=True)
        now = time.monotonic()
        if self._pool is not None and (to_the_end or now - self._looked > _GLANCE):
            self._looked = now
            for number, answer in self._pool.answers(to_the_end):
                yield number, _result(self._sources[number], answer)

    def _start(self, is_all: bool = False) -> None:
        """Start if there is enough to do; as long as more may come, only if that is enough for all."""
        from nemo_run_lint.processes.cores import cores, may_fork, may_start
        from nemo_run_lint.processes.pool import Pool, interrupts_held

        forks = may_fork()
        if not forks and (are_brought() or not may_start()):
            return
        most = self._jobs or cores()
        wanted = self._total // _WORTH_A_FORK + 1 if forks else self._total // _WORTH_A_START
        wanted = min(wanted, len(self._sources), most)
        if wanted < (1 if is_all else most):
            return
        if forks:
            with interrupts_held():  # an import of LibCST turns one into another exception
                self._import()
        self._pool = Pool(Linting(self._surroundings if forks else None), wanted, forks, self._surroundings.release)
        for number in range(len(self._sources)):
            self._pool.add(self._task(number))

    def _task(self, number: int) -> Task:
        from nemo_run_lint.processes.pool import Task

        source = self._sources[number]
        return Task(source, source.settings.time_limit, self._sizes[number])

    def _import(self) -> None:
        """Import once what all need."""
        with collector_paused():
            import nemo_run_lint.flow.survey
            import nemo_run_lint.project  # noqa: F401

            for settings in {source.settings for source in self._sources}:
                rules_by(settings)


def _result(source: Source, answer: object) -> Result:
    if isinstance(answer, Result):
        return answer
    witnesses.spoil()  # the next time it may be quick enough
    if isinstance(answer, SettingsError):
        raise answer
    from nemo_run_lint.processes.pool import Died, TimedOut

    if isinstance(answer, TimedOut):
        limit = source.settings.time_limit
        reason = f"it took longer than {limit:,} {'second' if limit == 1 else 'seconds'}, which is its `time-limit`"
    else:
        assert isinstance(answer, Died)
        reason = f"the process that read it ended with {answer.how}"
        if answer.how == "SIGKILL":
            reason += ", perhaps for want of memory"
    return source.skipped(reason)
