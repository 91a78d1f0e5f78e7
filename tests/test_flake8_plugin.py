"""The plugin in real processes of flake8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from nemo_run_lint import _version, catalogue
from nemo_run_lint.page import Kind
from nemo_run_lint.sources.python import parses

ROOT = Path(__file__).parents[1]

PREAMBLE = "import nemo_run as run\n"
BROKEN = f"{PREAMBLE}from training import train\n\nrun.Partial(train, x=lambda: 1)\n"
REPORT = "4:22: NRL401 lambda-in-config: `x` of `train` is a lambda, which cannot be saved"


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where flake8 finds the plugin: as it is installed, or else as the build's metadata would say."""
    if any(entry.name == "NRL" for entry in entry_points(group="flake8.extension")):
        return dict(os.environ)
    site = tmp_path_factory.mktemp("site")
    metadata = site / "nemo_run_lint.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: nemo-run-lint\nVersion: {_version.__version__}\n")
    (metadata / "entry_points.txt").write_text("[flake8.extension]\nNRL = nemo_run_lint.flake8_plugin:Plugin\n")
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}"}


class Flake8:
    """flake8 in a directory of its own."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory, self.environment = directory, environment

    def write(self, name: str, content: str | bytes) -> None:
        path = self.directory / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def __call__(
        self, *arguments: str, select: str = "NRL", stdin: str = "", flags: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *flags, "-m", "flake8", "--jobs", "1", f"--select={select}", *arguments]
        return subprocess.run(
            command, cwd=self.directory, env=self.environment, input=stdin, capture_output=True, text=True
        )

    def found(self, *arguments: str, **more: str) -> list[str]:
        """The lines it prints; it must not fail."""
        result = self(*arguments, **more)
        assert result.returncode in (0, 1), result.stderr
        assert result.stderr == ""
        return result.stdout.splitlines()


@pytest.fixture
def flake8(tmp_path: Path, environment: dict[str, str]) -> Flake8:
    return Flake8(tmp_path, environment)


def test_a_finding(flake8: Flake8) -> None:
    flake8.write("broken.py", BROKEN)
    assert flake8.found() == [f"./broken.py:{REPORT}"]


def test_the_version_is_shown(flake8: Flake8) -> None:
    assert f"nemo-run-lint: {_version.__version__}" in flake8("--version").stdout.replace("\n", " ")


def test_it_reports_what_the_command_line_reports(flake8: Flake8) -> None:
    for rule in catalogue.own_rules():
        for number, block in enumerate(catalogue.page(rule).blocks):
            is_python = parses(block.text)  # some are shell scripts
            if block.kind is not Kind.TEXT and is_python:
                code = block.text if "nemo_run" in block.text else PREAMBLE + block.text
                flake8.write(f"{rule.name()}-{number}.py", code)
    flake8.write("bom.py", b"\xef\xbb\xbf" + BROKEN.encode())
    flake8.write("crlf.py", BROKEN.replace("\n", "\r\n"))
    flake8.write("wide.py", f"{PREAMBLE}if run:\n\trun.Config(f, '日本語 🚀', x=lambda: 1)\n")
    flake8.write("cookie.py", f"# coding: latin-1\n{PREAMBLE}run.Config(f, 'é', x=lambda: 1)\n".encode("latin-1"))
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--output-format", "json", "."]
    result = subprocess.run(
        command, cwd=flake8.directory, env=flake8.environment, capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 1, result.stderr
    by_command_line = {
        f"{item['path'].removeprefix('./')}:{item['line']}:{item['column']}: {item['code']} {item['name']}"
        for item in json.loads(result.stdout)["findings"]
    }
    shown = {": ".join(line.removeprefix("./").split(": ")[:2]) for line in flake8.found("--jobs", "2")}
    assert len(by_command_line) > 10
    assert shown == by_command_line


def test_a_file_without_nemo_run_costs_nothing(flake8: Flake8) -> None:
    flake8.write("other.py", "import nemo_runspec as run  # not nemo_run\n\nrun.Partial(print, lambda: 1)\n")
    flags = ("-X", "importtime")
    assert "libcst" not in flake8(flags=flags).stderr
    flake8.write("broken.py", BROKEN)
    assert "libcst" in flake8(flags=flags).stderr


def test_stdin(flake8: Flake8) -> None:
    assert flake8.found("-", stdin=BROKEN) == [f"stdin:{REPORT}"]
    assert flake8.found("-", "--stdin-display-name", "sub/x.py", stdin=BROKEN) == [f"sub/x.py:{REPORT}"]


def test_the_settings_of_the_file_that_stdin_stands_for(flake8: Flake8) -> None:
    flake8.write("sub/pyproject.toml", '[tool.nemo-run-lint]\nignore = ["NRL4"]\n')
    assert flake8.found("-", "--stdin-display-name", "sub/x.py", stdin=BROKEN) == []
    assert flake8.found("-", stdin=BROKEN) == [f"stdin:{REPORT}"]


def test_noqa_is_for_flake8(flake8: Flake8) -> None:
    flake8.write("broken.py", BROKEN.rstrip() + "  # noqa: NRL401\n")
    assert flake8.found() == []
    assert flake8.found("--disable-noqa") == [f"./broken.py:{REPORT}"]


def test_own_comments_silence(flake8: Flake8) -> None:
    flake8.write("broken.py", BROKEN.rstrip() + "  # nemo-run-lint: ignore[lambda-in-config] -- a test\n")
    assert flake8.found() == []


def test_own_comments_that_silence_nothing(flake8: Flake8) -> None:
    comment = "# nemo-run-lint: ignore[config-called] until={} -- a test\n"
    flake8.write("idle.py", f"import nemo_run\n\nx = 1  {comment.format('2999-01-31')}y = 2  # noqa: NRL401\n")
    flake8.write("over.py", f"import nemo_run\n\nx = 1  {comment.format('2024-01-31')}")
    assert [line.partition(":  ")[0][:49] for line in flake8.found()] == [
        "./idle.py:3:8: NRL005 unused-suppression: this co",
        "./over.py:3:8: NRL007 expired-suppression: this c",
    ]


def test_a_syntax_error_is_reported_by_flake8_alone(flake8: Flake8) -> None:
    flake8.write("broken.py", BROKEN + "def\n")
    lines = flake8.found(select="NRL,E9")
    assert len(lines) == 1
    assert "E999" in lines[0]


def test_settings_of_pyproject(flake8: Flake8) -> None:
    flake8.write("pyproject.toml", '[tool.nemo-run-lint.per-file-ignores]\n"old/*" = ["lambda-in-config"]\n')
    flake8.write("broken.py", BROKEN)
    flake8.write("old/broken.py", BROKEN)
    assert flake8.found() == [f"./broken.py:{REPORT}"]


def test_bad_settings_of_pyproject_are_told_without_a_traceback(flake8: Flake8) -> None:
    flake8.write("pyproject.toml", "[tool.nemo-run-lint]\nprofil = 1\n")
    flake8.write("broken.py", BROKEN)
    result = flake8()
    assert result.returncode == 1
    assert "profil" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nemo-run-profile=tem"], "--nemo-run-profile: `tem` is not a profile"),
        (["--nemo-run-option=lambda-in-config"], "expected RULE.KEY=VALUE, not `lambda-in-config`"),
        (
            ["--nemo-run-option=lambda-in-confg.x=4"],
            "there is no rule `lambda-in-confg`; did you mean `lambda-in-config`?",
        ),
        (
            ["--nemo-run-option=lambda-in-config.colour=4"],
            "rules.lambda-in-config: `colour` is not an option of this rule",
        ),
    ],
)
@pytest.mark.parametrize("source", ["command line", "file"])
def test_a_bad_value_is_a_usage_error(flake8: Flake8, arguments: list[str], message: str, source: str) -> None:
    if source == "file":
        flake8.write(".flake8", "[flake8]\n" + arguments[0].removeprefix("--").replace("=", " = ", 1) + "\n")
        arguments = []
    result = flake8(*arguments)
    assert result.returncode == 2
    assert "usage: flake8" in result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


SAMPLE_RULES = '''\
import libcst as cst

from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule


class LongName(Rule):
    """Names are short."""

    code = "NRL998"
    message = "`{name}` is longer than {most}"
    most = Option(9, "longest name")

    def check(self, name: cst.Name, file: File) -> Reports:
        if len(name.value) > self.most:
            yield self.at(name, name=name.value, most=self.most)


class AnyCall(Rule):
    """Nothing is called."""

    code = "NRL999"
    message = "called"
    strict = True

    def check(self, call: cst.Call, file: File) -> Reports:
        yield self.at(call)
'''


@pytest.fixture
def with_rules(flake8: Flake8) -> Flake8:
    """A flake8 whose environment has a distribution with two more rules, and a file that both would report."""
    flake8.write("site/sample_rules.py", SAMPLE_RULES)
    flake8.write("site/sample_rules.dist-info/METADATA", "Metadata-Version: 2.1\nName: sample-rules\nVersion: 0\n")
    entries = "[nemo_run_lint.rules]\nlong-name = sample_rules:LongName\nany-call = sample_rules:AnyCall\n"
    flake8.write("site/sample_rules.dist-info/entry_points.txt", entries)
    path = os.pathsep.join(filter(None, [str(flake8.directory / "site"), flake8.environment.get("PYTHONPATH")]))
    flake8.write("names.py", "import nemo_run\n\nten_of_them = len(nemo_run)\n")
    return Flake8(flake8.directory, {**flake8.environment, "PYTHONPATH": path})


LONG = "names.py:3:1: NRL998 long-name: `ten_of_them` is longer than 9"
CALLED = "names.py:3:15: NRL999 any-call: called"


def test_options_on_the_command_line(with_rules: Flake8) -> None:
    assert with_rules.found("names.py") == [LONG]
    assert with_rules.found("names.py", "--nemo-run-profile=strict") == [LONG, CALLED]
    assert with_rules.found("names.py", "--nemo-run-profile=correctness") == []
    assert with_rules.found("names.py", "--nemo-run-option=long-name.most=11") == []
    most = ["--nemo-run-option=long-name.most=11", "--nemo-run-option=long-name.most = 10"]
    assert with_rules.found("names.py", *most) == [LONG.replace("than 9", "than 10")]


def test_options_in_the_file_of_flake8(with_rules: Flake8) -> None:
    with_rules.write(".flake8", "[flake8]\nnemo-run-profile = strict\nnemo-run-option =\n    long-name.most = 11\n")
    assert with_rules.found("names.py") == [CALLED]
    assert with_rules.found("names.py", "--nemo-run-profile=team") == []
    assert with_rules.found("names.py", "--nemo-run-option=long-name.most=10") == [
        LONG.replace("than 9", "than 10"),
        CALLED,
    ]


def test_flake8_wins_over_pyproject(with_rules: Flake8) -> None:
    with_rules.write(
        "pyproject.toml",
        '[tool.nemo-run-lint]\nprofile = "strict"\n[tool.nemo-run-lint.rules.long-name]\nmost = 11\n',
    )
    assert with_rules.found("names.py") == [CALLED]
    assert with_rules.found("names.py", "--nemo-run-profile=team") == []
    assert with_rules.found("names.py", "--nemo-run-option=long-name.most=9") == [LONG, CALLED]
