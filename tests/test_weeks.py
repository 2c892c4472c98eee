"""A team's weeks with pull requests: what people do while one waits, and after it was merged, closed or thrown away.

No issue is made twice, no edit is lost, and a pull request changes only when what it shows does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from fakes import faults, github_pulls
from fakes.github_state import Repo
from fakes.http import Fault
from ledgers import Once
from test_github_end_to_end import PAGE, TEXT, Team, approval, git, ran, team  # noqa: F401

BRANCH = "closeout/write-backs"
PULLS = "/repos/acme/pm/pulls"


@dataclass
class Weeks:
    """The team, with what a person would look at."""

    team: Team
    pulled: bool = True

    @property
    def repo(self) -> Repo:
        return self.team.repo

    def run(self, *arguments: str, days: float = 0) -> str:
        """Sync some days later; nothing may go wrong."""
        code, out, err = self.sync(*arguments, days=days)
        assert (code, err) == (0, ""), out
        return out

    def sync(self, *arguments: str, days: float = 0) -> tuple[int, str, str]:
        self.team.fake.clock.advance(hours=24 * days)
        return self.team.run("sync", "--yes", "--publish", "pull-request", *arguments)

    def main(self) -> str:
        return github_pulls.git(self.repo, "show", f"main:{PAGE}")

    def branch(self) -> str:
        return github_pulls.git(self.repo, "show", f"{BRANCH}:{PAGE}")

    def tip(self) -> str:
        return github_pulls.tip(self.repo, BRANCH)

    def pull(self, number: int = 0) -> str:
        """The state of the newest pull request, or of one."""
        newest = number or max(github_pulls.sides(self.repo))
        issue = self.repo.issues[newest]
        return "merged" if issue.merged else issue.state

    def merge(self, how: str = "merge") -> None:
        github_pulls.merge(self.repo, max(self.repo.pulls), how)
        git(self.team.clone, "pull", "-q", "--ff-only")

    def edit(self, old: str, new: str) -> None:
        """A person edits main."""
        git(self.team.clone, "pull", "-q", "--ff-only")
        assert old in self.team.text
        self.team.text = self.team.text.replace(old, new)

    def edit_branch(self, old: str, new: str) -> None:
        """A person commits on our branch."""
        clone = self.team.clone
        git(clone, "fetch", "-q", "origin")
        git(clone, "switch", "-q", "--detach", f"origin/{BRANCH}")
        text = (clone / PAGE).read_text("utf-8")
        assert old in text
        (clone / PAGE).write_text(text.replace(old, new), encoding="utf-8")
        git(clone, "commit", "-q", "-am", "By hand")
        git(clone, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")
        git(clone, "switch", "-q", "main")

    def writes(self) -> list[str]:
        told = [f"{one.method} {one.route}" for one in self.team.fake.writes]
        self.team.fake.requests.clear()
        return told

    def issues(self) -> int:
        return sum(not issue.pull for issue in self.repo.issues.values())

    def rest(self) -> None:
        """A week without news: nothing is pushed, nothing is written, no issue was made twice."""
        before, ledger = self.tip(), self.ledger()
        self.writes()
        for _ in range(3):
            self.run(days=2)
        assert (self.writes(), self.tip(), self.ledger(), self.issues()) == ([], before, ledger, 2)

    def ledger(self) -> str:
        return github_pulls.git(self.repo, "rev-parse", "refs/closeout/ledger")


@pytest.fixture
def weeks(once: Once, team: Team) -> Weeks:  # noqa: F811
    ran(once, team, "weeks", "--publish", "pull-request")
    assert team.repo.issues[3].pull
    return Weeks(team)


def due(text: str, row: str = "Add a connection alert") -> str:
    return next(line for line in text.split("\n") if row in line).split("|")[3].strip()


def move_due(weeks: Weeks, number: int, day: str) -> None:
    issue = weeks.repo.issues[number]
    weeks.team.fake.clock.advance(seconds=5)
    weeks.repo.edit(number, body=re.sub(r"\nDue: \S*", f"\nDue: {day}", issue.body or ""))


def test_a_draft_shows_item_by_item_what_changes_and_calls_nobody(weeks: Weeks) -> None:
    issue = weeks.repo.issues[3]
    assert issue.title == "Action items: 2 values to write into 1 document"
    assert weeks.repo.pulls[3].draft
    body = issue.body or ""
    assert f"### {PAGE}" in body
    assert "| 9 | Add a connection alert | ticket | nothing | " in body
    assert "its ticket is not written in yet" in body
    visible = body.partition("<!--")[0]
    assert re.search(r"@\w|#\d|://\w|\b(close|fixe?|resolve)[sd]?\b:? +\S*\d", visible) is None
    assert weeks.main() == TEXT.strip()
    assert "| Add a connection alert [#1](https://github.com/acme/pm/issues/1) | @ann" in weeks.branch()
    assert github_pulls.git(weeks.repo, "rev-list", "--count", f"main..{BRANCH}") == "1"
    who = github_pulls.git(weeks.repo, "log", "-1", "--format=%an <%ae>", BRANCH)
    assert who == "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"


def test_while_it_waits_a_run_writes_nothing_and_says_how_old_it_is(weeks: Weeks) -> None:
    weeks.rest()
    out = weeks.run()
    assert f"note: {BRANCH}: https://github.com/acme/pm/pull/3 waits to be merged, since 6 days [waits]" in out
    code, out, _ = weeks.team.run("plan", "--exit-code")
    assert code == 10  # what a plan shows without --publish: nothing is in the work tree
    weeks.team.clone.joinpath("closeout.toml").write_text('publish = "pull-request"\n', encoding="utf-8")
    code, out, _ = weeks.team.run("plan", "--exit-code")
    assert (code, "waits to be merged, since 6 days" in out) == (0, True)


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("deleted", [False, True])
def test_merged_it_has_landed_and_the_branch_is_removed(weeks: Weeks, how: str, deleted: bool) -> None:
    github_pulls.rules(weeks.repo).auto_delete = deleted
    weeks.merge(how)
    assert weeks.main().count("[#") == 2
    weeks.run(days=1)
    assert (weeks.tip(), weeks.pull()) == ("", "merged")
    weeks.rest()
    move_due(weeks, 1, "2026-12-31")
    weeks.run(days=1)
    assert (due(weeks.branch()), weeks.pull(), len(weeks.repo.pulls)) == ("2026-12-31", "open", 2)
    weeks.merge(how)
    weeks.run(days=1)
    assert (due(weeks.main()), weeks.tip()) == ("2026-12-31", "")
    weeks.rest()


def test_a_row_that_is_reworded_on_main_keeps_its_issue_and_the_branch_follows(weeks: Weeks) -> None:
    weeks.edit("Add a connection alert", "Add an alert on connections")
    weeks.run(days=2)
    assert weeks.issues() == 2
    assert "| Add an alert on connections [#1]" in weeks.branch()
    assert weeks.pull(3) == "open"
    weeks.rest()
    weeks.merge("squash")
    weeks.run(days=1)
    weeks.rest()


def test_what_else_changes_on_main_moves_neither_branch_nor_pull_request(weeks: Weeks) -> None:
    (weeks.team.clone / "other.txt").write_text("x\n", encoding="utf-8")
    weeks.team.git("add", "other.txt")
    weeks.team.push("Something else")
    before = weeks.tip()
    weeks.writes()
    weeks.run(days=3)
    assert (weeks.tip(), weeks.writes()) == (before, [])


def test_an_issue_that_is_closed_and_opened_again_meanwhile_leaves_no_trace(weeks: Weeks) -> None:
    shown = weeks.branch()
    weeks.repo.close(1)
    weeks.run(days=2)
    assert "[#1](https://github.com/acme/pm/issues/1) | @ann    | 2026-12-01 | ✅ DONE" in weeks.branch()
    weeks.repo.reopen(1)
    weeks.run(days=2)
    assert weeks.branch() == shown
    weeks.merge("squash")
    weeks.run(days=1)
    weeks.rest()


def test_an_open_pull_request_changes_once_a_day_at_most(weeks: Weeks) -> None:
    before = weeks.tip()
    weeks.repo.close(1)
    out = weeks.run()
    assert "https://github.com/acme/pm/pull/3 changed lately: the rest comes with a later run" in out
    assert weeks.tip() == before
    weeks.run(days=1)
    assert weeks.tip() != before
    weeks.repo.close(2)
    weeks.team.clone.joinpath("closeout.toml").write_text('publish-every = "PT0S"\n', encoding="utf-8")
    before = weeks.tip()
    weeks.run()
    assert weeks.tip() != before


def test_a_due_date_that_is_moved_by_hand_on_the_branch_is_that_persons(weeks: Weeks) -> None:
    weeks.edit_branch("2026-12-01", "2026-12-24")
    theirs = weeks.tip()
    move_due(weeks, 1, "2026-12-31")
    weeks.repo.close(2)
    out = weeks.run(days=2)
    assert "due was edited here and that is not pushed yet; it is left alone [local-edit]" in out
    assert due(weeks.branch()) == "2026-12-24"
    assert "[#2](https://github.com/acme/pm/issues/2) | Ann Lee | 2026-12-05 | ✅ DONE" in weeks.branch()
    assert github_pulls.git(weeks.repo, "merge-base", theirs, BRANCH) == theirs  # their commit is still there
    weeks.rest()
    weeks.merge("squash")
    code, out, _ = weeks.sync(days=1)
    assert (code, "clash" in out) == (0, True)  # the document's rule decides, and the losing value is shown
    assert "\nDue: 2026-12-24\n" in (weeks.repo.issues[1].body or "")
    weeks.rest()


def test_peoples_commits_and_a_head_that_moved_are_brought_together(weeks: Weeks) -> None:
    weeks.edit_branch("| @ann    |", "| @bob    |")
    weeks.edit("# Connection pool exhausted", "# The connection pool was exhausted")
    weeks.repo.close(2)
    weeks.run(days=2)
    text = weeks.branch()
    assert "# The connection pool was exhausted" in text
    assert "[#1](https://github.com/acme/pm/issues/1) | @bob    |" in text
    assert text.count("✅ DONE") == 2
    weeks.rest()
    weeks.merge()
    weeks.run(days=1)
    assert [one.login for one in weeks.repo.issues[1].assignees] == ["bob"]
    weeks.rest()


def test_where_people_contradict_the_head_the_branch_is_left_and_that_is_told(weeks: Weeks) -> None:
    weeks.edit_branch("2026-12-05", "2026-12-06")
    weeks.edit("2026-12-05", "2026-12-07")
    before = weeks.tip()
    weeks.repo.close(1)
    out = weeks.run(days=2)
    assert "contradict each other: it is left as it is. Merge main into it, or delete it [branch-conflict]" in out
    assert weeks.tip() == before
    github_pulls.git(weeks.repo, "update-ref", "-d", f"refs/heads/{BRANCH}")
    weeks.run(days=1)
    assert weeks.branch().count("✅ DONE") == 2
    weeks.rest()


def test_closed_by_a_person_it_is_not_offered_again_until_something_else_changes(weeks: Weeks) -> None:
    weeks.repo.close(3, None, by="ann")
    out = weeks.run(days=1)
    assert "https://github.com/acme/pm/pull/3 was closed" in out
    weeks.rest()
    assert list(weeks.repo.pulls) == [3]
    weeks.repo.close(1)
    weeks.run(days=1)
    assert (weeks.pull(), weeks.branch().count("✅ DONE"), list(weeks.repo.pulls)) == ("open", 2, [3, 4])
    weeks.repo.close(4, None, by="ann")
    weeks.repo.reopen(1)
    weeks.run(days=1)
    assert list(weeks.repo.pulls) == [3, 4]  # there is less to show than what was declined


def test_a_branch_that_a_person_deleted_is_a_pull_request_that_was_declined(weeks: Weeks) -> None:
    github_pulls.git(weeks.repo, "update-ref", "-d", f"refs/heads/{BRANCH}")
    out = weeks.run(days=2)
    assert "https://github.com/acme/pm/pull/3 was closed: what it shows is not offered again" in out
    assert (weeks.tip(), weeks.pull()) == ("", "closed")
    weeks.rest()


def test_a_branch_with_only_foreign_commits_is_left_alone_and_an_emptied_one_was_declined(weeks: Weeks) -> None:
    main = github_pulls.tip(weeks.repo, "main")
    other = github_pulls.git(weeks.repo, "commit-tree", "main^{tree}", "-p", main, told="theirs")
    github_pulls.git(weeks.repo, "update-ref", f"refs/heads/{BRANCH}", other)
    code, _, err = weeks.sync(days=2)
    assert (code, "it holds only commits that others made" in err) == (2, True)
    assert weeks.tip() == other
    github_pulls.git(weeks.repo, "update-ref", f"refs/heads/{BRANCH}", main)
    assert weeks.pull() == "closed"
    assert "pull/3 was closed" in weeks.run(days=2)
    weeks.repo.close(1)
    weeks.run(days=2)
    assert (weeks.branch().count("[#"), weeks.pull()) == (2, "open")
    weeks.rest()


def test_where_main_was_rewritten_the_branch_is_rebuilt_without_what_was_dropped(weeks: Weeks) -> None:
    clone = weeks.team.clone
    (clone / "secret.txt").write_text("oops\n", encoding="utf-8")
    weeks.team.git("add", "secret.txt")
    weeks.team.push("A mistake")
    weeks.repo.close(1)
    weeks.edit("# Connection pool exhausted", "# Pool exhausted")
    weeks.run(days=2)
    assert "secret.txt" in github_pulls.git(weeks.repo, "ls-tree", "--name-only", BRANCH)
    git(clone, "reset", "-q", "--hard", "HEAD~2")
    git(clone, "push", "-q", "--force")
    weeks.repo.close(2)
    code, out, _ = weeks.sync(days=2)
    assert code == 5  # it was not said that this is meant
    weeks.run("--approve", approval(out), days=2)
    assert "secret.txt" not in github_pulls.git(weeks.repo, "ls-tree", "--name-only", BRANCH)
    assert weeks.branch().count("✅ DONE") == 3
    weeks.rest()


def test_a_runners_shallow_clone_is_enough(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    def fresh(name: str) -> None:
        assert weeks.repo.bare is not None
        bare = weeks.repo.bare.path
        git(bare.parent, "clone", "-q", "--depth", "1", bare.as_uri(), name)
        monkeypatch.chdir(bare.parent / name)

    fresh("one")
    weeks.rest()
    weeks.edit("# Connection pool exhausted", "# Pool exhausted")
    fresh("two")
    weeks.repo.close(1)
    weeks.run(days=2)
    text = weeks.branch()
    assert (text.count("✅ DONE"), "# Pool exhausted" in text) == (2, True)
    weeks.edit_branch("2026-12-05", "2026-12-06")
    weeks.edit("# Pool exhausted", "# The pool was exhausted")
    fresh("three")
    weeks.repo.close(2)
    weeks.run(days=2)
    text = weeks.branch()
    assert (text.count("✅ DONE"), "# The pool was exhausted" in text, "2026-12-06" in text) == (3, True, True)
    fresh("four")
    weeks.merge("squash")
    weeks.run(days=1)
    assert weeks.tip() == ""


def test_it_is_closed_when_nothing_is_left_to_show(weeks: Weeks) -> None:
    weeks.merge("squash")
    weeks.repo.close(1)
    weeks.run(days=1)
    number = max(weeks.repo.pulls)
    weeks.repo.reopen(1)
    out = weeks.run(days=1)
    assert f"https://github.com/acme/pm/pull/{number}: closed, nothing is left to write" in out
    assert (weeks.tip(), weeks.pull()) == ("", "closed")
    weeks.run()  # it is noted that nothing is proposed any more
    weeks.rest()
    weeks.repo.close(1)
    weeks.run(days=1)
    assert (weeks.pull(), len(weeks.repo.pulls)) == ("open", 3)  # nobody declined it


def test_where_drafts_are_refused_it_is_an_ordinary_one(team: Team) -> None:  # noqa: F811
    team.repo.pull_rules = github_pulls.Rules(drafts=False)
    assert "https://github.com/acme/pm/pull/3: opened" in Weeks(team).run()
    assert not team.repo.pulls[3].draft


def test_where_the_host_opens_none_the_branch_is_there_and_the_way_is_told(team: Team) -> None:  # noqa: F811
    team.repo.pull_rules = github_pulls.Rules(actions=False)
    token = team.fake.sign_in("github-actions[bot]", app=True)
    team.repo.grant("github-actions[bot]", team.repo.right(team.fake.world.account(team.fake.login)))
    weeks = Weeks(team)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_TOKEN", token)
        code, _, err = weeks.sync()
        assert code == 4
        assert "https://github.com/acme/pm/compare/main...closeout/write-backs?expand=1" in err
        assert '"Allow GitHub Actions to create and approve pull requests"' in err
        assert len(err.strip().split("\n")) == 1
        before = weeks.tip()
        assert before
        assert weeks.sync(days=2)[0] == 4
        assert (weeks.tip(), weeks.repo.pulls) == (before, {})
        github_pulls.rules(team.repo).actions = True
        weeks.run(days=2)
        assert (weeks.tip(), weeks.pull()) == (before, "open")


def test_where_pull_requests_cannot_be_seen_the_rest_goes_on(weeks: Weeks) -> None:
    weeks.repo.close(1)
    for _ in range(2):
        refused = faults.refused(403, "Resource not accessible by integration")
        weeks.team.fake.script(Fault(refused, "GET", PULLS, times=None))
        weeks.team.fake.clock.advance(hours=24)
        code, _, err = weeks.sync()
        assert (code, "(`pull-requests: write`). It can be opened by hand at" in err) == (4, True)
        assert weeks.branch().count("✅ DONE") == 2
        weeks.team.fake.server.faults.clear()
    weeks.run(days=1)
    assert list(weeks.repo.pulls) == [3]
    weeks.rest()


def test_a_reply_that_was_lost_opens_no_second_one(team: Team) -> None:  # noqa: F811
    weeks = Weeks(team)
    team.fake.script(Fault(faults.dropped(done=True), "POST", PULLS))
    assert weeks.sync()[0] == 4
    weeks.run()
    assert list(team.repo.pulls) == [3]
    weeks.rest()


def test_a_protected_branch_leads_to_the_pull_request_with_one_line(team: Team) -> None:  # noqa: F811
    hook = team.clone.parent / "remote.git/hooks/update"
    hook.write_text(
        '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "GH006: Protected branch update failed" >&2; exit 1; }\n'
    )
    hook.chmod(0o755)
    code, out, err = team.run("sync", "--yes", "--publish", "commit")
    assert (code, err) == (0, "")
    assert out.count("main is protected, so what is written back goes through a pull request") == 1
    assert "https://github.com/acme/pm/pull/3: opened" in out
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert list(team.repo.pulls) == [3]
    github_pulls.merge(team.repo, 3, "squash")
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert github_pulls.tip(team.repo, BRANCH) == ""
