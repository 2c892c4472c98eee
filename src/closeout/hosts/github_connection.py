"""One exchange with GitHub through PyGithub, whose own retries, sleeps and redirects are off."""

from __future__ import annotations

import json
from collections.abc import Callable, ItemsView, Mapping
from urllib.parse import urlsplit

import requests
from github import Auth, Github
from github.Requester import HTTPSRequestsConnectionClass, RequestsResponse

from closeout.hosts.outward import UNTRUSTED, hindered, proxy, untrusting
from closeout.hosts.pacing import Lost, NotSent, Reply

API_VERSION = "2022-11-28"
_ANSWER_SECONDS = 60.0
_LARGEST = 64_000_000
# PyGithub follows a 301 by itself and drops its query, and asks again for ever after a 202: it shall see neither.
_DISGUISED = {301: 308, 202: 503}


class GitHubConnection:
    """A way to the API at `base` (`https://api.github.com`, `https://HOST/api/v3`): one call, one request.

    `timeout` is how many seconds connecting and each silence may take, `now` the time by which a whole answer has 60.
    """

    def __init__(self, base: str, timeout: tuple[float, float], now: Callable[[], float]) -> None:
        self._requester = Github(
            base_url=base,
            user_agent="closeout",
            per_page=100,
            retry=0,
            seconds_between_requests=None,
            seconds_between_writes=None,
            api_version=API_VERSION,
        ).requester
        self._wire = _Wire(base, timeout, now)
        self._proxy = proxy(base)

    def exchange(
        self,
        verb: str,
        path: str,
        auth: Auth.Auth | None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Reply:
        """Send one request and return its answer, whatever its status.

        Raises NotSent where no connection came about, and Lost where no whole reply came back.
        """
        headers: dict[str, str] = {"Accept": "application/vnd.github+json"}
        if auth is not None:
            auth.authentication(headers)
        try:
            status, told, text = self._requester.requestJson(
                verb, path, dict(query or {}), headers, dict(body) if body is not None else None, cnx=self._wire
            )
            data = _decoded(text, needed=status < 300)
        except requests.RequestException as error:
            reason = _reason(error, self._proxy)
            raise (NotSent(reason) if _never_left(error) else Lost(reason)) from None
        except OSError as error:  # requests says so of a file of certificates
            raise untrusting() if "TLS CA certificate" in str(error) else Lost("the connection broke") from None
        except (ValueError, OverflowError, RecursionError) as error:
            reason = "it is not JSON" if isinstance(error, json.JSONDecodeError) else "it cannot be read"
            raise Lost(reason) from None
        return Reply(status, told, data)


class _Answer(RequestsResponse):
    """An answer as PyGithub reads it: whole, bounded, and UTF-8 as JSON is."""

    def __init__(self, response: requests.Response, now: Callable[[], float]) -> None:
        super().__init__(response)
        end = now() + _ANSWER_SECONDS
        self.status = _DISGUISED.get(response.status_code, response.status_code)
        parts, size = [], 0
        for part in response.iter_content(1 << 16):
            size += len(part)
            if size > _LARGEST or now() > end:
                response.close()
                raise requests.exceptions.ContentDecodingError if size > _LARGEST else requests.exceptions.ReadTimeout
            parts.append(part)
        self._text = b"".join(parts).decode("utf-8", "replace")

    def getheaders(self) -> ItemsView[str, str]:
        return self.headers.items()

    def read(self) -> str:
        return self._text


class _Wire(HTTPSRequestsConnectionClass):
    """PyGithub's connection, to http too, that never sends twice and reads in bounds."""

    def __init__(self, base: str, timeout: tuple[float, float], now: Callable[[], float]) -> None:
        parts = urlsplit(base)
        super().__init__(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443), retry=0)
        self.protocol = parts.scheme
        self.session.mount("http://", self.adapter)
        self._patience = timeout
        self._now = now

    def getresponse(self) -> RequestsResponse:
        response = self.session.request(
            self.verb,
            f"{self.protocol}://{self.host}:{self.port}{self.url}",
            headers=self.headers,
            data=self.input,
            timeout=self._patience,
            allow_redirects=False,
            stream=True,
        )
        return _Answer(response, self._now)


def _decoded(text: str, *, needed: bool) -> object:
    """What an answer holds; a refusal may come from a proxy and hold a page for people, of which nothing is needed."""
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        if needed:
            raise
        return None


def _never_left(error: requests.RequestException) -> bool:
    """Whether a request failed before anything of it was sent; a broken TLS may break in the middle of the answer."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _reason(error: requests.RequestException, by: str) -> str:
    """What went wrong, in words that hold no address and no header."""
    if isinstance(error, requests.exceptions.Timeout):
        return "timed out"
    if isinstance(error, requests.exceptions.SSLError):
        return UNTRUSTED
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "it is too large or broken"
    return hindered(error, by) if _never_left(error) else "the connection broke"
