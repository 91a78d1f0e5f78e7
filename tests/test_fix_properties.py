"""What is true of all fixes: over the cases of all rules, which have many, and over files of released code."""

from __future__ import annotations

import ast
import difflib
import os
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rule_cases import cases

from nemo_run_lint.checking import check_source
from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.fixer import apply
from nemo_run_lint.fixing import rewritten
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.python import parses

HERE = Path(__file__).parent
CORPUS = HERE.parent / ".cache" / "corpus"
EVERYTHING = Settings(profile=Profile.STRICT, cache=False)
PATH = os.path.join(tempfile.gettempdir(), "nemo-run-lint-nowhere", "case.py")

#: What a fix brings to light, by its rule: mistakes that were there before, but could not be seen or did no harm.
REVEALS = {
    "executor-argument": {"missing-field", "missing-main-guard"},
    "experiment-never-run": {"missing-main-guard"},
    "experiment-outside-with": {"empty-experiment"},
    "future-annotations-with-cli": {"cli-unparsable-type"},
    "inline-python-with-bash": {"indented-inline-python"},
    "run-not-called": {"missing-main-guard", "dryrun-directory-exists"},
    "task-argument": {"missing-main-guard"},
    "unnamed-task": {"unknown-job"},
    "untyped-parameter": {"future-annotations-with-cli"},
}


@cache
def case_sources() -> dict[str, tuple[str, Settings]]:
    """The sources of the rules' cases that report something, each with the settings that it is meant for."""
    found = {}
    for file in sorted((HERE / "rules").rglob("*.md")):
        for case in cases(file, file.stem):
            own = replace(EVERYTHING, nemo_run_version=case.versions, rules={file.stem: case.options})
            if not case.beside and case.body != case.code and parses(case.source):
                found[f"{file.stem}: {case.heading} ({case.start})"] = case.source, own
    return found


@cache
def corpus_sources() -> dict[str, tuple[str, Settings]]:
    """Files of released code that mention nemo_run, the longest apart."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(CORPUS.rglob("*.py"))}
    return {
        str(path.relative_to(CORPUS)): (text, EVERYTHING)
        for path, text in texts.items()
        if re.search(r"\bnemo_run\b", text) and len(text) < 30_000
    }


def lint(data: bytes, own: Settings) -> Sequence[Finding]:
    return check_source(PATH, data, own).findings


def fixed(data: bytes, found: Sequence[Finding], own: Settings, unsafe: bool) -> tuple[bytes, Sequence[Finding]]:
    """The bytes after fixes, and what was fixed; asserts that no fix was wrong."""
    made = rewritten(found, lambda _: own, unsafe=unsafe, given={PATH: data})
    assert [each.left_out for each in made if each.left_out] == []
    return (made[0].after, made[0].fixed) if made else (data, ())


def errors(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(finding.name for finding in findings if finding.severity is Severity.ERROR)


def statements(text: str, touched: Sequence[tuple[int, int]] = ()) -> Counter[str]:
    """The statements that are nowhere near touched lines, each stretch given by its first line and the one behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            last = node.end_lineno or node.lineno
            if not any(begin <= last + 1 and first <= end for begin, end in touched):
                found[ast.dump(node)] += 1
    return found


def assert_rest_is_the_same(before: str, after: str) -> None:
    """What stands apart from the lines that differ means the same."""
    old, new = (re.split(r"\r\n|\r|\n", text) for text in (before, after))
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [code for code in codes if code[0] != "equal"]
    assert statements(before, [(begin + 1, end + 1) for _, begin, end, _, _ in changes]) <= statements(after)
    assert statements(after, [(begin + 1, end + 1) for _, _, _, begin, end in changes]) <= statements(before)


def assert_sound(text: str, own: Settings, unsafe: bool) -> None:
    data = text.encode()
    found = lint(data, own)
    after, done = fixed(data, found, own, unsafe)
    assert parses(after.decode())
    assert_rest_is_the_same(text, after.decode())
    again = lint(after, own)
    assert [each for each in again if each.fix and (unsafe or each.fix.safe)] == []
    assert fixed(after, again, own, unsafe)[0] == after
    revealed = set().union(*(REVEALS.get(finding.name, set()) for finding in done))
    assert set(errors(again) - errors(found)) <= revealed


def assert_alone(text: str, own: Settings, finding: Finding) -> None:
    """The fix of one finding removes it, and as the only one that may be applied, leaves all others."""
    applied = apply(text, [finding])
    assert applied.fixed == (finding,)
    found, rest = lint(text.encode(), own), lint(applied.text.encode(), own)
    alike = [
        sum((each.code, each.message) == (finding.code, finding.message) for each in told) for told in (found, rest)
    ]
    assert alike[1] < alike[0]
    after, done = fixed(text.encode(), [finding], own, unsafe=True)
    places = {(each.code, each.span, each.message) for each in found if each != finding}
    assert not [each for each in done if (each.code, each.span, each.message) in places and each.span < finding.span]
    assert done[0] == finding
    assert after.decode() == applied.text or len(done) > 1


CASES = st.deferred(lambda: st.sampled_from(sorted(case_sources())))
RUNS = settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
FEW_RUNS = settings(RUNS, max_examples=6)
WITH_CORPUS = pytest.mark.skipif(not CORPUS.exists() and "CI" not in os.environ, reason="make .cache/corpus/ready")


@RUNS
@given(CASES, st.booleans())
def test_fixes_of_cases_are_sound(case: str, unsafe: bool) -> None:
    assert_sound(*case_sources()[case], unsafe)


@WITH_CORPUS
@FEW_RUNS
@given(st.deferred(lambda: st.sampled_from(sorted(corpus_sources()))), st.booleans())
def test_fixes_of_released_code_are_sound(file: str, unsafe: bool) -> None:
    assert_sound(*corpus_sources()[file], unsafe)


@RUNS
@given(CASES, st.data())
def test_a_fix_removes_its_finding_and_touches_no_other(case: str, data: st.DataObject) -> None:
    text, own = case_sources()[case]
    fixable = [finding for finding in lint(text.encode(), own) if finding.fix]
    assume(fixable)
    assert_alone(text, own, data.draw(st.sampled_from(fixable)))


@RUNS
@given(CASES, st.booleans(), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.booleans())
def test_fixes_are_the_same_whatever_the_bytes_of_a_file_are(
    case: str, unsafe: bool, end: str, has_mark: bool, has_cookie: bool, is_ended: bool
) -> None:
    text, own = case_sources()[case]
    plain = f"# coding: latin-1\n# é\n{text}" if has_cookie and text.isascii() and not has_mark else text
    encoding = "utf-8-sig" if has_mark else "latin-1" if plain is not text else "utf-8"

    def written(source: str) -> bytes:
        source = source if is_ended else source.removesuffix("\n")
        return source.replace("\n", end).encode(encoding)

    utf_8 = plain.replace("latin-1", "utf-8", 1).encode() if encoding == "latin-1" else plain.encode()
    expected = fixed(utf_8, lint(utf_8, own), own, unsafe)[0].decode()
    if encoding == "latin-1":
        expected = expected.replace("utf-8", "latin-1", 1)
    data = written(plain)
    assert fixed(data, lint(data, own), own, unsafe)[0] == written(expected)


@RUNS
@given(CASES, st.data())
def test_what_is_not_to_be_fixed_is_not(case: str, data: st.DataObject) -> None:
    text, own = case_sources()[case]
    found = lint(text.encode(), own)
    names = sorted({finding.name for finding in found if finding.fix})
    assume(names)
    silent = data.draw(st.sets(st.sampled_from(names), min_size=1))
    after, done = fixed(text.encode(), [finding for finding in found if finding.name not in silent], own, unsafe=True)
    if not silent & {finding.name for finding in done}:  # or a fix has brought such a finding
        unfixable = replace(own, unfixable=tuple(silent))
        assert after == fixed(text.encode(), lint(text.encode(), unfixable), unfixable, unsafe=True)[0]
    if len(silent) == len(names):
        assert (after, tuple(done)) == (text.encode(), ())


@RUNS
@given(CASES)
def test_silenced_findings_survive(case: str) -> None:
    text, own = case_sources()[case]
    quiet = f"{text}\n# nemo-run-lint: file-ignore[ALL] -- all of it is meant\n"
    assert fixed(quiet.encode(), lint(quiet.encode(), own), own, unsafe=True)[0] == quiet.encode()
