"""The way to a JSON API: what is sent, and what its answers and failures come to."""

from __future__ import annotations

import httpx
import pytest
import respx
from pydantic import BaseModel

from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.pacing import Errand, Pace, Reply
from closeout.hosts.rest import Refused, Rest, address, next_query
from fakes.faults import cut, dropped, failed
from fakes.http import Fault, Loopback
from fakes.http import Reply as Answered

API = "https://git.example.com/api/v1"
READ, WRITE = Errand("git.example.com/a/b", "read it"), Errand("git.example.com/a/b", "make it", write=True)
SECRET = "s3cr3t-t0ken"


class Thing(BaseModel):
    name: str


def rest(waits: list[float] | None = None, base: str = API) -> Rest:
    paused = waits if waits is not None else []
    pace = Pace(paused.append, lambda: 1000.0 + sum(paused), between_writes=0.0)
    return Rest(base, {"Authorization": f"token {SECRET}"}, SECRET, pace, timeout=(2.0, 2.0))


@respx.mock
def test_a_read_sends_the_token_and_the_query_and_nothing_else() -> None:
    route = respx.get(f"{API}/things", params={"page": "2"}).respond(json={"name": "one"})
    assert rest().read(Thing, "/things", READ, {"page": "2"}).name == "one"
    sent = route.calls.last.request
    assert sent.headers["authorization"] == f"token {SECRET}"
    assert (sent.headers["accept"], sent.headers["user-agent"], sent.content) == ("application/json", "closeout", b"")


@respx.mock
def test_a_write_sends_json_and_takes_what_comes_back() -> None:
    route = respx.patch(f"{API}/things/1", json={"name": "two"}).respond(201, json={"name": "two"})
    assert rest().write(Thing, "PATCH", "/things/1", {"name": "two"}, WRITE).name == "two"
    assert route.calls.last.request.headers["content-type"] == "application/json"


@respx.mock
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    respx.post(f"{API}/things").respond(status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(Refused, match="another name or address"):
        rest().write(Thing, "POST", "/things", {}, WRITE)


@respx.mock
def test_a_read_is_asked_again_after_a_failure_of_the_host_and_a_write_is_not() -> None:
    respx.get(f"{API}/things").mock(side_effect=[httpx.Response(502), httpx.Response(200, json={"name": "one"})])
    waits: list[float] = []
    assert rest(waits).read(Thing, "/things", READ).name == "one"
    assert waits == [1.0]
    route = respx.post(f"{API}/things").respond(502)
    with pytest.raises(OutcomeUnknown, match="looked up by the next run"):
        rest().write(Thing, "POST", "/things", {}, WRITE)
    assert route.call_count == 1


@respx.mock
def test_a_wait_that_the_host_asks_for_is_made_and_one_beyond_the_cap_ends_the_run() -> None:
    early = httpx.Response(429, headers={"Retry-After": "59"}, json={"error_message": "RATE_LIMIT_EXCEEDED"})
    respx.post(f"{API}/things").mock(side_effect=[early, httpx.Response(201, json={"name": "one"})])
    waits: list[float] = []
    assert rest(waits).write(Thing, "POST", "/things", {}, WRITE).name == "one"
    assert waits == [59.0]
    respx.get(f"{API}/things").respond(429, headers={"Retry-After": "3600"})
    with pytest.raises(LaterError, match="3600 s"):
        rest().read(Thing, "/things", READ)


@respx.mock
@pytest.mark.parametrize(("body", "why"), [(b"<html>", "not JSON"), (b'{"title": 1}', "cannot be read \\(at name\\)")])
def test_an_answer_that_cannot_be_understood_leaves_a_write_unknown(body: bytes, why: str) -> None:
    respx.post(f"{API}/things").respond(201, content=body)
    with pytest.raises(OutcomeUnknown, match=why):
        rest().write(Thing, "POST", "/things", {}, WRITE)


@respx.mock
def test_a_success_that_is_none_of_a_write_leaves_it_unknown() -> None:
    respx.post(f"{API}/things").respond(202, json={"name": "one"})
    with pytest.raises(OutcomeUnknown, match="answered 202"):
        rest().write(Thing, "POST", "/things", {}, WRITE)


@respx.mock
def test_a_refusal_says_why_and_what_to_do_and_never_repeats_the_token() -> None:
    respx.get(f"{API}/things").respond(403, json={"message": f"token {SECRET} may\nnot"})
    with pytest.raises(Refused) as told:
        rest().read(Thing, "/things", READ)
    assert str(told.value) == (
        "git.example.com/a/b: could not read it: the token may not do this (403: token *** may not). "
        "Give it read and write access to this project's issues"
    )


@respx.mock
def test_a_host_that_cannot_be_reached_is_no_unknown_outcome() -> None:
    respx.post(f"{API}/things").mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(TrackerError, match="cannot be reached") as told:
        rest().write(Thing, "POST", "/things", {}, WRITE)
    assert not isinstance(told.value, OutcomeUnknown)


@pytest.mark.parametrize("act", [dropped(done=True), cut(), failed(done=True)], ids=["dropped", "cut", "502"])
def test_a_broken_answer_leaves_a_write_unknown(act: object) -> None:
    assert callable(act)
    with Loopback(lambda request: Answered(201, {"name": "one"})) as server:
        server.faults.append(Fault(act))
        with pytest.raises(OutcomeUnknown):
            rest(base=server.url).write(Thing, "POST", "/things", {"name": "one"}, WRITE)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url", ["http://git.example.com", "git.example.com", "https://me:pw@git.example.com", "https://"]
)
def test_an_address_that_would_send_the_token_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        address(url, "Forgejo")


def test_an_address_keeps_its_path_and_loses_its_last_slash() -> None:
    assert address("https://Git.Example.com/Forge/", "Forgejo") == "https://git.example.com/Forge"
    assert address("http://127.0.0.1:3000", "Forgejo") == "http://127.0.0.1:3000"


def test_of_a_link_to_the_next_page_only_the_query_is_taken() -> None:
    links = '<https://evil.example/x?page=3&limit=50>; rel="next", <https://git.example.com/y?page=9>; rel="last"'
    assert next_query(_linked(links), {"state": "all"}) == {"state": "all", "page": "3", "limit": "50"}
    assert next_query(_linked('<https://git.example.com/y?page=1>; rel="prev"'), {}) is None


def _linked(links: str) -> Reply:
    return Reply(200, {"link": links})
