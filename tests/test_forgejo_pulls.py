"""Pull requests on Forgejo: the wire, what people do to them, and the rolling branch that waits on one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import respx

from closeout.errors import TrackerError
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.pacing import Pace
from closeout.repositories.forgejo_pulls import ForgejoPulls
from closeout.repositories.pull_request import PullRequestPublisher
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import FLAVOURS
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from forgejo_bench import PROJECT, ForgejoBench
from ledgers import NOON, git
from pulls import BOT, BRANCH
from test_publisher_contract import AFTER, BEFORE, A, B, begun, copied, errors, publish

__all__ = ["begun"]
HERE = f"/repos/{PROJECT}"
API = "https://git.example.com/api/v1"
PULL: dict[str, Any] = {
    "number": 3,
    "html_url": "https://git.example.com/boss/pm/pulls/3",
    "title": "WIP: x",
    "state": "open",
    "body": "",
    "merged": False,
    "merged_at": None,
    "created_at": "2026-11-21T04:00:00-05:00",
    "closed_at": None,
    "head": {"label": "closeout", "ref": "closeout", "sha": "a" * 40, "repo_id": 1},
    "base": {"label": "main", "ref": "main", "sha": "b" * 40, "repo_id": 1},
}


@pytest.fixture
def root(begun: Path, tmp_path: Path) -> Path:
    return copied(begun, tmp_path)


@pytest.fixture
def bench(forgejo_fake: ForgejoFake, root: Path) -> ForgejoBench:
    bench = ForgejoBench(forgejo_fake)
    bench.repo.bare = Bare(root.parent / "remote.git")
    git(root, "push", "-q", "origin", "main:refs/heads/closeout/items", "main:refs/heads/other")
    return bench


def pulls(bench: ForgejoBench) -> ForgejoPulls:
    return ForgejoPulls(bench.host(), PROJECT)


def wire() -> ForgejoPulls:
    respx.get(f"{API}/repos/boss/pm").respond(json={"id": 1, "full_name": "boss/pm", "default_branch": "main"})
    host = Forgejo("https://git.example.com", "abcd", Pace(lambda seconds: None, lambda: 0.0, between_writes=0.0))
    return ForgejoPulls(host, "boss/pm")


@respx.mock
def test_the_wire_of_opening_a_pull_request() -> None:
    sent = {"head": "closeout", "base": "main", "title": "WIP: Action items", "body": "text"}
    respx.post(f"{API}/repos/boss/pm/pulls", json=sent).respond(201, json=PULL)
    found = wire().open("closeout", "main", "Action items", "text")
    assert (found.number, found.state, found.head) == (3, "open", "a" * 40)
    assert found.opened == "2026-11-21T09:00:00Z"


@respx.mock
def test_the_wire_of_changing_and_closing_one_keeps_what_people_made_of_the_draft() -> None:
    one = respx.get(f"{API}/repos/boss/pm/pulls/3")
    one.respond(json={**PULL, "title": "[wip] Old"})
    told = {"title": "[wip] New", "body": "text"}
    first = respx.patch(f"{API}/repos/boss/pm/pulls/3", json=told).respond(201, json=PULL)
    wire().update(3, "New", "text")
    one.respond(json={**PULL, "title": "Ready"})
    second = respx.patch(f"{API}/repos/boss/pm/pulls/3", json={"title": "New", "body": "text"}).respond(201, json=PULL)
    wire().update(3, "New", "text")
    third = respx.patch(f"{API}/repos/boss/pm/pulls/3", json={"state": "closed", "body": "bye"}).respond(201, json=PULL)
    wire().close(3, "bye")
    assert [route.call_count for route in (first, second, third)] == [1, 1, 1]


@respx.mock
def test_the_wire_of_finding_one_asks_once_for_a_branch_that_never_had_any() -> None:
    route = respx.get(url__eq=f"{API}/repos/boss/pm/pulls/main/closeout/docs").respond(404, json={"message": "no"})
    assert wire().find("closeout/docs") is None
    assert route.call_count == 1


@pytest.mark.parametrize("kind", ["forgejo", "forgejo 1.21"])
def test_b7_a_host_that_cannot_be_asked_for_one_branch_lists_all(kind: str, root: Path) -> None:
    with ForgejoFake(flavour=FLAVOURS[kind]) as fake:
        bench = ForgejoBench(fake)
        bench.repo.bare = Bare(root.parent / "remote.git")
        git(root, "push", "-q", "origin", "main:refs/heads/other")
        where = pulls(bench)
        assert where.find("other") is None
        opened = where.open("other", "main", "One", "text")
        assert where.find("other") == opened
        bench.repo.close(opened.number)
        assert where.find("other") is not None


def test_b7_the_open_one_is_found_before_the_newest_and_others_branches_are_not(bench: ForgejoBench) -> None:
    where = pulls(bench)
    assert where.find("closeout/items") is None
    first = where.open("closeout/items", "main", "One", "text")
    where.open("other", "main", "Other", "text")
    bench.repo.close(first.number)
    second = where.open("closeout/items", "main", "Two", "text")
    found = where.find("closeout/items")
    assert found is not None
    assert (found.number, found.state, found.closed) == (second.number, "open", "")
    bench.repo.merge(second.number)
    found = where.find("closeout/items")
    assert found is not None
    assert (found.number, found.state, len(found.closed)) == (second.number, "merged", 20)


def test_b7_one_whose_branch_was_deleted_is_still_known(bench: ForgejoBench, root: Path) -> None:
    where = pulls(bench)
    opened = where.open("closeout/items", "main", "One", "text")
    bench.repo.close(opened.number)
    git(root, "push", "-q", "origin", ":closeout/items")
    found = where.find("closeout/items")
    assert found is not None
    assert (found.number, found.state, found.head) == (opened.number, "closed", opened.head)


def test_an_open_one_is_closed_when_its_branch_is_deleted(bench: ForgejoBench, root: Path) -> None:
    """As seen on Forgejo 1.21 and 10, and on Gitea 1.24.6."""
    where = pulls(bench)
    opened = where.open("closeout/items", "main", "One", "text")
    git(root, "push", "-q", "origin", ":closeout/items")
    found = where.find("closeout/items")
    assert found is not None
    assert (found.number, found.state, found.head) == (opened.number, "closed", opened.head)


def test_b7_one_that_is_open_already_is_409_and_is_taken(bench: ForgejoBench) -> None:
    where = pulls(bench)
    opened = where.open("closeout/items", "main", "One", "text")
    bench.repo.issues[opened.number].title = "Ready for review"
    again = where.open("closeout/items", "main", "Two", "more")
    assert again.number == opened.number
    assert (bench.repo.issues[opened.number].title, bench.repo.issues[opened.number].body) == ("Two", "more")


def test_b7_a_missing_right_is_told_with_what_to_do(bench: ForgejoBench) -> None:
    bench.repo.grant(bench.fake.login, Right.READ)
    with pytest.raises(TrackerError, match=r"\(403\)\. Give the token read and write access"):
        pulls(bench).open("closeout/items", "main", "One", "text")


def test_b7_a_renamed_repository_is_written_under_its_new_name(bench: ForgejoBench) -> None:
    bench.fake.rename(bench.repo, "services")
    assert pulls(bench).open("closeout/items", "main", "One", "text").state == "open"
    assert pulls(bench).compare("a b", "main") == f"{bench.fake.url}/acme/platform/compare/main...a%20b"


# The rolling branch.


def offering(root: Path, bench: ForgejoBench) -> PullRequestPublisher:
    return PullRequestPublisher(root, "main", pulls(bench), NOON, author=BOT)


def shown(root: Path) -> dict[str, str]:
    bare = Bare(root.parent / "remote.git")
    return {path: (bare.git("cat-file", "blob", f"{BRANCH}:{path}") or b"").decode() for path in (A, B)}


def test_write_backs_wait_in_one_pull_request_which_a_second_run_leaves_as_it_is(
    root: Path, bench: ForgejoBench
) -> None:
    assert errors(publish(offering(root, bench), root)) == {}
    assert shown(root) == AFTER
    (number,) = bench.repo.pulls
    assert bench.repo.issues[number].title.startswith("WIP: ")
    bench.asked()
    again = offering(root, bench)
    again.waiting(git(root, "rev-parse", "origin/main"))
    assert errors(publish(again, root)) == {}
    assert (list(bench.repo.pulls), bench.fake.writes) == ([number], [])
    assert git(root, "show", f"HEAD:{A}").strip() == BEFORE[A].strip()


def test_one_that_a_person_closed_is_not_opened_again_with_the_same(root: Path, bench: ForgejoBench) -> None:
    publish(offering(root, bench), root)
    (number,) = bench.repo.pulls
    bench.repo.close(number)
    bench.asked()
    again = offering(root, bench)
    again.waiting(git(root, "rev-parse", "origin/main"))
    publish(again, root)
    assert (list(bench.repo.pulls), bench.fake.writes) == ([number], [])


def test_a_lost_answer_to_opening_one_makes_no_second(root: Path, bench: ForgejoBench) -> None:
    bench.fake.script(Fault(faults.dropped(done=True), "POST", "/pulls$"))
    assert errors(publish(offering(root, bench), root)) != {}
    again = offering(root, bench)
    again.waiting(git(root, "rev-parse", "origin/main"))
    assert errors(publish(again, root)) == {}
    assert len(bench.repo.pulls) == 1
