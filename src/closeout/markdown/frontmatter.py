"""Front matter: where it ends, and what it says; it is read only, and never written by a dumper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_YAML = re.compile(
    r"\A\ufeff?---[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)?^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.S | re.M
)
_TOML = re.compile(
    r"\A\ufeff?\+\+\+[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)?^\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)", re.S | re.M
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_CHARACTERS = 100_000


def lines_of(text: str) -> int:
    """Return how many lines the front matter takes, its delimiters included; 0 without one."""
    match = _block(text)
    return len(_LINE_END.findall(match.group())) + (not match.group().endswith(("\r", "\n"))) if match else 0


def _block(text: str) -> re.Match[str] | None:
    head = text[:_MAX_CHARACTERS]
    if head.lstrip("\ufeff").startswith("---"):
        match = _YAML.match(head)
        # a rule of dashes followed by prose is no front matter: some line must look like `key:`
        return match if match and re.search(r"^[\w\"'][^\r\n:]*:(?:\s|$)", match.group(1), re.M) else None
    return _TOML.match(head) if head.lstrip("\ufeff").startswith("+++") else None


def metadata(text: str) -> Mapping[str, Any]:
    """Return what the front matter says, every scalar as text; nothing without one.

    Raises ValueError, with a message of one line, if it is broken.
    """
    match = _block(text)
    if match is None:
        return {}
    body = _LINE_END.sub("\n", match.group(1))
    try:
        if match.group().lstrip("\ufeff").startswith("+++"):
            import tomllib  # noqa: PLC0415 - most pages have none

            return tomllib.loads(body)
        from closeout.markdown.yaml_strings import parsed  # noqa: PLC0415 - most pages have none

        return {str(key): value for key, value in parsed(body).items()}
    except ValueError as error:
        message = " ".join(str(error).split())
        raise ValueError(message) from error
