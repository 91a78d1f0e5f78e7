"""Work for processes that are started afresh: its own task twice."""

from __future__ import annotations


class Echo:
    def __call__(self, task: str) -> str:
        return task * 2

    def finish(self) -> None: ...


if __name__ == "__main__":
    from nemo_run_lint.processes.pool import Pool, Task

    with Pool(Echo(), 1, fork=False) as pool:
        pool.add(Task("said", 60.0))
        print(list(pool.answers(to_the_end=True)))
