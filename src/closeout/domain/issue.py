"""The issue: a tracker's record of an item, and what may be asked of a tracker about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.item import Field, Status


@dataclass(frozen=True, slots=True)
class Issue:
    """A tracker's record.

    `ref` names it within its tracker (a number as text); `key` is the hidden identity of the item it was made for, or
    empty; `values` holds the fields that the tracker has, by meaning; a field that a person left unreadable is
    missing. `address` is a URL, or a path in the repository; `version` changes with every change; dates are YYYY-MM-DD.
    `author` is the account that made it; `ignored` that a person asked closeout to leave it alone; a `pull_request` is
    never owned, and done when it is merged; a `report` that a report of ours hangs there. `remarks` are what the answer to a
    write says that a person should know.
    """

    ref: str
    key: str = ""
    values: Mapping[Field, str] = field(default_factory=dict)
    address: str = ""
    version: str = ""
    author: str = ""
    opened: str = ""
    closed: str = ""
    ignored: bool = False
    pull_request: bool = False
    report: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something is left to be done."""
        return not Status(self.values.get(Field.STATUS, Status.TODO)).closed


@dataclass(frozen=True, slots=True)
class Draft:
    """An issue to be created: its key, the values that the tracker has room for, a body of Markdown, labels, and whether its
    document is private.
    """

    key: str
    values: Mapping[Field, str]
    body: str
    labels: frozenset[str] = frozenset()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The issue was transferred: `ref` is what the tracker calls it now, `address` where it is."""

    ref: str
    address: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The tracker says that the issue was deleted."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The issue cannot be seen: no rights, or not there yet; it is never taken for deleted."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An update was not made: a field it would change is not as the plan expected."""

    issue: Issue


Sight = Issue | Moved | Gone | Hidden


@dataclass(frozen=True, slots=True)
class Listing:
    """Issues that carry a key, each once; of one that is not `full` nothing follows for what it lacks."""

    issues: Sequence[Issue]
    full: bool


@dataclass(frozen=True, slots=True)
class Nested:
    """Below which issue one lies now (`parent`, a reference); empty where the tracker refused, and `refused` says why;
    `everywhere` that it would refuse it for any issue.
    """

    parent: str = ""
    refused: str = ""
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a tracker can hold.

    `fields`: those it has room for; `statuses`: those it can tell apart (others are projected to todo or done);
    `title_limit`: characters; `title_bytes`: bytes of UTF-8; `lists_lag`: a new issue may be missing from the listing for minutes; `in_tree`: its
    issues lie in the documents' repository, and so does the ledger; `logins`: an owner must be an account of the
    tracker; `levels`: those of `domain.priority` that its priorities are, none for anybody's words;
    `write_seconds`: how long one write may take at most; `parents`: an issue can be put below another.
    """

    kind: str
    fields: frozenset[Field] = frozenset(Field) - {Field.TICKET}
    statuses: frozenset[Status] = frozenset(Status)
    title_limit: int = 0
    title_bytes: int = 0
    lists_lag: bool = False
    in_tree: bool = False
    logins: bool = False
    levels: frozenset[str] = frozenset()
    write_seconds: float = 0.0
    parents: bool = False
