"""The linter as flake8 sees it: the findings of `nemo-run-lint check`, at the same places, under the code NRL.

flake8 selects, excludes and obeys `# noqa` itself. It loads every installed plugin for every file, so nothing is
imported here until a file imports nemo_run.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nemo_run_lint._version import __version__

if TYPE_CHECKING:
    from typing import Any, Protocol

    from nemo_run_lint.settings import Settings
    from nemo_run_lint.surroundings import Surroundings

    class OptionManager(Protocol):
        """The part of flake8's class of that name that is used here; flake8 itself has no types."""

        parser: argparse.ArgumentParser

        def add_option(self, *names: str, **how: Any) -> None:
            """Register an option as argparse does."""


_OPTION = r"(?P<rule>[\w-]+)\.(?P<key>[\w-]+)\s*=\s*(?P<value>.+)"


class _AppendLine(argparse.Action):
    """Collects the values of an option as lines: flake8 hands over those of its config file as one string of lines."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, f"{getattr(namespace, self.dest) or ''}\n{values}")


class Plugin:
    """What flake8 makes for every file that parses, and asks to `run`."""

    name = "nemo-run-lint"
    version = __version__

    #: What flake8's command line or config file say; they win over pyproject.toml.
    profile: ClassVar[str] = ""
    options: ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        """flake8 hands over what the parameters name: the parsed file, its path or display name, its lines."""
        self.tree = tree
        self.filename = filename
        self.lines = lines

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """The findings: line from 1, column from 0, code and text, and this class.

        Raises flake8's ExecutionError where pyproject.toml cannot be used.
        """
        text = "".join(self.lines)
        if "nemo_run" not in text or not _imports_nemo_run(self.tree):
            return
        from nemo_run_lint.checking import check_text
        from nemo_run_lint.outputs.cells import escaped
        from nemo_run_lint.settings import SettingsError

        try:
            settings = self._settings(Path(self.filename))
            shared = _surroundings(os.getpid())
            result = check_text(self.filename, text, settings, noqa=False, alone=True, surroundings=shared)
        except SettingsError as error:
            from flake8.exceptions import ExecutionError  # type: ignore[import-untyped]

            raise ExecutionError(str(error)) from None
        for finding in result.findings:
            message = f"{finding.code} {finding.name}: {escaped(finding.message)}"
            yield finding.span.line, finding.span.column - 1, message, type(self)

    def _settings(self, path: Path) -> Settings:
        """The settings for this file: its pyproject.toml, then what flake8 was told."""
        from dataclasses import replace

        from nemo_run_lint.rule import Profile
        from nemo_run_lint.settings import load

        settings = load(path)
        rules = {**settings.rules}
        for name, options in self.options.items():
            rules[name] = {**rules.get(name, {}), **options}
        profile = Profile(self.profile) if self.profile else settings.profile
        return replace(settings, profile=profile, rules=rules)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Tell flake8 the options that this plugin has."""
        manager.add_option(
            "--nemo-run-profile",
            default="",
            parse_from_config=True,
            metavar="PROFILE",
            help="rules of nemo-run-lint to run: correctness, team or strict, instead of what pyproject.toml says",
        )
        manager.add_option(
            "--nemo-run-option",
            default="",
            action=_AppendLine,
            parse_from_config=True,
            metavar="RULE.KEY=VALUE",
            help="an option of one rule, such as short-name.minimum-length=4; may be repeated (in a file: one a line)",
        )

    @classmethod
    def parse_options(cls, manager: OptionManager, options: argparse.Namespace, filenames: Sequence[str]) -> None:
        """Keep what the user chose; a value that cannot be meant ends flake8 with its usage and status 2."""
        _surroundings.cache_clear()  # another run begins
        try:
            cls.profile = _profile(options.nemo_run_profile)
            cls.options = _rule_options(options.nemo_run_option)
        except ValueError as error:
            manager.parser.error(str(error))


@cache
def _surroundings(process: int) -> Surroundings:
    """What all files share that a process lints: flake8 starts several, which must not share an open store."""
    from nemo_run_lint.surroundings import Surroundings

    return Surroundings()


def _imports_nemo_run(tree: ast.Module) -> bool:
    """Whether a file imports nemo_run, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        if any(name.partition(".")[0] == "nemo_run" for name in names):
            return True
    return False


def _profile(value: str) -> str:
    """A profile's name, or nothing. Raises ValueError for any other text."""
    if not value:
        return value
    from nemo_run_lint.rule import Profile

    known = [profile.value for profile in Profile]
    if value not in known:
        raise ValueError(f"argument --nemo-run-profile: `{value}` is not a profile (choose from {', '.join(known)})")
    return value


def _rule_options(text: str) -> dict[str, dict[str, Any]]:
    """The options of rules that lines like `short-name.minimum-length = 4` set, by the rule's name.

    Raises ValueError for a line of another form, and for a rule, an option or a value that there is not.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        setting = re.fullmatch(_OPTION, line)
        if setting is None:
            raise ValueError(f"argument --nemo-run-option: expected RULE.KEY=VALUE, not `{line}`")
        found.setdefault(setting["rule"], {})[setting["key"]] = _value(setting["value"])
    if found:  # only now: it imports the rules that are named, and so LibCST
        from nemo_run_lint.selection import check_options
        from nemo_run_lint.settings import Settings, SettingsError

        try:
            check_options(Settings(rules=found))
        except SettingsError as error:
            raise ValueError(f"argument --nemo-run-option: {error}") from None
    return found


def _value(text: str) -> Any:
    """What was meant: a number, true or false, a list, a "string"; anything else is itself a string."""
    try:
        return json.loads(text)
    except ValueError:
        return text
