"""What can go wrong with a request: before it is done, after it was done, or with the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from fakes.http import Act, Answer, Reply, Request

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to "
    "GitHub Support for help, please include the request ID 0401:2E0F:1A2B3C:4D5E6F:65000000."
)
CONTENT = (
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry "
    "your request again later."
)
PRIMARY = "API rate limit exceeded for user ID 1."


def failed(status: int = 502, *, done: bool) -> Act:
    """A server or the proxy before it fails: what was asked was done, or it was not, and the client cannot tell."""

    def act(request: Request, answer: Answer) -> Reply:
        if done:
            answer(request)
        return Reply(status, raw=b"<html><body><h1>Server Error</h1></body></html>")

    return act


def dropped(*, done: bool) -> Act:
    """The connection is closed without a word."""
    return _ending("dropped", done=done)


def held(*, done: bool = True) -> Act:
    """The answer never comes: the client's time limit ends it."""
    return _ending("held", done=done)


def _ending(ends: str, *, done: bool) -> Act:
    def act(request: Request, answer: Answer) -> Reply:
        if done:
            answer(request)
        return Reply(200, ends="held" if ends == "held" else "dropped")

    return act


def limited(status: int = 403, message: str = SECONDARY, *, retry_after: int | None = None, reset: int = 0) -> Act:
    """A rate limit says no: nothing is done. With `reset` (unix seconds) it is the primary one: nothing remains."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if reset:
        headers |= {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    return refused(status, message, headers)


def refused(status: int, message: str, headers: Mapping[str, str] | None = None) -> Act:
    """The request is refused with these words: nothing is done."""
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return lambda request, answer: Reply(status, body, headers or {})


def redirected(url: str, status: int = 301) -> Act:
    """The request is sent elsewhere."""
    return lambda request, answer: Reply(status, {"message": "Moved Permanently", "url": url}, {"Location": url})


def truncated() -> Act:
    """Half of the JSON comes, as a whole reply."""

    def act(request: Request, answer: Answer) -> Reply:
        reply = answer(request)
        return replace(reply, raw=reply.content[: len(reply.content) // 2])

    return act


def cut() -> Act:
    """The connection breaks in the middle of the reply."""
    return lambda request, answer: replace(answer(request), ends="cut")


def empty() -> Act:
    """A list comes back empty, and without a next page."""
    return lambda request, answer: listing(answer(request), [])


def rows(reply: Reply) -> list[object] | None:
    """What a list holds, bare or in Plane's envelope; None where it is none."""
    body = reply.body
    there = body.get("results") if isinstance(body, dict) else body
    return there if isinstance(there, list) else None


def listing(reply: Reply, there: list[object]) -> Reply:
    """The list with this in it: it says that this is all."""
    headers = {name: value for name, value in reply.headers.items() if name not in {"Link", "ETag", "X-Total-Count"}}
    body: object = there
    if isinstance(reply.body, dict):
        counts = dict.fromkeys(("count", "total_count", "total_results"), len(there))
        body = {**reply.body, **counts, "next_page_results": False, "results": there}
    return replace(reply, body=body, headers=headers)


def not_json(content: bytes = b"<html>Unicorn!</html>") -> Act:
    """What was asked is done, and a page for people is the answer."""
    return lambda request, answer: replace(answer(request), raw=content)


def lacking(*names: str) -> Act:
    """The reply's objects lack these keys."""
    return _each(lambda told: {name: value for name, value in told.items() if name not in names})


def saying(**values: object) -> Act:
    """The reply's objects say something else: `number=None`, a title that was not sent."""
    return _each(lambda told: {**told, **values})


def half(*names: str, status: int = 502) -> Act:
    """Only these of the sent values are applied, then the server fails."""

    def act(request: Request, answer: Answer) -> Reply:
        sent = {name: value for name, value in request.sent.items() if name in names}
        answer(replace(request, body=json.dumps(sent).encode()))
        return Reply(status, raw=b"<html><body><h1>Server Error</h1></body></html>")

    return act


def ignoring(*names: str) -> Act:
    """These of the sent values are dropped, and the reply is a success."""

    def act(request: Request, answer: Answer) -> Reply:
        sent = {name: value for name, value in request.sent.items() if name not in names}
        return answer(replace(request, body=json.dumps(sent).encode()))

    return act


def _each(change: object) -> Act:
    def act(request: Request, answer: Answer) -> Reply:
        reply = answer(request)
        assert callable(change)
        body = [change(told) for told in reply.body] if isinstance(reply.body, list) else change(reply.body)
        return replace(reply, body=body)

    return act
