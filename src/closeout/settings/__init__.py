"""closeout.toml, the environment and flags, to frozen settings; nothing else reads them."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsError,
    TomlConfigSettingsSource,
)

from closeout.errors import ConfigurationError
from closeout.settings.keys import NESTED, PREFIX, Settings
from closeout.settings.table import dashed

__all__ = ["FILE", "Settings", "line_of", "load"]

FILE = "closeout.toml"
_MOST = 1_000_000  # bytes; it is read by whoever runs closeout, and may be anybody's


def load(root: Path, flags: Mapping[str, Any], file: Path | None = None, *, spelt: str = "--") -> Settings:
    """Read the settings: `flags` win over `CLOSEOUT_*`, which win over the file.

    `spelt` stands in front of a flag's name where people write it. Raises ConfigurationError with file, line, key and the nearest valid name.
    """
    path = file or root / FILE
    if file is not None and not path.is_file():
        message = f"{path}: could not be read: there is no such file. Check {spelt}config"
        raise ConfigurationError(message)
    if path.is_dir():  # as Docker makes one where a file to mount is missing
        message = f"{path}: could not be read: it is a folder. Put a file in its place"
        raise ConfigurationError(message)
    text = _text(path) if path.is_file() else ""
    if text:
        _parse(text, path)
    environment = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}  # noqa: TID251
    _check_names(environment)

    class _Here(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return _Here(**given)
    except SettingsError as error:
        message = f"{PREFIX}*: could not be used: {error}. Lists and tables in a variable are written as JSON"
        raise ConfigurationError(message) from error
    except ValidationError as error:
        raise ConfigurationError(_explained(error, _Origins(path, text, given, environment, spelt))) from error


@dataclass(frozen=True)
class _Origins:
    """Where values come from, the nearest first: flags, the environment, the file."""

    path: Path
    text: str
    flags: Mapping[str, Any]
    environment: Mapping[str, str]
    spelt: str

    def place(self, keys: list[str]) -> str:
        """Say where a key was set: `--tracker`, `CLOSEOUT_TRACKER`, or `closeout.toml:3`."""
        if name := self._flag(keys):
            return f"{self.spelt}{dashed(name)}"
        names = [PREFIX + NESTED.join(keys[:count]).replace("-", "_").upper() for count in range(len(keys), 0, -1)]
        if variable := next((name for name in names if name in self.environment), None):
            return variable
        line = line_of(self.text, [dashed(key) for key in keys])
        return f"{self.path.name}:{line}" if line else self.path.name

    def _flag(self, keys: list[str]) -> str:
        """The name of the flag that set a key, that of a table's key for one of several; empty if none did."""
        told: Any = self.flags
        for index, key in enumerate(keys):
            name = next((name for name in (key, key.replace("-", "_")) if name in told), "")
            if not name or not isinstance(told[name], dict):
                return name if name else ""
            if index == len(keys) - 1:
                return name
            told = told[name]
        return ""


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST:
            message = f"{path}: could not be read: it has more than {_MOST:,} bytes. Is it the right file?"
            raise ConfigurationError(message)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"{path}: could not be read: {error.strerror}. Check its rights"
        raise ConfigurationError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path.name}: could not be read: {error}. It must be UTF-8 text"
        raise ConfigurationError(message) from error


def _parse(text: str, path: Path) -> None:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else f"it is not TOML: {error}"
        message = f"{path.name}: could not be read: {why}"
        raise ConfigurationError(message) from error


def _check_names(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in _variables(Settings)}
    for name in environment:
        if name not in known:
            message = f"{name}: is not known.{_nearest(name, known)}"
            raise ConfigurationError(message)


def _variables(model: type[BaseModel]) -> Iterator[str]:
    """Yield the names of a model's keys, those of its tables as `table__key`."""
    for name, told in model.model_fields.items():
        yield name
        if isinstance(told.annotation, type) and issubclass(told.annotation, BaseModel):
            yield from (f"{name}{NESTED}{inner}" for inner in _variables(told.annotation))


def _explained(error: ValidationError, origins: _Origins) -> str:
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"] if not isinstance(part, int)]
    where, place = ".".join(dashed(key) for key in keys), origins.place(keys)
    if first["type"] == "extra_forbidden":
        names = {dashed(name) for name in _names(keys[:-1])}
        return f"{place}: key {where!r} is not known.{_nearest(dashed(keys[-1]), names)}"
    return f"{place}: key {where!r} cannot be used: {first['msg'].removeprefix('Value error, ')}"


def _names(keys: list[str]) -> set[str]:
    """Return the keys of a table; in `[trackers.github]` the name in the middle is anybody's."""
    model: Any = Settings
    for key in keys:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            model = get_args(model)[-1] if get_args(model) else None
            continue
        field = model.model_fields.get(key.replace("-", "_"))
        model = field.annotation if field else None
    return set(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else set()


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else f" Known here: {', '.join(sorted(known))}" if known else ""


def line_of(text: str, keys: list[str]) -> int:
    """Return the line (from 1) on which a dotted key stands, found by scanning headers and keys; 0 if it is not found."""
    table: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?", line):
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
            if table == keys:
                return number
        elif key := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            full = [*table, *(part.strip("\"'") for part in key[1].split("."))]
            if full == keys[: len(full)]:
                return number
    return 0
