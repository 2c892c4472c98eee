"""A team whose documents are read and written through GitHub's API: no git repository is around, or needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.errors import ConfigurationError, TrackerError
from closeout.git import commits
from closeout.hosts.github_connection import GitHubConnection
from closeout.ports.documents import Snapshot
from closeout.repositories.head import Head
from closeout.repositories.hosted import Hosted, may_hold
from closeout.repositories.worktree import DEFAULT_PATHS, matching
from closeout.state.blobs import SqliteBlobs
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from github_bench import PROJECT, GitHubBench
from hosted import git_of, kept_in
from ledgers import clone, git, remote
from test_github_end_to_end import LIST, LOOK, OURS, PAGE, PEOPLE, POST, TEXT, Team, team
from worlds import Crash

__all__ = ["team"]
GRAPHQL = "POST /graphql"
PAGES = {
    "docs/postmortems/a.md": b"# A\n",
    "docs/postmortems/b.md": "# B\r\n— ü\r\n".encode(),
    "docs/postmortems/latin.md": "# St\xf6rung in M\xfcnchen\n".encode("latin-1"),
    "docs/postmortems/mark.md": b"\xef\xbb\xbf# Mark\n",
    "docs/postmortems/odd name #1.md": b"# Odd\n",
    "docs/other.md": b"# Other\n",
    "docs/postmortems/picture.png": b"\x89PNG\0",
    "node_modules/postmortems/x.md": b"# X\n",
    "src/incidents/deep/er/c.md": b"# C\n",
}
TREE = f"GET /repos/{PROJECT}/git/trees/"


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    return GitHubBench(github_fake)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = clone(remote(tmp_path), "clone")
    put(made, PAGES)
    return made


@pytest.fixture
def bare(bench: GitHubBench, root: Path) -> Bare:
    return kept_in(bench, root.parent / "remote.git")


def put(root: Path, pages: dict[str, bytes]) -> None:
    for name, content in pages.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "pages")
    git(root, "push", "-q")


def shown(snapshot: Snapshot) -> list[tuple[str, str, str, str]]:
    return [(page.path, page.text, page.encoding, page.error) for page in snapshot.pages]


def asked(bench: GitHubBench) -> list[str]:
    return [one if not one.startswith(TREE) else "tree" for one in bench.asked()]


def test_the_same_documents_are_read_as_from_a_clone(bench: GitHubBench, bare: Bare, root: Path) -> None:
    (root / "docs/postmortems/link.md").symlink_to("../other.md")
    (root / "docs/postmortems/twin.md").symlink_to("a.md")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "links")
    git(root, "push", "-q")
    there, here = Hosted(git_of(bench)).read(), Head(root, "main").read()
    assert shown(there) == shown(here)
    assert len(there.pages) == 7
    assert (there.revision, there.name) == (here.revision, "main of github.com/acme/platform")


def test_a_hundred_texts_come_with_one_request_and_other_bytes_one_by_one(
    bench: GitHubBench, bare: Bare, root: Path
) -> None:
    Hosted(git_of(bench)).read()
    told = asked(bench)
    assert told[:3] == [GRAPHQL, "tree", GRAPHQL]
    assert len(told) == 4  # the one in Latin-1
    assert told[3].startswith(f"GET /repos/{PROJECT}/git/blobs/")
    put(root, {f"rca/{number}.md": b"# %d\n" % number for number in range(250)})
    Hosted(git_of(bench), paths=("rca/*.md",)).read()
    assert asked(bench) == [GRAPHQL, "tree", *[GRAPHQL] * 3]


def test_what_did_not_change_is_not_asked_for_again(bench: GitHubBench, bare: Bare, root: Path, tmp_path: Path) -> None:
    cache = SqliteBlobs(tmp_path / "cache/blobs.sqlite")
    first = Hosted(git_of(bench), cache=cache).read()
    asked(bench)
    assert shown(Hosted(git_of(bench), cache=cache).read()) == shown(first)
    assert asked(bench) == [GRAPHQL]
    put(root, {"docs/postmortems/a.md": b"# A, changed\n"})
    again = Hosted(git_of(bench), cache=cache).read()
    assert asked(bench) == [GRAPHQL, "tree", GRAPHQL]
    assert shown(again) == shown(Head(root, "main").read())
    assert (tmp_path / "cache/blobs.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_damaged_cache_is_as_good_as_none(bench: GitHubBench, bare: Bare, tmp_path: Path) -> None:
    path = tmp_path / "blobs.sqlite"
    path.write_bytes(b"no database" * 100)
    first = Hosted(git_of(bench), cache=SqliteBlobs(path)).read()
    asked(bench)
    assert shown(Hosted(git_of(bench), cache=SqliteBlobs(path)).read()) == shown(first)
    assert asked(bench) == [GRAPHQL]


def test_a_tree_that_is_too_large_for_one_answer_is_walked_where_documents_may_be(
    bench: GitHubBench, bare: Bare, root: Path
) -> None:
    bare.deepest = 7
    assert shown(Hosted(git_of(bench)).read()) == shown(Head(root, "main").read())
    asked(bench)
    found = Hosted(git_of(bench), paths=("src/incidents/**/*.md",)).read()
    assert [page.path for page in found.pages] == ["src/incidents/deep/er/c.md"]
    assert asked(bench) == [GRAPHQL, "tree", "tree", "tree", GRAPHQL]


def test_a_folder_that_is_told_in_part_only_is_an_error_and_no_shorter_list(bench: GitHubBench, bare: Bare) -> None:
    bare.deepest = 1
    with pytest.raises(ConfigurationError, match="it has too many files"):
        Hosted(git_of(bench)).read()


@pytest.mark.parametrize(
    ("folder", "paths", "told"),
    [
        ("docs", ("docs/postmortems/**/*.md",), True),
        ("docs/postmortems", ("docs/postmortems/**/*.md",), True),
        ("docs/postmortems/2026", ("docs/postmortems/**/*.md",), True),
        ("docs/adr", ("docs/postmortems/**/*.md",), False),
        ("src", ("docs/postmortems/**/*.md",), False),
        ("doc", ("docs/*.md",), False),
        ("src", ("docs/",), True),
        ("src", ("*.md",), True),
        ("src", ("/docs/",), False),
        ("src", DEFAULT_PATHS, True),
        ("src", (), True),
        ("src", ("docs/*.md", "src/*.md"), True),
    ],
)
def test_only_folders_that_may_hold_documents_are_walked(folder: str, paths: tuple[str, ...], told: bool) -> None:
    assert may_hold(folder, paths) is told


@given(
    st.lists(st.sampled_from(["docs", "a", "b", "rca"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["docs", "a", "*", "**", "b", "?", "[ab]", "!docs"]), min_size=1, max_size=4),
    st.sampled_from(["", "/", "!"]),
    st.sampled_from(["", "/", "/*.md", "/**"]),
)
def test_no_folder_that_holds_a_document_is_left_out(
    folders: list[str], parts: list[str], start: str, end: str
) -> None:
    path, pattern = "/".join([*folders, "x.md"]), start + "/".join(parts) + end
    if matching([path], (pattern,)):
        assert all(may_hold("/".join(folders[:count]), (pattern,)) for count in range(1, len(folders) + 1))


def test_bytes_that_are_not_those_of_their_name_are_never_a_document(bench: GitHubBench, bare: Bare) -> None:
    oid = commits.blob_of(bare.path, PAGES["docs/postmortems/latin.md"])

    def act(request: object, answer: object) -> object:
        return {"sha": oid, "encoding": "base64", "content": "c29tZXRoaW5n"}

    from fakes.http import Reply

    bench.fake.script(Fault(lambda request, answer: Reply(200, act(request, answer)), "GET", "/git/blobs/"))
    with pytest.raises(TrackerError, match="other bytes came"):
        Hosted(git_of(bench)).read()


def test_how_revisions_follow_each_other(bench: GitHubBench, bare: Bare, root: Path) -> None:
    old = bare.tip("main~")
    new, where = bare.tip("main"), Hosted(git_of(bench))
    other = bare.commit(bare.text("rev-parse", "main^{tree}"), [old], "theirs", "ann")
    bare.git("update-ref", "refs/heads/other", other)
    assert where.descends(new, new)
    assert bench.asked() == []
    assert where.descends(new, old)
    assert not where.descends(old, new)
    assert not where.descends(other, new)
    assert not where.descends(new, "1" * 40)


@pytest.mark.parametrize("why", ["no branch", "nothing", "no repository", "no right", "unreachable"])
def test_what_cannot_be_read_is_an_error_and_no_empty_repository(bench: GitHubBench, bare: Bare, why: str) -> None:
    branch = "gone" if why == "no branch" else ""
    if why == "nothing":
        bench.repo.bare = None
    elif why == "no repository":
        bench.repo.private = True
        bench.repo.grant(bench.fake.login, Right.NONE)
    elif why == "no right":
        bench.fake.tokens[bench.fake.token].contents = Right.NONE
    elif why == "unreachable":
        bench.fake.script(Fault(faults.failed(done=False), "POST", "/graphql", times=None))
    with pytest.raises((ConfigurationError, TrackerError), match=r"github\.com/acme/platform: could not"):
        Hosted(git_of(bench), branch).read()


@pytest.fixture
def far(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    """The team, seen from a folder that is no git repository."""
    team.repo.bare = Bare(tmp_path / "remote.git")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "closeout.toml").write_text('source = "api"\npublish = "api"\n', encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return team


def test_a_sync_without_a_clone_from_the_first_issue_to_the_last_word(far: Team) -> None:
    assert far.run("sync")[0] == 5
    assert far.fake.writes == []
    code, out, err = far.run("sync", "--yes")
    assert (code, err) == (0, "")
    head = far.git("ls-remote", "origin", "refs/heads/main").split()[0]
    assert f"{PAGE}: written\ncommit {head[:7]} on main, made on github.com/acme/pm\n" in out
    assert [issue.title for issue in far.repo.issues.values()] == ["Add a connection alert", "Write the runbook"]
    assert far.text == TEXT
    far.git("pull", "-q", "--ff-only")
    assert far.text.count("/acme/pm/issues/") == 2
    far.repo.close(1)
    assert far.run("sync")[0] == 0
    far.git("pull", "-q", "--ff-only")
    assert "✅ DONE |\n| Write" in far.text
    far.text = far.text.replace("2026-12-05", "2026-12-24")
    assert far.run("sync")[0] == 0
    assert "Due: 2026-12-24" in (far.repo.issues[2].body or "")
    assert far.run("plan", "--exit-code")[0] == 0
    assert far.git("log", "--format=%an", "-3").split() == ["Ann", "closeout-bot", "closeout-bot"]


def test_what_a_run_without_a_clone_asks_for(far: Team) -> None:
    git = "repos/acme/pm/git"
    ref, tree, file = f"GET /{git}/matching-refs/closeout/ledger", "tree", "GET /repos/acme/pm/contents/ledger.jsonl"
    save = [f"POST /{git}/trees", f"POST /{git}/commits"]
    move = [*save, f"PATCH /{git}/refs/closeout/ledger"]
    documents = [GRAPHQL, tree, GRAPHQL]  # the branch, its files, their texts
    far.run("sync", "--yes")
    announced = [ref, ref, *documents, LOOK, LIST, PEOPLE, *save, f"POST /{git}/refs"]
    assert routes(far) == [*announced, POST, POST, *move, GRAPHQL, *move]
    before = far.git("ls-remote", "origin")
    assert far.run("sync")[0] == 0
    follows = "compare"  # our own commit came after what the ledger was computed from
    assert routes(far) == [ref, file, ref, *documents, follows, LOOK, OURS]
    assert far.git("ls-remote", "origin") == before


def routes(team: Team) -> list[str]:
    return [re.sub(r"GET /.*/(tree|compare)s?/.*", r"\1", one) for one in team.asked()]


def test_documents_that_were_read_are_kept_for_the_next_run_outside_of_a_runner(
    far: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.run("sync", "--yes")
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    (tmp_path / "folder/closeout.toml").write_text(
        'source = "api"\npublish = "api"\nrepository = "Acme/pm"\ntracker = "github"\n', encoding="utf-8"
    )
    monkeypatch.delenv("GITHUB_REPOSITORY")
    monkeypatch.setattr("closeout.trackers.github.GitHub", lambda url, auth, pace, api: at(far, url, auth, pace))
    assert far.run("sync")[0] == 0
    far.asked()
    assert far.run("sync")[0] == 0
    assert not {one for one in far.asked() if "/git/trees/" in one}
    kept = sorted(path.name for path in (tmp_path / "home/.cache/closeout").rglob("*") if path.is_file())
    assert kept == ["closeout-blobs.sqlite", "closeout-issues-github.sqlite"]
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == ["closeout.toml"]


def at(far: Team, url: str, auth: object, pace: object) -> object:
    from closeout.hosts.github import GitHub

    return GitHub(url, auth, pace, api=far.fake.url)  # type: ignore[arg-type] # as they were given


def test_somebody_who_pushes_meanwhile_loses_nothing_and_the_run_plans_anew(
    far: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from closeout.hosts.github_git import GitHubGit

    commit, once = GitHubGit.commit_on_branch, [True]

    def late(*arguments: object) -> str:
        if once.pop() if once else False:
            far.text = TEXT.replace("2026-12-05", "2026-12-24")
        return commit(*arguments)  # type: ignore[arg-type] # as they were given

    monkeypatch.setattr(GitHubGit, "commit_on_branch", late)
    assert far.run("sync", "--yes")[0] == 0
    far.git("pull", "-q", "--ff-only")
    assert far.text.count("/acme/pm/issues/") == 2
    assert "| 2026-12-24 |" in far.text
    assert ["Due: 2026-12-24" in (issue.body or "") for issue in far.repo.issues.values()] == [False, True]


def test_a_protected_branch_is_told_and_the_issues_are_known_to_the_next_run(far: Team) -> None:
    assert far.repo.bare is not None
    far.repo.bare.protected["main"] = "Changes must be made through a pull request."
    code, _, err = far.run("sync", "--yes")
    assert code == 3
    assert "Changes must be made through a pull request" in err
    del far.repo.bare.protected["main"]
    assert far.run("sync")[0] == 0
    far.git("pull", "-q", "--ff-only")
    assert (len(far.repo.issues), far.text.count("/acme/pm/issues/")) == (2, 2)


def test_a_run_that_was_started_for_another_branch_only_plans(far: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    event = far.clone.parent / "event.json"
    event.write_text('{"repository": {"default_branch": "main"}}', encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_REF_NAME", "12/merge")
    code, out, _ = far.run("sync", "--yes")
    assert code == 5
    assert "12/merge" in out
    assert far.fake.writes == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--publish", "worktree"), "there are no files here"),
        (("--publish", "commit"), "there are no files here"),
        (("--tracker", "folder"), "could not be used with the folder tracker"),
    ],
)
def test_what_needs_a_clone_is_told(far: Team, flags: tuple[str, ...], told: str) -> None:
    code, _, err = far.run("sync", *flags)
    assert code == 2
    assert told in err


def test_a_repository_that_nothing_names_is_asked_for(
    far: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY")
    (tmp_path / "folder/closeout.toml").write_text(
        'source = "api"\npublish = "api"\ntracker = "github"\n[trackers.github]\nproject = "acme/pm"\n',
        encoding="utf-8",
    )
    code, _, err = far.run("sync")
    assert code == 2
    assert 'Name it with `repository = "owner/name"`' in err


def test_without_a_word_a_folder_that_is_no_repository_names_the_way_out(far: Team, tmp_path: Path) -> None:
    (tmp_path / "folder/closeout.toml").unlink()
    code, _, err = far.run("sync")
    assert code == 2
    assert 'source = "api"' in err


def test_publish_none_and_the_ledger_work_without_a_clone_too(far: Team) -> None:
    assert far.run("sync", "--yes", "--publish", "none")[0] in {0, 8}
    assert len(far.repo.issues) == 2
    code, out, _ = far.run("ledger", "--format", "json")
    assert code == 0
    assert out.count("\n") == 3
    code, _, err = far.run("ledger", "--diff")
    assert code == 2
    assert "in a clone of the documents' repository" in err


@pytest.mark.parametrize("write", range(12))
def test_killed_after_any_write_there_is_one_issue_for_each_row_and_every_ticket_lands(
    far: Team, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    exchange, writes = GitHubConnection.exchange, iter(range(100))

    def dying(*arguments: Any) -> Any:
        before = len(far.fake.writes)
        reply = exchange(*arguments)
        if len(far.fake.writes) > before and next(writes) == write:
            raise Crash
        return reply

    with monkeypatch.context() as patch:
        patch.setattr(GitHubConnection, "exchange", dying)
        with pytest.raises(Crash):
            far.run("sync", "--yes")
    far.fake.clock.advance(seconds=2_000)  # its lease, one write, and what a listing may lag
    assert far.run("sync", "--yes")[0] == 0
    far.git("pull", "-q", "--ff-only")
    assert [issue.title for issue in far.repo.issues.values()] == ["Add a connection alert", "Write the runbook"]
    assert far.text.count("/acme/pm/issues/") == 2
    assert far.git("rev-list", "--count", "main").strip() == "2"
    assert far.run("plan", "--exit-code")[0] == 0


def test_a_word_about_one_item_is_kept_without_a_clone_too(far: Team) -> None:
    far.run("sync", "--yes")
    assert far.run("unlink", "#1", "--yes")[0] == 0
    far.repo.close(1)
    assert far.run("sync")[0] == 0
    far.git("pull", "-q", "--ff-only")
    assert "✅ DONE |\n| Write" not in far.text


def test_from_a_clone_that_may_not_push_the_commit_is_made_by_the_api(
    far: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(far.clone)
    code, out, err = far.run("sync", "--yes", "--publish", "api")
    assert (code, err) == (0, "")
    assert "on main, made on github.com/acme/pm" in out
    assert far.text == TEXT
    far.git("pull", "-q", "--ff-only")
    assert far.text.count("/acme/pm/issues/") == 2
    assert far.run("sync", "--publish", "commit")[0] == 0  # by git from here on: the ledger is the same one
    assert len(far.repo.issues) == 2
