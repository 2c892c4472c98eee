"""Every exit code as a person gets it from a command, which one wins, and that the others are printed."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from closeout.domain.issue import Draft, Issue
from closeout.errors import PRECEDENCE, Exit, TrackerError, VerificationError
from closeout.trackers.folder import FolderTracker
from test_cli import DOCUMENT, Run, repository, run  # noqa: F401
from test_github_end_to_end import Team, team  # noqa: F401
from worlds import TABLE


@dataclass
class Shell:
    """A repository with one page, and a way to run commands in it."""

    root: Path
    run: Run
    patch: pytest.MonkeyPatch

    @property
    def page(self) -> Path:
        return self.root / DOCUMENT

    def configured(self, text: str) -> None:
        (self.root / "closeout.toml").write_text(text, encoding="utf-8")

    def broken_page(self) -> None:
        (self.page.parent / "broken.md").write_bytes(b"a\0")

    def refusing(self, title: str) -> None:
        """The tracker does not take the issue of one title."""
        create = FolderTracker.create

        def refused(tracker: FolderTracker, draft: Draft) -> Issue:
            if title in draft.values.values():
                message = "the folder: could not make an issue: the test says so. Try again"
                raise TrackerError(message)
            return create(tracker, draft)

        self.patch.setattr(FolderTracker, "create", refused)


@pytest.fixture
def shell(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("COLUMNS", "300")
    return Shell(repository, run, monkeypatch)


def done(shell: Shell) -> int:
    return shell.run("sync")[0]


def unexpected(shell: Shell) -> int:
    shell.patch.setattr(FolderTracker, "managed", lambda tracker: 1 // 0)
    return shell.run("sync")[0]


def configuration(shell: Shell) -> int:
    shell.configured("tracer = 1\n")
    return shell.run("sync")[0]


def documents(shell: Shell) -> int:
    shell.broken_page()
    code = shell.run("sync")[0]
    assert len(list((shell.root / ".closeout/issues").iterdir())) == 2  # the others were dealt with
    return code


def tracker(shell: Shell) -> int:
    shell.refusing("Add an alert")
    code, _, err = shell.run("sync")
    assert "error: " in err
    assert len(list((shell.root / ".closeout/issues").iterdir())) == 1  # the other one was made
    return code


def held(shell: Shell) -> int:
    shell.patch.setenv("CLOSEOUT_PAUSED", "1")
    code, out, err = shell.run("sync")
    assert "held: 2 changes: paused: `paused = false` lets it go\n" in out
    assert "Changes are held (exit 5)" in err
    assert not (shell.root / ".closeout").exists()
    return code


def moved(shell: Shell) -> int:
    shell.patch.setenv("CLOSEOUT_LIMITS__LEASE_WAIT", "0")
    with FileLock(shell.root / ".git/closeout.lock"):
        return shell.run("sync")[0]


def verification(shell: Shell) -> int:
    def wrong(before: object, after: object, intended: object) -> None:
        message = "a page: the edit would do more; nothing was written"
        raise VerificationError(message)

    shell.patch.setattr("closeout.engine.writeback.verify", wrong)
    return shell.run("sync")[0]


def findings(shell: Shell) -> int:
    shell.page.write_text(TABLE.replace("🔲 TODO", "brewing", 1), encoding="utf-8")
    assert shell.run("sync")[0] == 0
    assert shell.run("plan")[0] == 0
    assert shell.run("plan", "--strict")[0] == 8
    return shell.run("sync", "--strict")[0]


def later(shell: Shell) -> int:
    shell.configured("[limits]\nmax-creates = 1\n")
    code, out, err = shell.run("sync")
    assert "later: 1 more with the next runs: cap max-creates = 1" in out
    assert "the rest comes with the next run (exit 9)" in err
    return code


def pending(shell: Shell) -> int:
    return shell.run("plan", "--exit-code")[0]


WAYS: dict[Exit, Callable[[Shell], int]] = {
    Exit.DONE: done,
    Exit.UNEXPECTED: unexpected,
    Exit.CONFIGURATION: configuration,
    Exit.DOCUMENTS: documents,
    Exit.TRACKER: tracker,
    Exit.HELD: held,
    Exit.MOVED: moved,
    Exit.VERIFICATION: verification,
    Exit.FINDINGS: findings,
    Exit.LATER: later,
    Exit.PENDING: pending,
}


@pytest.mark.parametrize("code", Exit)
def test_every_exit_code_is_one_that_a_command_ends_with(shell: Shell, code: Exit) -> None:
    assert WAYS[code](shell) == code


def test_every_code_but_0_has_its_place_among_the_others() -> None:
    assert set(PRECEDENCE) == set(Exit) - {Exit.DONE}


def test_of_several_codes_the_first_in_the_documented_order_is_returned_and_all_are_printed(shell: Shell) -> None:
    shell.configured("[limits]\nmax-creates = 2\n")
    more = TABLE.replace("🔲 TODO", "brewing", 1) + "| Call the bank | @ann | 2026-06-17 | 🔲 TODO |\n"
    shell.page.write_text(more, encoding="utf-8")
    shell.broken_page()
    shell.refusing("Add an alert")
    code, _, err = shell.run("sync", "--strict")
    assert code == 4
    assert [number for number in range(11) if f"(exit {number})" in err] == [3, 4, 8, 9]


def test_a_quiet_run_prints_why_it_does_not_end_with_0(shell: Shell) -> None:
    shell.patch.setenv("CLOSEOUT_PAUSED", "1")
    assert shell.run("sync", "--quiet") == (5, "", "Changes are held (exit 5)\n")


# what is a finding, and no error


def clash(shell: Shell) -> None:
    shell.run("sync")
    shell.page.write_text(shell.page.read_text("utf-8").replace("2026-06-15", "2026-06-16"), encoding="utf-8")
    (issue,) = (shell.root / ".closeout/issues").glob("0001-*.md")
    issue.write_text(issue.read_text("utf-8").replace("2026-06-15", "2026-06-17", 1), encoding="utf-8")


def follower(shell: Shell) -> None:
    shell.run("sync")
    row = next(line for line in shell.page.read_text("utf-8").split("\n") if "Add an alert" in line)
    text = "# Another\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n" + row + "\n"
    (shell.page.parent / "copy.md").write_text(text, encoding="utf-8")


def no_place(shell: Shell) -> None:
    shell.patch.setattr("closeout.editing.words.ticket", lambda spelt, document: "no ticket")


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 8)])
@pytest.mark.parametrize(("way", "finding"), [(clash, "clash"), (follower, "follower"), (no_place, "no-place")])
def test_what_a_person_should_look_at_is_exit_0_and_with_strict_8(
    shell: Shell, way: Callable[[Shell], None], finding: str, strict: tuple[str, ...], code: int
) -> None:
    way(shell)
    told, out, _ = shell.run("sync", *strict)
    assert (told, f"[{finding}]" in out) == (code, True)


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 8)])
def test_an_owner_that_is_nobodys_account_is_exit_0_and_with_strict_8(
    team: Team, strict: tuple[str, ...], code: int
) -> None:
    told, out, _ = team.run("sync", "--yes", *strict)
    assert (told, "[unknown-owner]" in out) == (code, True)
    assert len(team.repo.issues) == 2


def test_a_change_that_was_tried_and_failed_is_done_by_the_next_run(shell: Shell) -> None:
    shell.refusing("Add an alert")
    assert shell.run("sync")[0] == 4
    shell.patch.undo()
    shell.patch.chdir(shell.root)
    shell.patch.setenv("GIT_CEILING_DIRECTORIES", str(shell.root.parent))
    assert shell.run("sync")[0] == 0
    assert len(list((shell.root / ".closeout/issues").iterdir())) == 2
