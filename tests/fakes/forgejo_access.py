"""Who asks Forgejo, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakes.forgejo_json import Shapes
from fakes.forgejo_state import Repo
from fakes.github_values import Account, Right
from fakes.http import Reply, Request


class Refused(Exception):  # noqa: N818 - it carries a reply, it is no error of the fake
    """A reply that ends the handling of a request."""

    def __init__(self, status: int, body: object = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.reply = Reply(status, body, headers or {})


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its owner; `scopes` None allows all, else `read:issue`, `write:repository`, ..."""

    account: Account
    scopes: frozenset[str] | None = None

    def may(self, what: str, area: str) -> bool:
        return self.scopes is None or bool(
            self.scopes & {f"write:{area}", *([f"read:{area}"] if what == "read" else [])}
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a repository: by whom (None: nobody), and the parts of the path."""

    request: Request
    token: Token | None
    repo: Repo
    parts: tuple[str, ...]
    shapes: Shapes
    most: int
    entries: int = 1000

    @property
    def right(self) -> Right:
        return self.repo.right(self.token.account) if self.token else Right.READ

    @property
    def writer(self) -> bool:
        return self.right >= Right.WRITE

    def refused(self, status: int, message: str) -> Refused:
        return Refused(status, {"message": message, "url": f"{self.shapes.web}/api/swagger"})

    def missing(self) -> Refused:
        return missing(self.shapes)

    def sent(self) -> dict[str, Any]:
        values = self.request.sent
        if not isinstance(values, dict):
            raise self.refused(422, "[]: json: cannot unmarshal")
        return values


def missing(shapes: Shapes) -> Refused:
    """404, as a thing that is not there and one that may not be seen both answer."""
    told = shapes.world.flavour.errors
    body = {"message": "The target couldn't be found.", "url": f"{shapes.web}/api/swagger"}
    return Refused(404, {**body, "errors": None if told is None else list(told)})
