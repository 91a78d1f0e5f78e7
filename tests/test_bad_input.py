"""Everything that can be wrong with a file: one clear finding each, at its place, and the rest of the run goes on."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.linter import lint, may_import
from nemo_run_lint.result import Result
from nemo_run_lint.runner import run

IMPORT = "import nemo_run as run\n"
BROKEN = f"{IMPORT}from training import train\n\nrun.Partial(train, x=lambda: 1)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file whose finding must be reported whatever happens to the others."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "neighbour.py").write_text(BROKEN)
    return tmp_path


def found(*paths: str) -> list[Finding]:
    """What is found besides the neighbour's finding, which must be there."""
    result: Result = run([*paths, "neighbour.py"])
    assert [finding.code for finding in result.findings if finding.path == "neighbour.py"] == ["NRL401"]
    return [finding for finding in result.findings if finding.path != "neighbour.py"]


def found_in(data: bytes) -> list[Finding]:
    Path("bad.py").write_bytes(data)
    return found(".")


def the_one(findings: list[Finding], name: str) -> Finding:
    assert [finding.name for finding in findings] == [name]
    return findings[0]


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"x = '\xff'\n", "byte 0xff is not UTF-8", 2, 6),
        ("x = 'é', '".encode() + b"\xe9'\n", "byte 0xe9 is not UTF-8", 2, 11),
        (b"x = '\0'\n", "a NUL byte, which no Python source may hold", 2, 6),
        (b"x = (\n", "'(' was never closed", 2, 5),
        (b"print 'hello'\n", "Missing parentheses in call to 'print'. Did you mean print(...)?", 2, 1),
        (b"try:\n    x\nexcept E, e:\n    y\n", "multiple exception types must be parenthesized", 4, 8),
        (b"raise E, 'no'\n", "invalid syntax", 2, 8),
        (b"x = 0777\n", "leading zeros in decimal integer literals are not permitted", 2, 5),
    ],
)
def test_what_python_refuses(project: Path, data: bytes, message: str, line: int, column: int) -> None:
    finding = the_one(found_in(IMPORT.encode() + data), "syntax-error")
    assert finding.message.startswith(message)
    assert (finding.span.line, finding.span.column) == (line, column)


@pytest.mark.parametrize(
    ("first", "message", "column"),
    [
        (b"# -*- coding: nonsense -*-\n", "the encoding `nonsense` is not known to Python", 15),
        (b"\xef\xbb\xbf# coding: latin-1\n", "the encoding `latin-1` contradicts the byte order mark", 11),
        (b"# coding: rot13\n", "the encoding `rot13` cannot be used", 11),
    ],
)
def test_a_wrong_encoding(project: Path, first: bytes, message: str, column: int) -> None:
    finding = the_one(found_in(first + IMPORT.encode()), "syntax-error")
    assert finding.message.startswith(message)
    assert finding.span == Span(1, column, 1, column + 1)


@pytest.mark.parametrize(
    "data",
    [b"x = '\xff'", b"# coding: nonsense\n", b"\0", b"print 'x'\n", b"# nemo_run\n\xff", b"import nemo_runspec\n("],
)
def test_a_file_that_does_not_import_nemo_run_has_no_finding(project: Path, data: bytes) -> None:
    assert found_in(data) == []


#: Wrong code, and the column in its last line, in characters, where a caret belongs.
CARETS = {
    "x = 'é' + * 1": 11,
    "x = '😀' $": 9,
    "\tx = 1": 2,
    "if 1:\n\tx = é é": 8,
    "é = 1 2": 7,
    "x = 'é": 5,
    "x = 'é', 0o9": 12,
    "return é é": 10,
    "f('é', 1": 2,
    "x = = 'é'": 5,
    "if x:\n    a\n  b": 3,
    "if x:\n        a\n\tb": 2,
    "x = f'é{a b}'": 9,
    "x = '''é": 5,
}


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="each Python points elsewhere")
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("code", CARETS)
def test_the_caret_of_a_syntax_error(code: str, line_end: str) -> None:
    text = f"{IMPORT}{code}\n".replace("\n", line_end)
    finding = the_one(lint("a.py", text, []), "syntax-error")
    assert (finding.span.line, finding.span.column) == (text.count(line_end), CARETS[code])


@pytest.mark.parametrize(
    "code",
    [
        "(",
        "'''",
        "if x:",
        "x = 1\n  y",
        "def f(",
        "x = \\",
        "f'{",
        "f'''\n{a b}'''",
        "\f x",
        "@",
        "class",
        "x = 'a\n",
        "\\\n",
        "é" * 300 + " 1",
    ],
)
def test_every_span_lies_in_the_file(code: str) -> None:
    text = IMPORT + code
    span = the_one(lint("a.py", text, []), "syntax-error").span
    lines = text.split("\n")
    assert 1 <= span.line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert (span.end_line, span.end_column) > (span.line, span.column)


@pytest.mark.parametrize("before", ["\ufeff", "# coding: latin-1\n#é\n"], ids=["mark", "cookie"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_what_python_accepts_is_linted(project: Path, before: str, line_end: str) -> None:
    text = (before + BROKEN.replace("train, x", "train, 'é', \f x")).replace("\n", line_end)
    data = text.encode("utf-8" if before == "\ufeff" else "latin-1")
    finding = the_one(found_in(data), "lambda-in-config")
    assert finding.span.line == 4 + before.count("\n")


def test_the_column_of_a_finding_counts_characters(project: Path) -> None:
    for line_end in ("\n", "\r\n", "\r"):
        text = BROKEN.replace("train, x", "train, 'é😀', \fx").replace("\n", line_end)
        assert the_one(found_in(text.encode()), "lambda-in-config").span == Span(4, 29, 4, 38)


@pytest.mark.parametrize(
    ("code", "imports"),
    [
        ("import nemo_run", True),
        ("import nemo_run.core as core", True),
        ("import os, nemo_run as run", True),
        ("from nemo_run import Config", True),
        ("from nemo_run.config import Config", True),
        ("from\tnemo_run import Config", True),
        ("from \\\n  nemo_run import Config", True),
        ("import os, \\\r\n    nemo_run", True),
        ("x = '#'; import nemo_run", True),
        ("if x: import nemo_run", True),
        ("# é\rimport nemo_run", True),
        ("try:\n    import nemo_run\nexcept ImportError:\n    pass", True),
        ("# import nemo_run", False),
        ("x = 1  # from nemo_run import Config", False),
        ("import nemo_runspec", False),
        ("import os\nnemo_run = 1", False),
        ("import os; nemo_run = 1", False),
        ("from .nemo_run import x", False),
        ("from os import path\rnemo_run = 1", False),
    ],
)
def test_what_looks_like_an_import(code: str, imports: bool) -> None:
    assert may_import(code) is imports


def test_an_empty_file(project: Path) -> None:
    assert found_in(b"") == found_in(b"\n") == found_in(b"\xef\xbb\xbf") == found_in(b"\x1a") == []


def test_a_file_of_10_megabytes(project: Path) -> None:
    finding = the_one(found_in(IMPORT.encode() + b"x = 1\n" * 1_700_000), "file-skipped")
    assert finding.message == (
        "this file was skipped: it has 10,200,023 bytes, and `maximum-file-size` is 1,000,000 bytes"
    )
    assert finding.severity.value == "warning"
    assert found_in(b"x = 1\n" * 1_700_000) == []


def repeated(shape: str, times: int) -> str:
    """`f( | 1 | )` with the outer parts repeated; of `1 | +1` only the last."""
    parts = shape.split(" | ")
    before, middle, after = parts if len(parts) == 3 else ("", *parts)
    return before * times + middle + after * times


EXPRESSIONS = [
    "( | 1 | )",
    "[ | 1 | ]",
    "{1: | 1 | }",
    "f( | 1 | )",
    "f(*a, x= | 1 | )",
    "a[ | 1 | ]",
    "( | 1 | ,)",
    "(a := | 1 | )",
    "(x for x in  | y | )",
    "f(lambda:  | y | )",
    "not  | 1 | ",
    "- | 1 | ",
    "lambda:  | 1 | ",
    "1 if 1 else  | 1 | ",
    "f'{ | 1 | }'",
    "a | .b",
    "a | ()",
    "a | .b()",
    "a | [1]",
    "1 | +1",
    "1 | **1",
    "1 |  and 1",
    "1 |  < 1",
    "'a' |  'a'",
]
PATTERNS = [
    "[ | a | ]",
    "( | a | )",
    "( | a | ,)",
    "{1: | a | }",
    "A( | a | )",
    "A(b= | a | )",
    "( | 1 | |2)",
    "[*_,  | a | ]",
]


@pytest.mark.parametrize("times", [50, 100, 151, 200, 1_000, 3_000, 10_000])
@pytest.mark.parametrize("shape", EXPRESSIONS)
def test_deep_expressions(project: Path, shape: str, times: int) -> None:
    """Whatever the depth: soon done, with at most one finding that says why the file was not linted."""
    started = time.process_time()
    findings = found_in(f"{BROKEN}x = {repeated(shape, times)}\n".encode())
    assert time.process_time() - started < 4
    assert [finding.name for finding in findings] in (["lambda-in-config"], ["file-skipped"], ["syntax-error"])
    if times > 1_000 and shape != "1 |  < 1" and not shape.startswith("'a'"):
        assert findings[0].name != "lambda-in-config"
    if times == 50:
        assert findings[0].name != "file-skipped"


@pytest.mark.parametrize("times", [5, 8, 16, 24, 100, 1_000])
@pytest.mark.parametrize("shape", PATTERNS)
def test_deep_patterns(project: Path, shape: str, times: int) -> None:
    started = time.process_time()
    findings = found_in(f"{BROKEN}match x:\n  case {repeated(shape, times)} if (1):\n    pass\n".encode())
    assert time.process_time() - started < 4
    expected = ["lambda-in-config"] if times == 5 else ["file-skipped"]
    assert [finding.name for finding in findings] in (expected, ["syntax-error"] if times >= 100 else expected)


@pytest.mark.parametrize("times", [50, 200, 1_000, 3_000])
def test_long_chains_of_elif(project: Path, times: int) -> None:
    chain = "if x:\n    y\n" + "elif x:\n    y\n" * times
    findings = found_in((BROKEN + chain).encode())
    assert [finding.name for finding in findings] in (["lambda-in-config"], ["file-skipped"], ["syntax-error"])


def test_what_is_too_deep_is_named_with_its_line(project: Path) -> None:
    findings = found_in(f"{IMPORT}\n@decorate(\n    {repeated('a | .b', 200)}\n)\ndef f(): pass\n".encode())
    finding = the_one(findings, "file-skipped")
    assert finding.message == "this file was skipped: an expression is nested more than 150 levels deep"
    assert finding.span.line == 3


def test_ordinary_depth_is_linted(project: Path) -> None:
    """Long, wide, and with many brackets in strings: nothing of it is deep."""
    wide = f"x = [{', '.join(['f(a.b[1], -1)'] * 500)}]\ny = '{'(' * 500}'\n"
    match = "match x:\n  case {'a': [{'b': [c]}]} if f((((((((1)))))))): f(g(h(i(j(k(l(m(1))))))))\n"
    assert [finding.name for finding in found_in(f"{BROKEN}{wide}{match}".encode())] == ["lambda-in-config"]


def test_links_that_lead_nowhere_or_round_in_circles(project: Path) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "loop").symlink_to(project)
    (project / "loop.py").symlink_to("loop.py")
    (project / "dangling.py").symlink_to("missing.py")
    assert found(".", "sub/loop/sub") == []


def test_what_is_no_ordinary_file(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    assert found(".") == []
    finding = the_one(found("pipe.py"), "unreadable-file")
    assert (finding.path, finding.message) == ("pipe.py", "this file is a named pipe (FIFO)")
    assert the_one(found("/dev/null"), "unreadable-file").message == "this file is a device"


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="a file that fails to be read")
def test_a_file_that_fails_while_it_is_read(project: Path) -> None:
    (project / "memory.py").symlink_to("/proc/self/mem")
    finding = the_one(found("."), "unreadable-file")
    assert (finding.path, finding.message) == ("memory.py", "this file cannot be read: Input/output error")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_and_a_directory_without_permission(project: Path) -> None:
    (project / "bad.py").write_text(BROKEN)
    (project / "bad.py").chmod(0)
    (project / "locked").mkdir(mode=0)
    findings = found(".")
    assert [(f.path, f.name, f.message) for f in findings] == [
        ("bad.py", "unreadable-file", "this file cannot be read: Permission denied"),
        ("locked", "unreadable-file", "this directory cannot be listed: Permission denied"),
    ]


def test_a_name_that_is_no_text(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    Path(name).write_text(BROKEN)
    assert the_one(found("."), "lambda-in-config").path == name
