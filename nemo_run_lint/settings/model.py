"""Settings as the rest of the linter sees them: plain values, whatever file or option they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nemo_run_lint.finding import Severity
from nemo_run_lint.layout import Layout
from nemo_run_lint.rule import Profile
from nemo_run_lint.rule_files import EVERY_RULE, weight
from nemo_run_lint.sources.patterns import Patterns

#: What is left out of a walk unless `exclude` says otherwise: ruff's list.
DEFAULT_EXCLUDE = (
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv .pytest_cache "
    ".pytype .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build buck-out build dist node_modules "
    "site-packages venv"
)

DEFAULT_MAXIMUM_FILE_SIZE = 1_000_000

#: In seconds. A file of that size takes a quarter of it.
DEFAULT_TIME_LIMIT = 60


class SettingsError(Exception):
    """Settings that cannot be meant. The message is a sentence for the user: file, key, what is allowed."""


@dataclass(frozen=True)
class Settings:
    """How the linter is set. Change one with `dataclasses.replace`.

    root               the directory that patterns are relative to
    source             the file that was read; None for the defaults
    profile            the set of rules to start from
    select             codes, beginnings of codes, or names of the rules to run, instead of the profile's; empty: those
    extend_select      more of them
    ignore             selectors of the rules not to run; `extend-ignore` of the file is in here
    per_file_ignores   of a pattern of paths, the selectors whose findings are dropped there
    severity           of a selector, how bad the findings are called that it means; the longest one decides
    exclude            patterns of paths that a walk leaves out; `extend-exclude` of the file is in here
    respect_gitignore  whether a walk leaves out what git would
    force_exclude      whether files given by name are left out as well
    documents          whether a walk takes pages of documentation
    examples_see       what an example of a page sees of those before it: one of `sources.kinds.EXAMPLES`
    docstring_code     whether examples in docstrings are linted too
    shell_scripts      whether a walk takes shell scripts
    strict_documents   whether examples that do not parse are told
    output_format      a name of `outputs`; empty: the command line's default
    output             more places to write findings to: `FORMAT=FILE`
    maximum_file_size  in bytes; larger files are named and skipped
    time_limit         in seconds; a file that takes longer is named and skipped
    jobs               how many processes lint at a time; 0: as many as there are cores
    fix                whether to change the files that are linted
    unsafe_fixes       whether fixes that may change what a program does are applied as well
    fixable            selectors of the rules whose fixes may be applied
    unfixable          selectors of those whose fixes are not
    extend_safe_fixes    selectors of rules whose unsafe fixes are taken for safe
    extend_unsafe_fixes  selectors of rules whose safe fixes are taken for unsafe
    show_suppressed    whether to tell the findings that comments or a baseline silence
    require_reason     whether a comment that silences must say why
    baseline           the file of findings that are known; None: none
    baseline_ratchet   whether findings that are gone are taken out of it
    python             the environment of the project: an interpreter, its directory, or site-packages; None: looked for
    index              exported indexes of environments
    cache              whether to remember what was worked out
    cache_dir          where; None: the user's own place for such things
    explain_unresolved whether to tell what the configurations call; not a key of the file
    nemo_run_version   the releases of NeMo Run to judge by, oldest first; empty: what the project requires
    layout             where the parts of an experiment are kept, below `root`
    review             which items of a review are required, and more of them; `settings.review` reads it
    rules              each rule's own options by its name; `selection.check_options` checks them
    said_by            of an option of a rule, the rule's name and the key, the file that says it
    """

    root: Path = field(default_factory=Path.cwd)
    source: Path | None = None
    profile: Profile = Profile.TEAM
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[str, ...] = tuple(DEFAULT_EXCLUDE.split())
    respect_gitignore: bool = True
    force_exclude: bool = False
    documents: bool = False
    examples_see: str = "imports"
    docstring_code: bool = False
    shell_scripts: bool = False
    strict_documents: bool = False
    output_format: str = ""
    output: tuple[str, ...] = ()
    maximum_file_size: int = DEFAULT_MAXIMUM_FILE_SIZE
    time_limit: int = DEFAULT_TIME_LIMIT
    jobs: int = 0
    fix: bool = False
    unsafe_fixes: bool = False
    fixable: tuple[str, ...] = (EVERY_RULE,)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    show_suppressed: bool = False
    require_reason: bool = False
    baseline: Path | None = None
    baseline_ratchet: bool = False
    python: Path | None = None
    index: tuple[Path, ...] = ()
    cache: bool = True
    cache_dir: Path | None = None
    explain_unresolved: bool = False
    nemo_run_version: tuple[str, ...] = ()
    layout: Layout = field(default_factory=Layout)
    review: dict[str, Any] = field(default_factory=dict, hash=False)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    said_by: dict[tuple[str, str], str] = field(default_factory=dict, hash=False, compare=False)

    def ignored_for(self, path: Path) -> tuple[str, ...]:
        """The selectors of `per-file-ignores` whose pattern means `path`."""
        if not self.per_file_ignores:
            return ()
        found = (selectors for pattern, selectors in self.per_file_ignores if _applies(pattern, self.root, path))
        return tuple(selector for selectors in found for selector in selectors)

    def severity_of(self, code: str, name: str) -> Severity | None:
        """What `severity` says of the rule of that code and name; None if nothing."""
        heaviest = max(self.severity, key=lambda each: weight(each[0], code, name), default=None)
        return heaviest[1] if heaviest is not None and weight(heaviest[0], code, name) else None


def _applies(pattern: str, root: Path, path: Path) -> bool:
    """Whether a pattern of per-file-ignores means `path`; `!pattern` means all other files, as in ruff."""
    wanted, plain = not pattern.startswith("!"), pattern.removeprefix("!")
    return bool(_patterns(root, plain).match(str(path))) is wanted


@cache
def _patterns(root: Path, pattern: str) -> Patterns:
    return Patterns(root, (pattern,))
