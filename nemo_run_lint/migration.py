"""What a step from one NeMo Run to another breaks: what is found with the new release and was not with the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nemo_run_lint import fixing
from nemo_run_lint.finding import Finding
from nemo_run_lint.fixing import Rewritten
from nemo_run_lint.result import Result
from nemo_run_lint.runner import SettingsFor, run
from nemo_run_lint.settings import Settings

#: The rules whose findings depend on the release.
_RULES = (
    "unknown-attribute",
    "unknown-import",
    "unknown-method",
    "unknown-field",
    "missing-field",
    "positional-field",
    "executor-attribute-typo",
)

#: How the codes begin of what says that a file was not judged.
_LINTER = "NRL0"


def breaks(paths: Sequence[str], settings_for: SettingsFor, old: str, new: str) -> Result:
    """The findings about what works in release `old` and not in `new`, and about files that could not be judged.

    Raises DiscoveryError and SettingsError as `runner.run` does.
    """
    before, after = (run(paths, _judging(settings_for, release)) for release in (old, new))
    known = {_place(finding) for finding in before.findings}
    findings = (each for each in after.findings if each.code.startswith(_LINTER) or _place(each) not in known)
    return replace(after, findings=tuple(findings))


def rewritten(findings: Sequence[Finding], settings_for: SettingsFor, new: str) -> list[Rewritten]:
    """What becomes of the files by the safe fixes of `findings`, which `breaks` gave. Raises FixError."""
    return fixing.rewritten(findings, _judging(settings_for, new))


def _judging(settings_for: SettingsFor, release: str) -> SettingsFor:
    def settings_of(directory: Path) -> Settings:
        settings = settings_for(directory)
        return replace(settings, select=_RULES, extend_select=(), nemo_run_version=(release,))

    return settings_of


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.span, finding.code
