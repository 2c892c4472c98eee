"""A plain HTTP client for the tests of the fakes: one connection, kept alive, nothing retried, no redirect followed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Told:
    """A reply: header names in lower case, `body` read as JSON (None without one)."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def links(self) -> dict[str, str]:
        """Where the Link header leads, by relation, as paths with their queries."""
        found = {}
        for link in self.headers.get("link", "").split(", "):
            url, _, name = link.partition("; rel=")
            if name:
                parts = urlsplit(url.strip("<>"))
                found[name.strip('"')] = f"{parts.path}?{parts.query}"
        return found


class Ask:
    """Asks one server; `token` empty asks as nobody."""

    def __init__(self, url: str, token: str = "", timeout: float = 5) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=timeout)
        self._token = token

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        """Ask; `headers` are named with `_` for `-`. Raises OSError and HTTPException as the line does."""
        sent = {"User-Agent": "tests", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        try:
            self._connection.request(method, path, None if body is None else json.dumps(body).encode(), sent)
            reply = self._connection.getresponse()
            content = reply.read()
        except Exception:
            self._connection.close()
            raise
        told = {name.lower(): value for name, value in reply.getheaders()}
        return Told(reply.status, told, json.loads(content) if content else None)
