"""What GitHub answers git itself, over HTTP."""

from __future__ import annotations

import re

from fakes import git_http
from fakes.github_access import Token, credential
from fakes.github_state import Repo
from fakes.github_values import Clock, Right
from fakes.http import Reply, Request

_ASKS = {"WWW-Authenticate": 'Basic realm="GitHub"', "Content-Type": "text/plain"}


def served(
    request: Request, asked: re.Match[str], tokens: dict[str, Token], repos: dict[int, Repo], clock: Clock
) -> Reply:
    """Answer git itself: what is not public is shown to who may see it, after they said who they are."""
    token = tokens.get(credential(request))
    gone = token is not None and token.expires is not None and clock.now >= token.expires
    repo = next((one for one in repos.values() if one.full_name.lower() == asked[2].lower()), None)
    if "authorization" in request.headers and (token is None or gone):
        return Reply(401, raw=b"Invalid username or token.", headers=_ASKS)
    if repo is None or (token is None and (repo.private or "receive-pack" in request.path)):
        return Reply(401, raw=b"Repository not found.", headers=_ASKS)
    may = min(token.right(repo), token.contents) if token else Right.NONE
    if repo.private and may < Right.READ:
        return Reply(404, raw=b"Repository not found.", headers={"Content-Type": "text/plain"})
    assert repo.bare is not None, "a repository with code has a bare git repository"
    whom = token.account.login if token else ""
    denied = f"Permission to {repo.full_name}.git denied to {whom}."
    return git_http.answer(request, repo.bare.path, asked[1], whom, writes=may >= Right.WRITE, denied=denied)
