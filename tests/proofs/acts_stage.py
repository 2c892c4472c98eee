"""What the acts of a world share: the team, whom an act is about, and the count of what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from closeout.domain.item import Field
from proofs.rows import Row
from proofs.shared import Texts
from proofs.team import Team

ANY = st.integers(0, 99)


class Stage(RuleBasedStateMachine):
    """`happened` counts over all worlds of a class; `bin` are rows that people deleted.

    Of the number that an act is drawn with the upper half stands for somebody who has no part in the work tree.
    """

    happened: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.team: Team
        self.bin: list[Row] = []
        self.elsewhere = False

    def did(self, what: str) -> None:
        self.team.happened[what] += 1

    @property
    def paths(self) -> list[str]:
        return sorted(self.team.documents.main)

    def one(self, at: int, may: Callable[[Row], bool] = lambda row: True) -> Row | None:
        """A row that an act is about; a person with the work tree pushes first what lies there."""
        self.elsewhere = at >= 50
        self.arrive()
        found = [row for row in self.team.rows if may(row)]
        return found[at % len(found)] if found else None

    def arrive(self) -> None:
        if not self.elsewhere and self.team.documents.push_tree():
            self.team.look()

    def edit(self, change: Callable[[Texts], Texts]) -> None:
        self.team.edit(change, elsewhere=self.elsewhere)

    def type(self, row: Row, what: Field, text: str) -> None:
        self.team.type(row.tag, what, text, elsewhere=self.elsewhere)

    def day(self) -> str:
        number = self.team.new()
        return f"2027-{1 + number // 28:02}-{1 + number % 28:02}"
