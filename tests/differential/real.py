"""What the real nemo_run makes of scripts, and words for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
NEMO_PYTHON = HERE.parents[1] / ".venv-nemo" / "bin" / "python"
PROCESSES = 2

#: Kinds of failure, and how to tell them by the exception; the first that fits counts.
KINDS = {
    "unknown keyword": r"unexpected keyword argument",
    "too many by place": r"too many positional arguments|positional arguments? but \d+ (was|were) given",
    "given twice": r"multiple values for argument",
    "by keyword, though by place only": r"parameter is positional only, but was passed|positional-only arguments passed as",
    "no target": r"missing 1 required positional argument: 'fn_or_cls'",
    "missing argument": r"missing (a|\d+) required|Field required|requires at least \d+ positional",
    "bad target": r"is not a callable object|Using the Buildable constructor|no signature found|not supported by signature",
    "unknown attribute written": r"No parameter named|Variadic arguments",
    "place-only attribute": r"Cannot access (positional|POSITIONAL|VAR_POSITIONAL)",
    "unset attribute read or deleted": r"No parameter '\w+' has been set",
    "default made by a factory": r"Can't get default value for dataclass field",
    "attribute of a value": r"object has no attribute",
    "cannot be saved": r"Unserializable",
}
OTHER = "other"
IF_BUILT = "nothing yet, but building refuses it"

#: Before or after the name of the argument or attribute that an exception is about.
CULPRIT = re.compile(
    r"(?:unexpected keyword argument|multiple values for argument|No parameter named|No parameter|"
    r"required (?:positional|keyword-only) argument:) '(\w+)'|'(\w+)' parameter is positional only"
)


@dataclass(frozen=True)
class Failure:
    """An exception.

    lines   the script's own in the traceback, innermost last; none where the script does not build what it configures
    """

    raised: str
    message: str
    lines: list[int]

    @property
    def kind(self) -> str:
        """What went wrong, in the words of `KINDS`."""
        if not self.lines:
            return IF_BUILT
        told = f"{self.raised}: {self.message}"
        return next((kind for kind, sign in KINDS.items() if re.search(sign, told)), OTHER)

    @property
    def culprit(self) -> str:
        """The argument or attribute that it is about, or the empty string."""
        told = CULPRIT.search(self.message)
        return (told[1] or told[2]) if told else ""


def failures(directory: Path, names: list[str]) -> dict[str, list[Failure]]:
    """What fails in the scripts of these names in `directory`, which a few warm processes run.

    The first failure is what a user sees; the others are those of the statements after it, and of building.
    """
    shares = [names[start::PROCESSES] for start in range(PROCESSES)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        answers = pool.map(partial(_run, directory), shares)
    return {name: found for answer in answers for name, found in answer.items()}


def _run(directory: Path, names: list[str]) -> dict[str, list[Failure]]:
    done = subprocess.run(
        [NEMO_PYTHON, HERE / "nemo_runner.py", directory],
        env={**os.environ, "NEMORUN_HOME": str(directory / "home")},
        input=json.dumps(names),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    return {name: [Failure(**each) for each in answer] for name, answer in zip(names, answers, strict=True)}
