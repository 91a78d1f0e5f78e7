"""Every key of the settings: what its values are, what it means, how those of several files go together.

The reader, the JSON schema, `config` and `doctor` all go by this table, so that a key is told in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from nemo_run_lint.layout import Layout
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import kinds
from nemo_run_lint.settings.kinds import Kind
from nemo_run_lint.settings.model import DEFAULT_EXCLUDE, DEFAULT_MAXIMUM_FILE_SIZE, DEFAULT_TIME_LIMIT


class Joined(Enum):
    """What becomes of the values that a file, and the files that it extends, give to one key."""

    REPLACED = "replaced: the nearest file counts"
    ADDED = "added to those of the extended file"
    MERGED = "merged by key with that of the extended file"


@dataclass(frozen=True)
class Key:
    """A key of the settings.

    help     what it does, a sentence without a full stop
    default  as a file would write it; None where nothing can be written that says so
    absent   what holds where `default` is None, in words
    example  a value, as TOML
    """

    kind: Kind
    help: str
    default: Any = None
    absent: str = ""
    example: str = ""
    joined: Joined = Joined.REPLACED


_ADDED, _MERGED = Joined.ADDED, Joined.MERGED

#: How a file names another one whose settings it starts from; it is gone when the settings are put together.
EXTEND = "extend"

#: Checked before all others, which an older version may not know.
REQUIRED_VERSION = "required-version"

#: Files that are written without anybody having named them: see `reading`.
OUTPUT = "output"

KEYS: Mapping[str, Key] = {
    EXTEND: Key(
        kinds.FILE,
        "Another settings file to start from; `~` and environment variables are expanded",
        absent="no other file",
        example='"../pyproject.toml"',
    ),
    REQUIRED_VERSION: Key(
        kinds.REQUIREMENT,
        "The versions of nemo-run-lint that these settings are for; any other refuses to run",
        absent="any",
        example='">=0.1"',
    ),
    "profile": Key(
        kinds.PROFILE,
        "The rules to start from: what certainly fails, the team standard as well, or everything",
        Profile.TEAM.value,
        example='"strict"',
    ),
    "select": Key(
        kinds.SELECTORS,
        "The rules to run instead of the profile's: codes, beginnings of codes, names, or ALL",
        absent="the rules of the profile",
        example='["NRL4", "NRL8"]',
    ),
    "extend-select": Key(kinds.SELECTORS, "More rules to run", [], example='["missing-example"]', joined=_ADDED),
    "ignore": Key(
        kinds.SELECTORS,
        "Rules not to run; of two selectors that mean a rule the longer one decides",
        [],
        example='["NRL106"]',
    ),
    "extend-ignore": Key(kinds.SELECTORS, "More rules not to run", [], example='["NRL106"]', joined=_ADDED),
    "per-file-ignores": Key(
        kinds.IGNORES,
        "Of a pattern of paths, the rules whose findings are dropped there; `!` before it means all other files",
        {},
        example='{ "tests/*" = ["NRL1"] }',
        joined=_MERGED,
    ),
    "extend-per-file-ignores": Key(
        kinds.IGNORES, "More of `per-file-ignores`", {}, example='{ "docs/*" = ["NRL1"] }', joined=_ADDED
    ),
    "severity": Key(
        kinds.SEVERITIES,
        "How bad findings are called, by the rules that selectors mean; the longest selector decides",
        {},
        example='{ NRL1 = "info" }',
        joined=_MERGED,
    ),
    "exclude": Key(
        kinds.GLOBS,
        "Patterns of paths, as in .gitignore, that a walk leaves out",
        DEFAULT_EXCLUDE.split(),
        example='["third_party"]',
    ),
    "extend-exclude": Key(
        kinds.GLOBS, "More paths that a walk leaves out", [], example='["third_party"]', joined=_ADDED
    ),
    "respect-gitignore": Key(kinds.FLAG, "Leave out what git ignores", True, example="false"),
    "force-exclude": Key(
        kinds.FLAG, "Leave excluded paths out even when they are named on the command line", False, example="true"
    ),
    "documents": Key(
        kinds.FLAG, "Take pages of documentation too: Markdown and reStructuredText", False, example="true"
    ),
    "examples-see": Key(
        kinds.EXAMPLE, "What an example of a page sees of those before it", "imports", example='"page"'
    ),
    "docstring-code": Key(
        kinds.FLAG, "Lint the Python examples in docstrings too, for what would fail", False, example="true"
    ),
    "shell-scripts": Key(
        kinds.FLAG, "Take shell scripts too: the command lines in them that start experiments", False, example="true"
    ),
    "strict-documents": Key(kinds.FLAG, "Tell examples of a page that do not parse", False, example="true"),
    "output-format": Key(kinds.FORMAT, "How findings are printed", "full", example='"concise"'),
    OUTPUT: Key(
        kinds.OUTPUTS,
        "More places to write the findings to, each FORMAT=FILE, below the directory of these settings",
        [],
        example='["markdown=findings.md"]',
    ),
    "maximum-file-size": Key(
        kinds.BYTES,
        "In bytes: a larger file that mentions nemo_run is named and skipped",
        DEFAULT_MAXIMUM_FILE_SIZE,
        example="2_000_000",
    ),
    "time-limit": Key(
        kinds.SECONDS,
        "In seconds: a file that takes longer is named and skipped; not with `jobs = 1`",
        DEFAULT_TIME_LIMIT,
        example="10",
    ),
    "jobs": Key(
        kinds.JOBS,
        'How many processes lint at a time, or "auto" for one on each core; 1: none but the command\'s own',
        "auto",
        example="4",
    ),
    "fix": Key(kinds.FLAG, "Fix what can be fixed, as `--fix` does", False, example="true"),
    "unsafe-fixes": Key(kinds.FLAG, "Take fixes as well that may change what a program does", False, example="true"),
    "fixable": Key(kinds.SELECTORS, "The rules whose fixes may be applied", ["ALL"], example='["NRL2"]'),
    "unfixable": Key(kinds.SELECTORS, "The rules whose fixes are never applied", [], example='["NRL1"]'),
    "extend-safe-fixes": Key(
        kinds.SELECTORS, "Rules whose unsafe fixes are taken for safe", [], example='["NRL502"]', joined=_ADDED
    ),
    "extend-unsafe-fixes": Key(
        kinds.SELECTORS, "Rules whose safe fixes are taken for unsafe", [], example='["NRL203"]', joined=_ADDED
    ),
    "show-suppressed": Key(
        kinds.FLAG, "Print as well what comments and the baseline silence, with the reason", False, example="true"
    ),
    "require-reason": Key(kinds.FLAG, "Ask for `-- reason` in every comment that silences", False, example="true"),
    "baseline": Key(
        kinds.PATH,
        "A file of known findings, which are not reported again",
        absent="no baseline",
        example='"nemo-run-lint-baseline.json"',
    ),
    "baseline-ratchet": Key(kinds.FLAG, "Take findings that are gone out of the baseline", False, example="true"),
    "python": Key(
        kinds.PATH,
        "The environment to read: an interpreter, its directory, or site-packages",
        absent="the active environment, or the project's own .venv",
        example='".venv"',
    ),
    "index": Key(kinds.PATHS, "Environments that `nemo-run-lint index build` exported", [], example='["env.idx"]'),
    "cache-dir": Key(
        kinds.PATH,
        "Where to remember what was worked out",
        absent="NEMO_RUN_LINT_CACHE_DIR, or the user's own place for such things",
        example='".cache/nemo-run-lint"',
    ),
    "nemo-run-version": Key(
        kinds.VERSIONS,
        "The NeMo Run to judge by, or several",
        absent="what lock files, requirements or the environment say",
        example='"0.11"',
    ),
    "layout": Key(
        kinds.LAYOUT,
        "Where the parts of an experiment are kept, below the directory of these settings",
        asdict(Layout()),
        example='{ test = "tests/experiments/test_{name}.py" }',
        joined=_MERGED,
    ),
    "review": Key(
        kinds.REVIEW,
        "What `nemo-run-lint review` asks: `required`, in place of the guide's six, and `items` of your own",
        {},
        example='{ items = [{ name = "no_pickles", question = "Nothing is pickled", rules = ["NRL408"] }] }',
        joined=_MERGED,
    ),
    "rules": Key(
        kinds.RULES,
        "The options of each rule, by its name; `nemo-run-lint explain RULE` tells them",
        {},
        example="{ short-name = { minimum-length = 4 } }",
        joined=_MERGED,
    ),
}
