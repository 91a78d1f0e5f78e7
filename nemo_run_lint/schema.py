"""The settings as a JSON schema, made of the table that reads them; `settings.schema.json` is what this prints.

It knows selectors in their usual spelling only, so that an editor completes them; the linter also reads `nrl4`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nemo_run_lint.rule import Option, Rule
from nemo_run_lint.rule_files import EVERY_RULE, own_modules
from nemo_run_lint.selection import all_rules
from nemo_run_lint.settings.keys import KEYS, Key

#: The schema of the rules of this package, for editors and SchemaStore.
FILE = Path(__file__).parent / "settings.schema.json"


def own_rules() -> list[type[Rule]]:
    """The rules of this package."""
    return [rule for rule in all_rules() if rule.__module__ in own_modules().values()]


def schema(rules: Sequence[type[Rule]]) -> dict[str, Any]:
    """The schema (draft 7) of [tool.nemo-run-lint], or of a nemo-run-lint.toml, where there are these rules."""
    properties = {name: {**key.kind.schema(), **_described(key)} for name, key in sorted(KEYS.items())}
    properties["rules"] |= {
        "properties": {rule.name(): _of_rule(rule) for rule in sorted(rules, key=lambda rule: rule.name())},
        "additionalProperties": False,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "nemo-run-lint",
        "description": "Settings of nemo-run-lint: [tool.nemo-run-lint] of pyproject.toml, or nemo-run-lint.toml.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "definitions": {"selector": _selector(rules)},
    }


def _described(key: Key) -> dict[str, Any]:
    told = f"{key.help}." if not key.absent else f"{key.help}. Default: {key.absent}."
    return {"description": told} if key.default is None else {"description": told, "default": key.default}


def _selector(rules: Sequence[type[Rule]]) -> dict[str, Any]:
    codes = sorted({rule.code for rule in rules})
    starts = sorted({code[:length] for code in codes for length in range(len("NRL"), len(code))})
    chosen = [EVERY_RULE, *starts, *codes, *sorted(rule.name() for rule in rules)]
    return {"description": "Rules: a code, the beginning of one, a name, or ALL.", "type": "string", "enum": chosen}


def _of_rule(rule: type[Rule]) -> dict[str, Any]:
    options = {key: _of_option(option) for key, option in sorted(rule.options().items())}
    told = f"Options of {rule.code} {rule.name()}." if options else f"{rule.code} {rule.name()} has no options."
    return {"description": told, "type": "object", "properties": options, "additionalProperties": False}


def _of_option(option: Option[Any]) -> dict[str, Any]:
    default = option.default
    described = {"description": option.help, "default": list(default) if isinstance(default, tuple) else default}
    if isinstance(default, (tuple, list)):
        one: dict[str, Any] = {"type": "string", "enum": [*option.choices]} if option.choices else {"type": "string"}
        return {"type": "array", "items": one, **described}
    if option.choices:
        return {"enum": [*option.choices], **described}
    types = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": types[type(default)], **described} if type(default) in types else described
