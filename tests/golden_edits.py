"""What becomes of an edit folder: `edit.toml` says what is written into `before.md`, `after.md` what comes of it.

```toml
add-columns = true          # new places and padding, as a run is asked for them
add-boxes = true
realign = true

[[edit]]
line = 9                    # the item's, counted from 1
field = "status"            # title, status, owners, due, priority or ticket
value = "done"              # as a tracker says it; a ticket as "#12", its link as `address`
refused = "no words"        # left out where the edit is made; else what a person is told: "no words" or "no place"
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from closeout.domain.issue import Capabilities
from closeout.domain.item import Field
from closeout.domain.sync.fit import Fitting, fit_to_box
from closeout.editing.realign import realign
from closeout.editing.splice import Edit, inverse, splice
from closeout.editing.verify import verify
from closeout.editing.words import Ticket
from closeout.engine import read, show
from closeout.engine.library import Library
from closeout.engine.world import Options
from closeout.ports.documents import Page, Snapshot

FOLDER = Path(__file__).resolve().parent / "golden_edits"
NAME = "postmortems/page.md"
FITTING = Fitting("memory", Capabilities("memory"))


class Pages:
    """One page."""

    def descends(self, revision: str, ancestor: str) -> bool:
        return True

    def __init__(self, text: str) -> None:
        self.page = Page(NAME, text)

    def read(self) -> Snapshot:
        return Snapshot([self.page])


def outcome(folder: Path) -> bytes:
    """Make the edits of a folder and return the page; raises AssertionError if a refusal is not as it says."""
    told = tomllib.loads((folder / "edit.toml").read_text("utf-8"))
    text = (folder / "before.md").read_bytes().decode()
    options = Options(add_columns=told.get("add-columns", False), add_boxes=told.get("add-boxes", False))
    library = read.read(Pages(text), options)
    document, base = library.documents[NAME], library.bases[NAME]
    edits: list[Edit] = []
    intended: dict[int, dict[Field, str]] = {}
    for one in told.get("edit", ()):
        index = next(index for index, item in enumerate(document.items) if item.line == one["line"])
        made, why = _made(one, index, library, options)
        assert why == one.get("refused", ""), f"{folder.name}: line {one['line']}: refused: {why or 'no'}"
        if made is not None:
            edits.append(made.edit)
            intended.setdefault(index, {})[Field(one["field"])] = made.value
    after = splice(base, edits)
    verify(document, library.parse(NAME, after, options.vocabulary, templates=False), intended)
    assert splice(after, inverse(base, edits)) == base
    if told.get("realign"):
        after = realign(after, document.items)
    return after.encode()


def _made(one: Mapping[str, Any], index: int, library: Library, options: Options) -> tuple[show.Shown | None, str]:
    what, item = Field(one["field"]), library.documents[NAME].items[index]
    stated = item.stated.get(what)
    if stated is None or stated.place is None:
        return None, "no place"
    if what is Field.TICKET:
        made = show.ticket(NAME, index, Ticket(one["value"], one.get("address", "")), library, options)
    else:
        value = fit_to_box(one["value"], stated) if stated.box else one["value"]
        made = show.edit(NAME, index, what, value, library, options, FITTING)
    return made, "" if made else "no words"
