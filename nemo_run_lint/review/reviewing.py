"""A review made: the files linted at the strictest, their tests found, each item answered for each experiment.

An experiment is reviewed whole, also with `--since`: what counts is whether anything that belongs to it has changed.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint import runner
from nemo_run_lint.checklist import Checklist, Item
from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.linter import may_import
from nemo_run_lint.outputs.paths import root as repository_root
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.review.answers import Material, entry
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, Review, Subject, unique, worst
from nemo_run_lint.review.modules import Definition, Module, Modules
from nemo_run_lint.review.scope import Scope, scopes
from nemo_run_lint.review.trials import Trial, Trials, conftests
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.rule_files import means
from nemo_run_lint.selection import enabled, rule_called
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.discovery import discover, shown
from nemo_run_lint.syntax.nesting import too_deep

if TYPE_CHECKING:
    from nemo_run_lint.changes import Changes
    from nemo_run_lint.nemo.outline import Outline

#: Findings after which nothing is known of a file.
_UNREAD = frozenset({"syntax-error", "unreadable-file", "file-skipped"})

#: Files that set up a formatter or linter, and what in them does.
_STYLE = (
    ("ruff.toml", r""),
    (".ruff.toml", r""),
    ("pyproject.toml", r"^\[tool\.(ruff|black|yapf|pylint|flake8|isort)\b"),
    (".flake8", r""),
    (".pylintrc", r""),
    ("setup.cfg", r"^\[(flake8|pylint|yapf)\b"),
    (".pre-commit-config.yaml", r"^\s*(?:- )?id: *(ruff|ruff-format|black|flake8|pylint|yapf)\b"),
)


@dataclass(frozen=True)
class Request:
    """What is to be reviewed.

    paths      files and directories
    asked      the checklist
    confirmed  the items that a person has looked at and found well
    reviewers  who these people are
    changes    what has changed, if only that is reviewed
    """

    paths: Sequence[str]
    asked: Checklist
    confirmed: Collection[str] = ()
    reviewers: tuple[str, ...] = ()
    changes: Changes | None = None


def review(request: Request, settings_for: runner.SettingsFor, through: runner.Through = iter) -> Review:
    """Review what `request` names. Raises DiscoveryError, SettingsError, and ChangesError as `Changes` does."""
    return _Reviewing(request, settings_for).review(through)


class _Reviewing:
    """One review: what it has read."""

    def __init__(self, request: Request, settings_for: runner.SettingsFor) -> None:
        self.request = request
        own_rules = tuple(selector for item in request.asked.own for selector in item.rules)

        @cache
        def strict(directory: Path) -> Settings:
            settings = settings_for(directory)
            extended = (*settings.extend_select, *own_rules)
            return replace(settings, profile=Profile.STRICT, select=(), extend_select=extended)

        self.settings_for: Callable[[Path], Settings] = strict
        self.root = _root(request.paths)
        self.modules = Modules(self.root)
        self.outline = cache(self._outline)
        self._about: frozenset[str] = frozenset()
        self._reader = Trials(self.modules)
        self._trials: list[Trial] = []

    def review(self, through: runner.Through) -> Review:
        jobs = self.settings_for(Path.cwd()).jobs
        result = runner.run(self.request.paths, self.settings_for, through, jobs)
        found = [each for each in result.findings if not self.modules.is_test(each.path)]
        unread = {each.path: each for each in found if each.name in _UNREAD}
        files = [path for path in result.looked_at if path not in unread and self._is_reviewed(path)]
        unread = {path: each for path, each in unread.items() if self._has_changed((path,))}
        scopes = self._scopes(files)
        reached = {path for scope in scopes for path in scope.files} & {*files}
        found = [each for each in found if each.path in reached]
        subjects = [self._subject(scope, found) for scope in scopes]
        rest = [each for each in found if not any(scope.covers(each.path, each.span.line) for scope in scopes)]
        checklist = self._totals(subjects, rest)
        problems = [*unread.values(), *filter(_certainly_fails, found)]
        comments = [_comment(each) for each in problems]
        return Review(
            asked=self.request.asked,
            subjects=tuple(subjects),
            checklist=checklist,
            comments=(*unique(comments), *self._unread_tests(bool(subjects))),
            problems=len(unique(comments)),
            reviewers=self.request.reviewers,
            files=tuple(sorted({*reached, *unread})),
            unmet=(*self._open(subjects), *self._open_rest(checklist, subjects)),
        )

    # -- what is under review --------------------------------------------------------------------------------

    def _relative(self, path: str) -> str:
        """A path from the root on."""
        return os.path.relpath(os.path.abspath(path), self.root)

    def _is_reviewed(self, path: str) -> bool:
        if self.modules.is_test(path):
            return False
        text = runner.source(path, self.settings_for)
        return text is not None and may_import(text) and self.outline(path) is not None

    def _has_changed(self, paths: Sequence[str]) -> bool:
        changes = self.request.changes
        return changes is None or any(map(changes.has_changed, paths))

    def _scopes(self, files: Sequence[str]) -> list[Scope]:
        """Those of the experiments, and of the files that none of them imports."""
        found = [scope for path in files for scope in self._scopes_of(path)]
        experiments = [scope for scope in found if scope.experiment is not None]
        imported = {path for scope in experiments for path in scope.files}
        alone = [scope for scope in found if scope.experiment is None and scope.path not in imported]
        self._about = frozenset(path for scope in (*experiments, *alone) for path in scope.files)
        self._trials = [trial for path in self._test_files for trial in self._trials_in(path)] if found else []
        return [scope for scope in (*experiments, *alone) if self._has_changed(self._belonging(scope))]

    def _scopes_of(self, path: str) -> list[Scope]:
        outline = self.outline(path)
        return scopes(outline, self.modules, self.outline) if outline is not None else []

    def _belonging(self, scope: Scope) -> list[str]:
        if self.request.changes is None:
            return []
        return [*scope.files, *sorted({trial.path for trial in self._trials_of(scope)})]

    def _outline(self, path: str) -> Outline | None:
        """The outline of a file; None where it does not use NeMo Run, or cannot be read as a whole."""
        text = runner.source(path, self.settings_for)
        if text is None or not may_import(text):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                syntax = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        if too_deep(text, syntax):
            return None
        from libcst import ParserSyntaxError

        from nemo_run_lint.nemo.outline import outline
        from nemo_run_lint.project import File
        from nemo_run_lint.syntax.tree import Tree

        try:
            file = File(path, text, Tree(text, syntax))
        except ParserSyntaxError:
            return None
        return outline(file) if file.imports("nemo_run") else None

    # -- tests -----------------------------------------------------------------------------------------------

    @cached_property
    def _test_files(self) -> list[str]:
        found = discover([str(self.root)], self.settings_for, lambda directory, error: None)
        return [path for path in found if self.modules.is_test(path)]

    def _trials_in(self, path: str) -> list[Trial]:
        """The tests of a file that has to do with anything under review."""
        module = self.modules.at(path)
        return self._reader.of(module) if module is not None and self._is_about_it(module) else []

    def _is_about_it(self, module: Module) -> bool:
        """Whether a file of tests, or the fixtures for it, can lead to a file under review, or name one."""
        around = (module, *conftests(module, self.modules))
        found = [found for each in around for found in self.modules.imported(each)]
        found += [more for each in found if each.is_package for more in self.modules.imported(each)]
        if any(each.path in self._about for each in found):
            return True
        text = runner.source(module.path, self.settings_for) or ""
        return any(name in text for path in self._about for name in self._script_names(path))

    def _trials_of(self, scope: Scope) -> list[Trial]:
        own: set[Definition] = {*scope.definitions}
        return [trial for trial in self._trials if trial.uses & own]

    def _naming(self, scope: Scope) -> list[Trial]:
        return [trial for trial in self._trials if not trial.scripts.isdisjoint(self._script_names(scope.path))]

    def _script_names(self, path: str) -> list[str]:
        """What a test can call a script: its path from the root, or from the directory below."""
        relative = self._relative(path).replace(os.sep, "/")
        return [relative, *([relative.split("/", 1)[1]] if relative.count("/") > 1 else [])]

    def _unread_tests(self, with_tests: bool) -> Iterator[Evidence]:
        """Of tests that cannot be parsed it is said that they do not count."""
        for path in self._test_files if with_tests else ():
            if self.modules.at(path) is None:
                yield Evidence("this file of tests cannot be read, so its tests do not count", path, 1)

    # -- answers ---------------------------------------------------------------------------------------------

    def _subject(self, scope: Scope, found: Sequence[Finding]) -> Subject:
        mine = [each for each in found if scope.covers(each.path, each.span.line)]
        material = Material(scope, mine, self._trials_of(scope), self._naming(scope), self._style, self._on(scope.path))
        experiment = scope.experiment
        title = experiment.title if experiment is not None else ""
        line = experiment.line if experiment is not None else 1
        checklist = tuple(self._confirmed(entry(item, material)) for item in self.request.asked.items)
        return Subject(title or scope.path, scope.path, line, experiment, checklist)

    def _confirmed(self, given: Entry) -> Entry:
        """An entry that a person has looked at; what is missing stays missing."""
        if given.answer is not Answer.PERSON or given.item.name not in self.request.confirmed:
            return given
        who = " and ".join(self.request.reviewers) or "a person"
        return Entry(given.item, Answer.PASSES, (Evidence(f"confirmed by {who}"),))

    def _totals(self, subjects: Sequence[Subject], rest: Sequence[Finding]) -> tuple[Entry, ...]:
        """The worst answers; `rest` are findings in files that experiments import, in what none of them uses."""
        columns = zip(*(subject.checklist for subject in subjects), strict=True)
        return tuple(worst(column[0].item, [*column, *_of_rest(column[0].item, rest)]) for column in columns)

    def _open(self, subjects: Sequence[Subject]) -> Iterator[Evidence]:
        """A comment for each required item that does not pass, at what shows it best."""
        for subject in subjects:
            for each in subject.checklist:
                if each.item.name in self.request.asked.required and not each.passes:
                    yield _open_comment(subject, each, len(subjects) > 1)

    def _open_rest(self, checklist: Sequence[Entry], subjects: Sequence[Subject]) -> Iterator[Evidence]:
        """The same for what is in the files, and belongs to no experiment."""
        answered = [each for subject in subjects for each in subject.checklist]
        told = {(each.item.name, evidence) for each in answered for evidence in each.evidence}
        for each in checklist:
            new = [evidence for evidence in each.evidence if (each.item.name, evidence) not in told]
            if new and each.item.name in self.request.asked.required and not each.passes:
                yield replace(new[0], text=f"{each.item.title}: {each.answer.value}: {new[0].text}")

    def _on(self, path: str) -> Callable[[Sequence[str]], bool]:
        rules = _rules(self.settings_for(Path(os.path.dirname(os.path.abspath(path)))))
        return lambda selectors: any(means(each, rule.code, rule.name()) for each in selectors for rule in rules)

    @cached_property
    def _style(self) -> Evidence | None:
        """What sets up a formatter or linter for the project."""
        for name, pattern in _STYLE:
            file = self.root / name
            try:
                text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
            except OSError:
                continue
            place = re.search(pattern, text, re.MULTILINE) if text is not None else None
            if text is not None and place is not None:
                tool = place[1] if place.groups() else name.strip(".").partition(".")[0]
                return Evidence(f"{tool} is set up", shown(str(file)), text.count("\n", 0, place.start()) + 1)
        return None


@cache
def _rules(settings: Settings) -> Sequence[Rule]:
    return tuple(enabled(settings))


def _root(paths: Sequence[str]) -> Path:
    """The repository around all paths, or else the directory of a project, or the one that holds them."""
    absolute = [os.path.abspath(path) for path in paths]
    common = Path(os.path.commonpath(absolute))
    directory = common if common.is_dir() else common.parent
    found = repository_root(directory).directory
    if os.path.lexists(found / ".git"):
        return found
    around = (directory, *directory.parents)
    return next((each for each in around if os.path.lexists(each / "pyproject.toml")), directory)


def _certainly_fails(finding: Finding) -> bool:
    """Whether a finding is an error of the profile `correctness`, and no file that was not read."""
    if finding.severity is not Severity.ERROR or finding.name in _UNREAD:
        return False
    return rule_called(finding.name).profile() is Profile.CORRECTNESS


def _comment(finding: Finding) -> Evidence:
    return Evidence(sentence(finding), finding.path, finding.span.line, f"{finding.code} {finding.name}")


def _of_rest(item: Item, rest: Sequence[Finding]) -> Iterator[Entry]:
    against = tuple(_comment(each) for each in rest if any(means(rule, each.code, each.name) for rule in item.rules))
    if against:
        yield Entry(item, Answer.MISSING, against)


def _open_comment(subject: Subject, each: Entry, is_one_of_many: bool) -> Evidence:
    first = each.evidence[0] if each.evidence else Evidence("")
    more = f" ({len(each.evidence) - 1} more)" if len(each.evidence) > 1 else ""
    where = f" in `{subject.title}`" if is_one_of_many else ""
    text = f"{each.item.title}: {each.answer.value}{where}: {first.text}{more}"
    return Evidence(text, first.path or subject.path, first.line or subject.line, first.rule)
