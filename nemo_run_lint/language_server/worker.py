"""The one thread in which linting happens, while the others read what the client says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

#: As much as the first thread of a process mostly has, or more: Python's parser goes as deep as the source.
_STACK = 64 << 20


class Worker:
    """Does one thing after the other. What is cancelled before its turn is not begun."""

    def __init__(self) -> None:
        self._is_over = False
        before = threading.stack_size(_STACK)
        self._executor = ThreadPoolExecutor(1, "linter")
        self._executor.submit(int).result()  # so that the thread is there
        threading.stack_size(before)

    async def do(
        self, work: Callable[Arguments, Result], *arguments: Arguments.args, **more: Arguments.kwargs
    ) -> Result:
        """What `work` returns, in its turn; raises what it raises."""

        def turn() -> Result:
            if self._is_over:
                raise CancelledError
            return work(*arguments, **more)

        return await asyncio.wrap_future(self._executor.submit(turn))

    def end(self, last: Callable[[], object]) -> None:
        """Begin nothing more of what waits, do one last thing, and wait for that."""
        self._is_over = True
        self._executor.submit(last)
        self._executor.shutdown()
