"""The fake of GitHub: what lists and lookups show (trackers 0, A1, A8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.github_state import Repo

REPO = "/repos/acme/pm"
ISSUES = f"{REPO}/issues"


def numbers(ask: Ask, query: str = "") -> list[int]:
    return [issue["number"] for issue in ask("GET", f"{ISSUES}?{query}").body]


def test_0_4_a_renamed_repository_is_301_and_307(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    fake.rename(repo, "postmortems")
    there = f"{fake.url}/repositories/{repo.id}"
    told = ask("GET", f"{ISSUES}?state=all&per_page=5")
    assert (told.status, told.headers["location"]) == (301, f"{there}/issues?state=all&per_page=5")
    assert ask("GET", REPO).headers["location"] == there
    told = ask("POST", ISSUES, {"title": "x"})
    assert (told.status, told.body["message"], told.body["url"]) == (307, "Moved Permanently", f"{there}/issues")
    assert ask("PATCH", f"{ISSUES}/1", {"title": "x"}).status == 307
    assert repo.issues == {}
    assert ask("GET", f"/repositories/{repo.id}").body["full_name"] == "acme/postmortems"
    assert ask("POST", f"/repositories/{repo.id}/issues", {"title": "x"}).status == 201


def test_0_4_a_name_that_was_taken_again_is_the_new_repository(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    fake.rename(repo, "pm", owner="other")
    assert ask("GET", REPO).status == 301
    fake.repository("acme", "pm")
    assert ask("GET", REPO).status == 200


def test_0_7_lists_lag_and_reads_by_number_do_not(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    repo.open("before")
    fake.lag = 2
    repo.open("after")
    repo.close(1)
    assert ask("GET", f"{ISSUES}/1").body["state"] == "closed"
    assert [numbers(ask) for _ in range(4)] == [[1], [1], [2], [2]]
    repo.delete(2)
    assert [numbers(ask) for _ in range(3)] == [[2], [2], []]


def test_0_7_a_list_that_lags_is_one_list_on_all_its_pages(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    repo.open("1")
    repo.open("2")
    fake.lag = 1
    repo.open("3")
    first = ask("GET", f"{ISSUES}?per_page=1")
    assert first.body[0]["number"] == 2
    assert [one["number"] for one in ask("GET", first.links["next"]).body] == [1]
    assert numbers(ask) == [3, 2, 1]


def test_a1_the_default_is_open_issues_newest_first_thirty_a_page(repo: Repo, ask: Ask) -> None:
    for at in range(32):
        repo.open(str(at))
    repo.close(32)
    assert numbers(ask) == list(range(31, 1, -1))
    assert len(numbers(ask, "per_page=1000&state=all")) == 32
    assert numbers(ask, "state=closed") == [32]
    assert ask("GET", f"{ISSUES}?state=bogus").status == 422


def test_a1_a_hundred_is_the_most_a_page_has(repo: Repo, ask: Ask) -> None:
    for at in range(101):
        repo.open(str(at))
    assert len(numbers(ask, "per_page=101")) == 100


def test_a1_since_is_inclusive(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    repo.open("a")
    second = repo.open("b").updated
    assert numbers(ask, f"since={second:%Y-%m-%dT%H:%M:%SZ}") == [2]
    assert numbers(ask, f"since={second + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}") == []
    fake.clock.advance(milliseconds=900)
    repo.edit(1, title="c")
    assert numbers(ask, f"since={repo.issues[1].updated:%Y-%m-%dT%H:%M:%SZ}") == [1]
    assert ask("GET", f"{ISSUES}?since=yesterday").status == 422


def test_a1_lists_are_filtered_by_labels_people_and_authors(repo: Repo, ask: Ask) -> None:
    repo.open("a", by="bob")
    repo.open("b")
    repo.label(1, "bug", "new")
    repo.label(2, "bug")
    repo.assign(2, "Ann")
    assert numbers(ask, "labels=BUG,new") == [1]
    assert numbers(ask, "labels=nosuch") == []
    assert (numbers(ask, "creator=bob"), numbers(ask, "assignee=ann"), numbers(ask, "assignee=none")) == ([1], [2], [1])


def test_a1_a_changed_issue_is_seen_twice_not_missed(repo: Repo, ask: Ask) -> None:
    for at in range(4):
        repo.open(str(at))
    first = ask("GET", f"{ISSUES}?sort=updated&direction=asc&per_page=2")
    repo.edit(1, title="changed")
    second = ask("GET", first.links["next"])
    third = ask("GET", second.links["next"])
    pages = [[one["number"] for one in page.body] for page in (first, second, third)]
    assert pages == [[1, 2], [3, 4], [1]]
    assert "next" not in third.links


def test_a1_issues_are_paged_by_cursor_without_a_last_page(repo: Repo, ask: Ask) -> None:
    for at in range(3):
        repo.open(str(at))
    told = ask("GET", f"{ISSUES}?per_page=2&state=all")
    assert set(told.links) == {"next"}
    assert told.links["next"].startswith(f"/repositories/{repo.id}/issues?per_page=2&state=all&after=")
    assert numbers(ask, "per_page=2&page=2") == [1]
    deep = ask("GET", f"{ISSUES}?per_page=100&page=100")
    assert deep.status == 422
    assert deep.body["message"].startswith("Pagination with the page parameter is not supported for large datasets")


def test_a1_other_lists_are_paged_by_number(repo: Repo, ask: Ask) -> None:
    told = ask("GET", f"{REPO}/labels?per_page=4&page=2")
    assert [label["name"] for label in told.body] == ["good first issue", "help wanted", "invalid", "question"]
    at = f"/repositories/{repo.id}/labels?per_page=4&page="
    assert told.links == {"prev": f"{at}1", "next": f"{at}3", "last": f"{at}3", "first": f"{at}1"}
    assert ask("GET", f"{REPO}/labels?page=9").body == []


def test_a1_what_was_deleted_or_transferred_is_in_no_list(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    for at in range(3):
        repo.open(str(at))
    repo.delete(1)
    repo.transfer(2, fake.repository("acme", "other"))
    assert numbers(ask, "state=all") == [3]


def test_a8_deleted_is_410(repo: Repo, ask: Ask) -> None:
    repo.open("x")
    repo.delete(1)
    told = ask("GET", f"{ISSUES}/1")
    assert (told.status, told.body["message"]) == (410, "This issue was deleted")
    assert ask("PATCH", f"{ISSUES}/1", {"title": "y"}).status == 410
    assert ask("GET", f"{ISSUES}/2").status == 404


def test_a8_transferred_is_301(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    other = fake.repository("acme", "other")
    other.open("first")
    repo.open("x")
    repo.label(1, "bug", "only here")
    assert repo.transfer(1, other) == 2
    told = ask("GET", f"{ISSUES}/1")
    assert (told.status, told.headers["location"]) == (301, f"{fake.url}/repositories/{other.id}/issues/2")
    there = ask("GET", f"/repositories/{other.id}/issues/2").body
    assert there["html_url"] == "https://github.com/acme/other/issues/2"
    assert [label["name"] for label in there["labels"]] == ["bug"]
    assert ask("PATCH", f"{ISSUES}/1", {"title": "y"}).status == 307


def test_a8_transferred_to_where_one_cannot_read_is_404(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    repo.open("x")
    repo.transfer(1, fake.repository("acme", "hidden", private=True, access=False))
    assert ask("GET", f"{ISSUES}/1").status == 404


def test_a8_a_merged_pull_request_says_so(repo: Repo, ask: Ask) -> None:
    repo.open("merged", pull=True)
    repo.open("closed", pull=True)
    repo.merge(1)
    repo.close(2)
    told = [ask("GET", f"{REPO}/pulls/{number}").body for number in (1, 2)]
    assert [(one["state"], one["merged"]) for one in told] == [("closed", True), ("closed", False)]
    assert ask("GET", f"{ISSUES}/1").body["pull_request"]["merged_at"] == told[0]["merged_at"]
    repo.open("issue")
    assert ask("GET", f"{REPO}/pulls/3").status == 404


PEOPLE: dict[str, Callable[[Repo], object]] = {
    "retitle": lambda repo: repo.edit(1, title="y"),
    "close": lambda repo: repo.close(1, "duplicate", by="ann"),
    "label": lambda repo: repo.label(1, "bug"),
    "assign": lambda repo: repo.assign(1, "ann"),
    "comment": lambda repo: repo.comment(1, "hello", by="ann"),
    "lock": lambda repo: repo.lock(1),
    "convert": lambda repo: repo.convert(1),
}


@pytest.mark.parametrize("what", PEOPLE)
def test_what_people_do_moves_the_time_of_the_issue(repo: Repo, ask: Ask, what: str) -> None:
    repo.open("x")
    repo.open("other")
    before = [ask("GET", f"{ISSUES}/{number}").body for number in (1, 2)]
    PEOPLE[what](repo)
    after = [ask("GET", f"{ISSUES}/{number}").body for number in (1, 2)]
    assert after[0]["updated_at"] > before[0]["updated_at"]
    assert after[1] == before[1]
