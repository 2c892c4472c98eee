"""What people do on both sides while runs come and die, and what both sides must show once nobody does anything more.

The two sides never change the same field of the same item, so every edit is to be found at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from benches import Bench
from closeout.errors import Exit
from mortal import UNSEEN
from sides import Shown

TABLE, LIST = "postmortems/a.md", "postmortems/b.md"
ALERT, BOOK, LIMIT, CHECK = "Add an alert", "Write a runbook", "Raise the limit", "Check the configuration"
DAY = date(2026, 12, 1)
BEFORE, BEHIND = (
    "# Outage\n\n**Date**: 2026-11-01 \n**Incident issue**: acme/incidents#1\n\n\tCode |  as it | is\n\n## Action items\n\n",
    "\nStay\tas  you are.  \n",
)
FRAMES = {
    TABLE: f"{BEFORE}| Action | Owner | Due | Status |\n|--------|-------|-----|--------|\n{{}}{BEHIND}",
    LIST: "\ufeff# Mail lost\r\n\r\n**Date**: 2026-11-02\r\n\r\n## Follow-ups\r\n\r\n{}\r\nThe end, without a break",
}
TICKET = r"(?:,? Issue:)? \[(?:[\w./-]*#|ROOSE-)(\d+)\]\([^)]*\)"
QUIET = re.compile(
    rf"{UNSEEN}|write the lock|git update-ref refs/closeout/ledger-of-origin|(make|write|open|remove) a cache"
)

NOTED = "git push refs/closeout/ledger"  # that a value which waits was replaced is noted by the next run: it might have landed


@dataclass(frozen=True, slots=True)
class Item:
    """What a side shows of an item; `at` is its document."""

    owners: tuple[str, ...]
    due: str
    open: bool = True
    at: str = TABLE

    def line(self, title: str) -> str:
        owners = ", ".join(f"@{name}" for name in self.owners)
        if self.at == LIST:
            return f"- [{' ' if self.open else 'x'}] {title} (Owner: {owners}, Due: {self.due})\r\n"
        return f"| {title} | {owners} | {self.due} | {'🔲 TODO' if self.open else '✅ DONE'} |\n"


ITEMS = {
    ALERT: Item(("ann",), "2026-12-15"),
    BOOK: Item(("bob",), "2026-12-20"),
    LIMIT: Item(("cid",), "2026-11-20", open=False),
    CHECK: Item(("bob",), "2026-12-15", at=LIST),
}


def texts(items: Mapping[str, Item]) -> dict[str, str]:
    """The documents with these items; all other bytes are as people wrote them."""
    return {
        at: frame.replace("{}", "".join(item.line(title) for title, item in items.items() if item.at == at))
        for at, frame in FRAMES.items()
    }


DOCUMENTS = {name: text.encode() for name, text in texts(ITEMS).items()}


def folded(text: str) -> str:
    """A document without what write-backs may choose: which ticket, and the blanks around a cell."""
    return re.sub(r" *\| *", "|", re.sub(TICKET, "", text))


@dataclass
class Story:
    """A bench and what its two sides are to show: `told` by documents, `held` by issues."""

    bench: Bench
    told: dict[str, Item] = field(default_factory=lambda: dict(ITEMS))
    held: dict[str, Item] = field(default_factory=lambda: {title: item for title, item in ITEMS.items() if item.open})
    rounds: int = 0
    deaths: list[str] = field(default_factory=list)
    before: tuple[dict[str, Item], dict[str, Item]] = ({}, {})
    disputed: str = ""
    said: str = ""

    # What people do.

    def edit_row(self, title: str, **values: Any) -> None:
        """Change a row; a row that is opened gets an issue."""
        old, new = self.told[title], replace(self.told[title], **values)
        text = (self.bench.person / new.at).read_bytes().decode()
        (line,) = [one for one in text.splitlines(keepends=True) if re.search(rf"\W{title}\W", one)]
        edited = line.replace(old.due, new.due)
        if new.open != old.open:
            edited = edited.replace("✅ DONE", "🔲 TODO")
        self.bench.write(new.at, line, edited)
        self.told[title], self.held[title] = new, replace(self.held.get(title, new), **values)

    def add_row(self, title: str, item: Item) -> None:
        self.bench.write(TABLE, BEHIND, item.line(title) + BEHIND)
        self.told[title] = self.held[title] = item

    def edit_issue(self, title: str, **values: Any) -> None:
        """Change an issue in the way that people change issues."""
        side, issue, old = self.bench.side, self.bench.issue(title), self.held[title]
        self.held[title] = new = replace(old, **values)
        for login in new.owners[len(old.owners) :]:
            side.assign(issue.ref, login)
        if new.due != old.due:
            side.set_due(issue.ref, new.due)
        if new.open != old.open:
            (side.reopen if new.open else side.close)(issue.ref)
        if self.bench.publisher != "none":
            self.told[title] = replace(self.told[title], **values)

    def edit_both(self) -> None:
        """A round of edits that makes every kind of work: an issue to make, one to change, rows to write back."""
        self.before = dict(self.told), dict(self.held)
        number = self.rounds = self.rounds + 1
        self.bench.pull()
        day = (DAY + timedelta(days=number)).isoformat()
        self.add_row(f"Item {number}", Item(("ann",), day))
        self.edit_row(ALERT, due=day)
        self.edit_issue(BOOK, due=day)
        self.edit_issue(CHECK, open=number % 2 == 0)
        if number == 1:
            self.edit_row(LIMIT, open=True)
            self.edit_issue(BOOK, owners=("bob", self.bench.side.owners[1]))
            self.bench.side.add_words(self.bench.issue(ALERT).ref, "A person's words.")
        self.bench.share()

    def edit_some(self) -> None:
        """Edits of rows, and of an issue if the run that died had made it."""
        self.bench.pull()
        self.add_row("Item 0", Item(("ann",), "2026-12-31"))
        self.edit_row(ALERT, due="2026-12-16")
        if any(issue.title == BOOK for issue in self.bench.side.issues()):
            self.edit_issue(BOOK, owners=("bob", self.bench.side.owners[1]))
        self.bench.share()

    def dispute(self) -> None:
        """Give an issue another date than the run which died may have given it, or not."""
        self.disputed = "2027-09-09"
        self.bench.side.set_due(self.bench.issue(ALERT).ref, self.disputed)

    # What must be.

    def once(self) -> None:
        """What holds at any time: no issue twice, no second pull request."""
        told = self._told()
        titles = [issue.title for issue in self.bench.side.issues()]
        assert len(titles) == len(set(titles)), f"an issue is there twice\n{told}"
        assert len(self.bench.side.pulls()) < 2, f"a second pull request\n{told}"

    def whole(self) -> None:
        """And no half a document."""
        self.once()
        self.bench.pull()
        told = self._told()
        for name, frame in FRAMES.items():
            start, end = frame.split("{}")
            text = (self.bench.person / name).read_bytes().decode()
            assert text.startswith(start), f"{name} begins otherwise\n{told}"
            assert text.endswith(end), f"{name} ends otherwise\n{told}"

    def nothing_torn(self) -> None:
        """Each side shows of each item what it showed before the last edits, or what it is to show."""
        self.whole()
        told = self._told()
        for issue in self.bench.side.issues():
            assert issue.title in self.held, f"an issue that nobody wants\n{told}"
            olds = [items[issue.title] for items in (self.before[1], self.held) if issue.title in items]
            new = issue.title not in self.before[1]
            assert issue.owners in {one.owners for one in olds} | ({()} if new else set()), told
            assert issue.due in {one.due for one in olds} | ({""} if new else set()), told
            assert issue.open in {one.open for one in olds}, told
        for name in FRAMES:
            for line in folded((self.bench.person / name).read_bytes().decode()).splitlines(keepends=True):
                for title in (title for title in self.told if re.search(rf"\W{title}\W", line)):
                    olds = [items[title] for items in (self.before[0], self.told) if title in items]
                    sides = [{getattr(one, what) for one in olds} for what in ("owners", "due", "open")]
                    mixed = [Item(who, due, still, name) for who, due, still in product(*sides)]
                    lines = {folded(one.line(title)) for one in mixed}
                    assert line in lines, f"{line!r} is none of {lines}\n{told}"

    def at_rest(self) -> None:
        """Run until nothing is left to do, and look at both sides."""
        self.settled()
        if self.bench.side.pulls():
            self.whole()
            self.bench.merge()
            self.settled()
            assert not self.bench.side.pulls(), f"a pull request for nothing\n{self._told()}"
        self.agrees()

    def agrees(self) -> None:
        """Both sides show all that people wrote on either."""
        self.whole()
        told = self._told()
        issues = {issue.title: issue for issue in self.bench.side.issues()}
        if self.disputed:
            self._decided(issues[ALERT].due)
        shown = {title: (one.owners, one.due, one.open) for title, one in issues.items()}
        assert shown == {title: (one.owners, one.due, one.open) for title, one in self.held.items()}, told
        expected = texts(self.told)
        for name, text in expected.items():
            assert folded((self.bench.person / name).read_bytes().decode()) == folded(text), f"{name} differs\n{told}"
        self._tickets(told)
        self._nested(issues, told)
        assert not self.rounds or issues[ALERT].text.endswith("A person's words.\n"), told
        assert self.bench.left_over() == [], told

    def _decided(self, due: str) -> None:
        """Either date is the last word, but no date of a person is lost in silence."""
        assert due == self.disputed or "[clash]" in self.said, f"a date was lost in silence\n{self._told()}"
        if due == self.disputed:
            self.held[ALERT] = replace(self.held[ALERT], due=due)
            if self.bench.publisher != "none":
                self.told[ALERT] = replace(self.told[ALERT], due=due)

    def settled(self) -> None:
        """Run once more: then nothing is left to do, and nothing is done."""
        self.bench.later()
        ran = self.bench.sync()
        self.said += ran.told
        assert ran.code == Exit.DONE, f"{ran.told}\n{self._told()}"
        self.bench.later()
        self.planless()
        quiet = self.bench.sync()
        loud = [effect for effect in quiet.effects if not QUIET.fullmatch(effect)]
        if self.bench.side.pulls() and set(loud) == {NOTED}:
            quiet = self.bench.sync()
            loud = [effect for effect in quiet.effects if not QUIET.fullmatch(effect)]
        assert (quiet.code, loud) == (Exit.DONE, []), f"not quiet: {quiet}\n{self._told()}"

    def planless(self) -> None:
        """A plan is empty, but for what nothing can write."""
        rest = self.bench.run("plan", "--exit-code")
        done = {Exit.DONE, Exit.PENDING} if self.bench.publisher == "none" else {Exit.DONE}
        assert rest.code in done, f"not at rest: {rest.told}\n{self._told()}"

    def _tickets(self, told: str) -> None:
        """Every row with an issue names it, but where nothing is written; no other row names any."""
        named = self.bench.publisher != "none"
        lines = [line for name in FRAMES for line in (self.bench.person / name).read_bytes().decode().splitlines()]
        for title in self.told:
            (line,) = [one for one in lines if re.search(rf"\W{title}\W", one)]
            issues = [self.bench.issue(title).ref] if title in self.held and named else []
            assert re.findall(TICKET, line) == issues, told

    def _nested(self, issues: Mapping[str, Shown], told: str) -> None:
        """Every issue that was open is below its incident's own, where the host has such a thing; no other is."""
        below = {title for title, one in issues.items() if one.below}
        incidents = {title for title, one in self.told.items() if one.at == TABLE and title in issues}
        assert below == (incidents if self.bench.kind.name == "github" else set()), told

    def _told(self) -> str:
        issues = "\n".join(
            f"  {one.ref} {one.title}: {one.owners} {one.due} {one.open}" for one in self.bench.side.issues()
        )
        pages = "\n".join((self.bench.person / name).read_text("utf-8") for name in FRAMES)
        return f"{self.bench.kind.name} x {self.bench.publisher}, died {self.deaths}\n{issues}\n{pages}"
