"""GitHub's words for an issue and closeout's: what was read to values, values to what is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status, names, same
from closeout.hosts.github_replies import RawIssue
from closeout.render import posting
from closeout.trackers import issue_body, tickets
from closeout.trackers.github_labels import names as names_of
from closeout.trackers.tickets import NUMBER, Place

# A write is sent within this time of being asked for, or not at all; connecting and its answer take 100 more at most.
SENT_WITHIN = 300.0
CAPABILITIES = Capabilities(
    "github",
    fields=frozenset({Field.TITLE, Field.STATUS, Field.OWNERS, Field.DUE}),
    statuses=frozenset({Status.TODO, Status.DONE, Status.WONT_DO}),
    title_limit=256,
    lists_lag=True,
    logins=True,
    write_seconds=SENT_WITHIN + 100.0,
    parents=True,
)
LABEL, IGNORE = "closeout", "closeout: ignore"
_BARE = re.compile(rf"GH-{NUMBER}", re.IGNORECASE | re.ASCII)
_LOGIN = re.compile(r"[A-Za-z0-9][\w-]{0,99}(\[bot\])?", re.ASCII)


def read_ticket(ticket: str, web: str, owner: str) -> Place | None:
    """Return what a ticket names: `GH-12`, or what names an issue on any host with repositories."""
    match = _BARE.fullmatch(ticket.strip()[:500])
    return Place("", int(match[1])) if match else tickets.read_ticket(ticket, web, owner)


def issue_of(raw: RawIssue, ref: str, web: str, told: Mapping[Field, str], *, ours: bool) -> Issue:
    """Return an issue in closeout's words; `told` is what its due date and labels say; a key counts only in an issue
    of `ours`.
    """
    body = raw.body or ""
    values = {
        Field.TITLE: raw.title,
        Field.STATUS: _status(raw).value,
        Field.OWNERS: ", ".join(one.login for one in raw.assignees or ()),
        **told,
    }
    pull = raw.pull_request is not None
    return Issue(
        ref=ref,
        key=issue_body.key_of(body) if ours and not pull else "",
        values=values,
        address=f"{web}/{raw.home}/{'pull' if pull else 'issues'}/{raw.number}",
        version=raw.updated_at,
        author=raw.user.login.lower() if raw.user else "",
        opened=raw.created_at[:10],
        closed=(raw.closed_at or "")[:10],
        ignored=any(name.strip().casefold() == IGNORE for name in names_of(raw)),
        pull_request=pull,
        report=bool(posting.mark_of(body)),
    )


def _status(raw: RawIssue) -> Status:
    if raw.state == "open":
        return Status.TODO
    refused = raw.pull_request is None and raw.state_reason in {"not_planned", "duplicate"}
    return Status.WONT_DO if refused else Status.DONE


def logins(owners: str) -> list[str]:
    """Return the owners that can be accounts; a name with blanks is none."""
    return [name for name in names(owners) if _LOGIN.fullmatch(name)]


def has_changed(raw: RawIssue, issue: Issue, wanted: Mapping[Field, str], expect: Mapping[Field, str]) -> bool:
    """Tell whether a field is neither as expected nor as wanted, or holds what only a person can read."""
    for what, value in wanted.items():
        if what is Field.DUE and what not in issue.values and issue_body.has_block(raw.body or ""):
            return True
        if what is Field.PRIORITY and what not in issue.values:
            return True
        now = issue.values.get(what, "")
        if not same(what, now, expect[what]) and not same(what, now, value):
            return True
    return False


def patch_of(raw: RawIssue, issue: Issue, values: Mapping[Field, str], kept: str) -> dict[str, object]:
    """Return what has to be sent for an issue to hold these values; empty if it does. `kept` says where its due date is
    beside the body.

    The reason of a closed issue stays: it could only be changed by reopening it, which tells everybody twice.
    """
    patch: dict[str, object] = {}
    for what, value in values.items():
        if same(what, issue.values.get(what, ""), value) and what in issue.values:
            continue
        if what is Field.TITLE:
            patch["title"] = value
        elif what is Field.OWNERS:
            patch["assignees"] = logins(value)
        elif what is Field.DUE:
            patch["body"] = issue_body.with_due(raw.body or "", value, kept)
        elif what is Field.STATUS:
            patch |= _turned(Status(value), issue)
    return patch


def _turned(status: Status, issue: Issue) -> dict[str, object]:
    if status.closed != issue.open:
        return {}
    if not status.closed:
        return {"state": "open"}
    return {"state": "closed", "state_reason": "not_planned" if status is Status.WONT_DO else "completed"}


def takes_key(raw: RawIssue, key: str) -> bool:
    """Tell whether an issue carries no key but this one; a pull request carries none ever."""
    return raw.pull_request is None and issue_body.key_of(raw.body or "") in {"", key}
