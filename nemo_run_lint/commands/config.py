"""`config`: tells what can be set, what is set and by which file, and prints the JSON schema of all that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import click

from nemo_run_lint.commands.completing import complete_keys
from nemo_run_lint.commands.terminal import write
from nemo_run_lint.rule_files import did_you_mean, names
from nemo_run_lint.settings import TABLE, SettingsError
from nemo_run_lint.settings.files import layers, layers_given
from nemo_run_lint.settings.keys import KEYS, Joined, Key
from nemo_run_lint.settings.kinds import IGNORES, LAYOUT, SEVERITIES
from nemo_run_lint.settings.reading import Layer
from nemo_run_lint.settings.text import has_header, line_of, text


@click.command()
@click.argument("key", metavar="[KEY | PATH]", required=False, shell_complete=complete_keys)
@click.option("--show", is_flag=True, help="Tell what is set for PATH (default: the current directory), and where.")
@click.option("--schema", "wants_schema", is_flag=True, help="Print the JSON schema of the settings.")
@click.option("--config", multiple=True, metavar="FILE | KEY=VALUE", help="With --show: as `check --config`.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def config(key: str | None, show: bool, wants_schema: bool, config: Sequence[str], output_format: str) -> None:
    """Tell what can be set (or what one KEY does), what is set and where, or the JSON schema of the settings."""
    if wants_schema and (show or key is not None):
        raise click.UsageError("--schema prints the whole schema: it goes with neither --show nor a key")
    if config and not show:
        raise click.UsageError("--config goes with --show")
    as_json = output_format == "json"
    if wants_schema:
        from nemo_run_lint.schema import schema
        from nemo_run_lint.selection import all_rules

        told: Any = schema(all_rules())
        as_json = True
    elif show:
        told = _shown(Path(key or "."), config)
    else:
        told = {name: _explained(name) for name in sorted(KEYS)} if key is None else {key: _explained(key)}
    if as_json:
        write([json.dumps(told, indent=2), "\n"])
    elif show:
        write(_as_lines(told))
    else:
        write(_listed(told) if key is None else _in_full(*told.popitem()))


# -- what can be set -------------------------------------------------------------------------------------------


def _explained(name: str) -> dict[str, Any]:
    """What is known of a key, or of a rule's option (`rules.short-name.minimum-length`)."""
    if name.startswith("rules."):
        return _explained_option(name)
    if name not in KEYS:
        raise click.UsageError(f"`{name}` is not a setting{did_you_mean(name, KEYS)}")
    key = KEYS[name]
    return {"help": key.help, "default": key.default, "absent": key.absent, "example": key.example, **_joined(key)}


def _joined(key: Key) -> dict[str, str]:
    return {"extended": key.joined.value}


def _explained_option(name: str) -> dict[str, Any]:
    from nemo_run_lint.selection import rule_called

    rule_name, _, option_name = name.removeprefix("rules.").partition(".")
    if rule_name not in names():
        raise click.UsageError(f"there is no rule `{rule_name}`{did_you_mean(rule_name, names())}")
    options = rule_called(rule_name).options()
    if option_name not in options:
        known = f"its options: {', '.join(f'`{each}`' for each in sorted(options))}" if options else "it has none"
        raise click.UsageError(
            f"`{rule_name}` has no option `{option_name}`{did_you_mean(option_name, options)} ({known})"
            if option_name
            else f"`{rule_name}` is a rule; {known}"
        )
    option = options[option_name]
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return {"help": option.help, "default": default, "absent": "", "example": "", "choices": list(option.choices)}


def _listed(told: dict[str, dict[str, Any]]) -> Iterator[str]:
    width = max(map(len, told))
    for name, about in told.items():
        yield f"{name:<{width}}  {about['help']}\n"


def _in_full(name: str, about: dict[str, Any]) -> Iterator[str]:
    yield f"{name}: {about['help']}.\n\n"
    yield f"default: {about['absent'] or _as_toml(about['default'])}\n"
    if about.get("choices"):
        yield f"one of: {', '.join(map(_as_toml, about['choices']))}\n"
    if about.get("extended"):
        yield f"with `extend`: {about['extended']}\n"
    if about["example"]:
        yield f"\n[tool.{TABLE}]\n{name} = {about['example']}\n"


# -- what is set -----------------------------------------------------------------------------------------------


def _shown(path: Path, config: Sequence[str]) -> dict[str, Any]:
    """The settings for a path: each with its value, as a file would write it, and where it comes from."""
    if not path.exists():
        raise SettingsError(f"`{path}` does not exist")
    found = layers_given(config)(path) if config else layers(path)
    files = [layer.source for layer in reversed(found)]
    return {"path": str(path), "files": files, "settings": {name: _set(name, found) for name in sorted(KEYS)}}


def _set(name: str, found: Sequence[Layer]) -> dict[str, Any]:
    key = KEYS[name]
    saying = [layer for layer in found if name in layer.values]
    if not saying:
        return {"value": key.default, "absent": key.absent, "from": []}
    if key.joined is Joined.REPLACED:
        saying = saying[-1:]
    values = [_plain(key, layer.values[name]) for layer in saying]
    value = values[0]
    for more in values[1:]:
        value = _merged(value, more) if isinstance(value, dict) else value + more
    return {"value": value, "absent": "", "from": [_origin(layer, name) for layer in saying]}


def _merged(value: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = {key for key in value.keys() & more.keys() if isinstance(value[key], dict)}
    return {**value, **more, **{key: {**value[key], **more[key]} for key in both}}


def _plain(key: Key, value: Any) -> Any:
    """A value as JSON has it."""
    if key.kind in (IGNORES, LAYOUT, SEVERITIES):
        return {each: _plain_value(said) for each, said in value}
    return _plain_value(value)


def _plain_value(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain_value(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain_value(each) for key, each in value.items()}
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, (bool, int, float)) else str(value)


def _origin(layer: Layer, name: str) -> dict[str, Any]:
    file = Path(layer.source)
    if layer.is_override:
        return {"file": layer.source, "line": None}
    keys = ("tool", TABLE, name) if has_header(file) else (name,)
    return {"file": layer.source, "line": line_of(text(file), keys)}


def _as_lines(told: dict[str, Any]) -> Iterator[str]:
    files = told["files"]
    yield f"# {told['path']}: {' extends '.join(files) if files else 'no settings file, all is as it comes'}\n"
    for name, about in told["settings"].items():
        origins = [each["file"] if each["line"] is None else f"{each['file']}:{each['line']}" for each in about["from"]]
        value = "" if about["value"] is None else _as_toml(about["value"])
        if value:
            yield f"{name} = {value}  # {', '.join(origins) or 'default'}\n"
        else:
            yield f"# {name}: {about['absent']}\n"


def _as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_as_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
