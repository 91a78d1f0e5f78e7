"""Markdown files as tests of rules: a heading over a block of Python, with carets under what is reported.

A block without carets is clean. A `python fixed` block is what the block before becomes. A `toml` block sets the
options of the block that follows, or the versions of NeMo Run that count. A `python tasks.py` block is a file beside the
block that follows; a `python notebook` block is the code of one. `import nemo_run as run` stands before a block that does not import it.
For a rule about the project, a line `# experiments/bert.py` says where the code below it lies.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from project_cases import found_in_project

from nemo_run_lint.finding import Finding
from nemo_run_lint.linter import lint
from nemo_run_lint.releases import release
from nemo_run_lint.rule import ProjectRule, Rule
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index

PREAMBLE = "import nemo_run as run\n"
_FENCE = re.compile(r"^```(?P<language>\w+)(?P<words>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CARETS = re.compile(r"^ *\^+ NRL\d{3}.*$")


@dataclass
class Case:
    """One block of a rule's Markdown file."""

    path: Path
    heading: str
    body: str
    start: int
    options: dict[str, Any] = field(default_factory=dict)
    versions: tuple[str, ...] = ()
    beside: dict[str, str] = field(default_factory=dict)
    name: str = "case.py"
    fixed: str | None = None

    @property
    def code(self) -> str:
        """The code without the lines of carets, as it stands in the block."""
        lines = self.body.splitlines(keepends=True)
        return "".join(line for line in lines if not _CARETS.match(line.rstrip("\n")))

    @property
    def source(self) -> str:
        """The code as it is linted, with an import if it has none."""
        return with_import(self.code)

    def shown(self, findings: Sequence[Finding]) -> str:
        """What the block should look like, if these are its findings."""
        shown = annotated(self.source, findings)
        return shown if self.source == self.code else shown.removeprefix(PREAMBLE)


def with_import(code: str) -> str:
    """`code`, importing nemo_run as `run` unless it does so itself."""
    return code if re.search(r"\bnemo_run\b", code) else PREAMBLE + code


def cases(path: Path, name: str) -> Iterator[Case]:
    """The cases of one Markdown file about the rule `name`."""
    text = path.read_text(encoding="utf-8")
    options: dict[str, Any] = {}
    versions: tuple[str, ...] = ()
    beside: dict[str, str] = {}
    case: Case | None = None
    for block in _FENCE.finditer(text):
        headings = re.findall(r"^#+ (.+)$", text[: block.start()], re.MULTILINE)
        language, words, body = block["language"], block["words"].strip(), block["body"]
        if language == "toml":
            table = _toml(body)["tool"]["nemo-run-lint"]
            options = table.get("rules", {}).get(name, {})
            versions = tuple(map(release, table.get("nemo-run-version", ())))
        elif language == "python" and words == "fixed" and case is not None:
            case.fixed = with_import(body)
        elif words.endswith(".py") or "/" in words:
            beside[words] = body
        elif language == "python":
            if case is not None:
                yield case
            case = Case(path, headings[-1], body, block.start("body"), options, versions, beside)
            case.name = "case.ipynb" if words == "notebook" else case.name
            options, versions, beside = {}, (), {}
    if case is not None:
        yield case


def found(
    rule: type[Rule],
    code: str,
    options: dict[str, Any] | None = None,
    versions: tuple[str, ...] = (),
    beside: dict[str, str] | None = None,
    name: str = "case.py",
) -> list[Finding]:
    """What `rule` alone finds in `code`, judged by these versions of NeMo Run, with these files beside it."""
    rules = [rule(options or {})]
    if isinstance(rules[0], ProjectRule):
        return found_in_project(rules[0], code, beside or {})
    if not beside:
        return lint(name, code, rules, versions)
    with tempfile.TemporaryDirectory() as directory:
        for name, text in beside.items():
            (Path(directory) / name).write_text(text, encoding="utf-8")
        index = Index(Environment.bare().with_script(Path(directory)))
        return lint(str(Path(directory) / name), code, rules, versions, index)


def annotated(source: str, findings: Sequence[Finding]) -> str:
    """`source` with a line of carets under every finding, as a case writes it."""
    lines = source.splitlines(keepends=True)
    for finding in sorted(findings, key=lambda finding: finding.sort_key, reverse=True):
        span = finding.span
        line = lines[span.line - 1].rstrip("\n")
        end = span.end_column if span.end_line == span.line else len(line) + 1
        carets = " " * (span.column - 1) + "^" * max(1, end - span.column)
        lines.insert(span.line, f"{carets} {finding.code} {finding.message}\n")
    return "".join(lines)


def apply_fix(source: str, finding: Finding) -> str:
    """`source` after the finding's fix."""
    assert finding.fix is not None
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(finding.fix.edits, key=lambda edit: edit.span, reverse=True):
        begin = starts[edit.span.line - 1] + edit.span.column - 1
        end = starts[edit.span.end_line - 1] + edit.span.end_column - 1
        source = source[:begin] + edit.text + source[end:]
    return source


def _toml(text: str) -> dict[str, Any]:
    try:
        import tomllib
    except ModuleNotFoundError:
        import tomli as tomllib
    return tomllib.loads(text)
