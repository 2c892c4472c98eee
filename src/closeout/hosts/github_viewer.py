"""Whose token it is that we show to GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Account
from closeout.hosts.pacing import Errand

if TYPE_CHECKING:
    from closeout.hosts.github import GitHub

_BOT = "[bot]"  # no person's name has it


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
