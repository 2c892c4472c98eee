"""The JSON Schema of closeout.toml, for editors: made of the settings, with keys as they are written there."""

from __future__ import annotations

import datetime
import json
from typing import Any

from closeout.settings import Settings

DIALECT = "http://json-schema.org/draft-07/schema#"  # what editors of TOML know
NAME = "closeout.toml"


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2, default=plain) + "\n"


def schema() -> dict[str, Any]:
    made = as_toml(Settings.model_json_schema(by_alias=True, ref_template="#/definitions/{model}"))
    made["definitions"] = made.pop("$defs")
    return {"$schema": DIALECT, "title": NAME, **made}


def plain(value: object) -> str:
    """An example or a default that JSON has no word for, as TOML would say it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(value)


def as_toml(told: Any) -> Any:
    """Leave out what TOML cannot say (that there is no value), titles, which only repeat the key, and a table's default,
    which its keys say.
    """
    match told:
        case {"anyOf": [one, {"type": "null"}], **rest}:
            return as_toml({**one, **{key: value for key, value in rest.items() if key != "default"}})
        case {"$ref": _}:
            return {key: value for key, value in told.items() if key != "default"}
        case dict():
            return {key: below(key, value) for key, value in told.items() if key != "title"}
        case _:
            return told


def below(word: str, told: Any) -> Any:
    """What a word of the schema holds: values stay, schemas are gone through."""
    if word in {"properties", "$defs"}:
        return {name: as_toml(one) for name, one in told.items()}
    return told if word in {"default", "examples", "enum", "required"} else as_toml(told)
