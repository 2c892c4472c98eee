"""Who we are on GitHub: a token, or an App with an installation on the repository."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import quote

import jwt
from github import Auth
from pydantic import BaseModel

from closeout.errors import ConfigurationError
from closeout.hosts.github_replies import AccessToken, Installation, Slug

Answer = TypeVar("Answer", bound=BaseModel)
_RENEWED = 300.0


class Ask(Protocol):
    """How an App asks the host as itself."""

    def __call__(self, kind: type[Answer], verb: str, path: str, auth: Auth.Auth) -> Answer:
        """Return the checked answer, or raise."""


@dataclass(frozen=True, slots=True)
class Token:
    """A personal or a runner's token."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App: its id, its private key as PEM, and the repository (`owner/name`) that it is installed on."""

    app_id: str
    private_key: str = field(repr=False)
    repository: str


class Pass(Protocol):
    """What a request shows, and what no text may show."""

    def current(self) -> str:
        """Return the token that the next request shows."""

    def hide(self, text: str) -> str:
        """Return a text without our secrets."""

    def account(self) -> str | None:
        """Return the account that we write as; None where only the host knows."""


@dataclass(frozen=True, slots=True)
class TokenPass:
    """A token as it was given."""

    token: Token

    def current(self) -> str:
        """Return the token."""
        return self.token.value

    def hide(self, text: str) -> str:
        """Blank the token out."""
        return text.replace(self.token.value, "***")

    def account(self) -> str | None:
        """A token does not tell whose it is."""
        return None


class AppPass:
    """An App's installation token, taken when it is needed and renewed five minutes before it ends.

    `now` is in seconds since 1970.
    """

    def __init__(self, app: App, ask: Ask, now: Callable[[], float]) -> None:
        self._app = app
        self._ask = ask
        self._now = now
        self._installation: int | None = None
        self._token = ""
        self._ends = 0.0

    def current(self) -> str:
        """Return the installation's token, a fresh one where the last one ends soon."""
        if not self._token or self._now() > self._ends - _RENEWED:
            path = f"/app/installations/{self._installed()}/access_tokens"
            told = self._ask(AccessToken, "POST", path, self._signed())
            self._token = told.token
            self._ends = datetime.fromisoformat(told.expires_at).timestamp()
        return self._token

    def hide(self, text: str) -> str:
        """Blank the token out; the key itself is never sent."""
        return text.replace(self._token, "***") if self._token else text

    def account(self) -> str | None:
        """Return the App's account."""
        return f"{self._ask(Slug, 'GET', '/app', self._signed()).slug}[bot]"

    def _installed(self) -> int:
        if self._installation is None:
            path = f"/repos/{quote(self._app.repository)}/installation"
            self._installation = self._ask(Installation, "GET", path, self._signed()).id
        return self._installation

    def _signed(self) -> Auth.Auth:
        signed = Auth.AppAuth(self._app.app_id, self._app.private_key)
        try:
            return Auth.AppAuthToken(signed.create_jwt())
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            # What the library says of a key that it cannot read may quote the key.
            kind = type(error).__name__
            message = (
                f"GitHub App {self._app.app_id}: could not sign with its private key: {kind}. Give the whole PEM file"
            )
            raise ConfigurationError(message) from None


def checked(auth: Token | App) -> Token | App:
    """Return the authentication if a request can carry it.

    Raises ConfigurationError, without naming the secret, where it is empty or holds blanks.
    """
    if isinstance(auth, Token) and not re.fullmatch(r"[!-~]{4,4000}", auth.value):
        message = "GitHub: could not use the token: it is empty, or holds blanks or line ends. Give the bare token"
        raise ConfigurationError(message)
    if isinstance(auth, App) and not (re.fullmatch(r"[\w.-]{1,100}", auth.app_id) and auth.private_key.strip()):
        message = "GitHub: could not use the App: its id or its private key is missing. Give both"
        raise ConfigurationError(message)
    return auth
