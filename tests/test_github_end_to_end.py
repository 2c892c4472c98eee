"""A team on GitHub, from a shell or a runner: the commands, a bare remote for the ledger, and GitHub on loopback."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from closeout import compose, settings
from closeout.__main__ import main
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import Token
from closeout.hosts.pacing import Pace
from closeout.state.gitref import GitLedger, Times
from closeout.state.lines import lease_of
from closeout.state.storage import Storage
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_state import Repo
from fakes.github_values import Right
from fakes.http import Fault
from ledgers import Once

PAGE = "docs/postmortems/2026-11-02-pool.md"
TEXT = """# Connection pool exhausted

**Date**: 2026-11-02

## Action items

| Action                 | Owner   | Due        | Status  |
|------------------------|---------|------------|---------|
| Add a connection alert | @ann    | 2026-12-01 | 🔲 TODO |
| Write the runbook      | Ann Lee | 2026-12-05 | 🔲 TODO |
| Raise the pool size    | @bob    | 2026-11-03 | ✅ DONE |
"""
LOOK, LIST = "GET /repos/acme/pm", "GET /repos/acme/pm/issues"
OURS, SINCE = f"{LIST}?labels=closeout", f"{LIST}?since"  # narrowed listings; LIST alone is a full one
PEOPLE, POST = "GET /repos/acme/pm/assignees", "POST /repos/acme/pm/issues"


@dataclass
class Team:
    """A clone, its bare remote, and the team's repository on the fake."""

    clone: Path
    fake: GitHubFake
    repo: Repo
    run: Callable[..., tuple[int, str, str]]

    @property
    def text(self) -> str:
        return (self.clone / PAGE).read_text("utf-8")

    @text.setter
    def text(self, value: str) -> None:
        (self.clone / PAGE).write_text(value, encoding="utf-8")
        self.push("An edit")

    def push(self, message: str) -> None:
        """A person commits and pushes what lies here, our write-backs among it."""
        git(self.clone, "commit", "-q", "--allow-empty", "-am", message)
        git(self.clone, "push", "-q")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.clone, capture_output=True, text=True, check=True)
        return done.stdout

    def asked(self) -> list[str]:
        told = []
        for request in self.fake.requests:
            narrow = "?since" if "since" in request.query else ""
            narrow = f"?labels={request.query['labels']}" if "labels" in request.query else narrow
            told.append(f"{request.method} {request.route}{narrow}")
        self.fake.requests.clear()
        return told


def approval(out: str) -> str:
    """The digest in the command that a plan or a sync prints."""
    (name,) = set(re.findall(r"`closeout sync --approve ([0-9a-f]{16})` lets go exactly what is held", out))
    return str(name)


def git(where: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=where, check=True, capture_output=True)


def begun(folder: Path) -> None:
    """Make a bare remote and a clone, with the page committed and pushed."""
    remote, clone = folder / "remote.git", folder / "clone"
    git(folder, "init", "-q", "--bare", "-b", "main", str(remote))
    git(folder, "clone", "-q", str(remote), str(clone))
    (clone / PAGE).parent.mkdir(parents=True)
    (clone / PAGE).write_text(TEXT, encoding="utf-8")
    git(clone, "switch", "-q", "-c", "main")
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "A postmortem")
    git(clone, "push", "-q", "-u", "origin", "main")


@pytest.fixture
def team(
    once: Once,
    tmp_path: Path,
    github_fake: GitHubFake,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Team:
    once("team", begun, tmp_path)
    remote, clone = tmp_path / "remote.git", tmp_path / "clone"
    repo = github_fake.repository("acme", "pm")
    repo.bare = Bare(remote)
    for login in ("ann", "bob", "max42"):
        repo.grant(login, Right.WRITE)
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/pm",
        "GITHUB_SERVER_URL": github_fake.web,
        "GITHUB_API_URL": github_fake.url,
        "GITHUB_TOKEN": github_fake.token,
        "GITHUB_REF_NAME": "main",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(clone)

    def pace(
        pause: object, now: object, tell: Callable[[str], None], cap: float, *_: float, per_minute: int, tries: int
    ) -> Pace:
        return Pace(
            lambda seconds: github_fake.clock.advance(seconds=seconds),
            lambda: github_fake.clock.now.timestamp(),  # noqa: PLW0108 - the clock is moved
            tell,
            cap=cap,
            between_writes=0.0,
            per_minute=per_minute,
            tries=tries,
        )

    def ledger(chain: Storage, clock: object, pause: object, times: Times) -> GitLedger:
        return GitLedger(
            chain,
            clock=lambda: github_fake.clock.now,
            pause=lambda seconds: github_fake.clock.advance(seconds=seconds),
            times=times,
        )

    run_at = compose.run

    def timed(root: Path, told: settings.Settings, now: object, asked: compose.Asked) -> compose.Run:
        return run_at(root, told, github_fake.clock.now, asked)

    monkeypatch.setattr("closeout.compose.run", timed)
    monkeypatch.setattr("closeout.compose.opening.Pace", pace)
    monkeypatch.setattr("closeout.compose.GitLedger", ledger)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["closeout", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert github_fake.token not in out + err
        return int(end.value.code or 0), out, err

    return Team(clone, github_fake, repo, run)


def ran(once: Once, team: Team, name: str, *arguments: str) -> None:
    """Let the first run of a team be over, which is made once; from then on a team gets its folders and its fake."""
    folder, kept = team.clone.parent, once.folder / f"{name}.fake"
    if kept.exists():
        for one in (team.clone, folder / "remote.git"):
            shutil.rmtree(one)
    else:
        assert team.run("sync", "--yes", *arguments)[0] == 0
        kept.write_bytes(team.fake.kept())
    once(name, lambda made: moved(folder, made), folder)
    team.fake.go_on(kept.read_bytes())
    team.repo = team.fake.repos[team.repo.id]
    team.repo.bare = Bare(folder / "remote.git")
    os.chdir(team.clone)


def moved(folder: Path, made: Path) -> None:
    """Move a team's folders; its clone knows its remote where that is now."""
    for name in ("clone", "remote.git"):
        shutil.move(folder / name, made / name)
    config = made / "clone/.git/config"
    config.write_text(config.read_text("utf-8").replace(str(folder), str(made)), encoding="utf-8")


@pytest.fixture
def synced(once: Once, team: Team) -> Team:
    """A team whose first run is over."""
    ran(once, team, "synced")
    return team


def test_a_first_run_is_shown_and_waits_for_yes(team: Team) -> None:
    code, out, _ = team.run("sync")
    assert code == 5
    assert "`closeout sync --yes`" in out
    assert team.fake.writes == []
    assert team.git("ls-remote", "origin", "refs/closeout/ledger") == ""


def test_issues_are_made_with_owner_and_due_date_and_their_tickets_written_in(team: Team) -> None:
    code, out, _ = team.run("sync", "--yes")
    assert code == 0
    alert, runbook = team.repo.issues[1], team.repo.issues[2]
    assert (alert.title, [one.login for one in alert.assignees]) == ("Add a connection alert", ["ann"])
    assert "\nDue: 2026-12-01\n" in (alert.body or "")
    assert f"(<{team.fake.web}/acme/pm/blob/HEAD/{PAGE}#L9>)" in (alert.body or "")
    assert [one.login for one in runbook.assignees] == []
    assert "Ann Lee is no account of github" in out
    assert f"| Add a connection alert [#1]({team.fake.web}/acme/pm/issues/1) | @ann    |" in team.text
    assert team.git("ls-remote", "origin", "refs/closeout/ledger") != ""
    assert team.git("status", "--porcelain").split() == ["M", PAGE]


def test_write_backs_leave_in_one_commit_that_is_pushed(team: Team) -> None:
    (team.clone / "other.txt").write_text("staged\n", encoding="utf-8")
    team.git("add", "other.txt")
    read = team.git("rev-parse", "HEAD").strip()
    code, out, err = team.run("sync", "--yes", "--publish", "commit")
    assert (code, err) == (0, "")
    head = team.git("rev-parse", "HEAD").strip()
    assert f"{PAGE}: written\ncommit {head[:7]} on main, pushed to origin\n" in out
    assert team.git("ls-remote", "origin", "refs/heads/main").split()[0] == head
    assert team.git("show", "--format=%an: %B", "--name-only", "HEAD").split("\n") == [
        "github-actions[bot]: Action items: 2 values written back into 1 document",
        "",
        PAGE,
        "",
        f"Closeout-Base: {read}",
        "",
        "",
        PAGE,
        "",
    ]
    assert team.git("status", "--porcelain") == "A  other.txt\n"
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert team.git("rev-parse", "HEAD").strip() == head


def test_every_write_and_the_push_of_a_commit_are_made_within_a_lease_that_outlasts_them(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, int, bool]] = []
    hold = GitLedger.hold

    def held(ledger: GitLedger, seconds: float) -> None:
        hold(ledger, seconds)
        lease = lease_of(team.git("--git-dir", "../remote.git", "show", "refs/closeout/ledger:ledger.jsonl"))
        lasts = lease is not None and lease.until >= team.fake.clock.now + timedelta(seconds=seconds)
        asked.append((seconds, len(team.fake.writes), lasts))
        team.fake.clock.advance(seconds=350)

    monkeypatch.setattr(GitLedger, "hold", held)
    assert team.run("sync", "--yes", "--publish", "commit")[0] == 0
    assert asked == [(400.0, 0, True), (400.0, 1, True), (240.0, 2, True)]


def test_write_backs_are_committed_on_top_of_what_the_remote_has_by_now(team: Team) -> None:
    other = team.clone.parent / "other"
    git(team.clone.parent, "clone", "-q", str(team.clone.parent / "remote.git"), str(other))
    (other / "other.txt").write_text("theirs\n", encoding="utf-8")
    git(other, "add", "-A")
    git(other, "commit", "-q", "-m", "theirs")
    git(other, "push", "-q")
    code, out, _ = team.run("sync", "--yes", "--publish", "commit")
    assert code == 0
    assert "pushed to origin; `git pull` brings it here" in out
    assert team.text == TEXT
    team.git("pull", "-q", "--ff-only")
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert team.text.count("/acme/pm/issues/") == 2
    assert len(team.repo.issues) == 2
    assert team.git("status", "--porcelain") == ""


@pytest.mark.usefixtures("synced")
def test_a_run_without_changes_asks_for_one_page_and_writes_nothing(team: Team) -> None:
    before = team.git("ls-remote", "origin")
    team.asked()
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, OURS]
    assert team.git("ls-remote", "origin") == before
    assert team.run("plan", "--exit-code")[0] == 0


@pytest.mark.usefixtures("synced")
def test_what_people_do_on_github_arrives_in_the_page(team: Team) -> None:
    team.repo.close(1, "completed")
    body = team.repo.issues[2].body or ""
    team.repo.edit(2, body=body.replace("Due: 2026-12-05", "Due: 2026-12-24") + "\nA person's words.\n")
    team.repo.assign(2, "max42")
    (team.clone / "closeout.toml").write_text('[people]\n"Maxime" = { github = "max42" }\n', encoding="utf-8")
    team.asked()
    assert team.run("sync")[0] == 0
    rows = [line for line in team.text.split("\n") if "/issues/" in line]
    assert "| ✅ DONE |" in rows[0]
    assert "| Ann Lee, Maxime | 2026-12-24 |" in rows[1]
    assert team.asked() == [LOOK, OURS, "GET /repos/acme/pm/issues/1", "GET /repos/acme/pm/issues/2"]
    assert team.run("plan", "--exit-code")[0] == 0


@pytest.mark.usefixtures("synced")
def test_what_people_change_in_the_page_reaches_github_with_one_look_and_one_write(team: Team) -> None:
    body = team.repo.issues[1].body or ""
    team.repo.edit(1, body=body + "\nA person's words.\n")
    team.run("sync")
    team.text = team.text.replace("2026-12-01", "2026-12-09").replace("Write the runbook", "Write it down")
    team.asked()
    assert team.run("sync")[0] == 0
    assert "\nDue: 2026-12-09\n" in (team.repo.issues[1].body or "")
    assert (team.repo.issues[1].body or "").endswith("A person's words.\n")
    assert team.repo.issues[2].title == "Write it down"
    one, other = ([f"{verb} /repos/acme/pm/issues/{number}" for verb in ("GET", "PATCH")] for number in (1, 2))
    assert team.asked() == [LOOK, OURS, *one, *other]
    assert team.run("plan", "--exit-code")[0] == 0


@pytest.mark.usefixtures("synced")
def test_a_closed_row_closes_its_issue_with_a_reason(team: Team) -> None:
    head, _, rest = team.text.partition("🔲 TODO")
    team.text = head + "✅ DONE" + rest.replace("🔲 TODO", "WONTFIX")
    assert team.run("sync")[0] == 0
    assert [(one.state, one.reason) for one in team.repo.issues.values()] == [
        ("closed", "completed"),
        ("closed", "not_planned"),
    ]


@pytest.mark.usefixtures("synced")
def test_another_clone_knows_what_this_one_did(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), str(other))
    monkeypatch.chdir(other)
    assert team.run("sync")[0] == 0  # its page has no tickets yet, and the issues are known all the same
    assert len(team.repo.issues) == 2
    assert (other / PAGE).read_text("utf-8") == team.text


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("kind", ["failed", "dropped"])
@pytest.mark.parametrize("nth", [0, 1])
def test_a_lost_reply_never_makes_a_second_issue(team: Team, kind: str, done: bool, nth: int) -> None:
    act = faults.failed(done=done) if kind == "failed" else faults.dropped(done=done)
    team.fake.script(Fault(act, "POST", r"/issues$", times=1, skip=nth))
    code, _, err = team.run("sync", "--yes")
    assert code == 4
    assert "error:" in err
    assert team.run("sync")[0] == 6  # the request that was lost may still be on its way
    team.fake.clock.advance(seconds=500)
    code, _, _ = team.run("sync")
    assert code == (0 if done else 9)
    assert len(team.repo.issues) == (2 if done else 1)
    assert len({issue.title for issue in team.repo.issues.values()}) == len(team.repo.issues)


def test_what_a_killed_run_announced_is_settled_only_after_its_lease_and_one_write_more(team: Team) -> None:
    class Killed(BaseException):
        pass

    begun = team.fake.clock.now
    with patch.object(GitHub, "create_issue", side_effect=Killed), pytest.raises(Killed):
        team.run("sync", "--yes")
    announced = team.git("ls-remote", "origin", "refs/closeout/ledger")
    team.fake.clock.now = begun + timedelta(seconds=600 + 400 - 61)  # 60 more are waited
    assert team.run("sync")[0] == 6
    assert team.git("ls-remote", "origin", "refs/closeout/ledger") == announced
    team.fake.clock.now = begun + timedelta(seconds=600 + 400)
    assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 2


def test_a_rebuilt_ledger_is_kept_and_needs_no_second_word(team: Team) -> None:
    """`sync --rebuild-ledger` said that there was nothing to do, and forgot what it had found"""
    team.run("sync", "--yes")
    team.repo.open("A copy", team.repo.issues[1].body, by="mallory")
    team.git("push", "-q", "origin", ":refs/closeout/ledger")
    assert team.run("sync")[0] == 2
    assert team.run("sync", "--rebuild-ledger")[0] == 0
    team.text = team.text.replace("2026-12-01", "2026-12-09")
    assert team.run("sync")[0] == 0
    assert ["Due: 2026-12-09" in (issue.body or "") for issue in team.repo.issues.values()] == [True, False, False]


def test_a_rebuild_where_nothing_is_known_is_a_first_run(team: Team) -> None:
    assert team.run("sync", "--rebuild-ledger")[0] == 5
    assert team.fake.writes == []


def test_lists_that_lag_make_no_second_issue(team: Team) -> None:
    team.fake.lag = 3
    team.run("sync", "--yes")
    for _ in range(5):
        assert team.run("sync")[0] in {0, 4, 9}  # an empty list of a project with open issues is no answer
    assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 2


def test_a_rate_limit_of_an_hour_ends_the_run_with_exit_9_and_nothing_lost(team: Team) -> None:
    reset = int(team.fake.clock.now.timestamp()) + 3600
    act = faults.limited(message=faults.PRIMARY, reset=reset)
    team.fake.script(Fault(act, "POST", r"/issues$", times=1, skip=1))
    code, _, err = team.run("sync", "--yes")
    assert code == 9
    assert "could not" in err
    assert len(team.repo.issues) == 1
    assert "[#1]" in team.text
    team.fake.clock.advance(seconds=3700)
    assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 2


def test_a_remote_that_takes_no_push_holds_the_creates_on_a_runner(team: Team, tmp_path: Path) -> None:
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'permission to acme/pm.git denied to github-actions[bot]' >&2\nexit 1\n")
    hook.chmod(0o755)
    code, out, _ = team.run("sync", "--yes")
    assert code == 5
    assert "contents: write" in out
    assert team.repo.issues == {}


def test_another_branch_only_plans(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    git(team.clone, "remote", "set-head", "origin", "main")
    monkeypatch.setenv("GITHUB_REF_NAME", "wip")
    code, out, _ = team.run("sync", "--yes")
    assert code == 5
    assert "--any-branch" in out
    assert team.repo.issues == {}
    assert team.run("sync", "--yes", "--any-branch")[0] == 0


def test_a_public_project_for_private_documents_waits_for_a_word(team: Team) -> None:
    team.repo.private = True
    public = team.fake.repository("acme", "open", private=False)
    public.grant("ann", Right.WRITE)
    toml = team.clone / "closeout.toml"
    toml.write_text('[trackers.github]\nproject = "acme/open"\n', encoding="utf-8")
    code, out, _ = team.run("sync", "--yes")
    assert code == 5
    assert "allow-wider-audience" in out
    assert public.issues == {}
    toml.write_text('[trackers.github]\nproject = "acme/open"\nallow-wider-audience = true\n', encoding="utf-8")
    assert team.run("sync", "--yes")[0] == 0
    assert len(public.issues) == 2
    assert "[acme/open#1](" in team.text


def test_documents_of_whom_nobody_tells_who_sees_them_are_not_taken_for_public(team: Team) -> None:
    public = team.fake.repository("acme", "open", private=False)
    public.grant("ann", Right.WRITE)
    (team.clone / "closeout.toml").write_text('[trackers.github]\nproject = "acme/open"\n', encoding="utf-8")
    team.fake.script(Fault(faults.lacking("private"), "GET", "/repos/acme/pm$", times=None))
    code, out, _ = team.run("sync", "--yes")
    assert (code, public.issues) == (5, {})
    assert "acme/open is public, and the documents may not be" in out


@pytest.fixture
def at_a_shell(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """No runner's variables: the remote tells the host, which is on loopback all the same."""
    for name in list(os.environ):
        if name.startswith("GITHUB_") and name != "GITHUB_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.setattr("closeout.trackers.github.GitHub", partial(_at, team.fake.url))
    git(team.clone, "config", "remote.origin.url", "https://github.com/acme/pm.git")
    git(team.clone, "config", f"url.{team.clone.parent}/remote.git.insteadOf", "https://github.com/acme/pm.git")


@pytest.mark.usefixtures("at_a_shell")
def test_at_a_shell_a_remote_and_a_token_are_enough(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    assert len(team.repo.issues) == 2
    team.asked()
    assert team.run("sync")[0] == 0  # the cache is filled
    assert team.asked() == [LOOK, LIST]
    assert team.run("sync")[0] == 0  # with the cache: what changed since
    assert team.asked() == [LOOK, SINCE]


def _at(url: str, server: str, auth: Token, pace: Pace, api: str) -> GitHub:
    assert (server, api) == ("https://github.com", "")
    return GitHub(server, auth, pace, api=url)


# What a run asks for.

ROW = "| Call the bank          | {owner} | 2026-12-09 | 🔲 TODO |\n"


@pytest.mark.parametrize(("labelled", "pages"), [(97, 1), (98, 2), (99, 2), (199, 3)])
def test_without_a_cache_a_listing_is_one_page_per_100_owned_issues(team: Team, labelled: int, pages: int) -> None:
    """A page that is just full and has no links may have lost them on the way: one more is asked for."""
    team.run("sync", "--yes")
    for number in range(150):
        team.repo.open(f"Somebody's own {number}")
    for number in range(labelled):
        team.repo.label(team.repo.open(f"Another of ours {number}").number, "closeout")
    team.asked()
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, *[OURS] * pages]


@pytest.mark.usefixtures("at_a_shell")
def test_with_a_cache_it_is_one_page_per_100_issues_that_changed(team: Team) -> None:
    for number in range(250):
        team.repo.open(f"Another issue {number}")
    team.fake.clock.advance(hours=1)
    team.run("sync", "--yes")
    team.run("sync")
    for changed, pages in ((7, 1), (0, 1), (101, 2), (1, 2)):  # what was changed last is listed once more
        team.fake.clock.advance(hours=1)
        for number in range(changed):
            team.repo.edit(number + 1, title=f"Edited again {changed}")
        team.asked()
        assert team.run("sync")[0] == 0
        assert team.asked() == [LOOK, *[SINCE] * pages], changed


def test_a_linked_issue_costs_one_look_and_no_write(team: Team) -> None:
    team.fake.repository("acme", "other").open("Theirs")
    team.repo.open("Somebody's own")
    team.text = team.text.replace("Add a connection alert", "Add an alert acme/other#1")
    team.text = team.text.replace("Write the runbook", "Write it down #1")
    assert team.run("sync", "--yes")[0] == 0
    for _ in range(2):
        team.asked()
        assert team.run("sync")[0] == 0
        assert team.asked() == [LOOK, OURS, "GET /repos/acme/pm/issues/1", "GET /repos/acme/other/issues/1"]


@pytest.mark.usefixtures("at_a_shell")
def test_with_a_cache_a_linked_issue_costs_one_look_too(team: Team) -> None:
    team.repo.open("Somebody's own")
    team.text = team.text.replace("Write the runbook", "Write it down #1")
    assert team.run("sync", "--yes")[0] == 0
    for _ in range(2):
        team.asked()
        assert team.run("sync")[0] == 0
        assert team.asked() == [LOOK, SINCE, "GET /repos/acme/pm/issues/1"]


def many(team: Team, count: int) -> None:
    """As many owned issues, whose rows have their tickets."""
    rows = "".join(ROW.format(owner="Ann Lee").replace("Call the bank", f"Call the bank {n}") for n in range(count))
    team.text = team.text.partition("| Add a")[0] + rows
    (team.clone / "closeout.toml").write_text("[limits]\nmax-creates = 100\n", encoding="utf-8")
    assert team.run("sync", "--yes")[0] == 0
    assert len(team.repo.issues) == count
    assert team.run("sync")[0] == 0
    team.asked()


@pytest.mark.parametrize(("lost", "full"), [(20, False), (21, True)])
def test_an_issue_whose_label_was_removed_costs_one_look_and_many_cost_a_full_list(
    team: Team, lost: int, full: bool
) -> None:
    many(team, 22)
    for number in range(1, lost + 1):
        team.repo.unlabel(number, "closeout")
    team.repo.close(1)
    looks = [f"GET /repos/acme/pm/issues/{number}" for number in sorted(map(str, range(1, lost + 1)))]
    code, out, _ = team.run("sync")
    assert (code, team.text.count("DONE")) == (0, 1), out
    assert team.asked() == [LOOK, OURS, *([LIST] if full else looks), "GET /repos/acme/pm/issues/1"]
    assert team.run("plan", "--exit-code")[0] == 0
    assert team.fake.writes == []


@pytest.mark.parametrize("count", [3, 22])
def test_a_token_that_sets_no_label_knows_its_issues_all_the_same(team: Team, count: int) -> None:
    team.repo.grant("closeout-bot", Right.READ)
    many(team, count)
    assert not any(issue.labels for issue in team.repo.issues.values())
    assert team.run("sync")[0] == 0
    assert len(team.asked()) == (5 if count == 3 else 3)
    assert len(team.repo.issues) == count


@pytest.mark.usefixtures("synced")
def test_an_empty_answer_to_a_narrowed_listing_changes_nothing(team: Team) -> None:
    team.run("sync")
    before, issues = team.text, {number: (one.title, one.state) for number, one in team.repo.issues.items()}
    team.fake.script(Fault(faults.empty(), "GET", "labels=", times=None))
    team.asked()
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, OURS, "GET /repos/acme/pm/issues/1", "GET /repos/acme/pm/issues/2"]
    assert (team.text, issues) == (before, {n: (one.title, one.state) for n, one in team.repo.issues.items()})


@pytest.mark.parametrize("private", [True, False])
def test_issues_in_another_repository_cost_a_second_look_only_if_it_is_public(team: Team, private: bool) -> None:
    team.fake.repository("acme", "platform", private=private)
    (team.clone / "closeout.toml").write_text('[trackers.github]\nproject = "acme/platform"\n', encoding="utf-8")
    assert team.run("sync", "--yes")[0] == 0
    team.asked()
    assert team.run("sync")[0] == 0
    there = "GET /repos/acme/platform"
    assert team.asked() == [there, *([] if private else [LOOK]), f"{there}/issues?labels=closeout"]


def test_a_first_run_asks_for_one_full_list(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    assert team.asked() == [LOOK, LIST, PEOPLE, POST, POST]


@pytest.mark.usefixtures("synced")
def test_a_create_adds_a_full_list_the_people_and_one_request(team: Team) -> None:
    team.asked()
    team.text += ROW.format(owner="@ann") + ROW.format(owner="@bob").replace("bank", "press")
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, OURS, LIST, PEOPLE, POST, POST]
    team.text += ROW.format(owner="Ann Lee").replace("bank", "lawyer")
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, OURS, LIST, POST]  # nobody is to be assigned


@pytest.mark.usefixtures("at_a_shell")
def test_with_a_cache_a_create_adds_the_same_full_list(team: Team) -> None:
    team.run("sync", "--yes")
    team.run("sync")
    team.fake.clock.advance(hours=1)
    team.asked()
    team.text += ROW.format(owner="@ann")
    assert team.run("sync")[0] == 0
    assert team.asked() == [LOOK, SINCE, LIST, PEOPLE, POST]
    assert team.run("sync")[0] == 0


@pytest.mark.parametrize("cached", [True, False])
def test_a_key_that_neither_cache_nor_label_shows_is_found_before_a_create(
    team: Team, request: pytest.FixtureRequest, cached: bool
) -> None:
    """The ledger was rolled back, and its issue is in no list of changes and has no label."""
    if cached:
        request.getfixturevalue("at_a_shell")
    team.run("sync", "--yes")
    before = team.git("ls-remote", "origin", "refs/closeout/ledger").split()[0]
    team.text += ROW.format(owner="@ann")
    assert team.run("sync")[0] == 0
    (made,) = (issue for issue in team.repo.issues.values() if issue.title == "Call the bank")
    team.git("push", "-q", "--force", "origin", f"{before}:refs/closeout/ledger")
    team.text = "\n".join(
        line if "Call the bank" not in line else ROW.format(owner="@ann")[:-1] for line in team.text.split("\n")
    )
    team.repo.unlabel(made.number, "closeout")
    made.updated -= timedelta(days=1)
    if cached:
        with closing(sqlite3.connect(team.clone / ".git/closeout-issues-github.sqlite")) as kept, kept:
            kept.execute("delete from issue where number = ?", (str(made.number),))
        team.repo.open("As many are open as before").state = "closed"
        team.repo.issues[made.number].state = "closed"
    team.asked()
    code, out, _ = team.run("sync")
    assert team.asked() == [LOOK, SINCE if cached else OURS, LIST]
    assert (code, "carries this row's key" in out) == (0, True), out
    assert len(team.repo.issues) == 3 + cached


@pytest.mark.usefixtures("at_a_shell")
def test_where_only_the_local_ledger_holds_a_create_is_listed_afterwards(team: Team, tmp_path: Path) -> None:
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'permission to acme/pm.git denied to ann' >&2\nexit 1\n")
    hook.chmod(0o755)
    assert team.run("sync", "--yes")[0] == 0
    assert team.asked() == [LOOK, LIST, PEOPLE, POST, POST, LIST]  # who we are is in the replies
    for minutes, asked in ((10, [SINCE, LIST]), (10, [SINCE, LIST]), (1, [SINCE])):  # until they are 15 minutes old
        team.fake.clock.advance(minutes=minutes)
        assert team.run("sync")[0] == 0
        assert team.asked() == [LOOK, *asked]
    assert len(team.repo.issues) == 2


# What docs/how-to/github.md says.

HOW_TO = (Path(__file__).parent.parent / "docs/how-to/github.md").read_text("utf-8")


def said(kind: str) -> list[str]:
    """The blocks of one kind on the page."""
    return [block.removeprefix(kind + "\n") for block in HOW_TO.split("```")[1::2] if block.startswith(kind + "\n")]


@pytest.mark.parametrize("text", said("toml"))
def test_how_to_each_configuration_loads_and_says_something(tmp_path: Path, text: str) -> None:
    (tmp_path / "closeout.toml").write_text(text, encoding="utf-8")
    assert settings.load(tmp_path, {}) != settings.Settings()


@pytest.mark.usefixtures("at_a_shell")
def test_how_to_the_commands_at_a_shell(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line.partition(" #")[0].split() for block in said("sh") for line in block.splitlines()]
    for first, *words in lines:
        if first == "git":
            assert team.git(*words) or words[0] == "fetch"
        elif first == "closeout":
            assert (words, team.run(*words)[0]) == (words, 0)
    assert 'tracker = "github"' in (team.clone / "closeout.toml").read_text("utf-8")
    assert "[#1](https://github.com/acme/pm/issues/1)" in team.text
    text = team.text
    assert lines[-1] == ["CLOSEOUT_PAUSED=1", "closeout", "sync"]
    monkeypatch.setenv("CLOSEOUT_PAUSED", "1")
    team.repo.close(1)
    assert (team.run("sync")[0], team.text) == (5, text)


def test_how_to_the_workflow_syncs_and_commits_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its steps as real processes, but those that fetch: documents arrive, the next run notes it, and the third is quiet."""
    (text,) = said("yaml")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "write", "issues": "write"}
    steps = [step["run"] for step in workflow["jobs"]["sync"]["steps"] if "run" in step]
    assert steps.pop(0).startswith("pip install ")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CLOSEOUT_SINCE", "2026-01-01")  # these processes have a clock of their own
    heads = []
    for _ in range(3):
        for step in steps:
            subprocess.run(["bash", "-e", "-c", step], cwd=team.clone, check=True, capture_output=True)
        heads.append(team.git("ls-remote", "origin"))
    assert team.git("show", "origin/main:" + PAGE).count("/acme/pm/issues/") == 2
    assert team.git("log", "-1", "--format=%an").strip() == "github-actions[bot]"
    assert heads[1] == heads[2]
    assert len(team.repo.issues) == 2


def test_how_to_an_app_and_another_repository(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    elsewhere = team.fake.repository("acme", "platform", private=True)
    app = team.fake.install("closeout-app", elsewhere, app=12345)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (tmp_path / "app.pem").write_bytes(pem)
    told = f'app-id = "{app.id}"\napp-key-file = "{tmp_path}/app.pem"\nproject = "acme/platform"\n'
    (team.clone / "closeout.toml").write_text(f'tracker = "github"\n[trackers.github]\n{told}', encoding="utf-8")
    assert team.run("sync", "--yes")[0] == 0
    assert {issue.author.login for issue in elsewhere.issues.values()} == {"closeout-app[bot]"}
    assert "[acme/platform#1](" in team.text
    assert team.run("plan", "--exit-code")[0] == 0


@pytest.mark.usefixtures("synced")
def test_how_to_a_label_leaves_an_issue_alone_for_good(team: Team) -> None:
    team.repo.label(1, "closeout: ignore")
    assert "asks to be left alone" in team.run("sync")[1]
    team.repo.unlabel(1, "closeout: ignore")
    team.text = team.text.replace("2026-12-01", "2026-12-09")
    assert team.run("sync")[0] == 0
    assert "\nDue: 2026-12-01\n" in (team.repo.issues[1].body or "")


@pytest.mark.parametrize("ref", ["refs/closeout/ledger", "refs/heads/closeout-ledger"])
def test_how_to_a_lost_ledger_is_made_again(team: Team, ref: str) -> None:
    (team.clone / "closeout.toml").write_text(f'ledger = "{ref}"\n', encoding="utf-8")
    team.run("sync", "--yes")
    git(team.clone, "push", "-q", "origin", f":{ref}")
    code, _, err = team.run("sync")
    assert code == 2
    assert "--rebuild-ledger" in err
    assert team.run("sync", "--yes", "--rebuild-ledger")[0] == 0
    assert team.git("ls-remote", "origin", ref) != ""
    assert team.run("plan", "--exit-code")[0] == 0
    assert len(team.repo.issues) == 2


@pytest.mark.usefixtures("synced")
def test_a_write_back_that_is_thrown_away_is_no_edit_and_is_written_again(team: Team) -> None:
    team.push("Tickets")
    team.run("sync")
    team.repo.close(1)
    team.run("sync")
    assert "✅ DONE |\n| Write" in team.text
    assert team.run("plan", "--exit-code")[0] == 0
    git(team.clone, "checkout", "-q", PAGE)
    assert "🔲 TODO |\n| Write" in team.text
    assert team.run("sync")[0] == 0
    assert team.repo.issues[1].state == "closed"
    assert "✅ DONE |\n| Write" in team.text


@pytest.mark.usefixtures("synced")
def test_a_clone_that_was_not_pulled_takes_nothing_old_for_an_edit(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.push("Tickets")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), str(other))
    team.repo.close(1)
    team.run("sync")
    team.push("Done")
    team.run("sync")
    monkeypatch.chdir(other)
    code, out, _ = team.run("sync")
    assert code == 0
    assert f"{PAGE}: it is not as origin/main has it, and only that is synced" in out
    assert team.repo.issues[1].state == "closed"
    git(other, "pull", "-q")
    assert "not-pushed" not in team.run("sync")[1]
    assert (other / PAGE).read_text("utf-8") == team.text


@pytest.mark.usefixtures("synced")
def test_edits_that_nobody_pushed_are_named_and_not_synced(team: Team) -> None:
    team.push("Tickets")
    edited = team.text.replace("2026-12-01", "2026-12-09") + "| Page the owner | @bob | | |\n"
    (team.clone / PAGE).write_text(edited, encoding="utf-8")
    new = PAGE.replace("pool", "disk")
    (team.clone / new).write_text(TEXT, encoding="utf-8")
    code, out, _ = team.run("sync")
    assert code == 0
    assert [f"{path}: it is not as origin/main has it" in out for path in (PAGE, new)] == [True, True]
    assert team.text == edited
    assert (len(team.repo.issues), "Due: 2026-12-01" in (team.repo.issues[1].body or "")) == (2, True)
    team.push("An edit")
    assert team.run("sync")[0] == 0
    assert (len(team.repo.issues), "Due: 2026-12-09" in (team.repo.issues[1].body or "")) == (3, True)


@pytest.mark.usefixtures("synced")
def test_a_cell_that_was_edited_here_is_left_alone_and_the_others_are_written(team: Team) -> None:
    team.push("Tickets")
    team.run("sync")
    (team.clone / PAGE).write_text(team.text.replace("🔲 TODO |\n| Write", "postponed |\n| Write"), encoding="utf-8")
    team.repo.close(1)
    team.repo.close(2)
    _, out, _ = team.run("sync")
    assert f"{PAGE}:9: status was edited here and that is not pushed yet; it is left alone" in out
    assert [line.split("|")[-2].strip() for line in team.text.split("\n") if "/issues/" in line] == [
        "postponed",
        "✅ DONE",
    ]
    code, out, _ = team.run("plan", "--exit-code")
    assert (code, "status was edited here" in out) == (0, True)  # no sync would write it


@pytest.mark.usefixtures("synced")
def test_what_we_wrote_and_nobody_pushed_is_written_anew_when_the_issue_goes_on(team: Team) -> None:
    team.push("Tickets")
    team.repo.close(1)
    team.run("sync")
    assert "✅ DONE |\n| Write" in team.text
    assert team.run("plan", "--exit-code")[0] == 0
    team.repo.reopen(1)
    assert team.run("sync")[0] == 0
    assert "🔲 TODO |\n| Write" in team.text


def test_history_that_was_rewritten_only_plans_until_somebody_says_so(team: Team) -> None:
    before = team.git("rev-parse", "HEAD").strip()
    team.run("sync", "--yes")
    team.push("Tickets")
    team.repo.close(1)
    team.run("sync")
    team.push("Done")
    team.run("sync")
    git(team.clone, "reset", "-q", "--hard", before)
    git(team.clone, "commit", "-q", "--allow-empty", "-m", "Another history")
    git(team.clone, "push", "-q", "--force")
    for words in ([], ["--any-branch"], ["--yes"]):
        code, out, _ = team.run("sync", *words)
        assert code == 5
        assert "if history was rewritten on purpose, approve of that: `closeout plan` says how" in out
    assert team.repo.issues[1].state == "closed"
    assert team.run("sync", "--approve", "0000")[0] == 5
    assert team.run("sync", "--approve", approval(team.run("plan")[1]))[0] == 0
    assert len(team.repo.issues) == 2


def test_where_no_remote_has_the_branch_the_last_commit_stands_in_and_is_said(team: Team) -> None:
    team.git("remote", "remove", "origin")
    _, out, _ = team.run("sync", "--yes")
    assert "note: no remote has the branch main: the documents are read at its last commit here" in out
    assert len(team.repo.issues) == 0  # the clone of a job dies, and the ledger with it


def test_a_remote_that_cannot_be_asked_is_exit_2_and_nothing_is_written(team: Team) -> None:
    team.git("remote", "set-url", "origin", str(team.clone.parent / "gone.git"))
    code, _, err = team.run("sync", "--yes")
    assert code == 2
    assert "could not ask origin" in err
    assert (team.text, len(team.repo.issues)) == (TEXT, 0)
