"""A person decides about fixes, one after the other: each is shown with its finding, as a piece of a diff."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import click

from nemo_run_lint.commands.fixes import visible
from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import CYAN, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped

_QUESTION = "Fix it? [y]es, [n]o, [a]ll of this rule, [s]kip this rule, [q]uit"

_LINE = re.compile(r"([^\r\n]+|(?=[\r\n]))(?:\r\n?|\n|\Z)")

#: Lines shown before and after those that change.
_CONTEXT = 3


class Review:
    """What a person has said so far."""

    def __init__(self, color: bool) -> None:
        self._color = color
        self._of_rules: dict[str, bool] = {}
        self._is_over = False

    def wants(self, finding: Finding, before: str, after: str) -> bool:
        """Whether a finding is to be fixed, whose fix makes `after` of the text `before`; asks if that is not known."""
        if self._is_over:
            return False
        if finding.name in self._of_rules:
            return self._of_rules[finding.name]
        for line in self._shown(finding, before, after):
            click.echo(line)
        return self._answered(finding.name)

    def _answered(self, rule: str) -> bool:
        while True:
            answer = self._asked()
            click.echo()
            if answer in ("a", "all", "s", "skip"):
                self._of_rules[rule] = answer.startswith("a")
            elif answer in ("q", "quit"):
                self._is_over = True
            if answer in ("y", "yes", "a", "all"):
                return True
            if answer in ("n", "no", "s", "skip", "q", "quit"):
                return False
            click.echo("y, n, a, s or q; what was answered with y or a is written at the end, also after q")

    def _asked(self) -> str:
        """The answer; one who goes away has had enough. Ctrl-C ends the program before anything is written."""
        try:
            answer: str = click.prompt(_QUESTION, prompt_suffix=": ", default="?", show_default=False)
        except click.Abort as stop:
            if isinstance(stop.__context__, EOFError):
                return "q"
            raise
        return answer.strip().lower()

    def _shown(self, finding: Finding, before: str, after: str) -> Iterator[str]:
        head = paint(f"{finding.severity.value}[{finding.code}]", SEVERITY[finding.severity], self._color)
        yield f"{head} {paint(finding.name, CYAN, self._color)}: {escaped(finding.message)}"
        yield f"  --> {escaped(finding.path)}:{finding.span.line}:{finding.span.column}"
        if finding.fix is not None:
            unsafe = "" if finding.fix.safe else " (unsafe: it may change what the program does)"
            yield f"{paint('fix', CYAN, self._color)}: {escaped(finding.fix.message)}{unsafe}"
        old, new = (_LINE.findall(text) for text in (before, after))
        for line in [*difflib.unified_diff(old, new, n=_CONTEXT, lineterm="")][2:]:
            yield visible(line, self._color)
