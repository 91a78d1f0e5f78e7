"""Command lines that start experiments: in shell scripts, pages and notebooks, through the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nemo_run_lint.checking import check_file
from nemo_run_lint.settings import Settings

SCRIPT = """\
import nemo_run as run

def train(steps: int = 1): ...

if __name__ == "__main__":
    run.cli.main(train)
"""
WRONG = "NRL814 `train` has no parameter `step`"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    write(tmp_path, {"train.py": SCRIPT})
    return tmp_path


def write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--output-format", "concise", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True)


def found(directory: Path, *arguments: str) -> list[str]:
    """What is found: `a.sh:1:17 NRL814 ...`."""
    result = run(directory, "-q", "--no-cache", *arguments)
    assert result.stderr == ""
    pattern = r"(?P<place>.*): (?P<code>NRL\d+) \w+ [\w-]+: (?:\[\*\] )?(?P<message>.*)"
    lines = [re.fullmatch(pattern, line) for line in result.stdout.splitlines()]
    return [f"{line['place']} {line['code']} {line['message']}" for line in lines if line is not None]


def of_shell(directory: Path, text: str, name: str = "launch.sh", **more: Any) -> list[str]:
    """What is found in a shell script: `1:17 NRL814 ...`."""
    write(directory, {name: text})
    settings = Settings(root=directory, source=directory / "pyproject.toml", cache=False, **more)
    places = check_file(str(directory / name), settings).findings
    return [f"{each.span.line}:{each.span.column} {each.code} {each.message}" for each in places]


# -- which script --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "python train.py step=1",
        "cd .\npython ./train.py step=1",
        "cd sub && cd .. && python train.py step=1",
        "python sub/../train.py step=1",
        "(cd elsewhere; ls); python train.py step=1",
        "python -m train step=1",
    ],
)
def test_the_script_is_found(project: Path, text: str) -> None:
    (project / "sub").mkdir()
    assert [each.partition(" ")[2] for each in of_shell(project, text)] == [WRONG]


@pytest.mark.parametrize(
    "text",
    [
        "cd elsewhere\npython train.py step=1",
        "cd $HOME; python train.py step=1",
        "cd\npython train.py step=1",
        "pushd sub; popd; python train.py step=1",
        "cd /opt && python train.py step=1",
        "cat > train.py <<E\nE\npython train.py step=1",
        "cp other.py train.py\npython train.py step=1",
        "python other.py step=1",
        "python sub/train.py step=1",
        "! python train.py step=1",
        "export LAZY_CLI=true\npython train.py step=1",
        "ssh host python train.py step=1",
        "# python train.py step=1",
        "echo 'python train.py step=1'",
        "cat <<E\npython train.py step=1\nE",
        "python train.py --help step=1",
        "python train.py key=value",
        "python train.py steps=N",
    ],
)
def test_what_may_be_another_script_or_no_command(project: Path, text: str) -> None:
    write(project, {"sub/other.py": SCRIPT})
    assert of_shell(project, text) == []


def test_two_scripts_of_one_name(project: Path) -> None:
    write(project, {"jobs/train.py": "import nemo_run"})
    assert of_shell(project, "python train.py step=1", "jobs/launch.sh") == []
    assert len(of_shell(project, "cd jobs/..; python ../train.py step=1", "jobs/launch.sh")) == 0
    assert len(of_shell(project, "python ../train.py step=1", "jobs/launch.sh")) == 1


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT.replace("run.cli.main(train)", "train()"),
        SCRIPT + "\nrun.cli.main(other)\n",
        SCRIPT.replace("if __name__", "def main(train):\n    run.cli.main(train)\n\nif __name__").replace(
            '":\n    run.cli.main(train)', '":\n    main(other)'
        ),
        SCRIPT.replace("run.cli.main(train)", "with x:\n        run.cli.main(train)"),
        SCRIPT.replace("(train)", "(*functions)"),
        SCRIPT.replace("def train(steps: int = 1)", "def train(steps: int = 1, **more)"),
        SCRIPT.replace("def train", "@wrapped\ndef train"),
        SCRIPT.replace("def train", "def train(): ...\n\ndef train"),
        SCRIPT.replace("(train)", "(train, run_ctx_cls=Mine)"),
        SCRIPT.replace("(train)", "(train, default_factory=made())"),
        SCRIPT.replace("(train)", "(train, default_factory='made')"),
        SCRIPT.replace("(train)", "(train, cmd_defaults={'yaml': 'train.yaml'})"),
        SCRIPT.replace("(train)", "(train, cmd_defaults=defaults)"),
        SCRIPT.replace("def train(steps: int = 1): ...", "from elsewhere import train"),
        SCRIPT.replace("import nemo_run as run", "import other as run"),
        SCRIPT.replace("import nemo_run", "import sys\nsys.argv.append('x')\nimport nemo_run"),
        SCRIPT.replace("import nemo_run", "from sys import argv\nimport nemo_run"),
        SCRIPT.replace("import nemo_run", "import argparse\nimport nemo_run"),
        SCRIPT.replace("import nemo_run", "import os\nos.environ['LAZY_CLI'] = 'true'\nimport nemo_run"),
        SCRIPT.replace(":", ""),
        "",
    ],
)
def test_scripts_of_which_nothing_is_known(project: Path, script: str) -> None:
    write(project, {"train.py": script})
    assert of_shell(project, "python train.py step=1") == []


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT.replace("import nemo_run as run", "from nemo_run import cli").replace("run.cli", "cli"),
        SCRIPT.replace("import nemo_run as run", "from nemo_run.cli import main").replace("run.cli.main", "main"),
        SCRIPT.replace("def train", "@run.cli.entrypoint(namespace='x')\ndef train"),
        SCRIPT.replace("def train", "@run.cli.entrypoint\ndef train"),
        SCRIPT.replace("def train(steps: int = 1): ...", "from tasks import train"),
        SCRIPT.replace("def train(steps: int = 1): ...", "import tasks").replace("(train)", "(tasks.train)"),
        SCRIPT.replace("(train)", "(fn=train, cmd_defaults={'direct': True})"),
        SCRIPT.replace("if __name__", "def main():\n    return run.cli.main(train)\n\nif __name__").replace(
            '":\n    run.cli.main(train)', '":\n    main()'
        ),
        SCRIPT.rstrip("\n"),
    ],
)
def test_ways_to_write_a_script(project: Path, script: str) -> None:
    write(project, {"train.py": script, "tasks.py": "def train(steps: int = 1): ...\n"})
    assert [each.partition(" ")[2] for each in of_shell(project, "python train.py step=1")] == [WRONG]


def test_a_default_factory_of_the_decorator_elsewhere(project: Path) -> None:
    tasks = """
import nemo_run as run
class Model:
    def __init__(self, size=1): ...
def recipe() -> run.Partial["train"]:
    return run.Partial(train, model=run.Config(Model))
@run.cli.entrypoint(namespace="x", default_factory=recipe)
def train(model): ...
"""
    script = SCRIPT.replace("def train(steps: int = 1): ...", "from tasks import train")
    write(project, {"train.py": script, "tasks.py": tasks})
    assert of_shell(project, "python train.py model.sise=1") == [
        "1:23 NRL814 `model` (`Model`) has no parameter `sise`"
    ]


# -- commands of nemo ----------------------------------------------------------------------------------------------

#: As much of nemo_run as tells what its decorators give back.
NEMO_RUN = {
    "nemo_run/__init__.py": "from nemo_run import cli\nclass Config: ...\nclass Partial: ...\n",
    "nemo_run/cli/__init__.py": "from nemo_run.cli.api import entrypoint, factory\n",
    "nemo_run/cli/api.py": """
def entrypoint(fn=None, *, namespace=None, default_factory=None):
    def wrapper(f):
        return f
    return wrapper if fn is None else wrapper(fn)
def factory(fn=None, *, target=None, name=None):
    def wrapper(f):
        return f
    return wrapper if fn is None else wrapper(fn)
""",
}
ENTRY = """
import nemo_run as run
class Trainer:
    def __init__(self, max_steps: int = 1): ...
@run.cli.entrypoint(namespace="llm")
def pretrain(trainer=None, steps: int = 1): ...
@run.cli.entrypoint(namespace="other")
def elsewhere(steps: int = 1): ...
"""
RECIPE = """
import nemo_run as run
from speech import Trainer, pretrain
NAME = "small"
@run.cli.factory(target=pretrain, name=NAME)
def pretrain_recipe(steps=3) -> run.Partial:
    return run.Partial(pretrain, trainer=run.Config(Trainer))
"""
COMMANDS = """\
nemo llm pretrain step=1
nemo llm pretrain --factory small trainer.max_step=1
nemo llm pretrain --factory other trainer.max_step=1
nemo llm elsewhere step=1
nemo asr pretrain step=1
"""
TOLD = [
    "1:19 NRL814 `pretrain` has no parameter `step`",
    "2:43 NRL814 `trainer` (`Trainer`) has no parameter `max_step`",
]


def test_commands_of_the_project_itself(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project.entry-points."nemo_run.cli"]\nllm = "speech"\n')
    write(project, NEMO_RUN)
    write(project, {"speech/__init__.py": ENTRY, "speech/recipes/small.py": RECIPE, "speech/recipes/__init__.py": ""})
    assert of_shell(project, COMMANDS) == TOLD


def test_commands_of_an_installed_package(project: Path) -> None:
    site = project / "site"
    write(
        site,
        {
            **NEMO_RUN,
            "speech/__init__.py": ENTRY,
            "speech/recipes/small.py": RECIPE,
            "speech/recipes/__init__.py": "",
            "speech-1.0.dist-info/METADATA": "Name: speech\nVersion: 1.0\n",
            "speech-1.0.dist-info/entry_points.txt": "[console_scripts]\nllm = x:y\n[nemo_run.cli]\nllm = speech\n",
        },
    )
    assert of_shell(project, COMMANDS, python=site) == TOLD


# -- where they stand ----------------------------------------------------------------------------------------------


def test_shell_scripts_are_looked_for_if_asked_for(project: Path) -> None:
    write(
        project, {f"jobs/a{end}": "python train.py step=1\n" for end in (".sh", ".bash", ".slurm", ".sbatch", ".txt")}
    )
    assert found(project, "--select", "NRL814") == []
    (project / "nemo-run-lint.toml").write_text("shell-scripts = true\n")
    places = [each.partition(" ")[0] for each in found(project, "--select", "NRL814")]
    assert places == [f"jobs/a{end}:1:17" for end in (".bash", ".sbatch", ".sh", ".slurm")]


PAGE = """\
# Page

```bash
cd elsewhere
```

- item

  ```console
  $ python train.py step=1 \\
      steps=x
  step=1 python train.py step=2
  (venv) $ python train.py step=3
  ```

<!-- nemo-run-lint: ignore[unknown-override] -- shows what happens -->
```sh
python train.py step=4
```

```text
python train.py step=5
```

```{code-block} bash
:caption: x

python train.py step=6 "$@"
python train.py step=7
```
"""


def test_pages(project: Path) -> None:
    page = PAGE.replace("cd elsewhere", "ls")
    write(project, {"p.md": page, "p.rst": ".. code-block:: bash\n   :caption: x\n\n   python train.py step=1\n"})
    assert [each.partition(" ")[0] for each in found(project, "p.md", "p.rst")] == [
        "p.md:10:21",
        "p.md:11:13",
        "p.md:13:28",
        "p.md:29:17",
        "p.rst:4:20",
    ]
    write(project, {"p.md": PAGE})
    assert found(project, "p.md") == []
    write(project, {"p.md": page + "```python\n# train.py\nrun.cli.main(other)\n```\n"})
    assert found(project, "p.md") == []


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_notebooks(project: Path) -> None:
    cells = (
        "import nemo_run as run\ntext = '''\n!python train.py step=0\n'''",
        "if x:\n    !python train.py step=1 \\\n        steps=x\ny = 1",
        "\n%%bash\nls\npython train.py step={x}",
        "!python train.py step={x} {more}",
        "!python train.py step=1  # nemo-run-lint: ignore[NRL814] -- shows what happens",
    )
    write(project, {"n.ipynb": notebook(*cells)})
    assert found(project, "n.ipynb") == [
        f"n.ipynb:cell 2:2:22 {WRONG}",
        "n.ipynb:cell 2:3:15 NRL815 `x` cannot be read as `int`, which `steps` of `train` is annotated with",
        f"n.ipynb:cell 3:4:17 {WRONG}",
        f"n.ipynb:cell 4:1:18 {WRONG}",
    ]
    write(project, {"n.ipynb": notebook("%cd elsewhere", *cells)})
    assert found(project, "n.ipynb") == []


# -- what comments, settings, the cache and fixes do -----------------------------------------------------------------

LINES = """\
# nemo-run-lint: ignore[unknown-override] -- the next line
python train.py step=1
python train.py \\
    step=1 steps=x  # nemo-run-lint: ignore[NRL814] -- both
python train.py steps=1  # nemo-run-lint: ignore[NRL814] -- nothing
    # in the middle
python train.py step=2 # noqa: NRL814
"""


def test_comments(project: Path) -> None:
    assert [each.split()[:2] for each in of_shell(project, LINES)] == [["4:18", "NRL815"], ["5:26", "NRL005"]]
    assert of_shell(project, "# nemo-run-lint: file-ignore[NRL8]\n" + LINES.replace("# n", "# x")) == []


def test_settings(project: Path) -> None:
    write(project, {"a.sh": "python train.py step=1\n"})
    assert found(project, "--ignore", "unknown-override", "a.sh") == []
    assert found(project, "--select", "NRL8", "a.sh") == [f"a.sh:1:17 {WRONG}"]
    assert found(project, "--profile", "correctness", "a.sh") == [f"a.sh:1:17 {WRONG}"]
    (project / "nemo-run-lint.toml").write_text('per-file-ignores = { "*.sh" = ["NRL814"] }\n')
    assert found(project, "a.sh") == []


def test_what_is_remembered_goes_with_the_script(project: Path) -> None:
    write(project, {"a.sh": "python train.py step=1\n"})
    cache = ("--cache-dir", str(project / "cache"), "a.sh")
    assert [run(project, *cache).returncode for _ in range(2)] == [1, 1]
    write(project, {"train.py": SCRIPT.replace("steps", "step")})
    assert [run(project, *cache).returncode for _ in range(2)] == [0, 0]
    write(project, {"train.py": SCRIPT})
    assert run(project, *cache).returncode == 1
    (project / "train.py").unlink()
    assert run(project, *cache).returncode == 0


def test_fixes(project: Path) -> None:
    write(project, {"a.sh": "python train.py 'step=1' st'ep'=2\r\npython train.py step=\"$X\"\r\n"})
    assert run(project, "--fix", "a.sh").returncode == 1
    assert (project / "a.sh").read_bytes() == b"python train.py 'steps=1' st'ep'=2\r\npython train.py steps=\"$X\"\r\n"
    write(project, {"p.md": "- a\n\n  ```sh\n  $ python train.py step=1\n  ```\n"})
    assert run(project, "--fix", "p.md").returncode == 0
    assert "  $ python train.py steps=1\n" in (project / "p.md").read_text()


def test_bad_input(project: Path) -> None:
    write(project, {"n.ipynb": notebook("import nemo_run", "!python train.py step=1")[:-1]})
    assert [each.split()[1] for each in found(project, "n.ipynb")] == ["NRL001"]
    (project / "a.sh").write_bytes(b"python train.py step=\xff $(\n'")
    assert [each.partition(" ")[0] for each in found(project, "a.sh")] == ["a.sh:1:17"]
    (project / "train.py").write_bytes(b"\xff\0")
    assert found(project, "a.sh") == []
    (project / "train.py").unlink()
    (project / "train.py").mkdir()
    assert found(project, "a.sh") == []
