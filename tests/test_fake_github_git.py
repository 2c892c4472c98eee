"""The fake of GitHub: git's objects and refs, and the commit that GraphQL makes (trackers A10)."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from fakes.ask import Ask, Told
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_state import Repo
from ledgers import remote

GIT = "/repos/acme/pm/git"
FAR = "1" * 40
COMMIT = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"


@pytest.fixture
def bare(repo: Repo, tmp_path: Path) -> Bare:
    repo.bare = Bare(remote(tmp_path))
    return repo.bare


def committed(ask: Ask, head: str, branch: str = "main", text: str = "x") -> Told:
    made = {
        "branch": {"repositoryNameWithOwner": "acme/pm", "branchName": branch},
        "expectedHeadOid": head,
        "message": {"headline": "One", "body": "Two"},
        "fileChanges": {"additions": [{"path": "a/b.md", "contents": base64.b64encode(text.encode()).decode()}]},
    }
    return ask("POST", "/graphql", {"query": COMMIT, "variables": {"input": made}})


def test_a10_objects_have_the_names_that_git_gives_them(ask: Ask, bare: Bare) -> None:
    entry = {"path": "a.md", "mode": "100644", "type": "blob", "content": "hello\n"}
    tree = ask("POST", f"{GIT}/trees", {"tree": [entry]})
    assert tree.status == 201
    assert tree.body["tree"][0]["sha"] == "ce013625030ba8dba906f756967f9e9ca394464a"
    told = {"message": "One", "tree": tree.body["sha"], "parents": [bare.tip("main")]}
    commit = ask("POST", f"{GIT}/commits", told)
    assert (commit.status, commit.body["message"]) == (201, "One")
    assert bare.text("cat-file", "blob", f"{commit.body['sha']}:a.md") == "hello"
    assert ask("GET", f"{GIT}/commits/{commit.body['sha']}").body["parents"][0]["sha"] == bare.tip("main")


def test_a10_a_ref_moves_forward_only(ask: Ask, bare: Bare) -> None:
    old = bare.tip("main")
    new, other = (bare.commit(bare.text("rev-parse", "main^{tree}"), [old], word, "ann") for word in ("new", "other"))
    ref = {"ref": "refs/closeout/ledger", "sha": new}
    assert ask("GET", f"{GIT}/matching-refs/closeout/ledger").body == []
    assert ask("GET", f"{GIT}/ref/closeout/ledger").status == 404
    assert ask("POST", f"{GIT}/refs", ref).status == 201
    again = ask("POST", f"{GIT}/refs", ref)
    assert (again.status, again.body["message"]) == (422, "Reference already exists")
    path = f"{GIT}/refs/closeout/ledger"
    refused = ask("PATCH", path, {"sha": other, "force": False})
    assert (refused.status, refused.body["message"]) == (422, "Update is not a fast forward")
    assert bare.tip("refs/closeout/ledger") == new
    assert ask("PATCH", path, {"sha": other, "force": True}).status == 200
    gone = ask("PATCH", f"{GIT}/refs/closeout/none", {"sha": new})
    assert (gone.status, gone.body["message"]) == (422, "Reference does not exist")
    assert ask("POST", f"{GIT}/refs", {"ref": "refs/closeout/x", "sha": FAR}).status == 422
    assert [one["ref"] for one in ask("GET", f"{GIT}/matching-refs/closeout").body] == ["refs/closeout/ledger"]


def test_a10_a_commit_is_made_on_the_head_that_was_expected_only(ask: Ask, bare: Bare) -> None:
    head = bare.tip("main")
    made = committed(ask, head)
    assert made.status == 200
    assert made.body["data"]["createCommitOnBranch"]["commit"]["oid"] == bare.tip("main") != head
    assert bare.text("log", "-1", "--format=%B|%an", "main") == "One\n\nTwo|closeout-bot"
    assert bare.text("cat-file", "blob", "main:a/b.md") == "x"
    stale = committed(ask, head, text="y")
    assert stale.status == 200
    assert stale.body["errors"][0]["type"] == "STALE_DATA"
    assert stale.body["errors"][0]["message"].startswith(f'Expected branch to point to "{head}" but it did not.')
    assert bare.text("cat-file", "blob", "main:a/b.md") == "x"


def test_a10_refusals_come_with_status_200(ask: Ask, reader: Ask, bare: Bare) -> None:
    head = bare.tip("main")
    bare.protected["main"] = "Changes must be made through a pull request."
    kinds = [
        committed(asks, head, branch).body["errors"][0]["type"]
        for asks, branch in ((ask, "main"), (ask, "x"), (reader, "main"))
    ]
    assert kinds == ["BRANCH_PROTECTION_RULE_VIOLATION", "NOT_FOUND", "FORBIDDEN"]
    assert bare.tip("main") == head


def test_a10_what_was_never_pushed_to_is_empty(ask: Ask, repo: Repo) -> None:
    told = ask("GET", f"{GIT}/matching-refs/heads")
    assert (told.status, told.body["message"]) == (409, "Git Repository is empty.")


def test_nobody_asks_by_graphql(fake: GitHubFake, bare: Bare) -> None:
    assert Ask(fake.url)("POST", "/graphql", {"query": "{ viewer { login } }"}).status == 401
