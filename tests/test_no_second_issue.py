"""Rows that have no ticket yet, and what people do to their pages meanwhile: nobody gets a second issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from closeout.domain.issue import Draft, Issue
from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Create
from closeout.engine.boards import trackers
from closeout.errors import TrackerError
from closeout.ports.documents import Page, Snapshot
from closeout.trackers.folder import FolderTracker
from worlds import TABLE, Crash, MemoryDocuments, Small

A, B = "postmortems/a.md", "postmortems/b.md"
SLUG = f"---\nslug: pool\n---\n{TABLE}"
TWINS = TABLE.replace("Write a runbook", "Add an alert")


def unlanded(text: str = TABLE) -> Small:
    """Two issues, and no ticket in the page: the write-back is not merged yet."""
    small = Small({A: text})
    small.documents.writes = False
    small.sync()
    assert len(small.tracker.issues) == 2
    return small


def creates(outcome: Outcome) -> list[Create]:
    return [change for change in outcome.plan.changes if isinstance(change, Create)]


def codes(small: Small) -> set[str]:
    return {finding.code for finding in small.plan().findings}


def _copied(texts: dict[str, str]) -> None:
    texts[B] = texts[A]


def _renamed(texts: dict[str, str]) -> None:
    texts[B] = texts.pop(A)


def _renamed_and_reworded(texts: dict[str, str]) -> None:
    texts[B] = texts.pop(A).replace("Add an alert", "Page somebody")


def _renamed_and_split(texts: dict[str, str]) -> None:
    texts[B] = texts.pop(A).replace("| Add an", "| Page somebody | | | 🔲 TODO |\n| Tell about an")


@pytest.mark.parametrize(
    ("text", "act", "code"),
    [
        pytest.param(SLUG, _copied, "perhaps-moved", id="a page whose slug was copied too"),
        pytest.param(TWINS, _renamed, "perhaps-moved", id="a renamed page with two rows of one title"),
        pytest.param(TABLE, _renamed_and_split, "perhaps-reworded", id="a renamed page with two rows for one"),
    ],
)
def test_what_may_have_moved_is_held_and_told(text: str, act: Callable[[dict[str, str]], None], code: str) -> None:
    small = unlanded(text)
    act(small.texts)
    for _ in range(3):
        small.sync()
    assert len(small.tracker.issues) == 2
    assert code in codes(small)


def test_a_row_is_not_new_because_another_page_cannot_be_read() -> None:
    """rename of a page, while a page that has nothing to do with it is broken"""
    small = unlanded()
    _renamed(small.texts)
    whole = small.world.source

    class Broken(MemoryDocuments):
        def read(self) -> Snapshot:
            broken = Page("postmortems/c.md", error="postmortems/c.md: broken")
            return Snapshot([*super().read().pages, broken])

    small.world = replace(small.world, source=Broken(small.texts))
    small.sync()
    assert len(small.tracker.issues) == 2
    small.world = replace(small.world, source=whole)
    small.sync()
    assert len(small.tracker.issues) == 2
    assert "perhaps-moved" not in codes(small)


def test_a_renamed_page_takes_a_reworded_row_with_it_where_only_one_can_be_it() -> None:
    small = unlanded(TABLE.replace("| Raise the limit | @cid | 2026-05-02 | ✅ DONE |\n", ""))
    _renamed_and_reworded(small.texts)
    small.sync()
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()] == [
        "Page somebody",
        "Write a runbook",
    ]
    assert codes(small) == set()


def test_a_ledger_that_was_rolled_back_makes_no_issue_a_second_time() -> None:
    small = unlanded()
    ledger = small.ledger.load()
    forgotten = next(key for key, entry in ledger.entries.items() if entry.issue == "1")
    small.ledger.save(ledger.drop(forgotten))
    small.sync()
    assert len(small.tracker.issues) == 2
    assert "unknown-mark" in codes(small)


def test_a_rebuilt_ledger_knows_the_rows_of_a_page_that_moved() -> None:
    small = unlanded()
    _renamed(small.texts)
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.sync()
    assert len(small.tracker.issues) == 2
    assert codes(small) == set()


def test_a_rebuilt_ledger_knows_that_an_issue_was_closed_since_it_was_made() -> None:
    small = Small()
    small.sync()
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.sync()
    assert "| Add an alert [#1](memory:/1) | @ann | 2026-06-15 | ✅ DONE |" in small.text
    assert codes(small) == set()


def test_a_status_column_of_later_shows_that_the_issue_was_closed_meanwhile() -> None:
    small = Small({A: TABLE.replace("| Status |", "| Note |")})
    small.sync()
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.sync()
    small.text = small.text.replace("| Note |", "| Status |")
    small.sync()
    assert "| Add an alert [#1](memory:/1) | @ann | 2026-06-15 | ✅ DONE |" in small.text
    assert small.plan().plan.empty


def test_a_rebuilt_ledger_never_takes_a_strangers_issue_for_ours() -> None:
    """people copy the body of an issue into a new one, and our mark with it"""
    small = Small()
    small.sync()
    copy = replace(small.tracker.issues["1"], ref="9", author="mallory")
    small.tracker.issues["9"] = copy
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.sync()
    small.options = replace(small.options, rebuild=False)
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.sync()
    assert small.tracker.issues["9"] == copy
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-16"


def test_a_strangers_issue_with_our_mark_is_no_lost_ledger() -> None:
    small = unlanded()
    small.tracker.issues = {"9": replace(small.tracker.issues["1"], ref="9", author="mallory")}
    small.ledger.text = ""
    small.sync()
    assert sorted(small.tracker.issues) == ["2", "9"]
    assert "unvouched-marker" in codes(small)


def test_a_lost_create_is_found_though_somebody_copied_its_body() -> None:
    small = Small()
    small.tracker.faults = ["lost after"]
    small.sync()
    small.tracker.issues["9"] = replace(small.tracker.issues["1"], ref="9", author="mallory")
    small.sync()
    assert "[#1](memory:/1)" in small.text
    assert codes(small) == set()


def test_a_lost_create_whose_file_was_broken_meanwhile_is_made_no_second_time(tmp_path: Path) -> None:
    """A merge left its marks in the file: it may be the one that is looked for."""
    small = Small({A: TABLE})
    folder = FolderTracker(tmp_path, "2026-05-03")
    small.world = replace(small.world, trackers=trackers(folder))
    create = FolderTracker.create

    def dies(tracker: FolderTracker, draft: Draft) -> Issue:
        create(tracker, draft)
        raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FolderTracker, "create", dies)
        assert small.sync() is None
    (path,) = (tmp_path / folder.address).iterdir()
    whole = path.read_bytes()
    path.write_bytes(b"<<<<<<< ours\n" + whole)
    with pytest.raises(TrackerError, match=r"0001-.*could not read this issue.*Mend it"):
        small.sync()
    path.write_bytes(whole)
    small.sync()
    assert len(list((tmp_path / folder.address).iterdir())) == 2


def test_an_issue_of_one_of_two_equal_rows_is_not_given_to_a_row_of_another_page() -> None:
    small = Small({A: TWINS})
    small.tracker.faults = ["lost after", "refused"]
    small.sync()  # one of the two has an issue, and none has a ticket
    small.texts[B] = TABLE.replace("Write a runbook", "Raise the limit").replace("@ann", "@zoe")
    small.sync()
    small.sync()
    assert small.tracker.issues["1"].values[Field.OWNERS] == "ann"
    assert len(small.tracker.issues) == 2
    assert {"ambiguous", "perhaps-moved"} <= codes(small)


def test_a_deleted_row_does_not_leave_its_issue_to_the_closed_row_beside_it() -> None:
    small = unlanded()
    small.text = small.text.replace("| Write a runbook | @bob | 2026-06-20 | 🔲 TODO |\n", "")
    small.sync()
    issue = small.tracker.issues["2"]
    assert (issue.open, issue.values[Field.TITLE]) == (True, "Write a runbook")
    assert "left" in codes(small)


def test_a_row_that_moved_does_not_leave_its_issue_to_the_row_that_was_written_in_its_place() -> None:
    small = unlanded()
    row = "| Add an alert | @ann | 2026-06-15 | 🔲 TODO |"
    small.texts[B] = TABLE.partition("| Add")[0] + f"{row}\n"
    small.text = small.text.replace(row, "| Page somebody | @zoe | 2026-07-01 | 🔲 TODO |")
    small.sync()
    assert small.tracker.issues["1"].values[Field.TITLE] == "Add an alert"
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()][2:] == ["Page somebody"]
