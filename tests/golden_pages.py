"""What becomes of a golden page: its items, the page after a first sync, and after people worked on its issues."""

from __future__ import annotations

from pathlib import Path

from closeout.domain.item import Field, Status
from closeout.engine.boards import trackers
from closeout.engine.sync import sync
from closeout.engine.world import Options, World
from closeout.ports.tracker import Tracker
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.render.items import as_json
from closeout.repositories.worktree import Worktree, WorktreePublisher
from closeout.state.memory import MemoryLedger
from closeout.trackers.folder import FolderTracker

FOLDER = Path(__file__).resolve().parent / "golden"
NAME = "postmortems/page.md"
DAY = "2026-06-01"


def outcome(before: bytes, root: Path) -> dict[str, bytes]:
    """Play a page's life in an empty folder; per file of the golden folder its content."""
    page = root / NAME
    page.parent.mkdir(parents=True)
    page.write_bytes(before)
    tracker = FolderTracker(root, DAY)
    world = World(Worktree(root), WorktreePublisher(root), MemoryLedger(), trackers(tracker))
    options = Options(today=DAY, version="0")
    items = as_json([read("before.md", before.decode(), shipped())], "local") + "\n"
    assert not sync(world, options).errors
    after = page.read_bytes()
    assert sync(world, options).plan.empty
    _work(tracker)
    assert not sync(world, options).errors
    later = page.read_bytes()
    again = sync(world, options)
    assert again.plan.empty, again.plan
    assert page.read_bytes() == later
    return {"items.json": items.encode(), "after.md": after, "later.md": later}


def _work(tracker: Tracker) -> None:
    """People close every other issue, and take the rest up, with a new date and a second owner."""
    for number, issue in enumerate(tracker.managed()):
        values = {Field.STATUS: Status.DONE.value}
        if number % 2:
            owners = ", ".join(filter(None, [issue.values[Field.OWNERS], "zoe"]))
            values = {Field.STATUS: Status.IN_PROGRESS.value, Field.DUE: "2026-12-24", Field.OWNERS: owners}
        tracker.update(issue.ref, values, {what: issue.values.get(what, "") for what in values})
