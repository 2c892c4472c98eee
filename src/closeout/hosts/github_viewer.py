"""Whose token it is that we show to GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel

from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Account, Person, Told
from closeout.hosts.pacing import Errand

Answer = TypeVar("Answer", bound=BaseModel)
_BOT = "[bot]"  # no person's name has it
_RUNNER = "github-actions[bot]"


class Asked(Protocol):
    """What is asked of a host to learn whose token it was shown."""

    web: str

    def read(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None = None) -> Answer:
        """Read one thing, or raise."""

    def graphql(self, query: str, variables: Mapping[str, object], errand: Errand) -> Told:
        """Ask by GraphQL, or raise."""

    def viewer(self) -> str:
        """Return the account that we are."""

    def place(self, repository: str) -> str:
        """Name something as an error names it."""


def who(host: Asked, errand: Errand) -> str:
    """Return the account of a token; empty where nobody tells. An App's installation token, as a runner's is one, has no
    `/user`, but is somebody to GraphQL: a bot, which REST names with `[bot]` behind it.
    """
    try:
        return host.read(Account, "/user", errand).login
    except Refused as refused:
        if refused.status not in {403, 404}:
            raise
    try:
        viewer = (host.graphql("query{viewer{login}}", {}, errand).data or {}).get("viewer")
    except Refused:
        return ""
    login = viewer.get("login") if isinstance(viewer, dict) else None
    return f"{login.removesuffix(_BOT)}{_BOT}" if isinstance(login, str) and login else ""


def app_author(host: Asked) -> tuple[str, str] | None:
    """Return the name and the address that commits of an App have, as its host knows them for its own; None for anybody
    else, a runner's own token too.
    """
    login = host.viewer()
    if not login.endswith(_BOT) or login == _RUNNER:
        return None
    person = host.read(Person, f"/users/{quote(login)}", Errand(host.place(login), "look it up"))
    return login, f"{person.id}+{login}@users.noreply.{urlsplit(host.web).hostname}"
