"""One change of a Forgejo issue: labels and all else are requests of their own."""

from __future__ import annotations

from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import RawIssue
from closeout.trackers.forgejo_labels import Labels
from closeout.trackers.forgejo_words import Change


def turned(host: Forgejo, labels: Labels, raw: RawIssue, change: Change) -> RawIssue:
    """Make a change, and return the issue as it then is, read again where labels are a part of it.

    A label that cannot be made takes no other one off. Once a request is done, nobody can tell what came of the whole
    if another fails: raises OutcomeUnknown then.
    """
    place, number = raw.home, raw.number
    ids = labels.ids(change.add)
    there = host.add_labels(place, number, ids) if ids else list(raw.labels or ())
    unwanted = {label.id for label in change.drop if label in there} if ids or not change.add else set()
    again = begun = bool(ids)
    try:
        if change.patch:
            raw = host.edit_issue(place, number, change.patch)
            begun = True
        for label in sorted(unwanted.difference(ids)):
            host.remove_label(place, number, label)
            again = begun = True
        return host.issue(place, number) if again else raw
    except (TrackerError, LaterError) as error:
        if not begun or isinstance(error, OutcomeUnknown):
            raise
        told = f"{host.place(place)}: could not tell what became of issue {number}: {error}"
        raise OutcomeUnknown(told) from error
