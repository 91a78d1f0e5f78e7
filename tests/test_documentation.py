"""`docs`: what a page tells of an experiment, what it keeps, and what is said of what cannot be told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nemo_run_lint.documentation.header import header
from nemo_run_lint.documentation.markdown import picture
from nemo_run_lint.documentation.page_file import BEGIN, END, PageError, new_page, renewed
from nemo_run_lint.documentation.words import code, paragraph, prose
from nemo_run_lint.nemo.outline import ExperimentOutline, TaskOutline

COMMAND = [sys.executable, "-m", "nemo_run_lint"]

EXPERIMENT = '''\
"""Train BERT.

What it is for, in
two lines.

Author: Ada
Version: 2.1

Description:
The `large` one.

- not a list

Dependencies:
- torch>=2.0
- the team's cluster

Parameters:
- steps: overruled by the function
- DATA_HOME (path): where the data are
  and stay

Expected Outputs:
- weights.pt (file): the trained
  weights
- `metrics.json`: how good they are

Notes: none
"""

import os
import numpy as np
import torch.nn
import nemo_run as run
from team.configs import bert
from . import near


def pretrain(config: dict[str, int | None], *names, rate=0.1) -> None:
    """Train it.

    Args:
        config: What | decides.
        rate: How fast.
    """


@run.cli.entrypoint(type="experiment")
def launch(ctx: run.cli.RunContext, steps: int, name: str = "a|b`c") -> None:
    """Launch it.

    Args:
        steps: How many <steps>.
    """
    slurm = run.SlurmExecutor(account="team", nodes=2)
    with run.Experiment("bert", executor=slurm) as exp:
        loaded = exp.add(run.Script(inline="echo"), name="load")
        exp.add(run.Partial(pretrain, bert(steps)), name='"quoted" | <b> `x`', dependencies=[loaded])
        exp.add(run.Partial(pretrain, bert(steps)), name=f"{name}-check", dependencies=["load"])
        exp.run()
'''

#: Two entrypoints, so that nothing of a page depends on where they stand.
PAGE = """\
# Train BERT

<!-- nemo-run-lint: docs begin -->

What it is for, in two lines.

The `large` one.

\\- not a list

- **Author:** Ada
- **Version:** 2.1
- **Source:** `experiments/bert.py`

## Parameters

### `launch`

Launch it.

| parameter | type | default | meaning |
| --- | --- | --- | --- |
| `steps` | `int` |  | How many &lt;steps>. |
| `name` | `str` | ``"a\\|b`c"`` |  |

| parameter | type | default | meaning |
| --- | --- | --- | --- |
| `DATA_HOME` | `path` |  | where the data are and stay |

## Tasks

```mermaid
flowchart LR
    t0["load: script"]
    t1["#34;quoted#34; #124; #60;b#62; #96;x#96;: pretrain"]
    t2["f#34;#123;name#125;-check#34;: pretrain"]
    t0 --> t1
    t0 --> t2
```

| task | runs | executor | after |
| --- | --- | --- | --- |
| `load` | `script` | `SlurmExecutor` |  |
| `` "quoted" \\| <b> `x` `` | `pretrain` | `SlurmExecutor` | `load` |
| `f"{name}-check"` | `pretrain` | `SlurmExecutor` | `load` |

### `pretrain`

Train it.

| parameter | type | default | meaning |
| --- | --- | --- | --- |
| `config` | `dict[str, int \\| None]` |  | What \\| decides. |
| `rate` |  | `0.1` | How fast. |
| `*names` |  |  |  |

## Executors

### `SlurmExecutor`

| field | value |
| --- | --- |
| `account` | `"team"` |
| `nodes` | `2` |

## Dependencies

- `torch>=2.0`
- the team's cluster
- `nemo_run`
- `numpy`

## Expected outputs

- `weights.pt` (`file`): the trained weights
- `metrics.json`: how good they are

<!-- nemo-run-lint: docs end -->
"""

SMALL = 'import nemo_run as run\n\nwith run.Experiment("small") as exp:\n    exp.run()\n'


def docs(directory: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, "docs", *arguments], cwd=directory, input=stdin, capture_output=True, text=True)


def write(directory: Path, path: str, text: str) -> Path:
    file = directory / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write(tmp_path, "pyproject.toml", "")
    write(tmp_path, "team/configs.py", "")
    write(tmp_path, "experiments/bert.py", EXPERIMENT)
    return tmp_path


# -- what it tells -------------------------------------------------------------------------------------------------


def test_a_page(repository: Path) -> None:
    result = docs(repository)
    assert (result.returncode, result.stdout, result.stderr) == (0, "wrote docs/experiments/bert.md\n", "")
    assert (repository / "docs/experiments/bert.md").read_text(encoding="utf-8") == PAGE
    assert docs(repository, "--stdout").stdout == PAGE


def test_a_class_that_documents_itself(tmp_path: Path) -> None:
    """In the shape of the team guide, where only the base class imports nemo_run."""
    write(tmp_path, "pyproject.toml", "")
    write(
        tmp_path,
        "experiments/training.py",
        """
        from team.documented import DocumentedExperiment

        NAME = "team_training"

        class TeamTraining(DocumentedExperiment):
            def __init__(self):
                super().__init__(name=NAME, description="The team's pipeline", author="ML Team", version="2.1.0")
                self.add_dependency("torch", "2.5").add_dependency("numpy")
                self.add_parameter("rate", "How fast", 1e-3)
                self.add_parameter("epochs", "How long", default_value=10)
                self.add_expected_output("model", "The trained one", "torch.nn.Module")
                self.set_notes("Nightly.\\n\\nNever on Sundays.")
                other.add_parameter("not", "its own")
        """.replace("\n        ", "\n"),
    )
    page = docs(tmp_path, "--stdout").stdout
    assert page.startswith("# team_training\n")
    for line in (
        "The team's pipeline\n",
        "- **Author:** ML Team\n- **Version:** 2.1.0\n- **Source:** `experiments/training.py`\n",
        "| `rate` |  | `1e-3` | How fast |\n| `epochs` |  | `10` | How long |\n\n",
        "- torch 2.5\n- `numpy`\n- `team`\n",
        "- `model` (`torch.nn.Module`): The trained one\n",
        "## Notes\n\nNightly.\n\nNever on Sundays.\n",
    ):
        assert line in page
    assert "its own" not in page


def test_experiments_in_the_form_of_the_guide_and_by_other_functions(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "many.py",
        "import nemo_run as run\n\n"
        'def one(model):\n    return run.Experiment([run.Task("train", run.Partial(fit, model))], name="one")\n\n'
        'def two():\n    with run.Experiment("two") as exp:\n        add_all(exp)\n\n'
        'def three():\n    with run.Experiment("three") as exp:\n        exp.run()\n',
    )
    page = docs(tmp_path, "--stdout", file.name).stdout
    assert page.startswith("# many\n")
    assert '### `one`\n\n```mermaid\nflowchart LR\n    t0["train: fit"]\n```\n\n| task |' in page
    assert "### `two`\n\nThey are added by functions that get hold of the experiment.\n" in page
    assert "### `three`\n\nNone are added here.\n" in page


def test_standard_input(tmp_path: Path) -> None:
    result = docs(tmp_path, "-", stdin=SMALL)
    assert result.stdout.startswith(f"# stdin\n\n{BEGIN}\n")
    assert (result.returncode, list(tmp_path.iterdir())) == (0, [])


def test_nothing_of_a_page_depends_on_lines_or_days(repository: Path) -> None:
    docs(repository)
    experiment = repository / "experiments/bert.py"
    experiment.write_text(experiment.read_text().replace("import os\n", "import os\n\n\n# a comment\n"))
    assert docs(repository, "--check").returncode == 0


# -- what it keeps -------------------------------------------------------------------------------------------------


def test_what_is_outside_is_kept_byte_for_byte(repository: Path) -> None:
    docs(repository)
    page = repository / "docs/experiments/bert.md"
    before, after = b"\xef\xbb\xbf# Mine \xff \r\n\r\n", b"\r\n\r\nno end of line \t"
    own = page.read_bytes().replace(b"Ada", b"Bob").replace(b"\n", b"\r\n")
    begin, end = own.index(BEGIN.encode()), own.index(END.encode()) + len(END)
    page.write_bytes(before + own[begin:end] + after)
    page.chmod(0o640)
    assert docs(repository, "--check").returncode == 1
    assert docs(repository).stdout == "wrote docs/experiments/bert.md\n"
    written = page.read_bytes()
    assert written == before + own[begin:end].replace(b"Bob", b"Ada") + after
    assert page.stat().st_mode & 0o777 == 0o640
    again = docs(repository)
    assert (again.stdout, again.stderr) == ("", "1 page is fresh\n")
    assert [path.name for path in page.parent.iterdir()] == ["bert.md"]


def test_check_shows_what_is_stale_and_writes_nothing(repository: Path) -> None:
    missing = docs(repository, "--check")
    assert missing.returncode == 1
    assert "+++ docs/experiments/bert.md\n" in missing.stdout
    assert missing.stderr == "1 page is stale; to write what is missing: nemo-run-lint docs\n"
    assert not (repository / "docs").exists()
    docs(repository)
    experiment = repository / "experiments/bert.py"
    experiment.write_text(experiment.read_text().replace("Author: Ada", "Author: Bob"))
    stale = docs(repository, "--check", "--quiet")
    assert (stale.returncode, stale.stderr) == (1, "")
    assert "-- **Author:** Ada\n+- **Author:** Bob\n" in stale.stdout
    assert (repository / "docs/experiments/bert.md").read_text() == PAGE


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("# By hand\n", "is written by hand, and is left as it is"),
        ("", "is written by hand"),
        (f"text {BEGIN}\n{END}\n", "must have one line"),
        (f"{BEGIN}\n", "must have one line"),
        (f"{END}\n{BEGIN}\n", "must have one line"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", "must have one line"),
        (f"{BEGIN}{END}", "is written by hand"),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_page_without_a_place_is_left_alone(
    repository: Path, page: str, problem: str, arguments: tuple[str, ...]
) -> None:
    file = write(repository, "docs/experiments/bert.md", page)
    result = docs(repository, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("nemo-run-lint: `docs/experiments/bert.md` ")
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert file.read_text() == page


def test_renewing_twice_changes_nothing() -> None:
    page = new_page("Title", "\none\n\n")
    assert renewed(page, "\none\n\n") == page
    assert renewed(renewed(page, "\ntwo\n\n"), "\none\n\n") == page
    with pytest.raises(PageError):
        renewed(b"", "one")


# -- where ---------------------------------------------------------------------------------------------------------


def test_another_layout_and_another_directory(tmp_path: Path) -> None:
    layout = 'layout = { experiment = "src/{name}/run.py", documentation = "wiki/{name}/index.md" }\n'
    write(tmp_path, "nemo-run-lint.toml", layout)
    write(tmp_path, "src/small/run.py", SMALL)
    write(tmp_path, "src/helper.py", SMALL)
    (tmp_path / "elsewhere").mkdir()
    result = docs(tmp_path / "elsewhere", "..")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"wrote {tmp_path}/wiki/small/index.md\n"
    assert docs(tmp_path, "--output-dir", "out/pages").stdout == "wrote out/pages/small.md\n"
    assert docs(tmp_path, "--output-dir", "-").stdout.startswith("# small\n")
    named = docs(tmp_path, "src/helper.py")
    assert named.stdout == "wrote wiki/helper/index.md\n"


def test_helpers_tests_and_private_modules_have_no_page(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "")
    write(tmp_path, "experiments/helper.py", "import nemo_run as run\n\ntask = run.Partial(print)\n")
    write(tmp_path, "experiments/_shared.py", SMALL)
    write(tmp_path, "experiments/test_small.py", SMALL)
    write(tmp_path, "experiments/checks.py", "import nemo_run as run\n\ndef test_it():\n    run.Experiment('a')\n")
    write(tmp_path, "tools/other.py", SMALL)
    result = docs(tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    assert "no experiment found where the layout has them" in result.stderr
    assert docs(tmp_path, "experiments/helper.py").returncode == 2


# -- bad input -----------------------------------------------------------------------------------------------------


def test_one_that_does_not_parse_and_the_others_go_on(repository: Path) -> None:
    write(repository, "experiments/a_broken.py", "import nemo_run as run\n\nrun.Experiment(\n")
    write(repository, "experiments/b_bytes.py", "# coding: ascii\nimport nemo_run\n").write_bytes(
        b"import nemo_run\n\xff"
    )
    write(repository, "experiments/c_deep.py", f"import nemo_run\nx = {'(' * 3000}{')' * 3000}\n")
    result = docs(repository)
    assert (result.returncode, result.stdout) == (2, "wrote docs/experiments/bert.md\n")
    told = result.stderr.splitlines()
    assert [re.sub(r"`.*?`", "", line) for line in told] == [
        "nemo-run-lint:  has no page, since it does not parse: '(' was never closed (line 3)",
        "nemo-run-lint:  has no page, since it does not parse: byte 0xff is not UTF-8",
        told[2].replace("`experiments/c_deep.py`", ""),
    ]
    assert sorted(path.name for path in (repository / "docs/experiments").iterdir()) == ["bert.md"]


def test_two_experiments_for_one_page(tmp_path: Path) -> None:
    write(tmp_path, "a/small.py", SMALL)
    write(tmp_path, "b/small.py", SMALL)
    result = docs(tmp_path, "a/small.py", "b/small.py", "--output-dir", ".")
    assert (result.returncode, result.stdout) == (2, "wrote small.md\n")
    assert "`b/small.py` would have the page of `a/small.py`" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["missing.py"], "`missing.py` does not exist"),
        (["README.md"], "`README.md` is no file of Python"),
        (["--check", "--stdout"], "--check compares"),
        (["-", "experiments"], "`-` stands for standard input"),
        (["--output-dir", "README.md"], "is a file"),
    ],
)
def test_what_cannot_be_asked(repository: Path, arguments: list[str], problem: str) -> None:
    write(repository, "README.md", "")
    result = docs(repository, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert problem in result.stderr
    assert not (repository / "docs").exists()


def test_a_page_that_cannot_be_written(repository: Path) -> None:
    write(repository, "docs/experiments", "a file where a directory should be")
    write(repository, "experiments/small.py", SMALL)
    result = docs(repository)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("docs/experiments/") == 2


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_directory_or_a_broken_link_in_its_place(repository: Path) -> None:
    (repository / "docs/experiments/bert.md").mkdir(parents=True)
    assert "`docs/experiments/bert.md` cannot be read: Is a directory" in docs(repository).stderr
    (repository / "docs/experiments/bert.md").rmdir()
    (repository / "docs/experiments/bert.md").symlink_to("nowhere.md")
    result = docs(repository)
    assert (result.returncode, "is a link to nowhere" in result.stderr) == (2, True)


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ""),
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a\nb\tc", "`a b c`"),
        ("a\x1b[31m", "`a\\x1b[31m`"),
        ("\ud800", "`\\ud800`"),
    ],
)
def test_code(text: str, told: str) -> None:
    assert code(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a < b & c &lt; `x < y`", "a &lt; b & c &amp;lt; `x < y`"),
        (f"{END}", "&lt;!-- nemo-run-lint: docs end -->"),
        ("one ` only <", "one ` only &lt;"),
        ("``a`b`` <i>", "``a`b`` &lt;i>"),
    ],
)
def test_prose(text: str, told: str) -> None:
    assert prose(text) == told
    assert prose(f"{text}|", in_table=True) == f"{told}\\|"


@pytest.mark.parametrize("text", ["# a", "- a", "+ a", "> a", "```", "---", "===", "| a", "1. a", "12) a"])
def test_a_paragraph_stays_one(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse(paragraph(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(each.content for each in tokens[1].children) == text


def test_a_page_is_the_markdown_that_is_meant(repository: Path) -> None:
    """Nothing of it is HTML but the two comments, and every cell holds what the code says."""
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse(docs(repository, "--stdout").stdout)
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == [BEGIN, END]
    inside = [child for token in tokens if token.type == "inline" for child in token.children]
    assert not [child for child in inside if child.type == "html_inline"]
    said = [child.content for child in inside if child.type == "code_inline"]
    assert {'"quoted" | <b> `x`', '"a|b`c"', "dict[str, int | None]"} <= set(said)
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(cells) == 4 * 13 + 2 * 3
    assert len(rows) == 13 + 3


def test_a_picture_holds_nothing_that_ends_a_label() -> None:
    names = ['a"b', "c]d", "`e`", "1. f", "- g", "__h__", "#35;", "i\nj", "end", "k;l", "%%m", "né"]
    tasks = tuple(TaskOutline(name, name, 1, "") for name in names)
    lines = picture(ExperimentOutline("t", 1, 1, "", tasks, is_open=False)).splitlines()[1:]
    assert [re.fullmatch(r'    t\d+\["(?:[\w .,:/()=+@!?-]|#\d+;)*"\]', line) is not None for line in lines] == [
        True
    ] * 12
    decoded = [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line.split('"')[1]) for line in lines]
    assert decoded == [" ".join(name.split()) for name in names]


def test_a_header_in_other_words() -> None:
    said = header(
        "**Author:** Ada\n\n## Expected Outputs\n\n* a.txt -- one\n1. b.txt: two\n\nMore of it.\n\n"
        "Dependencies\n------------\nnone\n\nPARAMETERS: N/A\n\nNote: see below\n"
    )
    assert said.title == ""
    assert said.line("author") == "Ada"
    assert [(item.name, item.text) for item in said.items("outputs")] == [("a.txt", "one"), ("b.txt", "two")]
    assert (said.items("dependencies"), said.items("parameters")) == ((), ())
    assert said.prose("notes") == ("see below",)


# -- with the rest of the linter ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("author", ["ML Team", 'Ada <ada@example.org> & `co` "x" | \\ y'])
def test_what_new_writes_is_fresh(tmp_path: Path, author: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    made = subprocess.run([*COMMAND, "new", "New Model", "--author", author], cwd=tmp_path, capture_output=True)
    assert made.returncode == 0
    result = docs(tmp_path, "--check")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
