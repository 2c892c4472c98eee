r"""Pages that lost their form on the way, as their author meant them.

Tables with an empty line between their rows, and headings and lists that an editor escaped (`\## Action items`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from closeout.markdown.blocks import Block, Entry, Heading, List, Paragraph, Row, Table, cut

_ROW = re.compile(r"\|[^\n]*\|[ \t]*\Z")
_DELIMITER = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\Z")
_HEADING = re.compile(r"\\(#{1,6})[ \t]+(?=[^\s#])[^\n]*\Z")
_BULLET = re.compile(r"\\[-*+][ \t]+(?=\S)")
_FEW = 2  # escaped headings, below which a page is not taken for one


def as_meant(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a page with such paragraphs as tables, headings and lists; every text keeps its place.

    Headings and lists are so only on a page that has no other heading.
    """
    if not any(isinstance(block, Paragraph) and block.text.value[:1] in {"|", "\\"} for block in blocks):
        return tuple(blocks)
    if not any(isinstance(block, Heading) for block in blocks):
        count = sum(isinstance(block, Paragraph) and bool(_HEADING.match(block.text.value)) for block in blocks)
        blocks = [_unescaped(block) for block in blocks] if count >= _FEW else blocks
    return tuple(_with_tables(blocks))


def _unescaped(block: Block) -> Block:
    if not isinstance(block, Paragraph):
        return block
    text = block.text
    if match := _HEADING.match(text.value):
        return Heading(len(match[1]), text.part(match.end(1), len(text.value)).stripped(), block.line)
    if match := _BULLET.match(text.value):
        entry = Entry(block.line, ordered=False, text=text.part(match.end(), len(text.value)), children=())
        return List((entry,), block.line)
    return block


def _with_tables(blocks: Sequence[Block]) -> Iterator[Block]:
    index = 0
    while index < len(blocks):
        end = index
        while end < len(blocks) and _is_row(blocks[end]):
            end += 1
        yield from [table] if (table := _table(blocks[index:end])) else blocks[index:end]
        if end < len(blocks):
            yield blocks[end]
        index = end + 1


def _table(blocks: Sequence[Block]) -> Table | None:
    if len(blocks) < 3 or not _DELIMITER.match(_value(blocks[1])):
        return None
    rows = [_row(block) for block in blocks if isinstance(block, Paragraph)]
    whole = len(rows[0].cells) == len(rows[1].cells)
    return Table(rows[0], rows[1], tuple(rows[2:]), rows[0].line) if whole else None


def _value(block: Block) -> str:
    return block.text.value if isinstance(block, Paragraph) else ""


def _is_row(block: Block) -> bool:
    return bool(_ROW.match(_value(block)))


def _row(block: Paragraph) -> Row:
    return Row(block.line, cut(block.text))
