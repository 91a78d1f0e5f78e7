"""What a client may be set to."""

from __future__ import annotations

from typing import Any

import pytest

from nemo_run_lint.language_server.preferences import Preferences, read

GIVEN = Preferences(config=("ours.toml",))


@pytest.mark.parametrize("wrapped", [False, True])
def test_settings(wrapped: bool) -> None:
    own = {"enable": False, "run": "onSave", "diagnosticMode": "workspace", "config": ["x = 1"], "isolated": True}
    found, problems = read({"nemoRunLint": own} if wrapped else own, GIVEN)
    assert found == Preferences(False, "onSave", "workspace", ("x = 1",), True)
    assert problems == []


@pytest.mark.parametrize(
    "sent", [None, {}, [], "text", 7, {"nemoRunLint": None}, {"run": None}, {"trace": {"server": "off"}}]
)
def test_nothing_said(sent: Any) -> None:
    assert read(sent, GIVEN) == (GIVEN, [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("enable", "yes"),
        ("enable", 1),
        ("run", "always"),
        ("run", ["onType"]),
        ("diagnosticMode", {}),
        ("config", "x = 1"),
        ("config", [1]),
        ("isolated", 0),
    ],
)
def test_what_is_wrong_changes_nothing(key: str, value: Any) -> None:
    found, [problem] = read({key: value}, GIVEN)
    assert found == GIVEN
    assert problem.startswith(f"`nemoRunLint.{key}` must be ")
