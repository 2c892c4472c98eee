"""The laws of the tracker port, over every tracker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from closeout.domain.issue import Changed, Draft, Hidden, Issue, Nested
from closeout.domain.item import Field, Status, names
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.ports.tracker import Nests
from closeout.settings.kinds import NAMES
from closeout.trackers.folder import FolderTracker
from registry import PAIRS, SUBJECTS
from sides import Subject
from sides.live import Live
from worlds import keyed

VALUES = {
    Field.TITLE: "Add: an alert | # \"quoted\" 'twice'",
    Field.STATUS: Status.TODO.value,
    Field.OWNERS: "ann, Bob Müller",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "P1",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Owner**: ann\n\nText of ours.\n")


ANSWERING = [name for name in SUBJECTS if name != "folder"]  # what is written into files cannot be lost on the way


@dataclass
class Bench:
    """A tracker, and the world in which it is one."""

    world: Subject

    def __post_init__(self) -> None:
        self.tracker = self.world.tracker()

    def held(self, values: Mapping[Field, str]) -> dict[Field, str]:
        """Values as the tracker has room for them."""
        return alike(fit(values, self.tracker.capabilities))

    @property
    def draft(self) -> Draft:
        """An issue with a key of its own, whose owners can own it."""
        own = ", ".join(self.world.owners[:3:2])
        return Draft(f"v1:{uuid4().hex[:20]}", {**VALUES, Field.OWNERS: own}, DRAFT.body)


@pytest.fixture(params=SUBJECTS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with SUBJECTS[request.param](tmp_path) as world:
        yield Bench(world)


def test_every_kind_that_can_be_chosen_has_its_benches_and_sweeps() -> None:
    swept = {kind.name for kind, publisher in PAIRS if publisher != "none"}
    assert swept == set(NAMES)
    assert swept <= set(SUBJECTS)


def held(issue: Issue) -> dict[Field, str]:
    return alike(issue.values)


def alike(values: Mapping[Field, str]) -> dict[Field, str]:
    """Values without empty ones, and owners in one order: Plane tells them in another than they were sent."""
    owners = ", ".join(sorted(names(values.get(Field.OWNERS, ""))))
    return {what: value for what, value in {**values, Field.OWNERS: owners}.items() if value}


def test_round_trip(bench: Bench) -> None:
    draft = bench.draft
    made = bench.tracker.create(draft)
    assert held(made) == bench.held(draft.values)
    found = bench.tracker.get(made.ref)
    assert isinstance(found, Issue)
    assert (held(found), found.key) == (bench.held(draft.values), draft.key)


def test_the_key_survives_every_update(bench: Bench) -> None:
    draft = bench.draft
    made = bench.tracker.create(draft)
    for what, value in {Field.STATUS: "done", Field.DUE: "", Field.TITLE: "Add two"}.items():
        bench.tracker.update(made.ref, {what: value}, {what: draft.values[what]})
    found = keyed(bench.tracker, draft.key)
    assert found is not None
    assert found.ref == made.ref


@pytest.mark.parametrize(
    ("what", "value"),
    [
        (Field.STATUS, "in_progress"),
        (Field.STATUS, "wont_do"),
        (Field.DUE, "2027-01-02"),
        (Field.DUE, ""),
        (Field.OWNERS, "another"),
        (Field.OWNERS, ""),
        (Field.PRIORITY, "P0: now"),
        (Field.TITLE, "Add two alerts"),
    ],
)
def test_frame_an_update_changes_what_it_names_and_nothing_else(bench: Bench, what: Field, value: str) -> None:
    if value == "another":
        if len(bench.world.owners) < 2:
            pytest.skip("nobody else can be assigned here")
        value = bench.world.owners[1]
    draft = bench.draft
    made = bench.tracker.create(draft)
    after = bench.tracker.update(made.ref, {what: value}, {what: bench.held(draft.values).get(what, "")})
    assert isinstance(after, Issue)
    assert held(after) == bench.held({**draft.values, what: value})
    again = bench.tracker.get(made.ref)
    assert isinstance(again, Issue)
    assert held(again) == held(after)


@pytest.mark.parametrize("closed", ["done", "wont_do"])
def test_a_closed_issue_can_be_opened_again(bench: Bench, closed: str) -> None:
    made = bench.tracker.create(bench.draft)
    after = bench.tracker.update(made.ref, {Field.STATUS: closed}, {Field.STATUS: "todo"})
    assert isinstance(after, Issue)
    assert (after.values[Field.STATUS], after.open, len(after.closed)) == (closed, False, 10)
    again = bench.tracker.update(made.ref, {Field.STATUS: "todo"}, {Field.STATUS: closed})
    assert isinstance(again, Issue)
    assert (again.values[Field.STATUS], again.open, again.closed) == ("todo", True, "")


def test_the_same_update_twice_is_the_same_as_once(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    once = bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    twice = bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    assert isinstance(once, Issue)
    assert isinstance(twice, Issue)
    assert held(once) == held(twice)


def test_an_update_of_what_changed_meanwhile_writes_nothing(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    bench.tracker.update(made.ref, {Field.DUE: "2027-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    reply = bench.tracker.update(made.ref, {Field.DUE: "2028-01-02"}, {Field.DUE: VALUES[Field.DUE]})
    assert isinstance(reply, Changed)
    found = bench.tracker.get(made.ref)
    assert isinstance(found, Issue)
    assert found.values[Field.DUE] == "2027-01-02"


def test_a_mark_is_written_once_and_nothing_else_changes(bench: Bench) -> None:
    draft = bench.draft
    made = bench.tracker.create(Draft("", draft.values, draft.body))
    assert made.key == ""
    for _ in range(2):
        marked = bench.tracker.mark(made.ref, draft.key)
        assert (held(marked), marked.key) == (held(made), draft.key)
    found = keyed(bench.tracker, draft.key)
    assert found is not None
    assert (found.ref, held(found)) == (made.ref, held(made))
    with pytest.raises(TrackerError, match="key"):
        bench.tracker.mark(made.ref, "v1:another")


def test_every_managed_issue_is_listed_once(bench: Bench) -> None:
    made = {bench.tracker.create(bench.draft).ref for number in range(7)}
    listed = [issue.ref for issue in bench.tracker.managed()]
    assert sorted(made) == sorted(ref for ref in listed if ref in made)
    assert len(listed) == len(set(listed))


def test_a_glance_shows_nothing_that_the_full_listing_does_not_show_and_each_once(bench: Bench) -> None:
    made = {bench.tracker.create(bench.draft).ref for number in range(3)}
    glanced, listed = bench.tracker.glance(), bench.tracker.managed()
    assert {issue.ref for issue in glanced.issues} <= {issue.ref for issue in listed}
    assert len({issue.ref for issue in glanced.issues}) == len(glanced.issues)
    assert made <= {issue.ref for issue in glanced.issues}
    assert not glanced.full or list(glanced.issues) == list(listed)


def test_an_unreadable_project_raises_and_never_yields_nothing(bench: Bench) -> None:
    bench.tracker.create(bench.draft)
    bench.world.break_listing()
    with pytest.raises(TrackerError):
        bench.tracker.managed()
    with pytest.raises(TrackerError):
        bench.tracker.glance()


@pytest.mark.parametrize("bench", ANSWERING, indirect=True)
def test_at_most_once_a_lost_reply_is_told_and_the_issue_found_by_its_key(bench: Bench) -> None:
    before, draft = len(bench.tracker.managed()), bench.draft
    bench.world.lose()
    with pytest.raises(OutcomeUnknown):
        bench.tracker.create(draft)
    found = keyed(bench.tracker, draft.key)
    assert found is not None
    assert held(found) == bench.held(draft.values)
    assert len(bench.tracker.managed()) == before + 1


@pytest.mark.parametrize("bench", ANSWERING, indirect=True)
def test_at_most_once_a_lost_update_is_told_and_doing_it_again_changes_nothing(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    bench.world.lose()
    with pytest.raises(OutcomeUnknown):
        bench.tracker.update(made.ref, {Field.STATUS: "done"}, {Field.STATUS: "todo"})
    there = bench.tracker.get(made.ref)
    assert isinstance(there, Issue)
    again = bench.tracker.update(made.ref, {Field.STATUS: "done"}, {Field.STATUS: "todo"})
    assert isinstance(again, Issue)
    assert held(again) == held(there)


def test_a_listing_may_lag_only_where_the_capabilities_say_so(bench: Bench) -> None:
    bench.world.lag(1)
    draft = bench.draft
    made = bench.tracker.create(draft)
    assert bench.tracker.capabilities.lists_lag or keyed(bench.tracker, draft.key) is not None
    assert isinstance(bench.tracker.get(made.ref), Issue)
    bench.tracker.managed()
    assert keyed(bench.tracker, draft.key) is not None


def test_a_missing_issue_is_hidden_and_a_deleted_one_gone(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    bench.tracker.create(bench.draft)  # of the newest number not every host can tell whether it ever was
    assert bench.tracker.get("999999") == Hidden()
    bench.world.remove(made.ref)
    assert bench.tracker.get(made.ref) == bench.world.deleted


def test_a_ticket_as_it_is_spelt_names_its_issue(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    for ticket in bench.tracker.spell(made, "docs/postmortems/a.md"):
        assert bench.tracker.ref(ticket, "docs/postmortems/a.md") == made.ref
    assert bench.tracker.ref("SRE-123", "docs/a.md") is None
    assert bench.tracker.ref("basecamp#412", "docs/a.md") != "412"
    assert bench.tracker.ref("https://elsewhere.example/acme/platform/issues/1", "docs/a.md") is None


def test_an_issue_is_put_below_another_once_and_neither_is_changed(bench: Bench) -> None:
    tracker = bench.tracker
    assert isinstance(tracker, Nests) == tracker.capabilities.parents
    if not isinstance(tracker, Nests):
        return
    one, two, other = (tracker.create(bench.draft) for _ in range(3))
    if isinstance(bench.world, Live) and bench.world.emulated:  # it has no sub-issues
        assert tracker.nest(one.ref, two.ref).everywhere
        return
    assert tracker.nest(one.ref, two.ref) == tracker.nest(one.ref, two.ref) == Nested(two.ref)
    assert tracker.nest(one.ref, other.ref) == Nested(two.ref)
    assert tracker.nest(other.ref, "999").refused
    for made in (one, two, other):
        found = tracker.get(made.ref)
        assert isinstance(found, Issue)
        assert (found.values, found.key) == (made.values, made.key)


@pytest.mark.parametrize("bench", ANSWERING, indirect=True)
def test_at_most_once_a_lost_reply_to_that_is_told_or_looked_up(bench: Bench) -> None:
    tracker = bench.tracker
    if not isinstance(tracker, Nests):
        assert not tracker.capabilities.parents
        return
    if isinstance(bench.world, Live) and bench.world.emulated:
        pytest.skip("an emulator has none")
    one, two = (tracker.create(bench.draft) for _ in range(2))
    bench.world.lose()
    with suppress(OutcomeUnknown):
        assert tracker.nest(one.ref, two.ref) == Nested(two.ref)
    assert tracker.nest(one.ref, two.ref) == Nested(two.ref)


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
    assert not tracker.glance().full
    with pytest.raises(TrackerError, match="broken"):
        tracker.managed()


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
