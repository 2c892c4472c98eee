"""The laws of the tracker port, over every tracker."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from closeout.domain.issue import Changed, Draft, Gone, Hidden, Issue
from closeout.domain.item import Field, Status
from closeout.errors import TrackerError
from closeout.ports.tracker import Tracker
from closeout.trackers.folder import FolderTracker
from closeout.trackers.memory import MemoryTracker

VALUES = {
    Field.TITLE: "Add: an alert | # \"quoted\" 'twice'",
    Field.STATUS: Status.TODO.value,
    Field.OWNERS: "ann, Bob Müller",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "P1",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Owner**: ann\n\nText of ours.\n")


@dataclass
class Bench:
    """A tracker, and the ways in which the world goes wrong for it."""

    tracker: Tracker
    break_listing: Callable[[], None]
    remove: Callable[[str], None]


@pytest.fixture(params=["memory", "folder"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    if request.param == "memory":
        memory = MemoryTracker()
        return Bench(memory, lambda: setattr(memory, "unreadable", True), memory.delete)
    gone: set[int] = set()
    folder = FolderTracker(tmp_path, "2026-05-03", deleted=gone.__contains__)
    issues = tmp_path / ".closeout/issues"

    def break_listing() -> None:
        for path in issues.iterdir():
            path.unlink()
        issues.rmdir()
        issues.symlink_to(issues)  # a loop: it is there, and cannot be listed

    def remove(ref: str) -> None:
        next(issues.glob(f"{int(ref):04d}-*")).unlink()
        gone.add(int(ref))

    return Bench(folder, break_listing, remove)


def held(issue: Issue) -> dict[Field, str]:
    return {what: value for what, value in issue.values.items() if value}


def test_round_trip(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    assert held(made) == VALUES
    found = bench.tracker.get(made.ref)
    assert isinstance(found, Issue)
    assert (held(found), found.key) == (VALUES, DRAFT.key)


def test_the_key_survives_every_update(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    bench.tracker.update(made.ref, {Field.STATUS: "done"}, {Field.STATUS: "todo"})
    found = bench.tracker.find(DRAFT.key)
    assert found is not None
    assert found.ref == made.ref


@pytest.mark.parametrize(
    ("what", "value"),
    [
        (Field.STATUS, "in_progress"),
        (Field.STATUS, "wont_do"),
        (Field.DUE, "2027-01-02"),
        (Field.DUE, ""),
        (Field.OWNERS, "cid"),
        (Field.OWNERS, ""),
        (Field.PRIORITY, "P0: now"),
        (Field.TITLE, "Add two alerts"),
    ],
)
def test_frame_an_update_changes_what_it_names_and_nothing_else(bench: Bench, what: Field, value: str) -> None:
    made = bench.tracker.create(DRAFT)
    after = bench.tracker.update(made.ref, {what: value}, {what: VALUES[what]})
    assert isinstance(after, Issue)
    assert held(after) == {name: text for name, text in {**VALUES, what: value}.items() if text}


def test_the_same_update_twice_is_the_same_as_once(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    once = bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    twice = bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    assert isinstance(once, Issue)
    assert isinstance(twice, Issue)
    assert held(once) == held(twice)


def test_an_update_of_what_changed_meanwhile_writes_nothing(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    reply = bench.tracker.update(made.ref, {Field.DUE: "2028-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    assert isinstance(reply, Changed)
    found = bench.tracker.get(made.ref)
    assert isinstance(found, Issue)
    assert found.values[Field.DUE] == "2027-01-02"


def test_every_managed_issue_is_listed_once(bench: Bench) -> None:
    made = {bench.tracker.create(Draft(f"v1:{number}", VALUES, "")).ref for number in range(7)}
    listed = [issue.ref for issue in bench.tracker.managed()]
    assert sorted(listed) == sorted(made)


def test_an_unreadable_project_raises_and_never_yields_nothing(bench: Bench) -> None:
    bench.tracker.create(DRAFT)
    bench.break_listing()
    with pytest.raises(TrackerError):
        bench.tracker.managed()


def test_a_missing_issue_is_hidden_and_a_deleted_one_gone(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    assert bench.tracker.get("99") == Hidden()
    bench.remove(made.ref)
    assert bench.tracker.get(made.ref) == Gone()


def test_a_ticket_as_it_is_spelt_names_its_issue(bench: Bench) -> None:
    made = bench.tracker.create(DRAFT)
    bare, _ = bench.tracker.spell(made, "docs/postmortems/a.md")
    assert bench.tracker.ref(bare, "docs/postmortems/a.md") == made.ref
    assert bench.tracker.ref("SRE-123", "docs/a.md") is None
    assert bench.tracker.ref("basecamp#412", "docs/a.md") is None


def test_what_people_write_around_the_fields_stays(tmp_path: Path) -> None:
    tracker = FolderTracker(tmp_path, "2026-05-03")
    made = tracker.create(DRAFT)
    path = tmp_path / made.address
    text = (
        path.read_text("utf-8").replace("opened:", "watchers: [zoe]  # told by mail\nopened:")
        + "\nA comment of a person.\n"
    )
    path.write_text(text, encoding="utf-8")
    tracker.update(
        made.ref,
        {Field.STATUS: "done", Field.OWNERS: "cid"},
        {Field.STATUS: "todo", Field.OWNERS: VALUES[Field.OWNERS]},
    )
    after = path.read_text("utf-8")
    assert "watchers: [zoe]  # told by mail" in after
    assert after.endswith("A comment of a person.\n")
    assert "closed: '2026-05-03'" in after


def test_a_broken_issue_file_is_hidden_not_gone(tmp_path: Path) -> None:
    tracker = FolderTracker(tmp_path, "2026-05-03")
    made = tracker.create(DRAFT)
    (tmp_path / made.address).write_text("---\ntitle: [broken\n---\n", encoding="utf-8")
    assert tracker.get(made.ref) == Hidden()
    with pytest.raises(TrackerError, match="broken"):
        tracker.find(DRAFT.key)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_an_issue_file_keeps_its_mode(tmp_path: Path) -> None:
    tracker = FolderTracker(tmp_path, "2026-05-03")
    made = tracker.create(DRAFT)
    (tmp_path / made.address).chmod(0o600)
    tracker.update(made.ref, {Field.DUE: ""}, {Field.DUE: VALUES[Field.DUE]})
    assert (tmp_path / made.address).stat().st_mode & 0o777 == 0o600


def test_two_files_with_one_number_are_told_and_neither_is_dropped(tmp_path: Path) -> None:
    tracker = FolderTracker(tmp_path, "2026-05-03")
    made = tracker.create(DRAFT)
    (tmp_path / ".closeout/issues/0001-another.md").write_text("---\ntitle: another\n---\n", encoding="utf-8")
    with pytest.raises(TrackerError, match=r"0001-add-an-alert.*0001-another|0001-another.*0001-add-an-alert"):
        tracker.managed()
    assert (tmp_path / made.address).exists()


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    assert FolderTracker(tmp_path, "2026-05-03", highest=lambda: 7).create(DRAFT).ref == "8"
