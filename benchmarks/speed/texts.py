"""Sources to measure with: those of NeMo that use NeMo Run, and files of any length that are made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_NEMO_RUN = re.compile(r"\bnemo_run\b")

#: The part of the corpus that everything is measured on.
PACKAGE = "nemo_toolkit"

_HEADER = '''"""Experiments, one after the other, as a large team might write them."""

import logging
from dataclasses import dataclass

import nemo_run as run

logger = logging.getLogger(__name__)
'''

_EXPERIMENT = '''

@dataclass
class Model{n}:
    """Sizes of a model."""

    hidden: int = {n}
    layers: int = 12
    dropout: float = 0.1


@run.cli.factory
@run.autoconvert
def model_{n}(hidden: int = 8, layers=2) -> Model{n}:
    """The smallest one, for a first try."""
    return Model{n}(hidden=hidden, layers=layers, dropout=0.0)


def batches_{n}(path: str, size: int = 32) -> list[list[str]]:
    """The lines of a file, some at a time."""
    found: list[list[str]] = []
    with open(path, encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place % size == 0:
                found.append([])
            found[-1].append(line.strip().lower())
    return [batch for batch in found if len(batch) > {n} % 3]


def train_{n}(model: Model{n}, steps: int, rate: float = 0.1, path: str = "words.txt") -> dict[str, float]:
    """Train a model, and say how well that went."""
    logging.basicConfig(level=logging.INFO)
    losses: dict[str, float] = {{}}
    for step in range(steps):
        for batch in batches_{n}(path):
            loss = sum(len(word) for word in batch) / (step + 1) * rate + model.hidden
            losses[f"step {{step}}"] = loss
        if step % 100 == 0:
            logger.info("step %d of %d: %s", step, steps, losses.get(f"step {{step}}"))
    return losses


def launch_{n}(steps: int = {n}, detach: bool = False) -> None:
    """Train it on this machine."""
    executor = run.LocalExecutor(ntasks_per_node=1, env_vars={{"RUN": "{n}"}})
    task = run.Partial(train_{n}, model=run.Config(Model{n}, hidden=16), steps=steps)
    task.model.layers = 4
    task.rate = 0.01 * steps
    with run.Experiment("experiment-{n}", executor=executor) as experiment:
        experiment.add(task, name="train-{n}")
        experiment.add(run.Partial(train_{n}, model=model_{n}(), steps=2 * steps), name="again-{n}")
        experiment.run(detach=detach)
'''


@cache
def sources(package: Path) -> Mapping[str, str]:
    """The files of an unpacked package that speak of NeMo Run, by their paths below it."""
    texts = {str(path.relative_to(package)): path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py"))}
    return {path: text for path, text in texts.items() if _NEMO_RUN.search(text)}


def experiments(lines: int) -> str:
    """A script of about so many lines, all of which concern NeMo Run; a mistake in each of its experiments."""
    count = max((lines - _HEADER.count("\n")) // _EXPERIMENT.count("\n"), 1)
    return _HEADER + "".join(_EXPERIMENT.format(n=number) for number in range(count))
