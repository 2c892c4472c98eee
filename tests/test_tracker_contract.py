"""The laws of the tracker port, over every tracker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest

import plane_bench
from closeout.domain.issue import Changed, Draft, Gone, Hidden, Issue, Nested, Sight
from closeout.domain.item import Field, Status
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.ports.tracker import Nests, Tracker
from closeout.trackers.folder import FolderTracker
from closeout.trackers.memory import MemoryTracker
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import FLAVOURS
from fakes.github import GitHubFake
from fakes.github_values import Right
from fakes.gitlab import GitLabFake
from fakes.http import Fault, Loopback
from fakes.plane import PlaneFake
from forgejo_bench import ForgejoBench
from forgejo_bench import live as live_forgejo
from github_bench import GitHubBench, live, way_to
from gitlab_bench import GitLabBench
from gitlab_bench import live as live_gitlab
from plane_bench import PlaneBench
from worlds import keyed

VALUES = {
    Field.TITLE: "Add: an alert | # \"quoted\" 'twice'",
    Field.STATUS: Status.TODO.value,
    Field.OWNERS: "ann, Bob Müller",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "P1",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Owner**: ann\n\nText of ours.\n")


LIVE = ("CLOSEOUT_TEST_GITHUB_URL", "CLOSEOUT_TEST_GITHUB_TOKEN")  # https://github.com/OWNER/closeout-test, its token
LIVE_FORGEJO = ("CLOSEOUT_TEST_FORGEJO_URL", "CLOSEOUT_TEST_FORGEJO_TOKEN")
LIVE_GITLAB = ("CLOSEOUT_TEST_GITLAB_URL", "CLOSEOUT_TEST_GITLAB_TOKEN")
LIVE_PLANE = ("CLOSEOUT_TEST_PLANE_URL", "CLOSEOUT_TEST_PLANE_TOKEN", "CLOSEOUT_TEST_PLANE_PROJECT")  # workspace/IDENT
EMULATED = "CLOSEOUT_TEST_GITHUB_API"  # where an emulator has its API, which is never below /api/v3
NAMES = (*LIVE, EMULATED, *LIVE_FORGEJO, *LIVE_GITLAB, *LIVE_PLANE)
GIVEN = {name: os.environ.get(name, "") for name in NAMES}  # read before a test runs alone


ADAPTERS = [
    "memory",
    "folder",
    "github",
    "github organisation",
    "live github",
    *FLAVOURS,
    "live forgejo",
    "gitlab",
    "live gitlab",
    "plane",
    "live plane",
]


@dataclass
class Bench:
    """A tracker, and the ways in which the world goes wrong for it; `lose` drops the reply to the next write, `deleted`
    is what a deleted issue looks like.
    """

    tracker: Tracker
    break_listing: Callable[[], None]
    remove: Callable[[str], None]
    lose: Callable[[], None] | None = None
    lag: Callable[[], None] | None = None
    values: Mapping[Field, str] | None = None
    emulated: bool = False
    deleted: Sight = Gone()

    def held(self, values: Mapping[Field, str]) -> dict[Field, str]:
        """Values as the tracker has room for them."""
        return {what: value for what, value in fit(values, self.tracker.capabilities).items() if value}

    @property
    def draft(self) -> Draft:
        """An issue with a key of its own, whose owners can own it."""
        return Draft(f"v1:{uuid4().hex[:20]}", self.values or VALUES, DRAFT.body)


def in_memory() -> Bench:
    memory = MemoryTracker()
    return Bench(
        memory,
        lambda: setattr(memory, "unreadable", True),
        memory.delete,
        lambda: memory.faults.append("lost after"),
    )


def in_folder(root: Path) -> Bench:
    gone: set[int] = set()
    folder = FolderTracker(root, "2026-05-03", deleted=gone.__contains__)
    issues = root / ".closeout/issues"

    def break_listing() -> None:
        for path in issues.iterdir():
            path.unlink()
        issues.rmdir()
        issues.symlink_to(issues)  # a loop: it is there, and cannot be listed

    def remove(ref: str) -> None:
        next(issues.glob(f"{int(ref):04d}-*")).unlink()
        gone.add(int(ref))

    return Bench(folder, break_listing, remove)


def on_github(fake: GitHubFake, *, organisation: bool = False) -> Bench:
    if organisation:
        fields = {7: ("Priority", "single_select"), 9: ("Target date", "date")}
        fake.world.organisation("acme", fields=fields, options={7: ("Urgent", "High", "Medium", "Low")})
    github = GitHubBench(fake)
    for login in ("ann", "bob", "cid"):
        github.repo.grant(login, Right.WRITE)

    def lag() -> None:
        fake.lag = 1

    return Bench(
        github.tracker(),
        lambda: fake.script(Fault(faults.refused(404, "Not Found"), "GET", "/issues", times=None)),
        lambda ref: github.repo.delete(int(ref)),
        lambda: fake.script(Fault(faults.dropped(done=True), "POST|PATCH")),
        lag,
        {**VALUES, Field.OWNERS: "ann, bob"},
    )


def told_of_live_github() -> tuple[str, str, str, str]:
    """Return the address, the token, where an emulator has its API, and the project; skips where nothing is told."""
    address, token, api = (GIVEN[name] for name in (*LIVE, EMULATED))
    if not (address and token):
        pytest.skip(f"{' and '.join(LIVE)} are not set")
    url, owner, name = address.rstrip("/").rsplit("/", 2)
    assert "closeout-test" in name, "a live project must be made for it: its name holds closeout-test"
    return url, token, api, f"{owner}/{name}"


def on_live_github(stack: ExitStack) -> Bench:
    url, token, api, project = told_of_live_github()
    if api:
        return on_an_emulator(url, token, stack.enter_context(way_to(api)), project)
    tracker = live(url, token, project)

    def cannot(*_: object) -> None:
        pytest.skip("not to be done to a real host")

    own = ", ".join(sorted(tracker.assignable() or ())[:1])
    return Bench(tracker, cannot, cannot, values={**VALUES, Field.OWNERS: own})


def on_an_emulator(url: str, token: str, way: Loopback, project: str) -> Bench:
    """An emulator has no list of assignees, and whoever has an account can be assigned; it deletes no issue."""
    tracker = live(url, token, project, way.url)
    return Bench(
        tracker,
        lambda: way.faults.append(Fault(faults.refused(404, "Not Found"), "GET", "/issues", times=None)),
        lambda ref: pytest.skip("an emulator deletes no issue"),
        lambda: way.faults.append(Fault(faults.dropped(done=True), "POST|PATCH")),
        values={**VALUES, Field.OWNERS: tracker.whoami()},
        emulated=True,
    )


def on_forgejo(fake: ForgejoFake) -> Bench:
    forgejo = ForgejoBench(fake)

    def remove(ref: str) -> None:
        forgejo.repo.delete(int(ref))
        forgejo.repo.open("The next one")  # of the newest number nobody can tell whether it ever was

    return Bench(
        forgejo.tracker(),
        lambda: fake.script(Fault(faults.refused(404, "Not Found"), "GET", "/issues", times=None)),
        remove,
        lambda: fake.script(Fault(faults.dropped(done=True), "POST|PATCH", "/issues")),
        values={**VALUES, Field.OWNERS: "ann, bob"},
    )


def on_live_forgejo() -> Bench:
    address, token = (GIVEN[name] for name in LIVE_FORGEJO)
    if not (address and token):
        pytest.skip(f"{' and '.join(LIVE_FORGEJO)} are not set")
    url, owner, name = address.rstrip("/").rsplit("/", 2)
    assert "closeout-test" in name, "a live project must be made for it: its name holds closeout-test"
    tracker = live_forgejo(url, token, f"{owner}/{name}")

    def cannot(*_: object) -> None:
        pytest.skip("not to be done to a real host")

    return Bench(tracker, cannot, cannot, values={**VALUES, Field.OWNERS: ", ".join(sorted(tracker.assignable())[:1])})


def on_gitlab(fake: GitLabFake) -> Bench:
    gitlab = GitLabBench(fake)
    return Bench(
        gitlab.tracker(),
        lambda: fake.script(Fault(faults.refused(404, "404 Project Not Found"), "GET", "/issues", times=None)),
        lambda ref: gitlab.project.delete(int(ref)),
        lambda: fake.script(Fault(faults.dropped(done=True), "POST|PUT", "/issues")),
        values={**VALUES, Field.OWNERS: "ann, bob"},
        deleted=Hidden(),
    )


def on_live_gitlab() -> Bench:
    address, token = (GIVEN[name] for name in LIVE_GITLAB)
    if not (address and token):
        pytest.skip(f"{' and '.join(LIVE_GITLAB)} are not set")
    url, path = address.rstrip("/")[: address.index("/", 8)], address.rstrip("/")[address.index("/", 8) + 1 :]
    assert "closeout-test" in path, "a live project must be made for it: its name holds closeout-test"
    tracker = live_gitlab(url, token, path)

    def cannot(*_: object) -> None:
        pytest.skip("not to be done to a real host")

    own = ", ".join(sorted(tracker.assignable())[:1])
    return Bench(tracker, cannot, cannot, values={**VALUES, Field.OWNERS: own}, deleted=Hidden())


def on_plane(fake: PlaneFake) -> Bench:
    plane = PlaneBench(fake)
    plane.join("ann", "bob", "cid")

    def lag() -> None:
        fake.lag = 1

    return Bench(
        plane.tracker(),
        lambda: fake.script(Fault(faults.refused(500, ""), "GET", "items/", times=None)),
        lambda ref: plane.project.delete(int(ref)),
        lambda: fake.script(Fault(faults.dropped(done=True), "POST|PATCH")),
        lag,
        {**VALUES, Field.OWNERS: "ann, bob"},
        deleted=Hidden(),
    )


def on_live_plane(stack: ExitStack) -> Bench:
    """A real one, on whose way a request can go wrong."""
    url, token, project = (GIVEN[name] for name in LIVE_PLANE)
    if not (url and token and project):
        pytest.skip(f"{', '.join(LIVE_PLANE)} are not set")
    assert "closeout-test" in project, "a live project must be made for it: its workspace is closeout-test"
    way = stack.enter_context(plane_bench.way_to(url))
    tracker = plane_bench.live(way.url, token, project)
    members = sorted(one for one in tracker.assignable() or () if "@" not in one)
    return Bench(
        tracker,
        lambda: way.faults.append(Fault(faults.refused(500, ""), "GET", "items/", times=None)),
        lambda ref: plane_bench.deleted(url, token, tracker, ref),
        lambda: way.faults.append(Fault(faults.dropped(done=True), "POST|PATCH")),
        values={**VALUES, Field.OWNERS: ", ".join(members[:2])},
        deleted=Hidden(),
    )


@pytest.fixture(params=ADAPTERS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        match request.param:
            case "memory":
                yield in_memory()
            case "folder":
                yield in_folder(tmp_path)
            case "github":
                yield on_github(stack.enter_context(GitHubFake()))
            case "github organisation":
                yield on_github(stack.enter_context(GitHubFake()), organisation=True)
            case "plane":
                yield on_plane(stack.enter_context(PlaneFake()))
            case "gitlab":
                yield on_gitlab(stack.enter_context(GitLabFake()))
            case "live gitlab":
                yield on_live_gitlab()
            case "live plane":
                yield on_live_plane(stack)
            case "live github":
                yield on_live_github(stack)
            case "live forgejo":
                yield on_live_forgejo()
            case kind:
                zone = timezone(timedelta(hours=-5) if kind == "gitea" else timedelta(hours=5, minutes=45))
                yield on_forgejo(stack.enter_context(ForgejoFake(flavour=FLAVOURS[kind], zone=zone)))


def held(issue: Issue) -> dict[Field, str]:
    return {what: value for what, value in issue.values.items() if value}


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
        (Field.OWNERS, "cid"),
        (Field.OWNERS, ""),
        (Field.PRIORITY, "P0: now"),
        (Field.TITLE, "Add two alerts"),
    ],
)
def test_frame_an_update_changes_what_it_names_and_nothing_else(bench: Bench, what: Field, value: str) -> None:
    if what is Field.OWNERS and value:
        if bench.emulated:
            pytest.skip("an emulator has no list of assignees")
        people = bench.tracker.assignable()
        if people is not None and value not in people:
            pytest.skip("nobody else can be assigned here")
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
    bench.break_listing()
    with pytest.raises(TrackerError):
        bench.tracker.managed()
    with pytest.raises(TrackerError):
        bench.tracker.glance()


def test_at_most_once_a_lost_reply_is_told_and_the_issue_found_by_its_key(bench: Bench) -> None:
    if bench.lose is None:
        pytest.skip("its writes cannot be lost on the way")
    before, draft = len(bench.tracker.managed()), bench.draft
    bench.lose()
    with pytest.raises(OutcomeUnknown):
        bench.tracker.create(draft)
    found = keyed(bench.tracker, draft.key)
    assert found is not None
    assert held(found) == bench.held(draft.values)
    assert len(bench.tracker.managed()) == before + 1


def test_at_most_once_a_lost_update_is_told_and_doing_it_again_changes_nothing(bench: Bench) -> None:
    if bench.lose is None:
        pytest.skip("its writes cannot be lost on the way")
    made = bench.tracker.create(bench.draft)
    bench.lose()
    with pytest.raises(OutcomeUnknown):
        bench.tracker.update(made.ref, {Field.STATUS: "done"}, {Field.STATUS: "todo"})
    there = bench.tracker.get(made.ref)
    assert isinstance(there, Issue)
    again = bench.tracker.update(made.ref, {Field.STATUS: "done"}, {Field.STATUS: "todo"})
    assert isinstance(again, Issue)
    assert held(again) == held(there)


def test_a_listing_may_lag_only_where_the_capabilities_say_so(bench: Bench) -> None:
    if bench.lag is not None:
        bench.lag()
    draft = bench.draft
    made = bench.tracker.create(draft)
    assert bench.tracker.capabilities.lists_lag or keyed(bench.tracker, draft.key) is not None
    assert isinstance(bench.tracker.get(made.ref), Issue)
    bench.tracker.managed()
    assert keyed(bench.tracker, draft.key) is not None or bench.lag is None


def test_a_missing_issue_is_hidden_and_a_deleted_one_gone(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    assert bench.tracker.get("999999") == Hidden()
    bench.remove(made.ref)
    assert bench.tracker.get(made.ref) == bench.deleted


def test_a_ticket_as_it_is_spelt_names_its_issue(bench: Bench) -> None:
    made = bench.tracker.create(bench.draft)
    for ticket in bench.tracker.spell(made, "docs/postmortems/a.md")[: 1 if bench.lag is None else 2]:
        assert bench.tracker.ref(ticket, "docs/postmortems/a.md") == made.ref
    assert bench.tracker.ref("SRE-123", "docs/a.md") is None
    assert bench.tracker.ref("basecamp#412", "docs/a.md") != "412"
    assert bench.tracker.ref("https://elsewhere.example/acme/platform/issues/1", "docs/a.md") is None


def test_an_issue_is_put_below_another_once_and_neither_is_changed(bench: Bench) -> None:
    tracker = bench.tracker
    assert isinstance(tracker, Nests) == tracker.capabilities.parents
    if not isinstance(tracker, Nests):
        pytest.skip("issues are below none here")
    one, two, other = (tracker.create(bench.draft) for _ in range(3))
    if bench.emulated:  # it has no sub-issues
        assert tracker.nest(one.ref, two.ref).everywhere
        return
    assert tracker.nest(one.ref, two.ref) == tracker.nest(one.ref, two.ref) == Nested(two.ref)
    assert tracker.nest(one.ref, other.ref) == Nested(two.ref)
    assert tracker.nest(other.ref, "999").refused
    for made in (one, two, other):
        found = tracker.get(made.ref)
        assert isinstance(found, Issue)
        assert (found.values, found.key) == (made.values, made.key)


def test_at_most_once_a_lost_reply_to_that_is_told_or_looked_up(bench: Bench) -> None:
    tracker = bench.tracker
    if bench.lose is None or not isinstance(tracker, Nests) or bench.emulated:
        pytest.skip("no reply of it can be lost here")
    one, two = (tracker.create(bench.draft) for _ in range(2))
    bench.lose()
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
