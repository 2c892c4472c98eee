"""What goes wrong between a run and a tracker's host, in words; each at one request, or from that request on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benches import sent
from fakes import faults
from fakes.http import Act, Answer, Fault, Reply, Request

ELSEWHERE = "http://127.0.0.1:9/elsewhere"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`act` is what goes wrong, `fits` which requests it can go wrong with; `slow` needs a client without patience."""

    name: str
    act: Act
    fits: Callable[[Request, Reply], bool] = lambda request, reply: True
    slow: bool = False


@dataclass(slots=True)
class Going(Fault):
    """Goes wrong with request number `skip` of those that are like one, and with all after it if it `stays`."""

    like: str = ""
    stays: bool = False
    met: bool = False

    def takes(self, request: Request) -> bool:
        if self.met:
            return self.stays
        if sent(request) != self.like:
            return False
        self.skip -= 1
        self.met = self.skip < 0
        return self.met


def is_list(request: Request, reply: Reply) -> bool:
    return request.method == "GET" and bool(faults.rows(reply))


def has_body(request: Request, reply: Reply) -> bool:
    return bool(reply.body)


def changes(request: Request, reply: Reply) -> bool:
    return request.method in {"PATCH", "PUT"} and isinstance(_sent(request), dict)


def shorter(request: Request, answer: Answer) -> Reply:
    """A list comes without its second half, and without a next page."""
    reply = answer(request)
    there = faults.rows(reply)
    return reply if there is None else faults.listing(reply, there[: len(there) // 2])


def halved(request: Request, answer: Answer) -> Reply:
    """The first of the sent values is applied, then the server fails."""
    if not changes(request, Reply(200)):
        return answer(request)
    answer(replace(request, body=json.dumps(dict(list(_sent(request).items())[:1])).encode()))
    return Reply(502, raw=b"<html>Bad gateway</html>")


def hollow(request: Request, answer: Answer) -> Reply:
    """The answer, or every object of a list, lacks all that was asked for."""
    reply = answer(request)
    there = faults.rows(reply)
    return replace(reply, body={}) if there is None else faults.listing(reply, [{} for _ in there])


def _sent(request: Request) -> Any:
    try:
        return request.sent
    except ValueError:
        return None


TROUBLES = (
    Trouble("a 502 before it is done", faults.failed(done=False)),
    Trouble("a 502 after it was done", faults.failed(done=True)),
    Trouble("a connection that is dropped before it is done", faults.dropped(done=False)),
    Trouble("a connection that is dropped after it was done", faults.dropped(done=True)),
    Trouble("an answer that breaks off", faults.cut(), has_body),
    Trouble("no answer in time, though it was done", faults.held(done=True), slow=True),
    Trouble("no answer in time, and it was not done", faults.held(done=False), slow=True),
    Trouble("a 429 that says when to come again", faults.limited(429, retry_after=30)),
    Trouble("a 429 that says to come tomorrow", faults.limited(429, retry_after=86_400)),
    Trouble("a 429 that does not say when", faults.limited(429, "Too many requests")),
    Trouble("a refusal for lack of rights", faults.refused(403, "Resource not accessible")),
    Trouble("a 404 for what is there", faults.refused(404, "Not Found")),
    Trouble("a list of which half is missing", shorter, is_list),
    Trouble("a list that is empty", faults.empty(), is_list),
    Trouble("half of the JSON", faults.truncated(), has_body),
    Trouble("a page for people with status 200", faults.not_json(), has_body),
    Trouble("an answer that lacks what was asked", hollow, has_body),
    Trouble("a change of which half is applied", halved, changes),
    Trouble("a 307 that leads elsewhere", faults.redirected(ELSEWHERE, 307)),
)
