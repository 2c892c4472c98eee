"""Compare what closeout sees of a folder's Markdown with what markdown-it-py sees: rows with their cells, and entries.

Prints every difference with its line. Exits 1 if there is one at a line where closeout would write.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.markdown.frontmatter import lines_of
from closeout.markdown.source import Source
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from proofs.oracle import ours, theirs


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("folder", type=Path, help="a folder of Markdown")
    documents = rows = entries = differences = written = 0
    for path in sorted(told.parse_args().folder.rglob("*.md")):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        documents += 1
        mine, other = ours(text), theirs(_body(text))
        rows, entries = rows + len(other[0]), entries + len(other[1])
        lines = {item.line - 1 for item in read(path.name, text, shipped(), templates_too=True).items}
        for kind, line, side in _differences(mine, other):
            differences += 1
            written += line in lines
            where = "at an item" if line in lines else "where nothing is written"
            print(f"{path.name}:{line + 1}: {kind} only {side} sees, {where}")
    print(f"{documents} documents, {rows:,} rows, {entries:,} entries, {differences} differences, {written} at items")
    return bool(written)


def _body(text: str) -> str:
    """Blank the front matter out and end lines as the oracle does."""
    source, matter = Source(text), lines_of(text)
    lines = [source.line(number) if number >= matter else "" for number in range(len(source.bounds))]
    return "\n".join(lines) + "\n"


def _differences(
    mine: tuple[list[tuple[int, list[str]]], list[tuple[int, str]]],
    other: tuple[list[tuple[int, list[str]]], list[tuple[int, str]]],
) -> list[tuple[str, int, str]]:
    found = []
    for side, one, two in (("closeout", mine, other), ("markdown-it-py", other, mine)):
        found += [(f"row {cells}", line, side) for line, cells in one[0] if (line, cells) not in two[0]]
        lines = {line for line, _ in two[1]}
        found += [("entry", line, side) for line, _ in one[1] if line not in lines]
    return sorted(found, key=lambda difference: difference[1])


if __name__ == "__main__":
    sys.exit(main())
