"""Whose token it is that we show to GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Account, Person
from closeout.hosts.pacing import Errand

if TYPE_CHECKING:
    from closeout.hosts.github import GitHub

_BOT = "[bot]"  # no person's name has it
RUNNER = "github-actions[bot]"


def who(host: GitHub, errand: Errand) -> str:
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


def app_author(host: GitHub) -> tuple[str, str] | None:
    """Return the name and the address that commits of an App have, as its host knows them for its own; None for anybody
    else, a runner's own token too.
    """
    login = host.viewer()
    if not login.endswith(_BOT) or login == RUNNER:
        return None
    person = host.read(Person, f"/users/{quote(login)}", Errand(host.place(login), "look it up"))
    return login, f"{person.id}+{login}@users.noreply.{urlsplit(host.web).hostname}"
