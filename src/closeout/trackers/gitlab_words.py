"""GitLab's words for an issue and closeout's: what was read to values, values to what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status, names, same, visible
from closeout.hosts.gitlab_replies import Account, Project, RawIssue
from closeout.render import posting
from closeout.trackers import issue_body
from closeout.trackers.gitlab_text import TITLE_LIMIT, title_read, title_sent

# A write is sent within this time of being asked for, or not at all; connecting and its answer take 100 more at most.
SENT_WITHIN = 300.0
CAPABILITIES = Capabilities("gitlab", title_limit=TITLE_LIMIT, logins=True, write_seconds=SENT_WITHIN + 100.0)
LABEL, IGNORE, PRIORITY = "closeout", "closeout: ignore", "priority::"
STATUS = {Status.IN_PROGRESS: "status::in progress", Status.WONT_DO: "status::won't do"}
NOBODY = [0]
_LONGEST_PRIORITY = 40
_LOGIN = re.compile(r"[A-Za-z0-9_][\w.-]{0,254}", re.ASCII)


def issue_of(raw: RawIssue, ref: str, web: str, *, ours: bool) -> Issue:
    """Return an issue in closeout's words; a key counts only in an issue of `ours`. Moments are told in UTC."""
    values = {
        Field.TITLE: title_read(raw.title),
        Field.STATUS: _status(raw).value,
        Field.OWNERS: ", ".join(one.username for one in raw.assignees),
        Field.DUE: raw.due_date.isoformat() if raw.due_date else "",
    }
    priorities = priorities_of(raw.labels)
    if len(priorities) <= 1:  # two are what only a person can read
        values[Field.PRIORITY] = "".join(name.strip()[len(PRIORITY) :].strip() for name in priorities)
    return Issue(
        ref=ref,
        key=issue_body.key_of(raw.description or "") if ours else "",
        values=values,
        address=page(web, raw.home, raw.iid),
        version=f"{raw.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        author=raw.author.username.lower() if raw.author else "",
        opened=raw.created_at.astimezone(UTC).date().isoformat(),
        closed=raw.closed_at.astimezone(UTC).date().isoformat() if raw.closed_at and raw.state == "closed" else "",
        ignored=bool(_named(raw, IGNORE)),
        report=bool(posting.mark_of(raw.description or "")),
    )


def page(web: str, path: str, number: int) -> str:
    """Return where people find an issue."""
    return f"{web}/{path}/-/issues/{number}"


def unlisted(project: Project) -> str:
    """Return why an empty list of issues is no answer, and what to do."""
    if project.has_issues:
        return f"the list is empty, but {project.open_issues_count} are open. Run again later"
    return "the list is empty, since the project has none at all. Turn its issues on"


def patch_of(
    raw: RawIssue,
    issue: Issue,
    wanted: Mapping[Field, str],
    able: Callable[[Sequence[str]], list[Account]],
    spelt: Callable[[str], str],
) -> dict[str, object]:
    """Return what turns an issue into what is wanted; `able` leaves out those whom it cannot be assigned to, `spelt` is how
    the project spells the name of a label.
    """
    patch: dict[str, object] = {}
    add: list[str] = []
    drop: list[str] = []
    for what, value in wanted.items():
        if what is Field.STATUS:
            _turn(patch, add, drop, raw, Status(value))
        elif same(what, issue.values[what], value):
            continue
        elif what is Field.TITLE and title_sent(value) != raw.title:
            patch["title"] = title_sent(value)
        elif what is Field.OWNERS:
            owners = able(logins(value))
            if not same(what, issue.values[what], ", ".join(one.username for one in owners)):
                patch["assignee_ids"] = [one.id for one in owners] or NOBODY
        elif what is Field.DUE:
            patch["due_date"] = value
        elif what is Field.PRIORITY:
            told = [spelt(name) for name in labels_of({Field.PRIORITY: value})]
            if told or not value:
                add += told
                drop += [name for name in priorities_of(raw.labels) if name not in told]
    for name, labels in (("add_labels", add), ("remove_labels", drop)):
        patch |= {name: listed(labels)} if labels else {}
    return patch


def _turn(patch: dict[str, object], add: list[str], drop: list[str], raw: RawIssue, status: Status) -> None:
    """Open or close, and have the label of a status, and of no other: only some servers keep labels of a scope apart."""
    if status.closed != (raw.state == "closed"):
        patch["state_event"] = "close" if status.closed else "reopen"
    for one, name in STATUS.items():
        there = _named(raw, name)
        if one is not status:
            drop += there
        elif not there:
            add.append(name)


def priorities_of(labels: Iterable[str]) -> list[str]:
    """Return the labels that say a priority."""
    return [name for name in labels if name.strip().casefold().startswith(PRIORITY)]


def labels_of(values: Mapping[Field, str]) -> list[str]:
    """Return the names of the labels that say these values; a comma ends a name, so a value with one has none."""
    status = STATUS.get(Status(values.get(Field.STATUS) or Status.TODO))
    priority = visible(values.get(Field.PRIORITY, ""))
    fits = priority and len(priority) <= _LONGEST_PRIORITY and not re.search(r",|::", priority)
    return [*([status] if status else []), *([f"{PRIORITY}{priority}"] if fits else [])]


def listed(labels: Iterable[str]) -> str:
    """Return the names of labels as they are sent, without those that a comma would make two."""
    return ",".join(name for name in dict.fromkeys(labels) if name and "," not in name)


def logins(owners: str) -> list[str]:
    """Return the owners that can be accounts; a name with blanks is none."""
    return [name for name in names(owners) if _LOGIN.fullmatch(name)]


def _status(raw: RawIssue) -> Status:
    if raw.state == "closed":
        return Status.WONT_DO if _named(raw, STATUS[Status.WONT_DO]) else Status.DONE
    return Status.IN_PROGRESS if _named(raw, STATUS[Status.IN_PROGRESS]) else Status.TODO


def _named(raw: RawIssue, name: str) -> list[str]:
    """The labels of that name in any case."""
    return [label for label in raw.labels if label.strip().casefold() == name]
