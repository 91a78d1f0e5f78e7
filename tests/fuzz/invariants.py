"""What holds for every file, whatever its bytes are. Each fault says what was promised, and of which rule, if of one."""

from __future__ import annotations

import ast
import copy
import json
import re
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from xml.etree import ElementTree

from nemo_run_lint.baseline import Baseline, entries
from nemo_run_lint.checking import check_source, check_text, text_of
from nemo_run_lint.finding import Span
from nemo_run_lint.fixing import rewritten
from nemo_run_lint.nemo.file_facts import facts, facts_of_text
from nemo_run_lint.outputs.format import FORMATS, Outcome, renderer
from nemo_run_lint.result import Result
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings
from nemo_run_lint.silencing import silenced_by_comments
from nemo_run_lint.sources.kinds import is_document, is_notebook
from nemo_run_lint.sources.notebook import NotebookError
from nemo_run_lint.sources.python import LINE_END, parsed
from nemo_run_lint.surroundings import Surroundings

ROOT = Path(tempfile.gettempdir()) / "nemo-run-lint-nowhere"
EVERYTHING = Settings(root=ROOT, profile=Profile.STRICT, cache=False, strict_documents=True)
TODAY = date(2026, 1, 1)
REASON = "all of it is meant"

#: Formats in which every finding is one thing, and how these are counted.
COUNTED: dict[str, Callable[[str], int]] = {
    "json": lambda text: len(json.loads(text)["findings"]),
    "sarif": lambda text: sum("suppressions" not in each for each in json.loads(text)["runs"][0]["results"]),
    "jsonl": lambda text: sum(1 for line in text.splitlines() if json.loads(line)),
    "rdjson": lambda text: len(json.loads(text)["diagnostics"]),
    "gitlab": lambda text: len(json.loads(text)),
    "junit": lambda text: len(ElementTree.fromstring(text).findall(".//failure")),
    "checkstyle": lambda text: len(ElementTree.fromstring(text).findall(".//error")),
}


#: The rules that say that a comment is needless or misunderstood.
_ABOUT_COMMENTS = ("unused-suppression", "malformed-suppression")

#: What is known of modules in general; each check that is to be independent of it makes its own.
_SHARED = Surroundings()


class BrokenPromiseError(AssertionError):
    """A promise that was not kept; `what` is the same for all inputs that show one mistake."""

    def __init__(self, what: str, told: str = "") -> None:
        super().__init__(f"{what}\n{told}".rstrip())
        self.what = what


@dataclass(frozen=True)
class Case:
    """The bytes of a file, and how its name ends."""

    suffix: str
    data: bytes

    @property
    def path(self) -> str:
        """What the user calls the file."""
        return str(ROOT / "experiments" / f"case{self.suffix}")

    def with_data(self, data: bytes) -> Case:
        """The same file with other bytes."""
        return Case(self.suffix, data)


def promised(what: str, is_kept: object, told: str = "") -> None:
    """Raise BrokenPromiseError unless a promise is kept."""
    if not is_kept:
        raise BrokenPromiseError(what, told)


def assert_all(case: Case, asked: int = 255) -> str:
    """Raise BrokenPromiseError for the first promise that is not kept; else what tells the findings from others.

    asked    the bits choose what takes long: the default is all of it
    """
    try:
        found = checked(case)
        _assert_all(case, found, asked)
    except BrokenPromiseError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}, {last.name}"
        raise BrokenPromiseError(f"no exception: {type(error).__name__} in {place}", traceback.format_exc()) from error
    return blake2b(repr(found.findings).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _assert_all(case: Case, found: Result, asked: int) -> None:
    assert_placed(case, found)
    assert_told_alike(case, found)
    assert_baseline(case, found)
    if asked & 1:
        promised("the same findings twice", found == checked(case, Surroundings()))
    if asked & 2:
        assert_fixed(case, found, unsafe=True)
    if asked & 4:
        assert_fixed(case, found, unsafe=False)
    if not is_document(case.path) and not is_notebook(case.path):
        if asked & 8:
            assert_silenced(case, found)
        if asked & 16:
            assert_files_apart(case)


def checked(case: Case, around: Surroundings = _SHARED, settings: Settings = EVERYTHING) -> Result:
    """What is found in a file; nothing of it says that the linter failed."""
    result = check_source(case.path, case.data, settings, TODAY, around)
    for finding in result.findings:
        promised(f"no rule fails: {finding.message}", finding.name != "rule-failed")
        promised(f"no failure: {finding.message[-150:]}", "the linter failed" not in finding.message)
    return result


# -- places --------------------------------------------------------------------------------------------------------


def assert_placed(case: Case, found: Result) -> None:
    """Every place is one in the file, and every finding says something."""
    lines = LINE_END.split(_text(case))
    for finding in (*found.findings, *(each.finding for each in found.silenced)):
        spans = [finding.span, *(edit.span for edit in finding.fix.edits)] if finding.fix else [finding.span]
        if finding.name in ("syntax-error", "file-skipped"):
            continue
        for span in spans:
            promised(f"places are in the file: {finding.name}", _is_in(span, lines), f"{finding}")
        promised(f"messages say something: {finding.name}", finding.message.strip() and "{" not in finding.name)


def _is_in(span: Span, lines: Sequence[str]) -> bool:
    if not 1 <= span.line <= span.end_line <= len(lines) or (span.line, span.column) > (span.end_line, span.end_column):
        return False
    return all(
        1 <= column <= len(lines[line - 1]) + 1
        for line, column in ((span.line, span.column), (span.end_line, span.end_column))
    )


def _text(case: Case) -> str:
    try:
        return text_of(case.data, case.path)
    except NotebookError:
        return ""


# -- outputs -------------------------------------------------------------------------------------------------------


def assert_told_alike(case: Case, found: Result) -> None:
    """Every format tells all findings, and can be read again."""
    shown = _text(case)
    outcome = Outcome(found.findings, silenced=found.silenced, source=lambda path: shown, data=lambda path: case.data)
    for name in FORMATS:
        text = "".join(renderer(name)(outcome))
        text.encode()
        if name in COUNTED:
            promised(f"{name} tells all findings", COUNTED[name](text) == len(found.findings), text)


def assert_baseline(case: Case, found: Result) -> None:
    """A file whose findings are a baseline is clean by it."""
    shown = _text(case)
    known = Baseline(ROOT, entries(found, ROOT, lambda path: shown))
    left = known.narrowed(found, lambda path: shown).result.findings
    never = {finding.name for finding in left if finding.code.startswith("NRL0")}
    promised("a baseline silences what it was made of", all(each.name in never for each in left), f"{left}")


# -- fixes ---------------------------------------------------------------------------------------------------------


def assert_fixed(case: Case, found: Result, unsafe: bool) -> None:
    """Fixes leave a file that parses as before, keep what they do not own, and leave nothing to fix."""
    made = rewritten(found.findings, lambda _: EVERYTHING, unsafe=unsafe, given={case.path: case.data})
    if not made:
        return
    after = case.with_data(made[0].after)
    names = ", ".join(sorted({finding.name for finding in made[0].fixed}))
    if made[0].left_out and _is_plain(case) and isinstance(parsed(_text(case)), ast.Module):
        raise BrokenPromiseError(f"every fix can be applied: {', '.join(made[0].left_out)}", f"{case.data!r}")
    rest = checked(after)
    before, now = _problems(found), _problems(rest)
    promised(f"a fix breaks nothing: {names}", now <= before, f"{now - before}\n{after.data.decode(errors='replace')}")
    assert_rest_is_the_same(case, after, names)
    again = rewritten(rest.findings, lambda _: EVERYTHING, unsafe=unsafe, given={after.path: after.data})
    left = [each for each in again if each.after != after.data]
    told = left[0].after.decode(errors="replace") if left else ""
    promised(f"nothing is left to fix after: {names}", not left, f"{after.data.decode(errors='replace')}\n---\n{told}")


def _is_plain(case: Case) -> bool:
    """Whether the file can hold every character that a fix may write."""
    return case.suffix == ".py" and not re.match(rb"(?:.*[\r\n])?[^\r\n]*coding", case.data)


def _problems(found: Result) -> Counter[str]:
    """What makes a file unreadable."""
    return Counter(each.name for each in found.findings if each.name in ("syntax-error", "file-skipped"))


def assert_rest_is_the_same(case: Case, after: Case, names: str) -> None:
    """What surrounds the code is the same, and comments are not lost but with what they are about."""
    if is_notebook(case.path):
        one, other = (_without_code(each.data) for each in (case, after))
        promised(f"a fix leaves the rest of a notebook: {names}", one == other)
    elif is_document(case.path):
        one, other = (_text(each) for each in (case, after))
        promised(f"a fix leaves the rest of a page: {names}", _outline(one) == _outline(other), f"{one}\n---\n{other}")


def _without_code(data: bytes) -> object:
    found = copy.deepcopy(json.loads(data))
    for cell in found["cells"]:
        if cell.get("cell_type") == "code":
            cell["source"] = type(cell.get("source")).__name__
    return found


def _outline(page: str) -> list[str]:
    """The fences of a page."""
    return [line for line in LINE_END.split(page) if "```" in line or "~~~" in line or "::" in line]


# -- comments ------------------------------------------------------------------------------------------------------


def assert_silenced(case: Case, found: Result) -> None:
    """A file whose findings are all silenced, one by one or at once, is clean, and is the same program."""
    own = [finding for finding in found.findings if not finding.code.startswith("NRL0")]
    data, silenced = silenced_by_comments(case.data, own, REASON)
    if own and silenced:
        after = case.with_data(data)
        left = checked(after).findings
        names = {finding.name for finding in silenced} - {finding.name for finding in own if finding not in silenced}
        told = [each for each in left if each.name in names]
        promised("what is silenced is no longer told", not told, f"{told}\n{_text(after)}")
        useless = [
            each
            for each in left
            if each.name in _ABOUT_COMMENTS and any(f"`{name}`" in each.message for name in names - _named(case))
            if REASON in _stretch(after, each.span)
        ]
        promised("no comment is written that silences nothing", not useless, f"{useless}\n{_text(after)}")
    text = _text(case)
    if own and isinstance(parsed(text), ast.Module):
        quiet = f"{text}\n# nemo-run-lint: file-ignore[ALL] -- {REASON}\n"
        left = check_text(case.path, quiet, EVERYTHING).findings
        rest = [each.name for each in left if not each.code.startswith("NRL0")]
        promised("a comment silences a whole file", not rest, f"{rest}")


def _named(case: Case) -> set[str]:
    """The words of the file: a comment that was needless before may stay so."""
    return set(re.findall(r"[\w-]+", _text(case)))


def _stretch(case: Case, span: Span) -> str:
    """The text at a place, which lies in one line."""
    return LINE_END.split(_text(case))[span.line - 1][span.column - 1 : span.end_column - 1]


# -- other readers of a file ---------------------------------------------------------------------------------------


def assert_files_apart(case: Case) -> None:
    """A file can be read as one that others import, and with all that its configurations call."""
    text = _text(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        facts(text)
    facts_of_text(text)
    names = sorted({*re.findall(r"^(?:async )?(?:def|class) (\w+)", text, re.MULTILINE)})[:8]
    if not names or not isinstance(parsed(text), ast.Module):
        return
    around = Surroundings()
    around.give(str(ROOT / "experiments" / "beside.py"), case.data)
    uses = "".join(f"run.Config({name}, x=1)\nrun.Partial({name}(1)).x.y = 2\n" for name in names)
    script = f"import nemo_run as run\nfrom beside import {', '.join(names)}\n{uses}"
    settings = replace(EVERYTHING, explain_unresolved=True)
    for source in (script, text):
        checked(Case(".py", source.encode(errors="replace")), around, settings)
