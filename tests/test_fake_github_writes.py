"""The fake of GitHub: what may be written, and what comes of it (trackers A5)."""

from __future__ import annotations

import pytest

from fakes.ask import Ask, Told
from fakes.github import GitHubFake
from fakes.github_state import Repo
from fakes.github_values import Right

REPO = "/repos/acme/pm"
ISSUES = f"{REPO}/issues"


def names(told: Told) -> list[str]:
    return [label["name"] for label in told.body]


def numbers(ask: Ask, query: str = "") -> list[int]:
    return [issue["number"] for issue in ask("GET", f"{ISSUES}?{query}").body]


def test_a5_an_issue_has_githubs_shape(fake: GitHubFake, ask: Ask) -> None:
    told = ask("POST", ISSUES, {"title": "x"})
    assert told.headers["location"] == told.body["url"] == f"{fake.url}{ISSUES}/1"
    assert told.body["html_url"] == "https://github.com/acme/pm/issues/1"
    assert told.body["user"]["login"] == fake.login
    assert (told.body["body"], told.body["state"], told.body["state_reason"]) == (None, "open", None)
    assert (told.body["locked"], told.body["author_association"]) == (False, "COLLABORATOR")
    assert told.body["id"] != told.body["number"]


def test_a5_one_bad_assignee_fails_the_whole_create(ask: Ask) -> None:
    told = ask("POST", ISSUES, {"title": "x", "assignees": ["ann", "reader", "nobody"]})
    error = {"resource": "Issue", "value": "reader", "field": "assignees", "code": "invalid"}
    assert (told.status, told.body["message"], told.body["errors"]) == (422, "Validation Failed", [error])
    assert numbers(ask) == []


def test_a5_adding_people_ignores_those_who_cannot(ask: Ask) -> None:
    ask("POST", ISSUES, {"title": "x"})
    told = ask("POST", f"{ISSUES}/1/assignees", {"assignees": ["nobody", "ANN"]})
    assert (told.status, [one["login"] for one in told.body["assignees"]]) == (201, ["Ann"])
    told = ask("DELETE", f"{ISSUES}/1/assignees", {"assignees": ["ann", "nobody"]})
    assert (told.status, told.body["assignees"]) == (200, [])


def test_a5_assignees_are_listed_and_asked_for(repo: Repo, ask: Ask) -> None:
    repo.grant("helper[bot]", Right.WRITE)
    assert [one["login"] for one in ask("GET", f"{REPO}/assignees").body] == ["acme", "Ann", "closeout-bot"]
    assert [ask("GET", f"{REPO}/assignees/{name}").status for name in ("ann", "reader", "nobody")] == [204, 404, 404]


def test_a5_labels_are_made_by_who_may_push_and_dropped_else(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    assert ask("POST", ISSUES, {"title": "x", "labels": ["New"]}).body["labels"][0]["color"] == "ededed"
    repo.grant("triager", Right.TRIAGE)
    triager = Ask(fake.url, fake.sign_in("triager"))
    told = triager("POST", ISSUES, {"title": "x", "labels": ["new", "other"]}).body
    assert [label["name"] for label in told["labels"]] == ["New"]
    refused = triager("PUT", f"{ISSUES}/2/labels", {"labels": ["other"]})
    assert refused.body["message"] == "You do not have permission to create labels on this repository."


def test_a5_lists_of_a_patch_replace(ask: Ask) -> None:
    ask("POST", ISSUES, {"title": "x", "labels": ["a", "b"], "assignees": ["ann"]})
    told = ask("PATCH", f"{ISSUES}/1", {"labels": ["b", "c"]}).body
    assert ([label["name"] for label in told["labels"]], len(told["assignees"])) == (["b", "c"], 1)
    assert ask("PATCH", f"{ISSUES}/1", {"assignees": []}).body["assignees"] == []


def test_a5_labels_are_replaced_added_and_removed(ask: Ask) -> None:
    ask("POST", ISSUES, {"title": "x"})
    assert names(ask("PUT", f"{ISSUES}/1/labels", {"labels": ["a b", "c"]})) == ["a b", "c"]
    assert names(ask("POST", f"{ISSUES}/1/labels", {"labels": ["d"]})) == ["a b", "c", "d"]
    assert names(ask("DELETE", f"{ISSUES}/1/labels/A%20b")) == ["c", "d"]
    assert ask("DELETE", f"{ISSUES}/1/labels/zzz").body["message"] == "Label does not exist"


@pytest.mark.parametrize("reason", ["completed", "not_planned", "duplicate"])
def test_a5_a_reason_counts_only_when_the_state_changes(ask: Ask, reason: str) -> None:
    ask("POST", ISSUES, {"title": "x"})
    assert ask("PATCH", f"{ISSUES}/1", {"state_reason": "not_planned"}).body["state_reason"] is None
    closed = ask("PATCH", f"{ISSUES}/1", {"state": "closed", "state_reason": reason}).body
    assert (closed["state_reason"], closed["closed_at"]) == (reason, closed["updated_at"])
    other = "completed" if reason != "completed" else "not_planned"
    again = ask("PATCH", f"{ISSUES}/1", {"state": "closed", "state_reason": other}).body
    assert (again["state_reason"], again["updated_at"]) == (reason, closed["updated_at"])
    opened = ask("PATCH", f"{ISSUES}/1", {"state": "open"}).body
    assert (opened["state_reason"], opened["closed_at"], opened["closed_by"]) == ("reopened", None, None)


def test_a5_a_bad_patch_changes_nothing(repo: Repo, ask: Ask) -> None:
    repo.open("x")
    before = ask("GET", f"{ISSUES}/1").body
    assert ask("PATCH", f"{ISSUES}/1", {"title": "y", "state": "closed", "assignees": ["nobody"]}).status == 422
    assert ask("GET", f"{ISSUES}/1").body == before


def test_a5_disabled_issues_are_410(fake: GitHubFake) -> None:
    fake.repository("acme", "off", has_issues=False)
    ask = Ask(fake.url, fake.token)
    assert ask("POST", "/repos/acme/off/issues", {"title": "x"}).status == 410
    assert ask("GET", "/repos/acme/off/issues").status == 410
    assert ask("GET", "/repos/acme/off").body["has_issues"] is False


def test_a5_an_archived_repository_is_only_read(repo: Repo, ask: Ask) -> None:
    repo.open("x")
    repo.archived = True
    told = ask("PATCH", f"{ISSUES}/1", {"title": "y"})
    assert (told.status, told.body["message"]) == (403, "Repository was archived so is read-only.")
    assert numbers(ask) == [1]


def test_a5_a_locked_issue_takes_no_comment_of_strangers(repo: Repo, ask: Ask, reader: Ask) -> None:
    repo.open("x")
    repo.lock(1, "resolved")
    assert reader("POST", f"{ISSUES}/1/comments", {"body": "x"}).status == 403
    assert ask("POST", f"{ISSUES}/1/comments", {"body": "x"}).status == 201
    assert ask("GET", f"{ISSUES}/1").body["active_lock_reason"] == "resolved"


def test_a5_comments_are_made_listed_and_changed(repo: Repo, ask: Ask, reader: Ask) -> None:
    repo.open("x")
    made = ask("POST", f"{ISSUES}/1/comments", {"body": "one"}).body
    path = made["url"].partition("/repos")[2]
    assert ask("PATCH", f"/repos{path}", {"body": "two"}).body["body"] == "two"
    assert [one["body"] for one in ask("GET", f"{ISSUES}/1/comments").body] == ["two"]
    assert reader("PATCH", f"/repos{path}", {"body": "three"}).status == 403
    assert ask("POST", f"{ISSUES}/1/comments", {"body": " "}).status == 422
    assert ask("GET", f"{ISSUES}/1").body["comments"] == 1


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 400), (b"", 422), (b'{"title": ""}', 422)])
def test_a5_what_is_no_issue_is_refused(fake: GitHubFake, ask: Ask, body: bytes, status: int) -> None:
    ask._connection.request("POST", ISSUES, body, {"Authorization": f"token {fake.token}", "User-Agent": "tests"})
    with ask._connection.getresponse() as reply:
        assert reply.status == status


def test_a5_rights_are_lost_half_way(fake: GitHubFake, ask: Ask) -> None:
    fake.lose(Right.READ, after=2)
    told = [ask("POST", ISSUES, {"title": "x", "labels": ["bug"]}) for _ in range(3)]
    assert [(one.status, len(one.body["labels"])) for one in told] == [(201, 1), (201, 1), (201, 0)]
