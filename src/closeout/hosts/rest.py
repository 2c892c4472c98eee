"""A host's JSON API through httpx: one call, one request, at the host's pace; every answer bounded and checked."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from closeout.errors import ConfigurationError, TrackerError
from closeout.hosts.outward import UNTRUSTED, hindered, proxy, trusted
from closeout.hosts.pacing import Errand, Lost, NotSent, Pace, Reply

Answer = TypeVar("Answer", bound=BaseModel)
Read = TypeVar("Read")
_ANSWER_SECONDS = 60.0
_LARGEST = 64_000_000
_BAD_TOKEN = re.compile(r"\btoken is not valid\b", re.IGNORECASE)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_WRITTEN = {"POST": {200, 201}, "PUT": {200, 201}, "PATCH": {200, 201}, "DELETE": {200, 202, 204}}


class Refused(TrackerError):  # noqa: N818 - it names what happened
    """The host surely did not do it: `reply` is its answer, `status` and `message` are of it."""

    def __init__(self, errand: Errand, reply: Reply) -> None:
        status = 401 if _BAD_TOKEN.search(reply.message) else reply.status  # Plane says 403
        why, advice = _BY_STATUS.get(status, _REFUSED) if not 300 <= reply.status < 400 else _ELSEWHERE
        told = f"{why} ({reply.status}{': ' if reply.message else ''}{reply.message})"
        super().__init__(str(errand.failed(told, advice)))
        self.reply = reply
        self.status = reply.status
        self.message = reply.message


class Rest:
    """A way to the API at `base`, showing `headers` with every request; `secret` is what no text may show.

    `timeout` is how many seconds connecting and each silence of an answer may take. No redirect is ever followed: it may
    lead a token elsewhere, and make a read of a write. Every method raises TrackerError (`Refused` where the host
    answered no) and LaterError; those that write raise OutcomeUnknown too.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        secret: str,
        pace: Pace,
        *,
        timeout: tuple[float, float] = (10.0, 30.0),
    ) -> None:
        self.base = base.rstrip("/")
        self.pace = pace
        self._secret = secret
        connect, silence = timeout
        self._proxy = proxy(self.base)
        self._client = httpx.Client(
            headers={"Accept": "application/json", "User-Agent": "closeout", **headers},
            timeout=httpx.Timeout(silence, connect=connect),
            follow_redirects=False,
            verify=trusted(),
            proxy=self._proxy or None,
            trust_env=False,  # its own reading of NO_PROXY knows no port and no network
        )

    def place(self, name: str) -> str:
        """Name something of this host as an error names it."""
        return f"{urlsplit(self.base).netloc}/{name}"

    def ask(
        self,
        verb: str,
        path: str,
        errand: Errand,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Reply:
        """Send a request until there is an answer, and return it, whatever its status."""
        return self.pace.send(lambda: self._exchange(verb, path, query, body), errand)

    def read(self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None = None) -> Answer:
        """Read one thing."""
        return self.checked(TypeAdapter(kind), self.ask("GET", path, errand, query), errand)

    def several(
        self, kind: type[Answer], path: str, errand: Errand, query: Mapping[str, str] | None = None
    ) -> tuple[list[Answer], Reply]:
        """Read one page of a list, and the reply that tells whether there are more."""
        reply = self.ask("GET", path, errand, query)
        return self.checked(TypeAdapter(list[kind]), reply, errand), reply  # type: ignore[valid-type] # made at run time

    def write(self, kind: type[Answer], verb: str, path: str, body: Mapping[str, object], errand: Errand) -> Answer:
        """Send what changes or makes something, and return what it is then."""
        reply = self.ask(verb, path, errand, None, body)
        if reply.status < 300 and reply.status not in _WRITTEN[verb]:
            raise errand.unknown(f"it answered {reply.status}")
        return self.checked(TypeAdapter(kind), reply, errand)

    def checked(self, adapter: TypeAdapter[Read], reply: Reply, errand: Errand) -> Read:
        """Return what an answer says. Raises Refused for a no, and for one that cannot be understood what suits the
        errand: the effect of a write is then unknown.
        """
        if reply.status >= 300:
            raise Refused(errand, reply)
        try:
            return adapter.validate_python(reply.data)
        except ValidationError as error:
            first = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:100]
        why = f"its answer cannot be read (at {first or 'the start'})"
        raise errand.unknown(why) if errand.write else errand.failed(why, "Check that the address is the API's")

    def _exchange(
        self, verb: str, path: str, query: Mapping[str, str] | None, body: Mapping[str, object] | None
    ) -> Reply:
        end = self.pace.now() + _ANSWER_SECONDS
        parts, size = [], 0
        try:
            with self._client.stream(verb, self.base + path, params=query, json=body) as response:
                for part in response.iter_bytes(1 << 16):
                    size += len(part)
                    parts.append(part)
                    if size > _LARGEST:
                        raise Lost("it is too large")
                    if self.pace.now() > end:
                        raise Lost("timed out")
                headers = {name.lower(): value for name, value in response.headers.items()}
                data = _decoded(b"".join(parts), needed=response.status_code < 300)
                return Reply(response.status_code, headers, data if response.status_code < 300 else self._hidden(data))
        except _NEVER_LEFT as error:
            raise NotSent(_reason(error, self._proxy)) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Lost(_reason(error, self._proxy)) from None

    def _hidden(self, data: object) -> object:
        """A refusal without our secret, should the host repeat it."""
        if isinstance(data, str):
            return data.replace(self._secret, "***") if self._secret else data
        if isinstance(data, list):
            return [self._hidden(one) for one in data]
        return {str(name): self._hidden(one) for name, one in data.items()} if isinstance(data, dict) else data


def address(url: str, kind: str) -> str:
    """Return a host's address as `scheme://host[:port]/path`, without a slash at its end.

    Raises ConfigurationError for one that is none, or that would send the token in the clear.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    schemes = {"https", "http"} if host in _LOOPBACK else {"https"}
    if parts.scheme not in schemes or not host or "@" in parts.netloc or parts.query or parts.fragment:
        message = f"{host or kind}: could not use this address: it must be https://HOST. Correct the tracker's url"
        raise ConfigurationError(message)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def next_query(reply: Reply, asked: Mapping[str, str]) -> dict[str, str] | None:
    """Return the query of the next page by the `Link` header; None at the last. Nothing but its query is taken: it may
    name any host.
    """
    for part in reply.headers.get("link", "").split(",")[:20]:
        if match := re.fullmatch(r'\s*<([^<>]{1,4000})>\s*;.*\brel="?next"?.*', part):
            return {**asked, **dict(httpx.URL(match[1]).params)}
    return None


def _decoded(content: bytes, *, needed: bool) -> object:
    """What an answer holds; a refusal may come from a proxy and hold a page for people, of which nothing is needed."""
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError):
        if needed:
            raise Lost("it is not JSON") from None
        return None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came of; a tunnel adds one to them."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(error: Exception, by: str) -> str:
    """What went wrong, in words that hold no address and no header."""
    if isinstance(error, httpx.TimeoutException):
        return "timed out"
    if any(isinstance(one, ssl.SSLError) for one in _behind(error)):
        return UNTRUSTED
    return hindered(error, by) if isinstance(error, _NEVER_LEFT) else "the connection broke"


_REFUSED = ("the host refused", "Look at the answer, and run again when its cause is gone")
_ELSEWHERE = ("it has another name or address now", "Name the project and the url as they are now")
_BY_STATUS = {
    400: ("the host does not accept these values", "Correct what it names, and run again"),
    401: ("the token was not accepted", "Check that it is whole and has not expired"),
    403: ("the token may not do this", "Give it read and write access to this project's issues"),
    404: (
        "it is not there, or the token may not see it",
        "Check the name of the project, and that the token may read and write its issues",
    ),
    409: ("it is there already, or was changed meanwhile", "Run again, so that it is looked at anew"),
    410: ("it was deleted", "Run again; nothing is written to what is gone"),
    413: ("it is too large", "Shorten it, and run again"),
    422: ("the host does not accept these values", "Correct what it names, and run again"),
    423: ("the repository is archived or locked", "Unarchive it, or name another project"),
}
