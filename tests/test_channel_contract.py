"""The laws of a report in a tracker, over every host: as one comment on an issue, and as an issue for each period."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from channel_bench import HOSTS, NOW, REPOSITORY, Bench, opened, says
from closeout.channels.hanging import mark
from closeout.channels.periodical import periodical
from closeout.channels.sticky import sticky
from closeout.domain.issue import Issue
from closeout.domain.ledger import Ledger, Report
from closeout.engine.post import post
from closeout.engine.world import Options
from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from closeout.ports.channel import Posted, Posting, Told
from closeout.render.posting import block
from closeout.state.lines import dumps, loads
from closeout.state.memory import MemoryLedger
from closeout.state.tree import TreeLedger
from closeout.trackers import forgejo_desk, github_desk, gitlab_desk, plane_desk
from closeout.trackers.walls import Comments, Desk, Issues
from fakes import faults
from fakes.http import Fault
from sides import live

KINDS = ("comment", "issue")
MARKED = ("github", "forgejo", "gitlab")
COUNTED = (
    *((host, kind) for host in ("github", "forgejo") for kind in KINDS),
    ("gitlab", "issue"),
)  # told how many there are
LATER = "2026-11-21T12:20:00+00:00"
LIVE: dict[str, tuple[Callable[[Path], AbstractContextManager[live.Live]], Callable[[Any], Desk]]] = {
    "github": (live.github, github_desk.opened),
    "forgejo": (live.forgejo, forgejo_desk.opened),
    "gitlab": (live.gitlab, gitlab_desk.opened),
    "plane": (live.plane, plane_desk.opened),
}


@pytest.fixture(params=HOSTS)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with opened(request.param) as made:
        yield made


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def known(bench: Bench) -> Report:
    return bench.keeper.load().reports.get("weekly", Report())


def fresh(**more: Report) -> MemoryLedger:
    return MemoryLedger(dumps(Ledger(REPOSITORY, exists=True, reports=more)))


def marked(bench: Bench, kind: str, posting: Posting) -> str:
    told = Told(NOW, REPOSITORY, lambda: True, lambda report: None, lambda: None)
    return mark(posting, told, bench.ticket if kind == "comment" else posting.period)


def test_a_report_is_posted_once(bench: Bench, kind: str) -> None:
    posted = bench.post(kind, says("Three are open."))
    assert posted.changed
    assert posted.address
    (note,) = bench.hung(kind)
    assert "Three are open." in note.body
    assert known(bench).announced == ""
    assert (known(bench).comment or known(bench).issue) == note.id


def test_an_unchanged_report_asks_for_nothing_and_saves_nothing(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    saves = bench.keeper.saves
    bench.requests.clear()
    posted = bench.post(kind, says("Three are open."), "2026-11-28T12:00:00+00:00")
    assert not posted.changed
    assert bench.requests == []
    assert bench.keeper.saves == saves


def test_a_changed_report_is_changed_in_place(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    bench.writes()
    assert bench.post(kind, says("Two are open.")).changed
    assert len(bench.writes()) == 1
    (note,) = bench.hung(kind)
    assert "Two are open." in note.body
    assert "Three" not in note.body


def test_a_lost_reply_posts_nothing_twice(bench: Bench, kind: str) -> None:
    bench.script(Fault(faults.dropped(done=True), "POST"))
    bench.post(kind, says("Three are open."))
    bench.post(kind, says("Two are open."))
    (note,) = bench.hung(kind)
    assert "Two are open." in note.body


def test_a_post_of_unknown_outcome_is_settled_by_looking_and_never_sent_again(bench: Bench, kind: str) -> None:
    bench.script(Fault(faults.failed(done=False), "POST"))
    with pytest.raises(OutcomeUnknown):
        bench.post(kind, says("Three are open."))
    assert known(bench).announced == NOW
    bench.writes()
    if bench.desk.capabilities.lists_lag:
        with pytest.raises(LaterError, match="Run again 15 minutes later"):
            bench.post(kind, says("Three are open."), "2026-11-21T12:01:00+00:00")
        assert bench.writes() == []
    bench.post(kind, says("Three are open."), LATER)
    assert len(bench.hung(kind)) == 1


def test_a_change_whose_reply_was_lost_is_there_and_said_again_to_nobody(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    bench.script(Fault(faults.dropped(done=True), "PATCH|PUT"))
    with pytest.raises(OutcomeUnknown):
        bench.post(kind, says("Two are open."))
    bench.post(kind, says("Two are open."))
    (note,) = bench.hung(kind)
    assert "Two are open." in note.body


def test_a_report_that_the_ledger_lost_is_found_by_its_mark(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    keeper = fresh()
    bench.writes()
    bench.post(kind, says("Two are open."), keeper=keeper)
    assert len(bench.writes()) == 1
    assert len(bench.hung(kind)) == 1
    found = keeper.load().reports["weekly"]
    assert replace(found, digest="") == replace(known(bench), digest="")


@pytest.mark.parametrize("bench", MARKED, indirect=True)  # elsewhere a mark is no text that somebody could write
def test_an_issue_whose_mark_somebody_else_wrote_is_left_alone(bench: Bench) -> None:
    told = says("Three are open.")
    name = bench.opens("Mine", block("Everything is fine.", marked(bench, "issue", told)), "mallory")
    posted = bench.post("issue", told)
    assert posted.report.issue != name
    assert "what mallory wrote carries the mark" in posted.remarks[0]
    assert "Everything is fine." in getattr(bench.desk.issue(name), "body", "")


@pytest.mark.parametrize("bench", MARKED, indirect=True)  # Plane locks no discussion
def test_a_locked_ticket_takes_a_report_of_who_may_write_there(bench: Bench) -> None:
    assert bench.lock is not None
    bench.lock(bench.ticket)
    assert bench.post("comment", says("Three are open.")).changed


def test_a_mark_that_somebody_else_wrote_is_ignored(bench: Bench) -> None:
    told = says("Three are open.")
    bench.says(bench.ticket, "Everything is fine.", marked(bench, "comment", told), "mallory")
    if bench.desk.name == "plane":  # there a mark is there once, whoever has it: what cannot be ours is said
        with pytest.raises(TrackerError, match="somebody else"):
            bench.post("comment", told)
        return
    bench.post("comment", told)
    bodies = [note.body for note in bench.desk.comments(bench.ticket)]
    assert any("Everything is fine." in body for body in bodies)
    assert sum("Three are open." in body for body in bodies) == 1


def test_two_runs_at_once_leave_one(bench: Bench, kind: str) -> None:
    """Neither sees what the other remembers; the second posts between the look and the post of the first."""
    mine, theirs = replace(fresh(), shared=False), replace(fresh(), shared=False)

    def meanwhile(where: str) -> None:
        if where == "after ledger" and not theirs.saves:
            bench.post(kind, says("Three are open."), keeper=theirs)

    mine.pause = meanwhile
    bench.post(kind, says("Three are open."), keeper=mine)
    assert len(bench.hung(kind)) == 1
    kept = bench.hung(kind)[0]
    for keeper in (mine, theirs):
        bench.post(kind, says("Two are open."), keeper=keeper)
        report = keeper.load().reports["weekly"]
        assert (report.comment or report.issue) == kept.id
    assert len(bench.hung(kind)) == 1
    assert "Two are open." in bench.hung(kind)[0].body


def test_a_report_is_never_longer_than_the_host_takes(bench: Bench, kind: str) -> None:
    asked: list[int] = []

    def text(limit: int) -> str:
        asked.append(limit)
        return "é#7 " * (limit // 4)

    bench.post(kind, replace(says(""), text=text))
    (note,) = bench.hung(kind)
    paper = bench.desk.paper
    assert 0.9 * paper.limit < paper.size(note.body) <= paper.limit
    assert max(asked) == paper.limit


def test_a_report_that_cannot_be_short_enough_is_not_posted(bench: Bench) -> None:
    def text(limit: int) -> str:
        if limit < bench.desk.paper.limit:
            message = "its head has no room"
            raise ValueError(message)
        return "x" * limit

    with pytest.raises(TrackerError, match="it has no room there"):
        bench.post("comment", replace(says(""), text=text))
    assert bench.writes() == []


@pytest.mark.parametrize(("bench", "kind"), COUNTED, indirect=True)
def test_an_empty_list_is_not_believed_where_there_is_something(bench: Bench, kind: str) -> None:
    bench.says(bench.ticket, "Hello.", "", "ann")
    bench.script(Fault(faults.empty(), "GET", "/comments" if kind == "comment" else r"/issues(\?|$)"))
    with pytest.raises(TrackerError, match=r"the list (is empty, but|breaks off)"):
        bench.post(kind, says("Three are open."))
    assert bench.writes() == []


def test_every_page_of_comments_is_read(bench: Bench) -> None:
    bench.post("comment", says("Three are open."))
    for number in range(120):
        bench.says(bench.ticket, f"Comment {number}", "", "ann")
    bench.post("comment", says("Two are open."), keeper=fresh())
    assert len(bench.hung("comment")) == 1


def test_a_ticket_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(TrackerError, match=r"issue 77: could not post the report: it is not there"):
        bench.post("comment", says("Three are open."), ticket="77")
    assert bench.writes() == []


@pytest.mark.parametrize("bench", ["github", "forgejo"], indirect=True)  # elsewhere none is among the issues
def test_a_pull_request_takes_no_report(bench: Bench) -> None:
    assert bench.pull is not None
    with pytest.raises(TrackerError, match="it is a pull request"):
        bench.post("comment", says("Three are open."), ticket=bench.pull())


def test_a_closed_ticket_takes_a_report_and_that_is_said(bench: Bench) -> None:
    bench.closes(bench.ticket)
    posted = bench.post("comment", says("Three are open."))
    assert posted.changed
    assert "is closed" in posted.remarks[0]


def test_what_people_write_around_a_report_stays(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    (note,) = bench.hung(kind)
    mine = note.body.replace("</div>", "<p>Ann looks at these.</p></div>")
    mine = mine if mine != note.body else f"Note:\r\n{note.body}\r\nAnn looks at these."
    if kind == "comment":
        bench.desk.edit(bench.ticket, note.id, mine)
    else:
        bench.desk.change(note.id, mine)
    bench.post(kind, says("Two are open."))
    (after,) = bench.hung(kind)
    assert "Ann looks at these." in after.body
    assert "Two are open." in after.body
    assert "Three" not in after.body


def test_a_report_that_was_deleted_is_posted_anew_once_and_that_is_said(bench: Bench, kind: str) -> None:
    bench.post(kind, says("Three are open."))
    (note,) = bench.hung(kind)
    bench.drops(bench.ticket if kind == "comment" else note.id, note.id if kind == "comment" else "")
    bench.writes()
    assert not bench.post(kind, says("Three are open.")).changed
    posted = bench.post(kind, says("Two are open."))
    assert "was deleted" in " ".join(posted.remarks)
    bench.post(kind, says("One is open."))
    assert len(bench.hung(kind)) == 1


def test_a_new_period_has_an_issue_of_its_own_and_closes_the_last(bench: Bench) -> None:
    first = bench.post("issue", says("Three are open."))
    second = bench.post("issue", says("Three are open.", period="2026-W48"))
    assert first.report.issue != second.report.issue
    before, after = bench.hung("issue")
    assert (before.open, after.open) == (False, True)
    assert known(bench).former == ""
    stale = bench.post("issue", says("Two are open."))
    assert not stale.changed
    assert "2026-W48" in stale.remarks[0]


def test_a_team_may_go_from_weeks_to_months_and_back(bench: Bench) -> None:
    periods = ("2026-W47", "2026-11", "2026-W48", "2026-W49", "2026-12", "2026-W52")
    for period in periods:
        bench.post("issue", says("Three are open.", period=period))
    hung = bench.hung("issue")
    assert [note.mark.rpartition(".")[2] for note in hung] == ["2026-w47", "2026-11", "2026-w49", "2026-12"]
    assert [note.open for note in hung] == [False, False, False, True]


def test_a_report_is_no_item_s_issue(bench: Bench) -> None:
    bench.post("issue", says("<!-- closeout: key=v1:0123456789abcdef0123 -->\nThree are open."))
    (note,) = bench.hung("issue")
    assert "<!-- closeout: key=" not in note.body
    seen = [bench.tracker().get(ref) for ref in (note.id, bench.ticket)]
    assert [isinstance(one, Issue) and one.report for one in seen] == [True, False]


@pytest.mark.parametrize("bench", MARKED, indirect=True)  # on Plane nobody is mentioned by a name
def test_people_are_mentioned_once_a_week_at_most_and_only_who_may_be(bench: Bench) -> None:
    def told(count: int) -> Posting:
        return says(f"{count} open: @ann @bob", mentions=frozenset({"ann"}))

    bench.post("comment", told(3))
    assert "@ann @\u2060bob" in bench.hung("comment")[0].body
    bench.post("comment", told(2), "2026-11-25T12:00:00+00:00")
    assert "`@\u2060ann` @\u2060bob" in bench.hung("comment")[0].body
    bench.post("comment", told(1), "2026-11-28T12:00:00+00:00")
    assert "@ann @\u2060bob" in bench.hung("comment")[0].body


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_killed_at_any_effect_leaves_one_report(host: str, kind: str, tmp_path: Path) -> None:
    with opened(host) as bench:
        for count in range(20):
            root = tmp_path / str(count)
            root.mkdir()
            posting = replace(says("Three are open."), name=f"weekly{count}")
            kept = root / ".closeout/ledger.jsonl"
            kept.parent.mkdir()
            kept.write_text(dumps(Ledger(REPOSITORY, exists=True)), "utf-8")
            died = _dies(partial(_posted, bench, kind, root, posting, NOW), bench, count)
            before = [note for note in bench.hung(kind) if f"weekly{count}." in note.mark]
            assert len(before) <= 1
            _posted(bench, kind, root, posting, LATER)
            (note,) = [note for note in bench.hung(kind) if f"weekly{count}." in note.mark]
            report = loads(kept.read_text("utf-8")).reports[posting.name]
            assert (report.comment or report.issue, report.announced) == (note.id, "")
            if not died:
                assert count >= 5
                return
    pytest.fail("it never came to its end")


def _posted(bench: Bench, kind: str, root: Path, posting: Posting, now: str) -> None:
    keeper = TreeLedger(root, root / "lock", wait=0)
    post(keeper, bench.channel(kind), posting, Options(REPOSITORY, now=now))


def _dies(run: Callable[[], None], bench: Bench, count: int) -> bool:
    """Run in a child that dies before or after its effect number count // 2: a save, or a write to the host."""
    pid = os.fork()
    if pid:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code in {0, 9}
        return code == 9
    left = [count]

    def effect(real: Callable[..., object]) -> Callable[..., object]:
        def act(*args: object, **more: object) -> object:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            done = real(*args, **more)
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return done

        return act

    for kind, names in ((TreeLedger, ("save",)), (type(bench.desk), ("add", "create", "edit", "change"))):
        for name in names:
            setattr(kind, name, effect(getattr(kind, name)))
    try:
        run()
    except BaseException:  # noqa: BLE001 - nothing of it may come back into the parent's tests
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_live_host_a_report_is_posted_once_and_changed_in_place(host: str, kind: str, tmp_path: Path) -> None:
    opens, desk_of = LIVE[host]
    with opens(tmp_path) as there:
        _posts_once(kind, desk_of(there.real))


def _posts_once(kind: str, desk: Desk) -> None:
    posting = replace(says("Three are open: @nobody-of-this-name, #1."), name=f"live-{uuid4().hex[:8]}")
    ticket = desk.create("A ticket for a report", "Here it goes.", "").id if kind == "comment" else ""
    keeper = fresh()
    channel = sticky(Comments(desk, ticket)) if ticket else periodical(Issues(desk))
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")

    def run(text: str, kept: MemoryLedger) -> Posted:
        return post(kept, channel, replace(posting, text=lambda limit: text[:limit]), Options(REPOSITORY, now=now))

    first = run("Three are open: @nobody-of-this-name, #1.", keeper)
    assert not run("Three are open: @nobody-of-this-name, #1.", keeper).changed
    assert run("Two are open.", keeper).changed
    lost = fresh()
    again = run("One is open.", lost)
    assert (again.report.comment, again.report.issue) == (first.report.comment, first.report.issue)
    there = desk.comment(ticket, again.report.comment) if ticket else desk.issue(again.report.issue)
    assert there is not None
    assert "One is open." in there.body
    if ticket:
        assert len([note for note in desk.comments(ticket) if note.mark == there.mark]) == 1
    closed = desk.change(ticket or again.report.issue, close=True)
    assert not closed.open
    with pytest.raises(TrackerError, match="it is not there"):
        post(fresh(), sticky(Comments(desk, "99999999")), posting, Options(REPOSITORY, now=now))
