"""docs/reference/closeout.schema.json, by which editors know closeout.toml: it says what the settings say."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator, FormatChecker
from pydantic import BaseModel

from closeout import settings
from closeout.errors import ConfigurationError
from closeout.settings import Settings
from closeout.settings.table import dashed

ROOT = Path(__file__).resolve().parent.parent
PLACE = "docs/reference/closeout.schema.json"
SCHEMA = json.loads((ROOT / PLACE).read_text("utf-8"))
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker(["date"]))


def as_json(told: Any) -> Any:
    """Dates as the tools of TOML hand them to a schema."""
    match told:
        case dict():
            return {key: as_json(one) for key, one in told.items()}
        case list():
            return [as_json(one) for one in told]
        case datetime.date():
            return told.isoformat()
        case _:
            return told


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(tomllib.loads(text)))]


def tables(model: type[BaseModel], told: Any) -> Iterator[tuple[type[BaseModel], Any]]:
    """Every table of the settings, beside what the schema says of it."""
    told = SCHEMA["definitions"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
    yield model, told
    for name, field in model.model_fields.items():
        below = told["properties"][dashed(name)]
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from tables(inner, below.get("items", below.get("additionalProperties") or below))


TABLES = list(tables(Settings, SCHEMA))


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert len(TABLES) == len(SCHEMA["definitions"]) + 1


@pytest.mark.parametrize(("model", "told"), TABLES, ids=lambda one: getattr(one, "__name__", ""))
def test_every_key_is_there_as_it_is_written_and_says_what_it_does(model: type[BaseModel], told: Any) -> None:
    assert list(told["properties"]) == [dashed(name) for name in model.model_fields]
    for name, field in model.model_fields.items():
        below = told["properties"][dashed(name)]
        assert below.get("description") == field.description
        assert field.description or "$ref" in below or model.__name__ == "Entry"
        assert "null" not in json.dumps(below)


def test_every_key_of_the_example_fits() -> None:
    assert errors(EXAMPLE) == []


def test_every_example_in_the_schema_fits_its_own_key() -> None:
    told = [one for _, table in TABLES for one in table["properties"].values()]
    tried = 0
    for one in told:
        for example in one.get("examples", []):
            Draft7Validator({**one, "definitions": SCHEMA["definitions"]}).validate(example)
            tried += 1
    assert tried > 30


def loaded(text: str, folder: Path) -> Settings:
    (folder / settings.FILE).write_text(text, encoding="utf-8")
    return settings.load(folder, {})


WRONG = [
    'path = ["a"]',
    'paused = "perhaps"',
    "since = true",
    'since = "yesterday"',
    'publish = "mail"',
    'paths = "docs"\ntracker = 1',
    "[limits]\nmax-creates = -1",
    "[limits]\nmax_create = 1",
    "[limits]\nshare = 101",
    '[fields]\ntitle = "both"',
    "[fields]\nadd-column = true",
    '[trackers.infra]\nkind = "jira"',
    '[trackers.github]\npriority-labels = { highest = "P0" }',
    '[reading]\nstatus = { finished = ["x"] }',
    '[reading]\ntickets = ["1-2"]',
    '[[routes]]\npaths = ["a"]',
    '[[repositories]]\nname = "a"',
    "[daemon]\nat-once = 0",
    '[report]\nchannels = ["https://chat.example.com/secret"]',
    '[people]\n"Ann Lee" = { github = 3 }',
    '[people]\n"Ann Lee" = { github = "" }',
]


@pytest.mark.parametrize("text", WRONG)
def test_what_the_settings_refuse_the_schema_refuses_too(text: str, tmp_path: Path) -> None:
    assert errors(text)
    with pytest.raises(ConfigurationError):
        loaded(text, tmp_path)


RIGHT = [
    "since = 2026-08-01",
    '[people]\n"Ann Lee" = { github = "ann", plane = "ann@example.com" }\nSRE = { team = true, label = "sre" }',
    '[trackers.infra]\nkind = "gitea"',
    '[report]\ndigest = { "*" = "file:/run/secrets/mail" }',
    'publish-every = "PT6H"',
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_settings_take_the_schema_takes_too(text: str, tmp_path: Path) -> None:
    assert errors(text) == []
    assert loaded(text, tmp_path) != Settings()


def test_our_own_example_is_known_to_editors_by_it() -> None:
    (rule,) = tomllib.loads((ROOT / ".taplo.toml").read_text("utf-8"))["rule"]
    assert rule == {"include": ["config.example.toml"], "schema": {"path": f"./{PLACE}"}}
    assert PLACE in (ROOT / "docs/how-to/editors.md").read_text("utf-8")
