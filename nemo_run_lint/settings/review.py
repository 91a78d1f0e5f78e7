"""The table `review` of the settings: which items are required, and a team's own items.

That a required item is there is asked when a review is made: it may come from a file that this one extends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nemo_run_lint.checklist import NAME_PATTERN, NAMES, OWN_GROUP, REQUIRED, Checklist, Item, is_name
from nemo_run_lint.rule_files import canonical, did_you_mean

_KEYS = ("items", "required")
_ITEM_KEYS = ("name", "question", "rules")


def read(key: str, value: Any) -> dict[str, Any]:
    """The table, checked, selectors in their usual spelling. Raises ValueError with a sentence for the user."""
    _check_table(key, value, _KEYS)
    table: dict[str, Any] = {}
    if "required" in value:
        table["required"] = _names(f"{key}.required", value["required"])
    if "items" in value:
        items = value["items"]
        if not isinstance(items, list):
            raise ValueError(f"`{key}.items` must be a list of tables, not {items!r}")
        table["items"] = [_item(f"{key}.items", each) for each in items]
        names = [each["name"] for each in table["items"]]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"`{key}.items`: two items are called `{name}`")
    return table


def schema() -> dict[str, Any]:
    """The same as a JSON schema; that no two items have one name is not in it."""
    name = {"type": "string", "pattern": NAME_PATTERN}
    selectors = {"type": "array", "items": {"$ref": "#/definitions/selector"}}
    item = {
        "type": "object",
        "properties": {
            "name": {**name, "not": {"enum": [*NAMES]}, "description": "What it is called in every output."},
            "question": {"type": "string", "pattern": r"\S", "description": "What a reviewer asks."},
            "rules": {**selectors, "description": "It passes where these rules find nothing; without rules, ask."},
        },
        "required": ["name", "question"],
        "additionalProperties": False,
    }
    properties = {
        "required": {"type": "array", "items": name, "description": "Without these nothing is approved."},
        "items": {"type": "array", "items": item, "description": "More items, after the fifteen of the guide."},
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def checklist(table: Mapping[str, Any]) -> Checklist:
    """What a table that `read` has read asks for."""
    own = tuple(
        Item(each["name"], OWN_GROUP, each["question"], tuple(each.get("rules", ())), is_own=True)
        for each in table.get("items", ())
    )
    return Checklist(tuple(table.get("required", REQUIRED)), own)


def _check_table(key: str, value: Any, known: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"`{key}` must be a table, not {value!r}")
    for each in value:
        if each not in known:
            keys = ", ".join(f"`{one}`" for one in known)
            raise ValueError(f"`{key}.{each}` is not a setting{did_you_mean(each, known)} (its keys: {keys})")


def _names(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"`{key}` must be a list of strings, not {value!r}")
    for each in value:
        if not is_name(each):
            raise ValueError(f"`{key}`: {each!r} is no name of an item{did_you_mean(each, NAMES)}")
    return value


def _item(key: str, value: Any) -> dict[str, Any]:
    _check_table(key, value, _ITEM_KEYS)
    name, question = (_text(key, value, each) for each in ("name", "question"))
    if not is_name(name):
        raise ValueError(f"`{key}`: {name!r} is no name for an item: small letters, digits and `_`")
    if name in NAMES:
        raise ValueError(f"`{key}`: `{name}` is an item of the guide; give yours another name")
    if "rules" not in value:
        return {"name": name, "question": question}
    rules = value["rules"]
    if not isinstance(rules, list) or not all(isinstance(each, str) for each in rules):
        raise ValueError(f"`{key}.{name}.rules` must be a list of strings, not {rules!r}")
    try:
        return {"name": name, "question": question, "rules": [canonical(each) for each in rules]}
    except ValueError as error:
        raise ValueError(f"`{key}.{name}.rules`: {error}") from None


def _text(key: str, value: dict[str, Any], name: str) -> str:
    written = value.get(name)
    if not isinstance(written, str) or not written.strip():
        raise ValueError(f"`{key}`: an item needs a `{name}`, and it must be text, not {written!r}")
    return written
