"""Sub-issues on GitHub, on the wire: by id, never twice, never against a person, and without where GitHub says no."""

from __future__ import annotations

import pytest

from closeout.domain.issue import Nested
from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_values import Right
from fakes.http import Act, Answer, Fault, Reply, Request
from github_bench import PROJECT, GitHubBench

ISSUES = "/repos/acme/platform/issues"
LOOK = [f"GET {ISSUES}/2", f"GET {ISSUES}/2/parent"]


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    """Two issues: the incident's is 1."""
    made = GitHubBench(github_fake)
    for title in ("Outage", "Add an alert"):
        made.repo.open(title, "Text")
    return made


def nested(bench: GitHubBench) -> dict[int, int]:
    """What is below what, by number."""
    numbers = {one.id: one.number for repo in bench.fake.repos.values() for one in repo.issues.values()}
    return {numbers[one]: numbers[above] for one, above in bench.fake.world.nested.items()}


def test_the_issue_goes_there_by_its_id_and_the_other_one_is_not_written_to(bench: GitHubBench) -> None:
    tracker = bench.tracker()
    assert tracker.nest("2", "1") == Nested("1")
    (sent,) = bench.fake.writes
    assert sent.sent == {"sub_issue_id": bench.repo.issues[2].id}
    asked = [one for one in bench.asked() if one != "GET /repos/acme/platform"]
    assert asked == [*LOOK, f"GET {ISSUES}/1", f"POST {ISSUES}/1/sub_issues", f"GET {ISSUES}/2/parent"]
    assert nested(bench) == {2: 1}
    assert (bench.repo.issues[1].body, bench.repo.issues[1].title) == ("Text", "Outage")


def test_one_that_is_there_already_is_read_only(bench: GitHubBench) -> None:
    bench.fake.world.nested[bench.repo.issues[2].id] = bench.repo.issues[1].id
    assert bench.tracker().nest("2", "1") == Nested("1")
    assert [one for one in bench.asked() if one != "GET /repos/acme/platform"] == LOOK


def test_the_parent_that_a_person_chose_stays(bench: GitHubBench) -> None:
    there = bench.fake.repository("acme", "web")
    there.open("A theme")
    bench.fake.world.nested[bench.repo.issues[2].id] = there.issues[1].id
    assert bench.tracker().nest("2", "1") == Nested("acme/web#1")
    assert bench.fake.writes == []


def test_a_parent_in_another_repository_of_the_owner_takes_it(bench: GitHubBench) -> None:
    there = bench.fake.repository("acme", "incidents")
    there.open("Outage")
    assert bench.tracker().nest("2", "acme/incidents#1") == Nested("acme/incidents#1")


def test_another_owners_does_not(bench: GitHubBench) -> None:
    there = bench.fake.repository("other", "incidents")
    there.open("Outage")
    told = bench.tracker().nest("2", "other/incidents#1")
    assert (told.parent, told.everywhere) == ("", False)
    assert "same owner" in told.refused


@pytest.mark.parametrize(
    ("done", "fault"),
    [
        (True, faults.dropped(done=True)),
        (True, faults.failed(done=True)),
        (False, faults.dropped(done=False)),
        (False, faults.failed(done=False)),
    ],
)
def test_a_lost_reply_is_looked_up_and_nothing_is_sent_twice(bench: GitHubBench, done: bool, fault: Act) -> None:
    bench.fake.script(Fault(fault, "POST", "sub_issues"))
    if done:
        assert bench.tracker().nest("2", "1") == Nested("1")
    else:
        with pytest.raises(OutcomeUnknown):
            bench.tracker().nest("2", "1")
    assert len(bench.fake.writes) == 1
    assert bench.tracker().nest("2", "1") == Nested("1")
    assert len(bench.fake.writes) == 1 + (not done)


def test_who_was_faster_is_found_when_ours_is_refused(bench: GitHubBench) -> None:
    theme = bench.repo.open("A theme")

    def first(request: Request, answer: Answer) -> Reply:
        bench.fake.world.nested[bench.repo.issues[2].id] = theme.id
        return answer(request)

    bench.fake.script(Fault(first, "POST", "sub_issues"))
    assert bench.tracker().nest("2", "1").parent == str(theme.number)


def test_a_host_without_sub_issues_refuses_it_for_all(bench: GitHubBench) -> None:
    bench.fake.world.sub_issues = False
    assert bench.tracker().nest("2", "1") == Nested(refused="Not Found", everywhere=True)


@pytest.mark.parametrize("archived", [False, True])
def test_a_token_that_lost_its_rights_is_a_failure_and_no_refusal(bench: GitHubBench, archived: bool) -> None:
    if archived:
        bench.repo.archived = True
    else:
        bench.repo.grant(bench.fake.login, Right.READ)
    with pytest.raises(TrackerError):
        bench.tracker().nest("2", "1")
    bench.repo.archived = False
    bench.repo.grant(bench.fake.login, Right.WRITE)
    assert bench.tracker().nest("2", "1") == Nested("1")


def test_a_403_with_all_rights_refuses_it_for_all(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.refused(403, "Not for you"), "POST", "sub_issues"))
    assert bench.tracker().nest("2", "1") == Nested(refused="Not for you", everywhere=True)


def test_a_repository_that_may_only_be_read_refuses_it_for_its_issue(bench: GitHubBench) -> None:
    there = bench.fake.repository("acme", "incidents", push=False)
    there.open("Outage")
    told = bench.tracker().nest("2", "acme/incidents#1")
    assert (told.parent, told.everywhere, bool(told.refused)) == ("", False, True)


def test_too_many_below_one_are_refused_for_that_one(bench: GitHubBench) -> None:
    bench.fake.world.nested.update(dict.fromkeys(range(100), bench.repo.issues[1].id))
    told = bench.tracker().nest("2", "1")
    assert (told.parent, told.everywhere) == ("", False)
    assert "more than 100" in told.refused


def test_what_is_no_issue_here_is_refused_without_a_write(bench: GitHubBench) -> None:
    there = bench.fake.repository("acme", "web")
    bench.repo.open("A change", pull=True)
    for title in ("Moved", "Deleted"):
        bench.repo.open(title)
    bench.repo.transfer(4, there)
    bench.repo.delete(5)
    said = [bench.tracker().nest("2", parent).refused for parent in ("3", "4", "5", "6")]
    told = ["pull request", "moved to https://github.com/acme/web/issues/1", "deleted", "cannot be seen"]
    assert [one for one, part in zip(told, said, strict=True) if one not in part] == []
    assert bench.fake.writes == []


def test_a_pull_request_and_what_cannot_be_seen_is_never_put_anywhere(bench: GitHubBench) -> None:
    bench.repo.open("A change", pull=True)
    for ref in ("3", "99"):
        with pytest.raises(TrackerError, match=f"could not put issue {ref} below 1"):
            bench.tracker().nest(ref, "1")
    assert bench.fake.writes == []


def test_a_rate_limit_is_no_refusal(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.limited(retry_after=3600), "POST", "sub_issues", times=None))
    with pytest.raises(LaterError):
        bench.tracker().nest("2", "1")


def test_what_cannot_be_read_back_is_not_taken_for_done(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.refused(404, "Not Found"), "GET", "/parent", times=2))
    with pytest.raises(OutcomeUnknown, match="The next run looks"):
        bench.tracker().nest("2", "1")
    assert bench.tracker().nest("2", "1") == Nested("1")
    assert len(bench.fake.writes) == 1


def test_the_project_may_be_another_than_the_documents(bench: GitHubBench) -> None:
    tracker = bench.tracker(home="acme/docs")
    assert tracker.ref("#1", "a.md") == "acme/docs#1"
    assert tracker.ref(f"https://github.com/{PROJECT}/issues/1", "a.md") == "1"
