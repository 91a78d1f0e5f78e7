"""Files of all kinds, made and mutated by chance: a minute of what `make fuzz` does for as long as it is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.cases import KINDS
from fuzz.invariants import BrokenPromiseError, Case, assert_all
from fuzz.readers import READERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
RUNS = settings(deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))

#: How many files of a kind fit into the minute.
COUNTS = {"grown": 16, "mutated": 25, "examples": 40, "released": 20, "containers": 40}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_promised_of_every_file(kind: str) -> None:
    @settings(RUNS, max_examples=COUNTS[kind])
    @given(KINDS[kind])
    def holds(case: Case) -> None:
        assert_all(case)

    holds()


@pytest.mark.parametrize("reader", READERS)
def test_readers_take_any_bytes(reader: str) -> None:
    from fuzz.containers import SEEDS
    from fuzz.mutations import encoded, mutated

    texts = mutated(st.sampled_from(SEEDS), lambda _: True)

    @settings(RUNS, max_examples=60)
    @given(st.one_of(encoded(texts), st.binary(max_size=200)))
    def holds(data: bytes) -> None:
        READERS[reader](data)

    holds()


def batch(directory: Path, hash_seed: str) -> list[str]:
    """What is found in the files of one batch."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(HERE / "batch.py"), "mutated", "1", "10", str(directory)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [json.loads(line)["findings"] for line in done.stdout.splitlines()]


def test_the_same_is_found_in_every_process(tmp_path: Path) -> None:
    found = batch(tmp_path, "1")
    assert found == batch(tmp_path, "2")
    assert len(found) == 10


def test_a_promise_that_is_not_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from nemo_run_lint.rules.configuration.lambda_in_config import LambdaInConfig

    monkeypatch.delattr(LambdaInConfig, "_at")
    source = b"import nemo_run as run\nrun.run(run.Partial(train, x=lambda: 1), executor=run.LocalExecutor())\n"
    with pytest.raises(BrokenPromiseError, match="no rule fails: rule `lambda-in-config` failed"):
        assert_all(Case(".py", source))
