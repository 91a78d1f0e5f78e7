"""Which fixes may be applied, as the settings say: here a fix is taken from a finding, or becomes safe or unsafe.

All that tells or applies fixes sees them after this, so that outputs, editors and `--fix` agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nemo_run_lint.finding import Finding
from nemo_run_lint.rule_files import EVERY_RULE, weight
from nemo_run_lint.settings import Settings


def as_set(findings: Sequence[Finding], settings: Settings) -> tuple[Finding, ...]:
    """`findings` with their fixes as `fixable`, `unfixable`, `extend-safe-fixes` and `extend-unsafe-fixes` want them.

    The selector that means a rule most exactly decides; of two alike, the one that is more careful.
    """
    is_default = settings.fixable == (EVERY_RULE,) and not settings.unfixable
    if is_default and not settings.extend_safe_fixes and not settings.extend_unsafe_fixes:
        return tuple(findings)
    return tuple(_as_set(finding, settings) for finding in findings)


def _as_set(finding: Finding, settings: Settings) -> Finding:
    if finding.fix is None:
        return finding
    if _heaviest(settings.fixable, finding) <= _heaviest(settings.unfixable, finding):
        return replace(finding, fix=None)
    safe, unsafe = (
        _heaviest(selectors, finding) for selectors in (settings.extend_safe_fixes, settings.extend_unsafe_fixes)
    )
    is_safe = finding.fix.safe if safe == unsafe == 0 else safe > unsafe
    return replace(finding, fix=replace(finding.fix, safe=is_safe))


def _heaviest(selectors: Iterable[str], finding: Finding) -> int:
    return max((weight(selector, finding.code, finding.name) for selector in selectors), default=0)
