"""What a command starts, and what it gives to an entrypoint."""

from __future__ import annotations

import pytest

from nemo_run_lint.nemo.command_line import arguments, started
from nemo_run_lint.nemo.override import Form, override
from nemo_run_lint.sources.shell import Command, read_shell


def command(text: str) -> Command:
    (found,) = read_shell(text).commands
    return found


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("python train.py a=1", "train.py"),
        ("/usr/bin/python3.11 -u -X dev -W ignore x/train.py", "x/train.py"),
        ("python -m team.train", "team.train"),
        ("python -um team.train", None),
        ("python -c 'print()' train.py", None),
        ("python - train.py", None),
        ("python $SCRIPT a=1", None),
        ("python train a=1", None),
        ("X=1 time env Y=2 python train.py", "train.py"),
        ("srun -N 2 --container-image x.sqsh python train.py", "train.py"),
        ("srun --chdir /data python train.py", None),
        ("srun -D/data python train.py", None),
        ("uv run train.py", "train.py"),
        ("uv run --with x python train.py", "train.py"),
        ("uv run --directory x train.py", None),
        ("uv pip install train.py", None),
        ("poetry run nemo llm pretrain a=1", ("llm", "pretrain")),
        ("torchrun --nproc-per-node 8 train.py a=1", "train.py"),
        ("torchrun -m team.train", "team.train"),
        ("torchrun --no-python train.py", None),
        ("python -m torch.distributed.run --nnodes=2 train.py", "train.py"),
        ("python -m nemo_run llm pretrain", None),
        ("nemo llm pretrain --factory x", ("llm", "pretrain")),
        ("nemorun llm pretrain", ("llm", "pretrain")),
        ("nemo --help", None),
        ("nemo", None),
        ("ssh host python train.py", None),
        ("docker run image python train.py", None),
        ("bash -c 'python train.py a=1'", None),
        ("echo python train.py", None),
    ],
)
def test_what_is_started(text: str, what: object) -> None:
    found = started(command(text))
    assert (found and (found.entry or found.script or found.module)) == what


@pytest.mark.parametrize(
    ("text", "form", "key", "operator", "value"),
    [
        ("lr=0.1", Form.PLAIN, "lr", "", "0.1"),
        ("a.b[0].c=x=y", Form.PLAIN, "a.b[0].c", "", "x=y"),
        ("'a = b'", Form.PLAIN, "a", "", "b"),
        ("a-=1", Form.PLAIN, "a", "-", "1"),
        ("a'|'=1", Form.PLAIN, "a", "|", "1"),
        ("a=$X", Form.PLAIN, "a", "", None),
        ("a=...", Form.PLAIN, "a", "", None),
        ("a=", Form.EMPTY, "a", "", ""),
        ("a//=1", Form.OPERATOR, "a", "//", "1"),
        ("a-b=1", Form.KEY, "a-b", "", "1"),
        ("é=1", Form.PLAIN, "é", "", "1"),
        ("=1", Form.PLACED, "", "", None),
        ("a", Form.PLACED, "a", "", None),
        ("--a-b=1", Form.FLAG, "a_b", "", None),
        ("run.detach=True", Form.RUN, "detach", "", "True"),
        ("run.executor.nodes=2", Form.RUN, "executor.nodes", "", "2"),
        ("runs=2", Form.RUN_PREFIX, "runs", "", None),
    ],
)
def test_an_argument(text: str, form: Form, key: str, operator: str, value: str | None) -> None:
    (word,) = command(f"x {text}").words[1:]
    found = override(word)
    assert found is not None
    assert (found.form, found.key, found.operator, found.value) == (form, key, operator, value)


@pytest.mark.parametrize("text", ["$X", '"$X=1"', "a.$X=1", "...", "…", "[options]", "''"])
def test_what_cannot_be_told(text: str) -> None:
    (word,) = command(f"a {text}").words[1:]
    assert override(word) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a=1", ["a"]),
        ("a[0].b=1", ["a[0]", "b"]),
        ("a[0]=1", []),
        ("a[x].b=1", []),
        ("a..b=1", []),
        ("a.class=1", []),
        ("_target_=1", []),
    ],
)
def test_the_names_on_the_way(text: str, parts: list[str]) -> None:
    (word,) = command(f"x {text}").words[1:]
    found = override(word)
    assert found is not None
    assert found.parts == parts


def test_what_a_command_gives() -> None:
    found = arguments(command("x --name a -fmine --yaml=f.yaml b=1 -y b=2 -- c=3").words[1:])
    assert [(each.key, each.value) for each in found.overrides] == [("b", None), ("b", "2"), ("c", "3")]
    assert (found.has_file, found.is_open, found.is_other) == (True, True, False)  # `-fmine` is not taken apart
    found = arguments(command("x --factory=mine b=1").words[1:])
    assert found.factory is not None
    assert (found.factory.text, found.is_open) == ("mine", False)
    assert arguments(command("x --help").words[1:]).is_other
    assert arguments(command('x "$@"').words[1:]).is_open
