"""What people do to documents."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from closeout.domain.item import Field
from proofs import rows
from proofs.acts_stage import ANY, Stage
from proofs.rows import NOTE, OWNER, STATUS, TICKET, TITLE, WORDS, Row


def bare(row: Row) -> Row:
    """A row without its ticket."""
    cleared = row.put(**{TITLE: row.value(Field.TITLE)})
    return cleared.put(**{TICKET: ""}) if TICKET in row.cells else cleared


class DocumentActs(Stage):
    @rule(at=ANY)
    def reword_a_row(self, at: int) -> None:
        if row := self.one(at):
            text = f"Now do {self.team.new()} things"
            self.type(row, Field.TITLE, row.cells[TITLE].replace(row.value(Field.TITLE), text, 1))
            self.did("a row was reworded")

    @rule(at=ANY, to=ANY)
    def reword_two_rows(self, at: int, to: int) -> None:
        if pair := self.two(at, to):
            for row in pair:
                text = f"Now do {self.team.new()} things"
                self.type(row, Field.TITLE, row.cells[TITLE].replace(row.value(Field.TITLE), text, 1))
            self.did("two rows were reworded at once")

    @rule(at=ANY, word=st.sampled_from(sorted(WORDS)))
    def change_a_status(self, at: int, word: str) -> None:
        if row := self.one(at):
            was, now = row.closed, word in {"done", "wont_do"}
            self.type(row, Field.STATUS, WORDS[word])
            self.did("a row was closed" if now and not was else "a row was reopened" if was and not now else "a status")

    @rule(at=ANY)
    def move_a_date(self, at: int) -> None:
        if row := self.one(at):
            self.type(row, Field.DUE, self.day())
            self.did("a row's date was moved")

    @rule(at=ANY)
    def hand_a_row_over(self, at: int) -> None:
        if row := self.one(at):
            self.type(row, Field.OWNERS, f"@u{100 + self.team.new()}")
            self.did("a row's owner was changed")

    @rule(at=ANY, what=st.sampled_from([Field.OWNERS, Field.DUE]))
    def empty_a_cell(self, at: int, what: Field) -> None:
        if row := self.one(at):
            self.type(row, what, "")
            self.did("a cell was emptied")

    @rule(at=ANY)
    def clear_a_ticket(self, at: int) -> None:
        if row := self.one(at, lambda row: bool(row.tickets)):
            self.edit(lambda texts: rows.changed(texts, row, bare(row)))
            self.did("a ticket was cleared")

    @rule(at=ANY, to=ANY)
    def reorder(self, at: int, to: int) -> None:
        if pair := self.two(at, to):
            one, other = pair
            self.edit(lambda texts: rows.changed(rows.changed(texts, one, other), other, one))
            self.did("rows were reordered")

    @rule(at=ANY)
    def move_between_files(self, at: int) -> None:
        row = self.one(at)
        there = [path for path in self.paths if row is None or path != row.path]
        if row and there:
            self.edit(lambda texts: rows.added(rows.changed(texts, row), there[at % len(there)], row))
            self.did("an item was moved between files")

    @rule(at=ANY)
    def rename_a_file(self, at: int) -> None:
        self.one(at)
        old, new = self.paths[at % len(self.paths)], f"postmortems/r{self.team.new()}.md"
        self.edit(lambda texts: {new if path == old else path: text for path, text in texts.items()})
        self.did("a file was renamed")

    @precondition(lambda self: len(self.paths) < 3)
    @rule(at=ANY)
    def copy_a_postmortem(self, at: int) -> None:
        self.one(at)
        old, new = self.paths[at % len(self.paths)], f"postmortems/c{self.team.new()}.md"
        self.edit(lambda texts: {**texts, new: rows.retagged(texts[old], self.team.tags)})
        self.did("a postmortem was copied with its tickets")

    @rule(at=ANY)
    def delete_a_row(self, at: int) -> None:
        if row := self.one(at):
            self.bin.append(row)
            self.edit(lambda texts: rows.changed(texts, row))
            self.did("a row was deleted")

    @precondition(lambda self: bool(self.bin))
    @rule(at=ANY, whole=st.booleans())
    def add_a_row_again(self, at: int, whole: bool) -> None:
        self.one(at)
        row = self.bin.pop(at % len(self.bin))
        to = row.path if row.path in self.paths else self.paths[0]
        self.edit(lambda texts: rows.added(texts, to, row if whole else bare(row)))
        self.team.book.forget(row.tag)
        self.did("a row was added again")

    @rule(at=ANY, title=st.sampled_from(["Write a runbook", "Tell everybody", ""]))
    def add_a_row(self, at: int, title: str) -> None:
        self.one(at)
        path, tag = self.paths[at % len(self.paths)], next(self.team.tags)
        cells = {TITLE: title or f"Look at {self.team.new()}", OWNER: "@u9", STATUS: WORDS["todo"], NOTE: tag}
        self.edit(lambda texts: rows.added(texts, path, Row(path, 0, cells)))
        self.did("a row was added")

    @rule(at=ANY)
    def split_a_row(self, at: int) -> None:
        if row := self.one(at):
            part = bare(row).put(**{TITLE: f"{row.value(Field.TITLE)}, part two", NOTE: next(self.team.tags)})
            self.edit(lambda texts: rows.changed(texts, row, row, part))
            self.did("a row was split")

    @rule(at=ANY, to=ANY)
    def merge_rows(self, at: int, to: int) -> None:
        if pair := self.two(at, to):
            one, other = pair
            links = [row.cells[TITLE].removeprefix(row.value(Field.TITLE)) for row in (one, other)]
            titles = f"{one.value(Field.TITLE)} and {other.value(Field.TITLE)}"
            both = one.put(**{TITLE: titles + "".join(links)})
            if TICKET in one.cells:
                named = [text for text in (one.cells[TICKET], other.cells[TICKET]) if text not in {"", "-"}]
                both = both.put(**{TICKET: ", ".join(named)})
            first = other if other.number > one.number else one
            last = both if first is one else None

            def change(texts: dict[str, str]) -> dict[str, str]:
                after = rows.changed(texts, first, *([last] if last else []))
                return rows.changed(after, other) if last else rows.changed(after, one, both)

            self.edit(change)
            self.team.book.forget(one.tag, other.tag)
            self.did("two rows became one")

    @rule(at=ANY)
    def name_a_persons_issue(self, at: int) -> None:
        if row := self.one(at, lambda row: not row.tickets):
            ref = self.team.desk.made_by_hand(f"Somebody's own {self.team.new()}", "By hand.")
            self.team.foreign.add(ref)
            named = {TICKET: f"#{ref}"} if TICKET in row.cells else {TITLE: f"{row.cells[TITLE]} #{ref}"}
            self.edit(lambda texts: rows.changed(texts, row, row.put(**named)))
            self.did("a row names a person's issue")

    def two(self, at: int, to: int) -> tuple[Row, Row] | None:
        """Two rows of one document."""
        one = self.one(at)
        others = [row for row in self.team.rows if one and row.path == one.path and row.tag != one.tag]
        return (one, others[to % len(others)]) if one and others else None
