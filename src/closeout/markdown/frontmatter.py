"""Front matter: where it ends, and what it says; it is read only, and never written by a dumper."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

_YAML = re.compile(
    r"\A\ufeff?---[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)?^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.S | re.M
)
_TOML = re.compile(
    r"\A\ufeff?\+\+\+[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)?^\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)", re.S | re.M
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_CHARACTERS = 100_000


class _Loader(yaml.BaseLoader):
    """Every scalar stays the text it is (`NO`, `14:30`, `1.10`), and aliases are refused (they can grow without end)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            message = "an alias in front matter is not followed"
            raise yaml.YAMLError(message)
        return super().compose_node(parent, index)


class _Strings(YAMLHandler):
    def load(self, fm: str, **_kwargs: object) -> Any:
        return yaml.load(fm, Loader=_Loader)  # noqa: S506 - a BaseLoader builds nothing but strings


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
            return tomllib.loads(body)
        found, _ = frontmatter.parse(f"---\n{body}\n---\n", handler=_Strings())
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        message = " ".join(str(error).split())
        raise ValueError(message) from error
    return {str(key): value for key, value in found.items()}
