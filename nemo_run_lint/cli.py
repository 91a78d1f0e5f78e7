"""The way in: what was asked before and is still the same is answered at once, anything else goes to `command_line`.

Only `check` is asked again and again. Nothing else is imported before it is known that it is needed.
"""

from __future__ import annotations

import os
import sys

#: What makes an answer one that is not told again; to know that early saves the trouble of looking for it.
_NEVER_TWICE = frozenset({"-", "--no-cache", "--watch", "--fix", "--interactive", "--since", "--add-suppressions"})


def main() -> None:
    """The `nemo-run-lint` command."""
    if sys.argv[1:2] == ["check"] and _NEVER_TWICE.isdisjoint(sys.argv):
        _check()
    from nemo_run_lint.command_line import run

    run()


def _check() -> None:
    """Answer as an earlier run did, or run, and keep what it answers; only returns where neither can be."""
    from nemo_run_lint import answered

    try:
        question = answered.Question(sys.argv[1:])
    except (OSError, ValueError, AttributeError):  # no place to stand in, or nobody to tell
        return
    try:
        status = answered.tell_again(question)
    except BrokenPipeError:  # who reads went away, having read enough
        status = 0
        os.dup2(os.open(os.devnull, os.O_WRONLY), question.descriptors[0])
    except KeyboardInterrupt:
        status = 130
    if status is not None:
        sys.exit(status)
    from nemo_run_lint.witnesses import Run

    with Run(question):
        from nemo_run_lint.command_line import run

        run()


if __name__ == "__main__":
    main()
