"""mistune's block state, knowing the document's line of all that it reads; mistune itself keeps no positions."""

from __future__ import annotations

import re
from typing import Any

from mistune.core import BlockState

_BARE_MARKER = re.compile(r"[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]*(?:\n|\Z)")


class Tokens(list[dict[str, Any]]):
    """The tokens of one state, with the line that the state's text starts on, and that of its list marker."""

    line0 = 0
    marker_line = 0


class State(BlockState):
    """A block state that knows the document's line of its text's first line."""

    def __init__(self, parent: BlockState | None = None) -> None:
        super().__init__(parent)
        self.tokens: Tokens = Tokens()
        self.child_lines = (0, 0)
        self.counted = (0, 0)  # a position, and the line ends before it

    def line_at(self, position: int) -> int:
        """Return the document's line of a position."""
        at, ends = self.counted
        # the parser walks on, so that few lines lie between two questions
        ends += self.src.count("\n", at, position) if at <= position else -self.src.count("\n", position, at)
        self.counted = position, ends
        return self.tokens.line0 + ends

    def child_state(self, src: str, lazy_line_starts: set[int] | None = None) -> BlockState:
        """Return the state of an entry's or a quote's text, which starts on the lines that were told for it."""
        child = super().child_state(src, lazy_line_starts)
        child.tokens = Tokens()
        child.tokens.marker_line, child.tokens.line0 = self.child_lines
        # when a list goes on, the cursor stands just behind the marker line of its next entry
        self.child_lines = self.entry_lines(max(self.cursor - 1, 0))
        return child

    def entry_lines(self, position: int) -> tuple[int, int]:
        """The line of an entry's marker, and that of its text: one below where the marker stands alone."""
        line = self.line_at(position)
        bare = _BARE_MARKER.match(self.src, self.src.rfind("\n", 0, position) + 1)
        return line, line + 1 if bare else line

    def add_paragraph(self, text: str) -> None:
        """Add text to the last paragraph, or start one here."""
        super().add_paragraph(text)
        if "line" not in self.tokens[-1]:
            self.tokens[-1]["line"] = self.line_at(self.cursor)
