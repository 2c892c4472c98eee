"""adopt, unlink and --new as people run them: on the folder tracker, and on GitHub with a bare remote."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from closeout.render.posting import block
from closeout.trackers.issue_body import due_of, key_of, with_due, with_key
from fakes import faults
from fakes.http import Fault
from test_cli import DOCUMENT, Run, repository, run  # noqa: F401
from test_github_end_to_end import PAGE, Team, git, team  # noqa: F401
from test_messages import FLAGS, GROUP

ALERT = f"{DOCUMENT}:9"
HAND = "---\ntitle: Alert us\nstatus: todo\n---\nWritten by hand.\n"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def by_hand(repository: Path, run: Run) -> Path:
    """A synced page with a row that names an issue somebody wrote by hand."""
    path = repository / ".closeout/issues/0090-alert-us.md"
    path.parent.mkdir(parents=True)
    path.write_text(HAND, encoding="utf-8")
    page = repository / DOCUMENT
    page.write_text(page.read_text("utf-8").replace("Add an alert", "Add an alert #90"), encoding="utf-8")
    assert run("sync")[0] == 0
    return path


def test_adopt_shows_what_it_does_and_waits_for_yes(by_hand: Path, run: Run) -> None:
    code, out, _ = run("adopt", ALERT, "#90")
    assert code == 5
    assert "issue 90 ('Alert us') becomes its own" in out
    assert out.endswith("Nothing was changed: `--yes` does it.\n")
    assert by_hand.read_text("utf-8") == HAND


def test_adopt_makes_the_issue_the_rows_own_and_adds_nothing_but_its_key(by_hand: Path, run: Run) -> None:
    code, out, _ = run("adopt", ALERT, "#90", "--yes")
    assert (code, out.split("\n")[-2]) == (0, "Done. Next: closeout sync")
    kept = by_hand.read_text("utf-8")
    assert [line for line in kept.split("\n") if not line.startswith("key: v1:")] == HAND.split("\n")
    assert run("sync")[0] == 0
    assert "due: '2026-06-15'" in by_hand.read_text("utf-8")
    assert run("plan", "--exit-code")[0] == 0
    assert run("adopt", "#90", "#90")[1].endswith("issue 90 is its own already\n")


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 5)])
def test_at_a_terminal_adopt_asks(
    by_hand: Path, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    found, out, _ = run("adopt", ALERT, "#90")
    assert found == code
    assert "Do it?" in out
    assert ("key: v1:" in by_hand.read_text("utf-8")) == (code == 0)


def test_unlink_leaves_the_ticket_to_the_person_and_fills_no_emptied_one(repository: Path, run: Run) -> None:
    run("sync")
    page = repository / DOCUMENT
    ticket = page.read_text("utf-8").partition("Add an alert")[2].partition(" |")[0]
    code, out, _ = run("unlink", "#1", "--yes")
    assert code == 0
    assert "the ticket in the row is left to you" in out
    assert ticket in page.read_text("utf-8")
    emptied = page.read_text("utf-8").replace(ticket, "")
    page.write_text(emptied, encoding="utf-8")
    assert run("sync", "--strict") == (0, "nothing to do (3 items in 1 document)\n", "")
    assert page.read_text("utf-8") == emptied
    assert "left alone: unlinked" in run("ledger")[1]


def test_a_word_from_another_branch_waits(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.run("sync", "--yes")
    git(team.clone, "remote", "set-head", "origin", "main")
    monkeypatch.setenv("GITHUB_REF_NAME", "feature")
    code, out, _ = team.run("unlink", "#1", "--yes")
    assert code == 5
    assert "held: this is branch feature, not the default one: `--any-branch` lets it go" in out
    assert team.run("unlink", "#1", "--yes", "--any-branch")[0] == 0


def test_new_is_said_to_plan_and_sync_alike(repository: Path, run: Run) -> None:
    run("sync", "--publish", "none")
    page = repository / DOCUMENT
    text = page.read_text("utf-8")
    page.write_text(text.replace("| Add an", "| Page us | @zoe | 2026-08-01 | TODO |\n| Tell of an"), encoding="utf-8")
    code, out, _ = run("plan", "--strict")
    assert code == 8
    assert f"`closeout sync --new {DOCUMENT}:9`" in out
    told = run("plan", "--new", f"{DOCUMENT}:9")[1]
    assert "  9: Page us\n      create an issue" in told
    assert run("sync", "--new", f"{DOCUMENT}:9")[0] == 0
    assert len(list((repository / ".closeout/issues").iterdir())) == 3
    assert run("sync", "--new", f"{DOCUMENT}:9")[0] == 2


NAMING = [name for name in FLAGS if any(one.metavar == "ITEM" for one in GROUP.get_command(None, name).params)]


@pytest.mark.parametrize("command", NAMING)
def test_every_command_about_an_item_takes_its_ticket_its_place_and_the_start_of_its_key(
    repository: Path, run: Run, command: str
) -> None:
    assert {"adopt", "unlink", "explain"} <= set(NAMING)
    run("sync")
    key = run("ledger", "--format", "json")[1].partition('"issue": "1"')[0].rpartition('"key": "')[2][:14]
    more = ["#1"] if command == "adopt" else []
    told = [run(command, name, *more)[1].replace(f"{ALERT}\n", "") for name in ("#1", ALERT, key)]
    assert told[0] == told[1] == told[2]
    assert "Add an alert" in told[0]


def test_explain_reads_the_page_of_a_ticket_as_a_sync_does(team: Team) -> None:
    team.run("sync", "--yes")
    team.push("Tickets")
    (team.clone / PAGE).write_text("A line that nobody pushed.\n" + team.text, encoding="utf-8")
    code, out, _ = team.run("explain", "#1")
    assert (code, out.split("\n")[:2]) == (0, [f"{PAGE}:9", "it is an item"])
    assert team.fake.writes[2:] == []


def test_explain_says_what_became_of_an_item_whose_row_is_gone(repository: Path, run: Run) -> None:
    run("sync")
    page = repository / DOCUMENT
    page.write_text(
        "".join(line for line in page.read_text("utf-8").splitlines(True) if "an alert" not in line), "utf-8"
    )
    code, _, err = run("explain", "#1")
    assert code == 2
    assert "could not be explained: it is 'add an alert'" in err
    assert "whose row is gone" in err
    assert run("explain", "#77")[0] == 2
    assert "it names no line" in run("explain", DOCUMENT)[2]


# on GitHub


@pytest.fixture
def theirs(team: Team) -> Team:
    """A team whose page names issue 1, that Ann opened by hand."""
    team.repo.open("Alert us", "Please.\r\n\r\nSoon.", by="ann")
    team.text = team.text.replace("Add a connection alert", "Add a connection alert #1")
    git(team.clone, "push", "-q")
    assert team.run("sync", "--yes")[0] == 0
    return team


def test_an_issue_on_github_is_adopted_with_one_write_below_its_text(theirs: Team) -> None:
    assert theirs.repo.issues[1].body == "Please.\r\n\r\nSoon."
    theirs.asked()
    code, out, _ = theirs.run("adopt", f"{PAGE}:9", "#1", "--yes")
    assert code == 0
    assert "the issue's text gets closeout's mark" in out
    assert theirs.asked().count("PATCH /repos/acme/pm/issues/1") == 1
    body = theirs.repo.issues[1].body or ""
    assert body.startswith("Please.\r\n\r\nSoon.\r\n\r\n<!-- closeout: key=v1:")
    assert theirs.repo.issues[1].title == "Alert us"
    assert theirs.run("sync")[0] == 0
    assert "\nDue: 2026-12-01\r\n" in (theirs.repo.issues[1].body or "")
    assert [one.login for one in theirs.repo.issues[1].assignees] == ["ann"]
    assert theirs.run("plan", "--exit-code")[0] == 0


def test_an_issue_that_was_closed_on_github_before_its_ledger_was_lost_closes_its_row(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    team.repo.close(1, "completed")
    team.git("push", "-q", "origin", ":refs/closeout/ledger")
    team.git("update-ref", "-d", "refs/closeout/ledger-of-origin")
    code, out, _ = team.run("sync", "--rebuild-ledger")
    assert (code, "[differs]" in out) == (0, False)
    assert "| ✅ DONE |" in next(line for line in team.text.split("\n") if "connection alert" in line)


def test_a_row_that_is_held_on_github_is_said_to_be_new_or_to_be_the_lost_one(team: Team) -> None:
    assert team.run("sync", "--yes", "--publish", "none")[0] == 0
    row = "| Add a connection alert | @ann    | 2026-12-01 | 🔲 TODO |\n"
    team.text = team.text.replace(row, row.replace("Add a", "Tell of a") + row.replace("Add a", "Page for a"))
    out = team.run("plan")[1]
    assert f"`closeout adopt {PAGE}:9 TICKET`" in out
    assert f"`closeout sync --new {PAGE}:10`" in out
    assert team.run("adopt", f"{PAGE}:9", "#1", "--yes")[0] == 0
    assert team.run("sync", "--new", f"{PAGE}:10")[0] == 0
    titles = [issue.title for issue in team.repo.issues.values()]
    assert titles == ["Tell of a connection alert", "Write the runbook", "Page for a connection alert"]
    assert team.run("plan", "--exit-code")[0] == 0


def test_a_mark_whose_reply_was_lost_is_no_reason_to_write_it_twice(theirs: Team) -> None:
    theirs.fake.script(Fault(faults.dropped(done=True), "PATCH", times=1))
    assert theirs.run("adopt", f"{PAGE}:9", "#1", "--yes")[0] == 4
    theirs.asked()
    assert "is its own already" in theirs.run("adopt", f"{PAGE}:9", "#1", "--yes")[1]
    assert theirs.fake.writes == [] or all(one.method != "PATCH" for one in theirs.fake.writes[1:])
    assert (theirs.repo.issues[1].body or "").count("closeout: key=") == 1


def test_another_clone_knows_what_was_adopted_and_unlinked(theirs: Team) -> None:
    theirs.run("adopt", f"{PAGE}:9", "#1", "--yes")
    theirs.run("unlink", "#2", "--yes")
    theirs.git("update-ref", "-d", "refs/closeout/ledger-of-origin")
    assert "left alone: unlinked" in theirs.run("ledger")[1]
    assert theirs.run("unlink", "#2")[1].endswith("it is unlinked already\n")


def test_what_cannot_be_adopted_on_github_is_exit_2_and_nothing_is_written(theirs: Team) -> None:
    theirs.repo.open("Pull", pull=True)
    theirs.repo.open("Open action items", block("Three are open.", "report.0a1b2c.2026-w47"))
    acts: list[tuple[Callable[[], object], str, str]] = [
        (lambda: None, "#2", "the row names #1"),
        (lambda: None, "#3", "it is a pull request, which is only read"),
        (lambda: None, "#4", "it is a report's own, which closeout writes and closes"),
        (lambda: None, "acme/other#7", "it is an issue of another repository, which is only read"),
        (lambda: theirs.repo.label(1, "closeout: ignore"), "#1", "its label asks to leave it alone"),
        (lambda: theirs.repo.delete(1), "#1", "it was deleted"),
    ]
    before = len(theirs.fake.writes)
    for act, ticket, why in acts:
        act()
        code, _, err = theirs.run("adopt", f"{PAGE}:9", ticket, "--yes")
        assert (code, why in err) == (2, True)
    assert len(theirs.fake.writes) == before


# the mark in a text


@pytest.mark.parametrize("text", ["", "Please.", "Please.\r\nSoon.\r\n", "```\nnever closed"])
def test_a_mark_stands_below_what_people_wrote_and_gives_the_due_date_its_place(text: str) -> None:
    marked = with_key(text, "v1:abc")
    assert marked.startswith(text)
    assert (key_of(marked), due_of(marked)) == ("v1:abc", "")
    assert due_of(with_due(marked, "2026-06-15")) == "2026-06-15"
    assert with_key(marked, "v1:abc") == marked
