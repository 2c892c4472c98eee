"""Tokens and keys, from the variable or file that was named for them; nothing else takes one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from closeout.errors import ConfigurationError
from closeout.settings.kinds import KINDS
from closeout.settings.tracking import Tracker

SECRETS = "/run/secrets"  # https://docs.docker.com/compose/how-tos/use-secrets/; systemd.exec(5) has the other
_MOST = 100_000  # bytes; /dev/zero has no end


def token(told: Tracker, kind: str, *, required: bool) -> str:
    """Return a tracker's token: from its file, else from its variable, else from the file that the variable with `_FILE`
    behind its name says, else from the file of the variable's name where containers and systemd put secrets.

    Raises ConfigurationError if it is required and there is none.
    """
    if told.token_file:
        return _file(told.token_file, "token-file")
    name = variable(told, kind)
    found = os.environ.get(name, "").strip() or _from_file(name)  # noqa: TID251 - settings alone read the environment
    if required and not found:
        message = f"{name}: could not be used: it is empty. Put a token into it, the name of a file with one into {name}_FILE, or name another `token-env`"
        raise ConfigurationError(message)
    return found


def variable(told: Tracker, kind: str) -> str:
    """Return the name of the variable that holds a tracker's token."""
    return told.token_env or KINDS[kind].token_env


def _from_file(name: str) -> str:
    if path := os.environ.get(f"{name}_FILE", ""):  # noqa: TID251
        return _file(path, f"{name}_FILE")
    folders = filter(None, (os.environ.get("CREDENTIALS_DIRECTORY", ""), SECRETS))  # noqa: TID251
    found = (path for folder in folders for path in (Path(folder, name), Path(folder, name.lower())) if _there(path))
    return next((_file(str(path), name) for path in found), "")


def _there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # a folder that is closed to us holds nothing for us
        return False


def app(told: Tracker) -> tuple[str, str] | None:
    """Return a GitHub App's id and private key; None if none is configured."""
    return (told.app_id, _file(told.app_key_file, "app-key-file")) if told.app_id else None


def led_to(reference: str) -> str:
    """Return what `env:NAME` or `file:PATH` holds. Raises ConfigurationError for nothing, and for several lines."""
    kind, _, name = reference.partition(":")
    found = os.environ.get(name, "").strip() if kind == "env" else _file(name, reference)  # noqa: TID251
    if not found or len(found.split()) > 1:
        why = "it is empty" if not found else "it holds more than one address"
        message = f"{reference}: could not be used: {why}. Put one address into it"
        raise ConfigurationError(message)
    return found


def _file(path: str, key: str) -> str:
    try:
        with Path(path).open("rb") as file:
            found = file.read(_MOST + 1)
        if len(found) > _MOST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return found.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        message = f"{path or key}: could not be read: {why}. Check `{key}`"
        raise ConfigurationError(message) from error
