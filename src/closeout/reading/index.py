"""The index of postmortems on a page: a table of ours between two comments, which is written and never read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from closeout.markdown.blocks import Block, Html

START, END = "<!-- closeout:index -->", "<!-- /closeout:index -->"


def marks(blocks: Sequence[Block]) -> Iterator[tuple[str, int]]:
    """Yield (mark, number of its block): comments on a line of their own, outside of code, lists, quotes, other HTML."""
    for number, block in enumerate(blocks):
        if isinstance(block, Html) and block.raw.strip() in {START, END}:
            yield block.raw.strip(), number


def without(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return a page's blocks without what stands between such marks."""
    pairs = [(one[1], other[1]) for one, other in pairwise(marks(blocks)) if (one[0], other[0]) == (START, END)]
    ours = {number for start, end in pairs for number in range(start, end + 1)}
    return tuple(block for number, block in enumerate(blocks) if number not in ours) if ours else blocks
