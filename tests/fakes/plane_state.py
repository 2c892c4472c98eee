"""What a Plane holds: accounts, projects with their states, labels and members, work items; and what people do to them."""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from fakes.github_values import Clock

GUEST, MEMBER, ADMIN = 5, 15, 20
DEFAULT_STATES = (
    ("Backlog", "backlog", 15000.0),
    ("Todo", "unstarted", 25000.0),
    ("In Progress", "started", 35000.0),
    ("Done", "completed", 45000.0),
    ("Cancelled", "cancelled", 55000.0),
)


@dataclass
class Ids:
    """Ids that are the same in every run."""

    numbers: count[int] = field(default_factory=lambda: count(1))

    def next(self) -> str:
        return str(UUID(int=0x1D75 << 112 | 4 << 76 | 8 << 60 | next(self.numbers)))


@dataclass
class Account:
    id: str
    display_name: str
    email: str
    zone: str = "UTC"


@dataclass
class State:
    id: str
    name: str
    group: str
    sequence: float
    default: bool = False


@dataclass
class Label:
    id: str
    name: str


@dataclass
class Comment:
    """A comment on the work item with the id `item`."""

    id: str
    item: str
    author: str
    html: str
    created: datetime
    updated: datetime
    external_id: str | None = None
    external_source: str | None = None


@dataclass
class Item:
    """A work item; `hidden` that it was deleted."""

    id: str
    number: int
    name: str
    html: str
    state: State
    author: str
    created: datetime
    updated: datetime
    priority: str = "none"
    target: date | None = None
    start: date | None = None
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    external_id: str | None = None
    external_source: str | None = None
    completed: datetime | None = None
    archived: date | None = None
    draft: bool = False
    deleted: bool = False

    @property
    def listed(self) -> bool:
        return not (self.deleted or self.archived or self.draft or self.state.group == "triage")


@dataclass
class Project:
    """A project; `members` are roles by account, `default_assignee` an account's id."""

    id: str
    identifier: str
    ids: Ids
    clock: Clock
    members: dict[str, int] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))
    default_assignee: str = ""
    published: bool = False
    past: deque[list[Item]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        for name, group, sequence in DEFAULT_STATES:
            self.states.append(State(self.ids.next(), name, group, sequence, default=name == "Backlog"))
        self.caught_up()

    def saved(self, item: Item) -> None:
        """What saving does: a completed item gets the time of completion anew, any other none."""
        now = self.clock.tick()
        item.completed = now if item.state.group == "completed" else None
        item.updated = now + timedelta(milliseconds=20)

    def seen(self) -> list[Item]:
        return [copy(item) for item in self.items if item.listed]

    def caught_up(self) -> None:
        """Lists show today's items; they lag from here."""
        self.past = deque([self.seen()])

    def shown(self, lag: int, *, first: bool) -> list[Item]:
        """The items as a list shows them that lags `lag` reads behind; only a first page counts as a read."""
        if not lag:
            return self.seen()
        if first:
            self.past.append(self.seen())
            while len(self.past) > lag + 1:
                self.past.popleft()
        return self.past[0]

    def default_state(self) -> State:
        return next((state for state in self.states if state.default), self.states[0])

    # What people do.

    def item(self, number: int) -> Item:
        return next(item for item in self.items if item.number == number)

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def add_state(self, name: str, group: str, sequence: float) -> State:
        self.states.append(State(self.ids.next(), name, group, sequence))
        return self.states[-1]

    def open(self, name: str, author: str = "", *, state: str = "", **values: object) -> Item:
        """Make an item."""
        now = self.clock.tick()
        there = self.state(state) if state else self.default_state()
        item = Item(self.ids.next(), next(self.numbers), name, "<p></p>", there, author, now, now)
        for key, value in values.items():
            setattr(item, key, value)
        self.items.append(item)
        return item

    def comment(self, item: str, html: str, author: str = "") -> Comment:
        """Write a comment on the work item of that id."""
        now = self.clock.tick()
        self.comments.append(Comment(self.ids.next(), item, author, html, now, now))
        return self.comments[-1]

    def move(self, number: int, state: str) -> None:
        item = self.item(number)
        item.state = self.state(state)
        self.saved(item)

    def edit(self, number: int, **values: object) -> None:
        for key, value in values.items():
            setattr(self.item(number), key, value)
        self.saved(self.item(number))

    def delete(self, number: int) -> None:
        self.item(number).deleted = True

    def archive(self, number: int) -> None:
        self.item(number).archived = self.clock.now.date()

    def tag(self, number: int, name: str) -> None:
        """Give an item a label."""
        label = next((label for label in self.labels if label.name == name), None)
        if label is None:
            label = Label(self.ids.next(), name)
            self.labels.append(label)
        self.item(number).labels += (label.id,)
