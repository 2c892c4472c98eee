"""YAML front matter, read without giving its scalars any type."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

_SMALL = 2_000  # characters


class _Loader(yaml.BaseLoader):
    """Every scalar stays the text it is (`NO`, `14:30`, `1.10`), and aliases are refused (they can grow without end)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            message = "an alias in front matter is not followed"
            raise yaml.YAMLError(message)
        return super().compose_node(parent, index)


class _Strings(YAMLHandler):
    def load(self, fm: str, **_kwargs: object) -> Any:
        if "*" not in fm and len(fm) < _SMALL and hasattr(yaml, "CBaseLoader"):
            # no alias, and libyaml reads it ten times as fast; what is broken is told by the one that all have. libyaml
            # dies of what is nested without end: a small text cannot hold that
            with suppress(yaml.YAMLError, RecursionError):
                return yaml.load(fm, Loader=yaml.CBaseLoader)  # noqa: S506 - a BaseLoader builds nothing but strings
        return yaml.load(fm, Loader=_Loader)  # noqa: S506


def parsed(body: str) -> dict[str, Any]:
    """Return what front matter between its delimiters says. Raises ValueError if it is broken."""
    try:
        found, _ = frontmatter.parse(f"---\n{body}\n---\n", handler=_Strings())
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return dict(found)
