"""Plane's API as it is asked: the requests of every function, and the traps that are known, by their number there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.pacing import Pace
from closeout.hosts.plane import PER_MINUTE, Board, Plane, addresses
from closeout.hosts.plane_replies import FIELDS, RawItem, Taken
from closeout.hosts.rest import Refused
from fakes import faults
from fakes.http import Fault
from fakes.plane import PlaneFake
from plane_bench import PlaneBench

API = "https://api.plane.so/api/v1"
KEY = "plane_api_s3cr3t"
P, ITEM, STATE, ANN = (f"{number:08x}-0000-4000-8000-000000000001" for number in range(1, 5))
BOARD = Board("acme", P, "ROOSE")
BELOW = f"{API}/workspaces/acme/projects/{P}"
RAW = {
    "id": ITEM, "type_id": None, "created_at": "2026-11-20T20:39:13.048974Z", "updated_at": "2026-11-20T20:39:13.048990Z",
    "deleted_at": None, "point": None, "name": "Fix DB failover", "description_html": "<div><p>Body</p></div>",
    "description_binary": None, "priority": "high", "start_date": None, "target_date": "2026-12-31", "sequence_id": 2,
    "sort_order": 65535.0, "completed_at": None, "archived_at": None, "is_draft": False, "external_source": "closeout",
    "external_id": "v1:ab", "created_by": ANN, "updated_by": None, "project": P, "workspace": P, "parent": None,
    "state": STATE, "estimate_point": None, "type": None, "assignees": [ANN], "labels": [],
}  # fmt: skip


def plane(waits: list[float] | None = None, word: str = "work-items") -> Plane:
    paused = waits if waits is not None else []
    host = Plane("https://app.plane.so", KEY, Pace(paused.append, lambda: 1000.0 + sum(paused), between_writes=0.0))
    host._word = word
    return host


def page(*results: object, more: bool = False, at: int = 1, count: int | None = None) -> dict[str, object]:
    """A page in the envelope that Plane 1.3.1 answers with."""
    return {
        "grouped_by": None, "sub_grouped_by": None, "total_count": len(results) if count is None else count,
        "next_cursor": f"100:{at}:0", "prev_cursor": "100:-1:1", "next_page_results": more, "prev_page_results": False,
        "count": len(results), "total_pages": 1, "total_results": len(results), "extra_stats": None,
        "results": list(results),
    }  # fmt: skip


@pytest.fixture
def bench(plane_fake: PlaneFake) -> PlaneBench:
    return PlaneBench(plane_fake)


PERSON = {
    "id": ANN,
    "first_name": "Ann",
    "last_name": "",
    "email": "ann@example.com",
    "avatar": "",
    "display_name": "ann",
}
READS: dict[str, tuple[str, dict[str, str], object, Callable[[Plane], object]]] = {
    "viewer": ("/users/me/", {}, PERSON, lambda host: host.viewer() and host.viewer().id == ANN),  # type: ignore[union-attr]
    "projects": (
        "/workspaces/acme/projects/",
        {"per_page": "100"},
        page({"id": P, "identifier": "ROOSE", "network": 2, "is_deployed": False}),
        lambda host: [one.identifier for one in host.projects("acme")] == ["ROOSE"],
    ),
    "states": (
        f"/workspaces/acme/projects/{P}/states/",
        {"per_page": "100"},
        page(
            {"id": STATE, "name": "Todo", "color": "#fff", "sequence": 25000.0, "group": "unstarted", "default": False}
        ),
        lambda host: [(one.name, one.group) for one in host.states(BOARD)] == [("Todo", "unstarted")],
    ),
    "labels": (
        f"/workspaces/acme/projects/{P}/labels/",
        {"per_page": "100"},
        page({"id": STATE, "name": "team/sre"}),
        lambda host: [one.name for one in host.labels(BOARD)] == ["team/sre"],
    ),
    "members": (
        f"/workspaces/acme/projects/{P}/members/",
        {},
        [PERSON],
        lambda host: [one.display_name for one in host.members(BOARD)] == ["ann"],
    ),
    "colleagues": (
        "/workspaces/acme/members/",
        {},
        [{**PERSON, "role": 20}],
        lambda host: [one.email for one in host.colleagues("acme")] == ["ann@example.com"],
    ),
    "items": (
        f"/workspaces/acme/projects/{P}/work-items/",
        {"order_by": "sequence_id", "fields": FIELDS, "per_page": "100"},
        page({name: RAW[name] for name in FIELDS.split(",")}),
        lambda host: [one.sequence_id for one in host.items(BOARD)] == [2],
    ),
    "item": (
        f"/workspaces/acme/projects/{P}/work-items/{ITEM}/",
        {},
        RAW,
        lambda host: host.item(BOARD, ITEM).name == "Fix DB failover",
    ),
    "numbered": ("/workspaces/acme/work-items/ROOSE-2/", {}, RAW, lambda host: host.numbered(BOARD, 2).id == ITEM),
    "external": (
        f"/workspaces/acme/projects/{P}/work-items/",
        {"external_id": "v1:ab", "external_source": "closeout"},
        RAW,
        lambda host: host.external(BOARD, "v1:ab", "closeout") == RawItem.model_validate(RAW),
    ),
}
TOLD: dict[str, object] = {
    "name": "Add",
    "description_html": "<p>B</p>",
    "external_id": "v1:ab",
    "external_source": "closeout",
}
WRITES: dict[str, tuple[str, str, dict[str, object], int, Any, Callable[[Plane], object]]] = {
    "create_item": (
        "POST",
        f"/workspaces/acme/projects/{P}/work-items/",
        TOLD,
        201,
        RAW,
        lambda host: host.create_item(BOARD, TOLD) == RawItem.model_validate(RAW),
    ),
    "edit_item": (
        "PATCH",
        f"/workspaces/acme/projects/{P}/work-items/{ITEM}/",
        {"target_date": None},
        200,
        RAW,
        lambda host: host.edit_item(BOARD, RawItem.model_validate(RAW), {"target_date": None}).id == ITEM,
    ),
    "create_label": (
        "POST",
        f"/workspaces/acme/projects/{P}/labels/",
        {"name": "team/sre"},
        201,
        {"id": STATE, "name": "team/sre"},
        lambda host: host.create_label(BOARD, "team/sre") == STATE,
    ),
}


@pytest.mark.parametrize("name", READS)
def test_what_is_sent_to_read(name: str) -> None:
    path, query, body, call = READS[name]
    with respx.mock(assert_all_called=True) as mock:
        route = mock.get(f"{API}{path}").respond(json=body)
        assert call(plane())
    (sent,) = (told.request for told in route.calls)
    assert dict(sent.url.params) == query
    assert (sent.headers["X-API-Key"], "authorization" in sent.headers, sent.content) == (KEY, False, b"")


@pytest.mark.parametrize("name", WRITES)
def test_what_is_sent_to_write(name: str) -> None:
    verb, path, body, status, answer, call = WRITES[name]
    with respx.mock(assert_all_called=True) as mock:
        route = mock.request(verb, f"{API}{path}").respond(status, json=answer)
        assert call(plane())
    (sent,) = (told.request for told in route.calls)
    assert (json.loads(sent.content), str(sent.url)) == (body, f"{API}{path}")
    assert (sent.headers["X-API-Key"], sent.headers["content-type"]) == (KEY, "application/json")


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("answer", [b"<html>", b'{"results": [', b"[1]", b'{"id": "../../x"}'])
def test_an_answer_that_cannot_be_read_is_an_error_and_never_nothing(name: str, answer: bytes) -> None:
    path, _, _, call = READS[name]
    with respx.mock as mock:
        mock.get(f"{API}{path}").respond(content=answer)
        with pytest.raises(TrackerError, match=r"JSON|cannot be read"):
            call(plane())


@pytest.mark.parametrize("name", READS)
def test_a_silence_is_asked_again_and_then_told(name: str) -> None:
    path, _, body, call = READS[name]
    with respx.mock as mock:
        mock.get(f"{API}{path}").mock(side_effect=[httpx.ReadTimeout("slow"), httpx.Response(200, json=body)])
        waits: list[float] = []
        assert call(plane(waits))
        assert waits == [1.0]
        mock.get(f"{API}{path}").mock(side_effect=httpx.ReadTimeout("slow"))
        with pytest.raises(TrackerError, match="timed out"):
            call(plane())


@pytest.mark.parametrize("name", ["create_item", "edit_item"])
@pytest.mark.parametrize(
    "answer", [httpx.ReadTimeout("slow"), httpx.Response(200, content=b"{}"), httpx.Response(502), httpx.Response(202)]
)
def test_a_lost_answer_to_a_write_is_an_unknown_outcome_and_nothing_is_sent_again(
    name: str, answer: httpx.Response | Exception
) -> None:
    verb, path, _, _, _, call = WRITES[name]
    with respx.mock as mock:
        route = mock.request(verb, f"{API}{path}").mock(side_effect=[answer])
        with pytest.raises(OutcomeUnknown):
            call(plane())
    assert route.call_count == 1


def test_s2_cursor_pages_are_read_until_there_is_none_whatever_the_next_cursor_says() -> None:
    first, second = {**RAW, "sequence_id": 1, "id": STATE}, RAW
    with respx.mock as mock:
        route = mock.get(f"{BELOW}/work-items/").mock(
            side_effect=[
                httpx.Response(200, json=page(first, more=True, count=2)),
                httpx.Response(200, json=page(second, at=2, count=2)),
            ]
        )
        assert [one.sequence_id for one in plane().items(BOARD)] == [1, 2]
    assert [told.request.url.params.get("cursor") for told in route.calls] == [None, "100:1:0"]


@pytest.mark.parametrize("pages", [[page(RAW, count=2)], [page(RAW, more=True, count=1), page(RAW, at=2, count=1)]])
def test_s2_pages_that_shift_are_asked_for_anew_and_at_last_refused(pages: list[object]) -> None:
    broken = [httpx.Response(200, json=one) for one in pages]
    with respx.mock as mock:
        mock.get(f"{BELOW}/work-items/").mock(side_effect=[*broken, httpx.Response(200, json=page(RAW))])
        assert len(plane().items(BOARD)) == 1
        mock.get(f"{BELOW}/work-items/").mock(side_effect=broken * 3)
        with pytest.raises(TrackerError, match=r"acme/ROOSE: could not list the work items: it changes while"):
            plane().items(BOARD)


def test_s2_pages_without_an_end_are_no_list() -> None:
    with respx.mock as mock:
        mock.get(f"{BELOW}/labels/").respond(json=page({"id": STATE, "name": "x"}, more=True))
        with pytest.raises(TrackerError, match="pages do not end"):
            plane().labels(BOARD)


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_s2_a_redirect_is_refused_so_that_no_write_becomes_a_read(verb: str) -> None:
    path, call = next((path, call) for method, path, _, _, _, call in WRITES.values() if method == verb)
    with respx.mock as mock:
        mock.request(verb, f"{API}{path}").respond(301, headers={"Location": f"{API}{path}x/"})
        with pytest.raises(Refused, match="another name or address"):
            call(plane())


def test_s2_every_address_ends_with_a_slash() -> None:
    assert all(path.endswith("/") for path, *_ in READS.values())
    assert all(path.endswith("/") for _, path, *_ in WRITES.values())


def test_s2_the_key_goes_by_its_own_header_and_a_bad_one_is_told_as_such(bench: PlaneBench) -> None:
    with pytest.raises(Refused, match=r"the token was not accepted \(403: Given API token is not valid\)\. Check"):
        bench.host("plane_api_bad").viewer()
    bench.fake.project("HIDDEN", access=False)
    hidden = bench.fake.projects[-1]
    with pytest.raises(Refused, match=r"the token may not do this \(403: You do not have permission"):
        bench.host().items(Board("acme", hidden.id, "HIDDEN"))


@pytest.mark.parametrize("paths", [("work-items", "issues"), ("work-items",), ("issues",)])
def test_s2_work_items_were_called_issues_and_the_path_is_found_out_once(paths: tuple[str, ...]) -> None:
    with PlaneFake(paths=paths) as fake:
        bench = PlaneBench(fake)
        there = bench.project.open("Add an alert")
        host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
        for _ in range(2):
            assert host.numbered(board, 1).id == there.id
            assert len(host.items(board)) == 1
        probed = ["GET /work-items/ROOSE-1/"] if paths == ("issues",) else []
        word = paths[0]
        assert bench.asked() == [*probed, *[f"GET /{word}/ROOSE-1/", f"GET /projects/P/{word}/"] * 2]


def test_s2_an_item_that_is_not_there_does_not_settle_which_path_it_is(bench: PlaneBench) -> None:
    host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
    with pytest.raises(Refused) as told:
        host.numbered(board, 7)
    assert told.value.status == 404
    assert host._word != "issues"


def test_s2_a_create_of_a_taken_key_names_the_one_that_has_it(bench: PlaneBench) -> None:
    host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
    made = host.create_item(board, TOLD)
    assert isinstance(made, RawItem)
    assert host.create_item(board, TOLD) == Taken(id=made.id)
    assert isinstance(host.create_item(board, {**TOLD, "external_source": "other"}), RawItem)
    bench.fake.script(Fault(faults.refused(409, "no id"), "POST"))
    with pytest.raises(Refused, match="409"):
        host.create_item(board, TOLD)


def test_s2_a_label_that_is_there_already_is_that_one(bench: PlaneBench) -> None:
    host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
    assert host.create_label(board, "team/sre") == host.create_label(board, "team/sre")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "name: This field is required."),
        ({"name": "x" * 256}, "name: Ensure this field has no more than 255 characters."),
        ({"name": "x", "priority": "critical"}, 'priority: "critical" is not a valid choice.'),
        ({"name": "x", "assignees": [ANN]}, "assignees: 0: Invalid pk"),
    ],
)
def test_s2_what_plane_says_of_bad_values_is_told(bench: PlaneBench, sent: dict[str, object], told: str) -> None:
    host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
    with pytest.raises(Refused) as refused:
        host.create_item(board, sent)
    assert f"(400: {told}" in str(refused.value)


def test_s2_a_rate_limit_is_waited_for(bench: PlaneBench) -> None:
    bench.fake.limit = 3
    host = bench.host()
    for _ in range(4):
        list(host.projects("acme"))
    assert bench.waits == [60.0]
    impatient = bench.host(cap=10.0)
    list(impatient.projects("acme"))
    list(impatient.projects("acme"))
    with pytest.raises(LaterError, match="60 s"):
        list(impatient.projects("acme"))


def test_c_sixty_requests_a_minute_never_meet_the_limit_and_the_first_sixty_do_not_wait(bench: PlaneBench) -> None:
    bench.fake.limit = PER_MINUTE
    host = bench.host(per_minute=PER_MINUTE)
    for asked in range(150):
        list(host.projects("acme"))
        assert bool(bench.waits) == (asked >= PER_MINUTE)
    assert sum(bench.waits) == 120.0
    assert len(bench.fake.requests) == 150
    assert bench.told[0] == (
        f"{bench.fake.url[7:]}/acme: waiting 60 s before it can list the projects: the host takes 60 requests a minute"
    )


def test_c_a_list_of_plane_s_own_is_read_a_hundred_at_a_time(bench: PlaneBench) -> None:
    for number in range(205):
        bench.project.open(f"item {number}")
    found = bench.host().items(Board("acme", bench.project.id, "ROOSE"))
    assert [one.sequence_id for one in found] == list(range(1, 206))
    assert len(bench.fake.requests) == 3


def test_c_an_item_by_its_number_that_is_archived_or_a_draft_is_not_there(bench: PlaneBench) -> None:
    bench.project.open("archived")
    bench.project.archive(1)
    bench.project.open("draft", draft=True)
    host, board = bench.host(), Board("acme", bench.project.id, "ROOSE")
    for number in (1, 2):
        with pytest.raises(Refused) as told:
            host.numbered(board, number)
        assert told.value.status == 404
    assert host.items(board) == ()


def test_c_a_plane_that_does_not_tell_who_we_are_is_asked_once() -> None:
    with PlaneFake(knows_me=False) as fake:
        bench = PlaneBench(fake)
        host = bench.host()
        assert host.viewer() is None
        assert host.viewer() is None
        assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://plane.so", ("https://app.plane.so", API)),
        ("https://app.plane.so/", ("https://app.plane.so", API)),
        ("https://api.plane.so/api/v1/", ("https://app.plane.so", API)),
        ("https://Plane.Example.com", ("https://plane.example.com", "https://plane.example.com/api/v1")),
        ("https://example.com/plane/api/v1", ("https://example.com/plane", "https://example.com/plane/api/v1")),
    ],
)
def test_c_the_address_of_people_and_of_programs(url: str, found: tuple[str, str]) -> None:
    assert addresses(url) == found


@pytest.mark.parametrize("token", ["", "with blank", "line\nend", "ключ"])
def test_a_token_that_no_header_can_hold_is_told_without_being_named(token: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        Plane("https://plane.so", token, Pace(lambda seconds: None, lambda: 0.0))
    assert not token or token not in str(told.value)
