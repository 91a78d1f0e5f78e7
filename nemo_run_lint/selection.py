"""Which rules are on, as objects with their options: the only module that imports rules by name.

Rules are found by looking into `rules/` and the entry-point group `nemo_run_lint.rules`; none is listed.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from nemo_run_lint.rule import Option, Profile, Rule
from nemo_run_lint.rule_files import did_you_mean, means, names, own_modules, plugins, weight
from nemo_run_lint.settings import Settings, SettingsError

_PROFILES = tuple(Profile)


@cache
def rule_called(name: str) -> type[Rule]:
    """The rule of that name (`lambda-in-config`), which alone is imported. Raises KeyError if there is none."""
    if name not in own_modules():
        plugin: type[Rule] = plugins()[name].load()
        return plugin
    module = importlib.import_module(own_modules()[name])
    return {rule.name(): rule for rule in _rules_in(module)}[name]


def _rules_in(module: ModuleType) -> Iterator[type[Rule]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
            yield value


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, in the order of the codes. Imports LibCST: ask only when a file is to be linted or explained."""
    return tuple(sorted(map(rule_called, names()), key=lambda rule: (rule.code, rule.name())))


def matches(selector: str, rule: type[Rule]) -> bool:
    """Whether a selector (`ALL`, a code, a prefix of one, or a name) means `rule`."""
    return means(selector, rule.code, rule.name())


def selected(
    profile: Profile,
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> list[type[Rule]]:
    """The rules of `profile`, or those that `select` names; then more, then less.

    The longest selector that means a rule decides, as in ruff: `ignore = ["NRL4"]`, `select = ["NRL401"]` keeps NRL401.
    """
    chosen, more, less = tuple(select), tuple(extend_select), tuple(ignore)
    return [rule for rule in all_rules() if decision(rule, profile, chosen, more, less).on]


@dataclass(frozen=True)
class Decision:
    """Whether a rule is on, and the setting that says so: `profile`, `select`, `extend-select` or `ignore`.

    selector  what of the setting's value means the rule; of `profile`, its name; empty where `select` leaves it out
    """

    on: bool
    key: str
    selector: str


def decision(
    rule: type[Rule],
    profile: Profile,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Decision:
    """What `selected` goes by for one rule."""
    wanted, key, selector = max(_weighed("select", select, rule), _weighed("extend-select", extend_select, rule))
    in_reach = rule.profile() in _PROFILES[: _PROFILES.index(profile) + 1]
    if not select and in_reach and not wanted:
        wanted, key, selector = 1, "profile", profile.value
    unwanted, ignored, ignoring = _weighed("ignore", ignore, rule)
    if wanted > unwanted:
        return Decision(True, key, selector)
    if wanted:
        return Decision(False, ignored, ignoring)
    return Decision(False, "select", "") if select else Decision(False, "profile", profile.value)


def _weighed(key: str, selectors: Sequence[str], rule: type[Rule]) -> tuple[int, str, str]:
    """How exactly one of the selectors means a rule, 0 for not at all; the key of the settings, and that selector."""
    return max(((weight(each, rule.code, rule.name()), key, each) for each in selectors), default=(0, key, ""))


def _heaviest(selectors: Iterable[str], rule: type[Rule]) -> int:
    return max((weight(selector, rule.code, rule.name()) for selector in selectors), default=0)


def instances(rules: Iterable[type[Rule]], options: Mapping[str, Mapping[str, Any]]) -> list[Rule]:
    """The rules, each with its own options.

    Raises SettingsError for an option that a rule does not have, or a value that the option does not take.
    """
    return [rule(checked_options(rule, options.get(rule.name(), {}))) for rule in rules]


def enabled(settings: Settings) -> list[Rule]:
    """The rules that `settings` switch on, ready to run. Imports LibCST. Raises SettingsError as `instances` does."""
    rules = selected(settings.profile, settings.select, settings.extend_select, settings.ignore)
    on = instances(rules, settings.rules)
    if settings.profile is Profile.CORRECTNESS and not settings.select:
        for rule in on:  # of what the profile brings, only what certainly fails
            rule.errors_only = not _heaviest(settings.extend_select, type(rule))
    return on


def check_options(settings: Settings) -> None:
    """Raise SettingsError if a table of rule options cannot be meant, whether or not the rule is on.

    Imports just the rules that have a table.
    """
    for name, table in settings.rules.items():
        for key, value in table.items():
            _check_option(settings, name, key, value)


def _check_option(settings: Settings, name: str, key: str, value: Any) -> None:
    try:
        if name not in names():
            raise SettingsError(f"there is no rule `{name}`{did_you_mean(name, names())}")
        checked_options(rule_called(name), {key: value})
    except SettingsError as error:
        where = settings.said_by.get((name, key), settings.source)
        raise SettingsError(f"{where}: {error}" if where else str(error)) from None


def checked_options(rule: type[Rule], table: Mapping[str, Any]) -> dict[str, Any]:
    """`table` as `rule` expects it: a list is a tuple where the option's default is one.

    Raises SettingsError for an unknown key or a value of the wrong type or outside the choices.
    """
    known = rule.options()
    for key in table:
        if key not in known:
            raise SettingsError(
                f"rules.{rule.name()}: `{key}` is not an option of this rule{did_you_mean(key, known)}"
                f" ({_known_options(known)})"
            )
    return {key: _checked_value(rule, known[key], value) for key, value in table.items()}


def _known_options(known: Iterable[str]) -> str:
    listed = ", ".join(f"`{key}`" for key in sorted(known))
    return f"its options: {listed}" if listed else "it has none"


def _checked_value(rule: type[Rule], option: Option[Any], value: Any) -> Any:
    is_list = isinstance(option.default, (tuple, list))
    values = list(value) if is_list and isinstance(value, (tuple, list)) else [value]
    if is_list:
        fits = isinstance(value, (tuple, list)) and all(isinstance(each, str) for each in value)
    else:
        # to Python, but to no user, true is a number; a whole number will do where a fraction may stand
        expected = (float, int) if isinstance(option.default, float) else (type(option.default),)
        fits = option.default is None or type(value) in expected
    if option.choices:
        fits = fits and all(each in option.choices for each in values)
    if not fits:
        raise SettingsError(f"rules.{rule.name()}: `{option.key}` must be {_wanted(option)}, not {value!r}")
    return type(option.default)(value) if is_list else value


def _wanted(option: Option[Any]) -> str:
    """What an option takes, in words."""
    if option.choices:
        one_of = f"one of {', '.join(map(repr, option.choices))}"
        return f"a list of {one_of[4:]}" if isinstance(option.default, (tuple, list)) else one_of
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}
    return words.get(type(option.default), "a list of strings")
