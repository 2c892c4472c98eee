"""The incident's own issue: named in the front matter, above the first section, or by words that mean nothing else.

What is not certain is not named: a value that is more than one ticket, two values that differ, a line among items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from closeout.reading.fields import tickets

ISSUE, HEAD = "issue", "head_issue"
ISSUES = frozenset({ISSUE, HEAD})


@dataclass
class OwnIssue:
    """What names the own issue of each incident of a document, None for the document's own.

    `head` is whether no section has begun since the title, or since the heading that began the incident; `among_items`
    tells whether what stands here is meant for follow-ups.
    """

    among_items: Callable[[], bool] = lambda: False
    head: bool = True
    headings: int = 0
    named: dict[int | None, set[str]] = field(default_factory=lambda: defaultdict(set))

    def below(self, *, title: bool) -> None:
        """Note a heading: only the first of a document, if it is a title, leaves what comes in its head."""
        self.head = not self.headings and title
        self.headings += 1

    def begun(self) -> None:
        """Note that another incident began here."""
        self.head = True

    def note(self, kind: str, value: str, incident: int | None) -> None:
        """Note what a line names, if it is a ticket alone and surely the incident's; `kind` is the vocabulary's."""
        certain = self.head or (kind == ISSUE and incident is None)
        if certain and (found := ticket(value)) and not self.among_items():
            self.named[incident].add(found)

    def of(self, incident: int | None) -> str:
        """Return the ticket of an incident's own issue; empty where none or several are named."""
        found = self.named.get(incident, set())
        return next(iter(found)) if len(found) == 1 else ""


def ticket(text: str) -> str:
    """Return the one ticket that a text is: an address for a link; empty for a text that says more, or another thing."""
    bare = text.strip().strip("*_`").strip()
    found = tickets.find(bare[:2_200]) if len(bare) <= 2_200 else []
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(bare)):
        return ""
    one = found[0]
    if not one.address:
        return one.ref
    return one.address if tickets.is_address(one.address) else ""
