"""GitHub's hash of a line, by what its upload action says of the same texts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.outputs.line_hashes import file_hashes, line_hashes

GREETING = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"
ENDED = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (
            GREETING,
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        ),
        (f"{GREETING}\n", ENDED),
        (f"{GREETING}\n".replace("\n", "\r"), ENDED),
        (f"{GREETING}\n".replace("\n", "\r\n"), ENDED),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", ENDED),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_it_is_what_github_works_out(text: str, expected: list[str]) -> None:
    assert line_hashes(text) == expected


def rolling(text: str) -> list[str]:
    """The hash as it is defined, unit by unit."""
    units: list[int] = []
    starts = [0]
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-16-le", "surrogatepass")
    for place in range(0, len(data), 2):
        unit = data[place] + 256 * data[place + 1]
        if unit not in (ord(" "), ord("\t")):
            units.append(unit)
            if unit == ord("\n"):
                starts.append(len(units))
    units += [65535, *[0] * 100]
    told: list[str] = []
    for start in starts:
        value = 0
        for unit in units[start : start + 100]:
            value = (value * 37 + unit) % 2**64
        told.append(f"{value:x}:{sum(each.startswith(f'{value:x}:') for each in told) + 1}")
    return told


@given(st.text(st.sampled_from("ab \t\r\n\f\u2028é日\U0001f600\ud800\uffff"), max_size=250))
def test_it_is_its_definition(text: str) -> None:
    assert line_hashes(text) == rolling(text)


def test_moving_a_line_does_not_change_it() -> None:
    line = "task = run.Partial(train, schedule=lambda step: 0.1)"
    below = "\n".join(f"step_{number} = {number}" for number in range(20))
    assert line_hashes(f"{line}\n{below}")[0] == line_hashes(f"import os\n\n\n    {line}\n{below}")[3]


@pytest.mark.parametrize(
    ("data", "text", "hashed"),
    [
        ("é = 1\n".encode(), "é = 1\n", "é = 1\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n", "\ufeffx = 1\n"),
        (b"# coding: latin-1\n\xe9 = 1\n", "# coding: latin-1\né = 1\n", "# coding: latin-1\n\ufffd = 1\n"),
        (b"y = 2\n", "x = 1\n", "x = 1\n"),
        (b"\x00\xff", "x = 1\n", "x = 1\n"),
        (b"y = 2\n" * 100, "x", "x"),
        (None, "x = 1\n", "x = 1\n"),
    ],
    ids=["utf-8", "byte order mark", "latin-1", "standard input", "undecodable", "larger", "no file"],
)
def test_a_file_is_hashed_as_github_reads_it(tmp_path: Path, data: bytes | None, text: str, hashed: str) -> None:
    if data is not None:
        (tmp_path / "a.py").write_bytes(data)
    assert file_hashes(str(tmp_path / "a.py"), text) == line_hashes(hashed)


def test_what_cannot_be_had_has_no_hashes(tmp_path: Path) -> None:
    assert file_hashes(str(tmp_path / "a.py"), None) == ()
    assert file_hashes(str(tmp_path / "a.ipynb"), "x = 1\n") == ()


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert file_hashes(str(tmp_path / "a.py"), "x") == line_hashes("x")
