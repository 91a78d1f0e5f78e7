"""An explanation in words, for people, and as plain data, for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from json import dumps
from typing import TYPE_CHECKING, Any

from nemo_run_lint.finding import Confidence, Finding
from nemo_run_lint.flow.misfits import shown_path
from nemo_run_lint.outputs import full, json
from nemo_run_lint.outputs.ansi import BOLD, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.releases import NEWEST
from nemo_run_lint.resolution import Resolved, Said, shown_place

if TYPE_CHECKING:
    from nemo_run_lint.explanation import Absence, Explanation, Switch, Versions

#: The text of a file by its path; None if it cannot be had.
Source = Callable[[str], "str | None"]

_WIDTH = 100


def text(explanations: Sequence[Explanation], source: Source, color: bool = False) -> Iterator[str]:
    """Each finding as a run shows it, then section by section what it goes by; of several, nothing twice."""
    told: tuple[Resolved, ...] = ()
    for place, each in enumerate(explanations):
        yield from full.render(Outcome((each.finding,), source=source, color=color, quiet=True))
        if each.unreported:
            yield from _section("Not reported", [each.unreported], color)
        names = (line for name in each.names if name not in told for line in _name(name))
        yield from _section("Names", names, color)
        yield from _section("NeMo Run", _versions(each.versions) if not place else [], color)
        yield from _section("Rule", _rule(each), color)
        yield from _section("Silence it", _silences(each.finding), color)
        told += each.names


def absent(absence: Absence, color: bool = False) -> Iterator[str]:
    """Why there is no finding, and where there are some."""
    place = absence.place
    told = f"No finding at {escaped(place.path)}:{place.line}" + (f":{place.column}" if place.column else "")
    yield f"{paint(told, BOLD, color)}: {escaped(absence.reason)}.\n"
    for each in absence.nearest:
        yield f"  near: {escaped(each.path)}:{each.span.line}:{each.span.column} {each.code} {escaped(each.message)}\n"


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """An explanation, ready for JSON."""
    versions, decided = explanation.versions, explanation.switch.decision
    return {
        "finding": json.as_dict(explanation.finding),
        "reported": not explanation.unreported,
        "unreported": explanation.unreported or None,
        "names": [_name_dict(each) for each in explanation.names],
        "nemo_run": {
            "releases": list(versions.releases or (NEWEST,)),
            "setting": versions.setting or None,
            "mentions": [
                {"path": shown_path(str(each.file)), "line": each.line or None, "written": each.written}
                for each in versions.mentions
            ],
        },
        "rule": {
            "on": decided.on,
            "key": decided.key,
            "selector": decided.selector or None,
            "source": explanation.switch.source or None,
            "options": {key: value for key, value, _ in explanation.options},
        },
        "fails": explanation.fails.value if explanation.fails else None,
        "assumption": explanation.assumption or None,
        "diff": explanation.diff or None,
    }


def absence_as_dict(absence: Absence) -> dict[str, Any]:
    """The absence of a finding, ready for JSON."""
    place = absence.place
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column or None,
        "reason": absence.reason,
        "nearest": [json.as_dict(each) for each in absence.nearest],
    }


def switch_text(switch: Switch) -> str:
    """Which setting of which file switches a rule on or off: `ignore` in pyproject.toml names it, by `NRL4`."""
    decided = switch.decision
    where = f" in {shown_path(switch.source)}" if switch.source else ""
    if decided.key == "profile":
        return f"the profile `{decided.selector}`{where or ', the default,'} {'holds' if decided.on else 'lacks'} it"
    if not decided.selector:
        return f"`select`{where} does not name it"
    return f"`{decided.key}`{where} names it, by `{decided.selector}`"


# -- in words ----------------------------------------------------------------------------------------------------


def _section(title: str, lines: Iterable[str], color: bool) -> Iterator[str]:
    told = [f"  {escaped(line)}".rstrip() for line in lines]
    if told:
        yield f"{paint(title, BOLD, color)}\n" + "".join(f"{line}\n" for line in told) + "\n"


def _name(name: Resolved) -> Iterator[str]:
    root, dot, _ = name.written.partition(".")
    stands_for = [f"is `{name.path}`"] if name.path and name.path != name.written else []
    stands_for += [f"with `{root}` {_said(each)}" if dot else _said(each) for each in name.said]
    verb = "" if dot or (name.path and name.path != name.written) else "is "
    yield f"`{name.written}` {verb}" + (", ".join(stands_for) or f"`{name.path}`")
    if name.nemo:
        yield f"    {name.nemo}"
    for place in name.definitions:
        yield f"    defined at {shown_place(place)}"
    for each in name.accepts:
        yield f"    takes {each}"
    if name.unknown:
        yield f"    not known what it takes: {name.unknown}"


def _said(said: Said) -> str:
    return said.how + (f" `{said.code}`" if said.code else "") + (f" on line {said.line}" if said.line else "")


def _versions(versions: Versions) -> Iterator[str]:
    if versions.setting:
        yield f"{', '.join(versions.releases)}: `nemo-run-version` in {shown_path(versions.setting)}"
        return
    for each in versions.mentions:
        place = shown_path(str(each.file))
        says = f"{place}:{each.line} says `{each.written}`"
        yield f"{', '.join(each.releases)}: " + (says if each.line else f"{each.written} is installed in {place}")
    if not versions.mentions:
        yield f"{NEWEST}: the newest, as no file of the project names a version and none is installed"


def _rule(explanation: Explanation) -> Iterator[str]:
    finding = explanation.finding
    on = "on" if explanation.switch.decision.on else "off"
    yield f"{finding.code} {finding.name} is {on}: {switch_text(explanation.switch)}"
    for key, value, is_set in explanation.options:
        written = textwrap.shorten(dumps(value, ensure_ascii=False), _WIDTH, placeholder=" ...")
        yield f"option {key} = {written}" + ("" if is_set else ", the default")
    yield f"{finding.severity.value}: " + (
        f"it fails {explanation.fails.value}" if explanation.fails else "a matter of the team's standard"
    )
    if finding.fix is not None:
        yield f"{'a safe' if finding.fix.safe else 'an unsafe'} fix: {finding.fix.message}"
    certain = "certain from the text" if finding.confidence is Confidence.HIGH else explanation.assumption
    yield from textwrap.wrap(f"{finding.confidence.value} confidence: {certain}", _WIDTH, subsequent_indent="    ")


def _silences(finding: Finding) -> Iterator[str]:
    ours = f"# nemo-run-lint: ignore[{finding.name}] -- why"
    for how, where in (
        (f"# noqa: {finding.code}", f"at the end of line {finding.span.line}"),
        (ours, "there, or alone on the line above"),
        (f'ignore = ["{finding.name}"]', "in [tool.nemo-run-lint], for all files"),
    ):
        yield f"{how:<{len(ours)}}  {where}"


def _name_dict(name: Resolved) -> dict[str, Any]:
    return {
        "written": name.written,
        "path": name.path or None,
        "said": [{"how": each.how, "code": each.code or None, "line": each.line or None} for each in name.said],
        "definitions": [
            {"path": shown_path(each.path), "line": each.line, "distribution": each.distribution or None}
            for each in name.definitions
        ],
        "accepts": [each.strip("`") for each in name.accepts],
        "nemo_run": name.nemo or None,
        "unknown": name.unknown or None,
    }
