"""Forgejo's words for an issue and closeout's: what was read to values, values to what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status, names, same, visible
from closeout.hosts.forgejo_replies import Label, RawIssue
from closeout.render import posting
from closeout.trackers import issue_body

# A write is sent within this time of being asked for, or not at all; connecting and its answer take 100 more at most.
SENT_WITHIN = 300.0
CAPABILITIES = {
    kind: Capabilities(kind, title_limit=255, title_bytes=255, logins=True, write_seconds=SENT_WITHIN + 100.0)
    for kind in ("forgejo", "gitea")
}
LABEL, IGNORE, PRIORITY = "closeout", "closeout: ignore", "priority/"
EXCLUSIVE = ("status/", PRIORITY)  # of which an issue has one
STATUS = {Status.IN_PROGRESS: "status/in-progress", Status.WONT_DO: "status/wont-do"}
_LONGEST_PRIORITY = 40
_LOGIN = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_END_OF_DAY = time(23, 59, 59)


@dataclass
class Change:
    """What turns an issue into what it should be: names of labels to add, what to send, labels to take off, in this
    order: a label alone closes and opens nothing.
    """

    add: list[str] = field(default_factory=list)
    patch: dict[str, object] = field(default_factory=dict)
    drop: list[Label] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.patch or self.drop)


def issue_of(raw: RawIssue, ref: str, web: str, *, ours: bool) -> Issue:
    """Return an issue in closeout's words; a key counts only in an issue of `ours`. Moments are told in UTC."""
    pull = raw.pull_request is not None
    values = {
        Field.TITLE: raw.title,
        Field.STATUS: _status(raw).value,
        Field.OWNERS: ", ".join(one.login for one in raw.assignees or ()),
        Field.DUE: date_of(raw.due_date) if raw.due_date else "",
    }
    priorities = priorities_of(raw)
    if len(priorities) <= 1:  # two are what only a person can read
        values[Field.PRIORITY] = "".join(label.name.strip()[len(PRIORITY) :].strip() for label in priorities)
    return Issue(
        ref=ref,
        key=issue_body.key_of(raw.body or "") if ours and not pull else "",
        values=values,
        address=f"{web}/{raw.home}/{'pulls' if pull else 'issues'}/{raw.number}",
        version=f"{raw.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        author=raw.user.login.lower() if raw.user else "",
        opened=raw.created_at.astimezone(UTC).date().isoformat(),
        closed=raw.closed_at.astimezone(UTC).date().isoformat() if raw.closed_at and raw.state == "closed" else "",
        ignored=bool(_named(raw, IGNORE)),
        pull_request=pull,
        report=bool(posting.mark_of(raw.body or "")),
    )


def date_of(due: datetime) -> str:
    """Return the day that a due date means, whoever set it.

    closeout sends the end of the day in UTC, the web interface and newer Giteas keep the end of the day where the
    server is, and every moment is told in the server's zone: the end of a day there is that day, any other moment the
    one of UTC.
    """
    local = due.time().replace(microsecond=0) == _END_OF_DAY
    return (due if local else due.astimezone(UTC)).date().isoformat()


def due_sent(value: str) -> str:
    """Return a day so that a server in any zone keeps it as that day, when it is created and when it is changed."""
    return f"{value}T23:59:59Z"


def priorities_of(raw: RawIssue) -> list[Label]:
    """Return the labels that say a priority."""
    return [label for label in raw.labels or () if _folded(label.name).startswith(PRIORITY)]


def labels_of(values: Mapping[Field, str]) -> list[str]:
    """Return the names of the labels that say these values."""
    status = STATUS.get(Status(values.get(Field.STATUS) or Status.TODO))
    priority = visible(values.get(Field.PRIORITY, ""))
    told = [f"{PRIORITY}{priority}"] if priority and len(priority) <= _LONGEST_PRIORITY else []
    return [*([status] if status else []), *told]


def logins(owners: str) -> list[str]:
    """Return the owners that can be accounts; a name with blanks is none."""
    return [name for name in names(owners) if _LOGIN.fullmatch(name)]


def change_of(
    raw: RawIssue, issue: Issue, wanted: Mapping[Field, str], able: Callable[[Sequence[str]], list[str]]
) -> Change:
    """Return what turns an issue into what is wanted; `able` leaves out those whom it cannot be assigned to."""
    change = Change()
    for what, value in wanted.items():
        if what is Field.STATUS:
            _turn(change, raw, Status(value))
        elif same(what, issue.values[what], value):
            continue
        elif what is Field.TITLE:
            change.patch["title"] = value
        elif what is Field.OWNERS:
            owners = able(logins(value))
            if not same(what, issue.values[what], ", ".join(owners)):
                change.patch["assignees"] = owners
        elif what is Field.DUE:
            change.patch |= {"due_date": due_sent(value)} if value else {"unset_due_date": True}
        elif what is Field.PRIORITY:
            told = labels_of({Field.PRIORITY: value})
            if told or not value:
                change.add += told
                change.drop += priorities_of(raw)
    return change


def _turn(change: Change, raw: RawIssue, status: Status) -> None:
    """Open or close, and have the label of a status, and of no other."""
    if status.closed != (raw.state == "closed"):
        change.patch["state"] = "closed" if status.closed else "open"
    for one, name in STATUS.items():
        there = _named(raw, name)
        if one is not status:
            change.drop += there
        elif not there:
            change.add.append(name)


def _status(raw: RawIssue) -> Status:
    if raw.state == "closed":
        return Status.WONT_DO if raw.pull_request is None and _named(raw, STATUS[Status.WONT_DO]) else Status.DONE
    return Status.IN_PROGRESS if _named(raw, STATUS[Status.IN_PROGRESS]) else Status.TODO


def _named(raw: RawIssue, name: str) -> list[Label]:
    return named(raw.labels or (), name)


def named(labels: Iterable[Label], name: str) -> list[Label]:
    """Return the labels of that name in any case."""
    return [label for label in labels if _folded(label.name) == _folded(name)]


def _folded(name: str) -> str:
    return name.strip().casefold()
