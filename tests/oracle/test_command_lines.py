"""Arguments of command lines: what is told of them is what the real nemo_run does with them, and only that."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from project_cases import files

from nemo_run_lint.checking import check_file
from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.command_lines import Argument
from nemo_run_lint.page import Kind, page
from nemo_run_lint.selection import all_rules
from nemo_run_lint.settings import Settings

if TYPE_CHECKING:
    from conftest import RealNemoRun

COMMAND_LINES = [rule for rule in all_rules() if Argument in rule.subscriptions()]

SCRIPT = """
import nemo_run as run
from typing import Literal, Optional

class Trainer:
    def __init__(self, max_steps: int = 100, nodes: Optional[int] = None, **others): ...

class Model:
    def __init__(self, size: int, names: list[str] = []): ...

@run.cli.factory
def small() -> run.Config[Model]:
    return run.Config(Model, size=1)

def train(
    model: Model = None, trainer: Trainer = None, steps: int = 1, rate: float = 0.1, shuffle: bool = True,
    mode: Literal["a", "b"] = "a", limit: Optional[int] = None, name: str = "",
):
    print("RAN", steps, rate, shuffle, mode, limit, repr(name))

def recipe() -> run.Partial[train]:
    return run.Partial(train, model=run.Config(Model, size=2), trainer=run.Config(Trainer, max_steps=3))

if __name__ == "__main__":
    run.cli.main(train, cmd_defaults={"skip_confirmation": True}MORE)
"""

#: Behind each command, whether its arguments count.
PLAIN = """
steps=3                                   runs
steps=1_000 rate=1e-3 shuffle=off mode=b  runs
steps+=3 rate*=2                          runs
steps/=2                                  runs
limit=none name=none                      runs
"steps = 3"                               runs
model.size=3                              runs
model=small model.size=3                  runs
model=small                               runs
trainer.max_steps=3                       runs
trainer.anything=3                        runs
--factory recipe trainer.max_steps=3      runs
-n first -f recipe model.size=3           runs
-y --name first steps=3                   runs
run.detach=True                           runs
name=anything shuffle=yes                 runs
name=                                     fails
stepps=3                                  fails
model.sise=3                              fails
modle.size=3                              fails
model=small model.sise=3                  fails
--factory recipe model.sise=3             fails
--factory recipe trainer.max_steps.x=3    fails
steps=1.5                                 fails
steps=many                                fails
rate=fast                                 fails
rate+=fast                                fails
shuffle=ture                              fails
mode=c                                    fails
limit=few                                 fails
steps                                     fails
steps = 3                                 fails
--steps 3                                 fails
batch-size=3                              fails
steps**=2                                 fails
steps//=2                                 fails
steps:=2                                  fails
-x                                        fails
run.detatch=True                          fails
run_name=first                            fails
executor=local                            fails
--steps=3                                 counts nothing
run.executor.nodes=3                      counts nothing
"""

WITH_FACTORY = """
model.size=3 steps=4                      runs
trainer.nodes=3                           runs
model.names=[]                            runs
stepps=3                                  fails
model.sise=3                              fails
modle.size=3                              fails
model.size.x=3                            fails
model.size=big                            fails
trainer.nodes=big                         fails
"""

WITH_EXECUTOR = """
steps=3                                   runs
run.detach=True                           fails
"""

TABLES = [
    (PLAIN, ""),
    (WITH_FACTORY, ", default_factory=recipe"),
    (WITH_EXECUTOR, ", default_executor=run.Config(run.LocalExecutor)"),
]

CASES = [
    pytest.param(*re.split(r" {2,}", line), more, id=f"{line.split('  ')[0]}{more}")
    for table, more in TABLES
    for line in table.strip().splitlines()
]

#: What the script prints when no argument counts.
DEFAULTS = "RAN 1 0.1 True a None ''"


@pytest.mark.parametrize(("arguments", "happens", "more"), CASES)
def test_what_is_told_is_what_happens(
    arguments: str, happens: str, more: str, nemo: RealNemoRun, tmp_path: Path
) -> None:
    script = SCRIPT.replace("MORE", more)
    outcome = nemo.run(script, arguments=shlex.split(arguments))
    ran = re.search(r"^RAN .*", outcome.output, re.MULTILINE)
    seen = "fails" if ran is None else "counts nothing" if ran[0] == DEFAULTS else "runs"
    assert seen == happens or (seen, happens) == ("counts nothing", "runs"), outcome.output
    (tmp_path / "train.py").write_text(script)
    (tmp_path / "launch.sh").write_text(f"python train.py {arguments}\n")
    settings = Settings(root=tmp_path, source=tmp_path / "pyproject.toml", cache=False)
    found = check_file(str(tmp_path / "launch.sh"), settings).findings
    assert bool(found) is (happens != "runs"), found
    assert {finding.severity for finding in found} <= {Severity.ERROR}


@pytest.mark.parametrize("rule", COMMAND_LINES, ids=lambda rule: rule.name())
def test_the_arguments_of_bad_examples_are_lost(rule: type, nemo: RealNemoRun) -> None:
    for block in page(rule).blocks:
        if block.kind is not Kind.TEXT:
            written = files(block.text + "\n")
            command = shlex.split(written["launch.sh"], comments=True)
            outcome = nemo.run(written["train.py"], arguments=[*command[2:], "--yes"])
            said = re.search(r"^\w+: (?P<value>\d+)$", outcome.output, re.MULTILINE)
            value = said["value"] if said is not None else None
            assert (value == re.sub(r".*=", "", command[-1])) is (block.kind is Kind.GOOD), outcome.output
            assert outcome.raised == "", outcome.output  # and nothing tells
