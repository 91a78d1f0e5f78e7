"""How the texts of one file are linted: by its settings, in its surroundings, and without what comments silence."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint import remembered, timings, witnesses
from nemo_run_lint.applicability import as_set
from nemo_run_lint.collector import collector_paused
from nemo_run_lint.comment_words import may_suppress
from nemo_run_lint.comments import Ran, asking_for_reasons, judged, ran
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.linter import Examined, examined, finding_of
from nemo_run_lint.nemo.declared import declared
from nemo_run_lint.result import Result
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import means
from nemo_run_lint.rules.linter.file_skipped import FileSkipped
from nemo_run_lint.selection import enabled
from nemo_run_lint.settings import Settings, SettingsError
from nemo_run_lint.surroundings import Surroundings

if TYPE_CHECKING:
    from nemo_run_lint.file_tree import Project
    from nemo_run_lint.signatures.index import Index

#: Looks at a text in another way than `linter.examined`: rules, releases of NeMo Run, the modules, the project.
How = Callable[[Sequence[Rule], tuple[str, ...], "Index", "Project | None"], Examined]

#: Where a finding about a file as a whole points.
START = Span(1, 1, 1, 1)

#: How the codes begin of what the linter says about itself.
_LINTER = "NRL0"


class NotRememberedError(Exception):
    """Only what is remembered was asked for, and of this file that is nothing."""


@dataclass(frozen=True)
class Examination:
    """What is the same for all texts of a file.

    path             what the user calls it
    surroundings     shared by files that are linted at one time
    today            decides which comments are out of date
    noqa             whether such comments silence anything here; if not, another program obeys them itself
    alone            without the rules that look at other files of the project
    only_remembered  whether NotRememberedError is raised where something would have to be parsed
    """

    path: str
    settings: Settings
    surroundings: Surroundings
    today: date | None = None
    noqa: bool = True
    alone: bool = False
    only_remembered: bool = False

    def examined(self, text: str, how: How | None = None) -> Examined:
        """What the rules have to say of `text`, now or when it was the same. Raises SettingsError."""
        path, settings = self.path, self.settings
        surrounding = self.surroundings.of(path, text, settings)
        versions = settings.nemo_run_version or declared(directory_of(path), surrounding.environment)
        project = self.surroundings.project(path, settings) if not self.alone else None

        def examine() -> Examined:
            if self.only_remembered:
                raise NotRememberedError(path)
            rules = rules_by(settings)
            if how is not None:
                return how(rules, versions, surrounding.index, project)
            return examined(path, text, rules, versions, surrounding.index, settings.explain_unresolved, project)

        try:
            return remembered.examined(path, text, settings, versions, surrounding, examine, project)
        except (SettingsError, NotRememberedError):
            raise
        except Exception as error:  # a mistake of the linter's must not end the run
            witnesses.spoil()
            reason = f"the linter failed on it, please report this with the file: {type(error).__name__}: {error}"
            return Examined((finding_of(FileSkipped, path, START, reason=reason),))

    def judged(self, text: str, found: Examined, shown: Result | None = None) -> Result:
        """What settings and comments leave of `found`, and of what the examples in docstrings have `shown`."""
        settings, examples = self.settings, shown or Result()
        kept = self.kept((*found.findings, *examples.findings)).findings
        ignored = settings.ignored_for(Path(self.path).absolute())
        on: list[Ran] = []
        if may_suppress(text):
            store = self.surroundings.store(settings)
            on = remembered.ran(settings, store, lambda: ran(rules_by(settings)))
            on = [rule for rule in on if not (self.alone and rule.needs_project)]
        if on and settings.require_reason:
            on = asking_for_reasons(on, settings.ignore)
        seen = judged(self.path, text, kept, on, ignored=ignored, today=self.today, noqa=self.noqa)
        silenced = (*seen.silenced, *examples.silenced)
        return Result(as_set(_rated(seen.findings, settings), settings), 1, silenced, found.targets)

    def kept(self, findings: Sequence[Finding]) -> Result:
        """Without what `per-file-ignores` names for this file, and what `ignore` names of the linter's own findings.

        Rules that are off were not run; but that a file could not be linted is said whatever is selected.
        """
        settings = self.settings
        here = settings.ignored_for(Path(self.path).absolute()) if findings else ()
        kept = []
        for finding in findings:
            ignored = here + settings.ignore if finding.code.startswith(_LINTER) else here
            if not any(means(selector, finding.code, finding.name) for selector in ignored):
                kept.append(finding)
        return Result(_rated(kept, settings), files=1)

    def skipped(self, reason: object) -> Result:
        """What is said of a file that was not linted, `reason` after "this file was skipped: "."""
        return self.kept([finding_of(FileSkipped, self.path, START, reason=reason)])


def _rated(findings: Sequence[Finding], settings: Settings) -> tuple[Finding, ...]:
    """`findings` with the severities of the settings; what is remembered of a file has the rules' own."""
    if not settings.severity:
        return tuple(findings)
    severities = ((finding, settings.severity_of(finding.code, finding.name)) for finding in findings)
    return tuple(replace(finding, severity=severity or finding.severity) for finding, severity in severities)


@cache
def rules_by(settings: Settings) -> Sequence[Rule]:
    """The rules that are on by these settings."""
    with timings.step(timings.LOADING), collector_paused():
        return tuple(enabled(settings))


def directory_of(path: str) -> Path:
    """Where the file lies that the user calls `path`."""
    return Path(os.path.dirname(os.path.abspath(path)))
