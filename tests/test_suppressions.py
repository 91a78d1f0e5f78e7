"""Which comments silence which findings, where they reach, and what they tell about themselves."""

from __future__ import annotations

import re
from datetime import date

import pytest

from nemo_run_lint.comments import judged
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.sources.logical_lines import Lines
from nemo_run_lint.suppressions import silencer, suppressions, told

CODE, NAME = "NRL401", "lambda-in-config"


def finding(line: int, end_line: int | None = None, code: str = CODE, name: str = NAME) -> Finding:
    return Finding("case.py", Span(line, 1, end_line or line, 2), code, name, Severity.ERROR, "")


def is_silenced(text: str, line: int, end_line: int | None = None, noqa: bool = True) -> bool:
    return not judged("case.py", text, [finding(line, end_line)], noqa=noqa).findings


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# NoQA",
        "# noqa: NRL401",
        "# noqa:NRL401",
        "# noqa: nrl401",
        "# noqa: E501,NRL401",
        "# noqa: E501 NRL401",
        "# noqa: E501, NRL4 because",
        "# noqa: NRL",
        "# type: ignore  # noqa: NRL401",
        "# noqa because",
        "# noqa : E501",  # flake8 reads no codes here
        "# nemo-run-lint: ignore[lambda-in-config]",
        "# nemo-run-lint: ignore[NRL401] -- it is never saved",
        "# nemo-run-lint: ignore[nrl4, short-name]",
        "#nemo-run-lint:ignore[short-name,Lambda-In-Config]",
        "# noqa: E501  # nemo-run-lint: ignore[lambda-in-config]",
        "# nemo-run-lint: ignore[ALL]",
    ],
)
def test_a_comment_that_silences(comment: str) -> None:
    assert is_silenced(f"x = 1  {comment}\n", 1)


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: E501",
        "# noqa: NRL402",
        "# noqa: NRL4011",
        "#noqa",
        "# nemo-run-lint: ignore",
        "# nemo-run-lint: ignore[]",
        "# nemo-run-lint: ignore[short-name]",
        "# nemo-run-lint: ignore[lambda]",
        "# nemo-run-lint: ignored[lambda-in-config]",
        "# nemo-run-lint ignore[lambda-in-config]",
        "# say nemo-run-lint: ignore[lambda-in-config]",
        "# flake8: noqa",  # only on a line of its own
        "",
    ],
)
def test_a_comment_that_does_not(comment: str) -> None:
    assert not is_silenced(f"x = 1  {comment}\n", 1)


#: Under a line, `^` marks a finding in it that must stay, `-` one that must not.
PLACES = '''\
x = "# noqa"
^ in a string
# noqa
x = 1
^ flake8 reads it for its own line only
x = """
- the finding's line
"""  # noqa
x = 1 + \\
- a line goes on
    2  # noqa
run.Partial(
^ the brackets' first line
    train,
    schedule=lambda: 1,  # noqa
    - the argument's line
    other=lambda: 1,
    ^ the next
)
# nemo-run-lint: ignore[NRL401]
x = (
- all lines of the next statement
    1,
    - also this one
)
x = 2
^ but not the one after
# nemo-run-lint: ignore[NRL401]

# more to say

x = 1
- over blank lines and comments
run.Partial(
    train,
    # nemo-run-lint: ignore[NRL401] -- the next line in brackets
    schedule=lambda: 1,
    - in brackets
    other=lambda: 1,
    ^ only one line
)
# nemo-run-lint: ignore[NRL401]
@factory
- a decorator
@other(
    1
)
def make(
- what is decorated
    argument,
    - to the end of its header
):
    x = 1
    ^ not its body
if x:
    # nemo-run-lint: ignore[NRL401]
    y = 1
    - indented
    pass
    # nemo-run-lint: ignore[NRL401]
else:
- the next line, although it is further out
    pass
    ^ and no more
x = 1; y = 2  # nemo-run-lint: ignore[NRL401]
- two statements in a line
x = f"""{
- inside an f-string
}"""  # nemo-run-lint: ignore[NRL401]
# nemo-run-lint: ignore[NRL401] -- at the end, where nothing follows
'''


def marked_places() -> tuple[str, list[tuple[int, bool, str]]]:
    """The text without its marks, and of each mark the line above it, whether it is silenced, and why."""
    lines: list[str] = []
    marks = []
    for line in PLACES.splitlines():
        if mark := re.fullmatch(r"\s*([-^]) (.*)", line):
            marks.append((len(lines), mark[1] == "-", mark[2]))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n", marks


@pytest.mark.parametrize(("line", "silenced", "why"), [pytest.param(*mark, id=mark[2]) for mark in marked_places()[1]])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_where_a_comment_reaches(line: int, silenced: bool, why: str, line_end: str) -> None:
    assert is_silenced(marked_places()[0].replace("\n", line_end), line) is silenced


def test_a_finding_of_several_lines_is_silenced_at_its_first_or_last() -> None:
    lines = ["f(", "    a,", "    b,", ")"]
    for number in range(4):
        text = "\n".join(line + "  # noqa" * (place == number) for place, line in enumerate(lines))
        assert is_silenced(text, 1, 4) is (number in (0, 3))


@pytest.mark.parametrize(
    ("text", "silenced"),
    [
        ("# nemo-run-lint: file-ignore[lambda-in-config] -- generated\nx = 1\n", True),
        ("x = 1\n\n\n# nemo-run-lint: file-ignore[NRL4]", True),
        ("x = 1  # nemo-run-lint: file-ignore[NRL4]", True),
        ("# nemo-run-lint: file-ignore\nx = 1\n", False),
        ("# nemo-run-lint: file-ignore[NRL5]\nx = 1\n", False),
        ("# flake8: noqa\nx = 1\n", True),
        ("if x:\n    y\n    # flake8: noqa\n", True),
        ("# flake8: noqa: NRL401\n", True),
        ("# flake8: noqa: E501\n", False),
        ('"""\n# flake8: noqa\n"""\n', False),
    ],
)
def test_whole_files(text: str, silenced: bool) -> None:
    assert is_silenced(text, 1) is silenced


def test_without_noqa_only_our_own_count() -> None:
    assert not is_silenced("x = 1  # noqa", 1, noqa=False)
    assert not is_silenced("# flake8: noqa\n", 1, noqa=False)
    assert is_silenced("x = 1  # noqa: E501  # nemo-run-lint: ignore[NRL401]", 1, noqa=False)


@pytest.mark.parametrize(
    "text", ["x = 1  # noqa\ny = (", "x = 1  # noqa\n'''", "x = 1  # noqa\n  y\n z\n", "x = 1  # noqa\n$?\n"]
)
def test_a_file_that_does_not_tokenize_is_read_as_far_as_it_does(text: str) -> None:
    assert is_silenced(text, 1)


def test_a_file_without_the_words_is_not_tokenized() -> None:
    assert suppressions("x = (" * 1000) == []
    assert suppressions("# nemo-run-lint: ignore[NRL4]", noqa=False)
    assert judged("case.py", "\0 # noqa", []).findings == ()


def test_what_a_suppression_tells() -> None:
    (only,) = suppressions(
        "é = 1  # todo # nemo-run-lint: ignore[short-name, NRL4] -- why not, see #12  # noqa: E501\n", noqa=False
    )
    assert only.selectors == ("short-name", "NRL4")
    assert only.reason == "why not, see #12"
    assert only.lines == Lines(1, 1)
    assert not only.is_noqa
    assert only.span == Span(1, 15, 1, 76)


@pytest.mark.parametrize(
    ("written", "until", "owner", "reason"),
    [
        ("until=2030-01-31", "2030-01-31", "", ""),
        ("until=2030-01-31 owner=@team -- waits for release 3", "2030-01-31", "@team", "waits for release 3"),
        ("owner=a@b.c  until=soon -- why", "soon", "a@b.c", "why"),
        ("until=", "", "", ""),
        ("-- until=2030-01-31", None, "", "until=2030-01-31"),
        ("later until=2030-01-31", None, "", ""),
    ],
)
def test_dates_and_owners(written: str, until: str | None, owner: str, reason: str) -> None:
    (only,) = suppressions(f"x = 1  # nemo-run-lint: ignore[short-name] {written}\n")
    assert (only.until, only.owner, only.reason) == (until, owner, reason)


@pytest.mark.parametrize(
    ("until", "expiry"),
    [
        ("2030-02-01", None),
        ("2030-01-31", None),
        ("2030-01-30", "it was to last until 2030-01-30"),
        ("soon", "`soon` is not a date (write 2030-01-31)"),
        ("2030-02-30", "`2030-02-30` is not a date (write 2030-01-31)"),
        ("", "`` is not a date (write 2030-01-31)"),
    ],
)
def test_expiry(until: str, expiry: str | None) -> None:
    (only,) = suppressions(f"# nemo-run-lint: ignore[short-name] until={until}\n")
    assert only.expiry(date(2030, 1, 31)) == expiry


def test_which_were_needed() -> None:
    text = "x = 1  # noqa: NRL401\ny = 2  # noqa: NRL402\n"
    known = suppressions(text)
    assert [silencer(finding(line), known) for line in (1, 2)] == [known[0], None]


def test_many_comments_take_no_time() -> None:
    text = "f(\n" + "    lambda: 1,  # noqa: NRL402\n    # nemo-run-lint: ignore[NRL402]\n" * 3_000 + ")\n"
    assert len(suppressions(text)) == 6_000


#: As PLACES; a letter behind the mark is the rule that is meant: a finding of `a` is a lambda-in-config, of `b` a short-name.
BLOCKS = """\
x = 1
^a before it
# nemo-run-lint: disable[lambda-in-config, short-name]
x = 1
-a from the line of its own
-b the other rule too
def f():
    x = 1
    -a deeper inside
    # nemo-run-lint: enable[lambda-in-config]
    x = 1
    -a an enable that is indented otherwise ends nothing
# nemo-run-lint: enable[lambda-in-config]
x = 1
^a enabled alone out of a list
-b while the rest goes on
# nemo-run-lint: enable[short-name]
x = 1
^b enabled too
def f():
    # nemo-run-lint: disable[NRL401]
    x = 1
    -a in the body of a function
    if x:
        x = 1
        -a in a block in it

# a comment further out ends nothing
    x = 1
    -a after that
x = 1
^a it ends with its block
if x:
    # nemo-run-lint: disable[NRL401]
    x = 1
    -a in a branch
else:
    x = 1
    ^a but not in the other
# nemo-run-lint: disable[NRL401]
# nemo-run-lint: disable[NRL401]
x = 1
-a twice
# nemo-run-lint: enable[NRL401]
x = 1
-a an enable ends the inner of two
# nemo-run-lint: enable[lambda-in-config]
x = 1
^a the code of a rule is enabled by its name
# nemo-run-lint: disable[NRL401]
# nemo-run-lint: disable[NRL301]
x = 1
-a the first of two that overlap
# nemo-run-lint: enable[NRL401]
x = 1
^a ends first
-b and leaves the other
# nemo-run-lint: enable[NRL301]
f(
    # nemo-run-lint: disable[NRL401]
    x,
    -a in brackets
    # nemo-run-lint: enable[NRL401]
    x,
    ^a enabled in brackets
    # nemo-run-lint: disable[NRL401]
    x,
    -a up to the end of the brackets
)
x = 1
^a and no further
# nemo-run-lint: disable[NRL4] -- a group
f(
    x,
    -a over brackets
    # nemo-run-lint: enable[NRL4]
)
x = 1
-a which an enable inside of them does not end
# nemo-run-lint: enable[nrl4]
    # nemo-run-lint: disable[NRL401]
x = 1
^a indented further than what follows
if x:
\t# nemo-run-lint: disable[NRL401]
        x = 1
        -a a tab is eight blanks
# nemo-run-lint: disable[NRL401]
x = 1
-a to the end of the file
"""


def marked_blocks() -> tuple[str, list[tuple[int, str, bool, str]]]:
    lines: list[str] = []
    marks = []
    for line in BLOCKS.splitlines():
        if mark := re.fullmatch(r"\s*([-^])([ab]) (.*)", line):
            marks.append((len(lines), mark[2], mark[1] == "-", mark[3]))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n", marks


RULES = {"a": (CODE, NAME), "b": ("NRL301", "short-name")}


@pytest.mark.parametrize(
    ("line", "rule", "silenced", "why"), [pytest.param(*mark, id=mark[3]) for mark in marked_blocks()[1]]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_where_a_block_reaches(line: int, rule: str, silenced: bool, why: str, line_end: str) -> None:
    text = marked_blocks()[0].replace("\n", line_end)
    by = silencer(finding(line, code=RULES[rule][0], name=RULES[rule][1]), suppressions(text))
    assert (by is not None) is silenced


def test_a_block_tells_what_other_suppressions_do() -> None:
    text = (
        "# nemo-run-lint: disable[NRL401] until=2030-01-31 owner=@team -- why\nx = 1\n# nemo-run-lint: enable[NRL401]\n"
    )
    (only,) = suppressions(text)
    assert (only.until, only.owner, only.reason, only.is_block) == ("2030-01-31", "@team", "why", True)


#: A comment at the end of a line, and what is wrong with it.
MALFORMED = [
    ("# nemo-run-lint: ignore", "`ignore` must be followed by rules in brackets: `ignore[short-name]`"),
    ("# nemo-run-lint: ignore(NRL401)", "`ignore` must be followed by rules in brackets: `ignore[short-name]`"),
    ("# nemo-run-lint: ignore: NRL401", "`ignore` must be followed by rules in brackets: `ignore[short-name]`"),
    ("# nemo-run-lint: ingore[NRL401]", "`ingore` is not a word that it knows; did you mean `ignore`?"),
    ("# nemo-run-lint: file_ignore[NRL401]", "`file_ignore` is not a word that it knows; did you mean `file-ignore`?"),
    ("# nemo-run-lint: noqa", "`noqa` is not a word that it knows"),
    ("# nemo-run-lint:", "it says nothing"),
    ("# nemo-run-lint: [NRL401]", "it says nothing"),
    ("# nemo-run-lint: ignore[NRL401", "its `]` is missing"),
    ("# nemo-run-lint: ignore [NRL401 -- why", "its `]` is missing"),
    ("# nemo-run-lint ignore[NRL401]", "it must begin with `# nemo-run-lint: ignore[`"),
    ("# nemo_run_lint: ignore[NRL401]", "it must begin with `# nemo-run-lint: ignore[`"),
    ("# Nemorunlint: File-Ignore [NRL401]", "it must begin with `# nemo-run-lint: file-ignore[`"),
    (
        "# type: ignore # nemo-run-lint: ingored[NRL401]",
        "`ingored` is not a word that it knows; did you mean `ignore`?",
    ),
    (
        "# nemo-run-lint: ignore[NRL401] because of y # more",
        "`because of y` is not read; a reason stands behind two hyphens: `-- why`",
    ),
    (
        "# nemo-run-lint: ignore[NRL401] untill=2020-01-01",
        "`untill=2020-01-01` is not read; a reason stands behind two hyphens: `-- why`",
    ),
    (
        "# nemo-run-lint: ignore[NRL401] owner=@team \N{EM DASH} why",
        "`\N{EM DASH} why` is not read; a reason stands behind two hyphens: `-- why`",
    ),
    ("# nemo-run-lint: disable[NRL401] -- why", "`disable` must stand on a line of its own"),
    ("# nemo-run-lint: enable[NRL401]", "`enable` must stand on a line of its own"),
]


@pytest.mark.parametrize(("comment", "problem"), MALFORMED)
def test_what_is_not_understood_is_told(comment: str, problem: str) -> None:
    (only,) = told(f"x = 1  {comment}\n").malformed
    assert only.problem == problem
    assert only.span.column >= 8
    assert only.span.end_column <= 8 + len(comment)


@pytest.mark.parametrize(
    "comment",
    [
        "# nemo-run-lint is silent here",
        "# what nemo-run-lint: says",
        "# nemo_run_lint: a package",
        "# see nemo-run-lint: ingore[x]",
        "# nemo-run-linter: ingore[x]",
        "# nemo-run-lint: ignore[NRL401]",
        "# nemo-run-lint: ignore[NRL401]  # why",
        "# nemo-run-lint: ignore[NRL401] until=soon -- see [1], #12 -- and more",
        "# nemo-run-lint: ignore[NRL401]--why",
        "# noqa: ingore",
    ],
)
def test_what_is_understood_or_prose_is_not(comment: str) -> None:
    assert not told(f"x = 1  {comment}\n").malformed


@pytest.mark.parametrize(
    "text",
    [
        "# nemo-run-lint: enable[NRL401]\n",
        "# nemo-run-lint: disable[NRL402]\n# nemo-run-lint: enable[NRL401]\n",
        "if x:\n    # nemo-run-lint: disable[NRL401]\n    y\n# nemo-run-lint: enable[NRL401]\n",
        "# nemo-run-lint: disable[NRL401]\n# nemo-run-lint: enable[NRL401]\n# nemo-run-lint: enable[NRL401]\n",
        "# nemo-run-lint: disable[NRL4]\n# nemo-run-lint: enable[NRL401]\n",
        "# nemo-run-lint: disable[NRL402]\n# nemo-run-lint: enable[NRL402, NRL401]\n",
    ],
)
def test_an_enable_that_ends_nothing(text: str) -> None:
    (only,) = told(text).malformed
    assert only.problem == "no `disable[NRL401]` stands above it in its block, indented alike"


def test_many_blocks_take_no_time() -> None:
    lines = "# nemo-run-lint: disable[NRL401]\n    # nemo-run-lint: disable[NRL401]\nx\n" * 3_000
    assert len(suppressions(lines + "# nemo-run-lint: enable[NRL401]\n" * 3_000)) == 6_000
