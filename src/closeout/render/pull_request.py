"""A pull request's title and text: what changes and why, item by item, with everything from a document defused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from closeout.domain.plan import Write
from closeout.render.issue import defused

Writes = Mapping[str, Sequence[Write]]  # by path
LIMIT = 60_000  # a host takes 65,536
_MOST_MARKS = 2_000
_MARKS = re.compile(r"<!-- closeout:writes ([0-9a-f ]*)-->")
_ABOUT = (
    "Values that changed in the issues, to be written into the documents that they came from; nothing else changes."
)
_KEPT = "Commits that people made on this branch are kept."
_CLOSING = "This text and the branch are replaced when something changes. Close this to decline what it shows."


def title(writes: Writes) -> str:
    """Return the title."""
    values, documents = sum(map(len, writes.values())), len(writes)
    told = (
        f"{values} value{'' if values == 1 else 's'} to write into {documents} document{'' if documents == 1 else 's'}"
    )
    return f"Action items: {told}"


def text(writes: Writes, *, kept: str | None = None) -> str:
    """Return the text, within the limit; `kept` is the former one, where people's commits and ours stay on the branch."""
    marked = sorted(marks(kept or "") | digests(writes))[:_MOST_MARKS]
    head = [_ABOUT, "", *([_KEPT, ""] if kept is not None else [])]
    tail = ["", _CLOSING, "", f"<!-- closeout:writes {' '.join(marked)} -->", ""]
    room = LIMIT - sum(len(line) + 1 for line in (*head, *tail)) - 100
    return "\n".join([*head, *_within(_rows(writes), room), *tail])


def closed() -> str:
    """Return the last text of a pull request that has nothing to show any more."""
    return "Nothing is left to write: closeout closed this by itself.\n"


def marks(told: str) -> frozenset[str]:
    """Return the digests of the values that a text was about; none for a text that is not ours."""
    found = _MARKS.findall(told)
    return frozenset(found[-1].split()) if found else frozenset()


def digests(writes: Writes) -> frozenset[str]:
    """Return a digest of each value: which item is to show what; of a path where a document only gets new places."""
    told = ["\0".join((path, one.key, one.what, one.after)) for path, ones in writes.items() for one in ones]
    told += [path for path, ones in writes.items() if not ones]
    return frozenset(hashlib.sha256(one.encode(errors="replace")).hexdigest()[:12] for one in told)


def _rows(writes: Writes) -> Iterator[str]:
    for path, ones in writes.items():
        yield f"\n### {defused(path)}\n"
        if not ones:
            yield "New places only: check boxes, columns or padding."
            continue
        yield "| line | item | field | from | to | why |\n|---|---|---|---|---|---|"
        yield from map(_row, ones)


def _row(write: Write) -> str:
    cells = (write.title, write.what, write.before or "nothing", write.after or "nothing", write.reason)
    return f"| {write.line} | {' | '.join(defused(cell, 200) for cell in cells)} |"


def _within(rows: Iterable[str], room: int) -> Iterator[str]:
    left = 0
    for row in rows:
        room -= len(row) + 1
        if room >= 0:
            yield row
        else:
            left += row.startswith("|")
    if left:
        yield f"\nand {left} more values"
