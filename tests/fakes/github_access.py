"""Who asks GitHub: tokens, apps, what they may do, and how often."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from fakes.faults import CONTENT
from fakes.github_state import Repo
from fakes.github_values import Account, Clock, Right
from fakes.http import Reply, Request

DOCS = "https://docs.github.com/rest"


class Refused(Exception):  # noqa: N818 - it carries a reply, it is no error of the fake
    """A reply that ends the handling of a request."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


def refusal(status: int, message: str, errors: list[dict[str, Any]] | None = None) -> Refused:
    """Build an error as GitHub words them."""
    body: dict[str, Any] = {"message": message}
    if errors is not None:
        body["errors"] = errors
    return Refused(Reply(status, {**body, "documentation_url": DOCS, "status": str(status)}))


def invalid(*errors: dict[str, Any]) -> Refused:
    """Build a 422 that says what is wrong with which field."""
    return refusal(422, "Validation Failed", [{"resource": "Issue", **error} for error in errors])


@dataclass
class Token:
    """A token and its owner.

    `app`: of an app (or a workflow): it has no `/user`. `repositories`: the ids it is limited to. `issues`,
    `contents` and `pulls`: what a fine-grained permission allows. `lost`: after so many writes the owner's right falls to that level. `per_minute`: how much content
    it may make (GitHub: 80), if that is to be held; `made` says when it did.
    """

    value: str
    account: Account
    app: bool = False
    repositories: frozenset[int] | None = None
    issues: Right = Right.WRITE
    limit: int = 5000
    used: int = 0
    reset: datetime | None = None
    expires: datetime | None = None
    lost: tuple[int, Right] | None = None
    per_minute: int | None = None
    made: list[datetime] = field(default_factory=list)
    contents: Right = Right.WRITE
    pulls: Right = Right.WRITE

    def right(self, repo: Repo) -> Right:
        right, anybody = repo.right(self.account), Right.NONE if repo.private else Right.READ
        if self.repositories is not None and repo.id not in self.repositories:
            return anybody
        return max(min(right, self.lost[1]), anybody) if self.lost and self.lost[0] <= 0 else right

    def count(self, clock: Clock, *, free: bool) -> None:
        """Count a request. Raises Refused where the hour's are used up."""
        if self.reset is None or clock.now >= self.reset:
            self.used, self.reset = 0, clock.now + timedelta(hours=1)
        if free:
            return
        if self.used >= self.limit:
            whom = f"installation ID {self.account.id}" if self.app else f"user ID {self.account.id}"
            raise refusal(403, f"API rate limit exceeded for {whom}.")
        self.used += 1

    def pace(self, clock: Clock) -> None:
        """Count content that is made. Raises Refused, with a wait, where it is too much for a minute."""
        self.made = [moment for moment in self.made if clock.now - moment < timedelta(minutes=1)]
        if self.per_minute is not None and len(self.made) >= self.per_minute:
            refused = refusal(403, CONTENT)
            refused.reply = replace(refused.reply, headers={"Retry-After": "60"})
            raise refused
        self.made.append(clock.now)

    def rate(self) -> dict[str, int]:
        reset = int(self.reset.timestamp()) if self.reset else 0
        return {"limit": self.limit, "used": self.used, "remaining": self.limit - self.used, "reset": reset}

    def headers(self) -> dict[str, str]:
        told = {f"X-RateLimit-{name.title()}": str(value) for name, value in self.rate().items()}
        return {**told, "X-RateLimit-Resource": "core"}


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App, installed in some repositories; `id` is the app's, `installation` the installation's; what it may do
    with issues, with code and with pull requests.
    """

    id: int
    installation: int
    account: Account
    owner: Account
    repositories: frozenset[int] = field(default_factory=frozenset)
    issues: Right = Right.WRITE
    contents: Right = Right.NONE
    pulls: Right = Right.NONE

    @property
    def slug(self) -> str:
        return self.account.login.removesuffix("[bot]")


def credential(request: Request) -> str:
    """Return the token of a request; empty without one. To git it is a password, whatever the name."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        return base64.b64decode(value).decode().partition(":")[2]
    return value.strip() if kind.lower() in {"token", "bearer"} else ""


def issuer(request: Request) -> str:
    """Return who an app's JSON web token says it is. Its signature is not looked at.

    Raises Refused for a token that is none, or lives for more than ten minutes.
    """
    try:
        body = credential(request).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        lives = claims["exp"] - claims["iat"]
        name = str(claims["iss"])
    except (IndexError, KeyError, ValueError, TypeError, binascii.Error):
        raise refusal(401, "A JSON web token could not be decoded") from None
    if lives > 660:  # a client may date it a minute back, for clocks that differ
        raise refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    return name
