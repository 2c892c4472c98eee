"""Policy: how soon after an incident its postmortem is due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from closeout.domain.item import folded
from closeout.domain.priority import level

_HIGHEST = re.compile(r"(?:p|s|sev|severity)?\s?0*[01]")
_MOST_URGENT = 48  # hours
_OTHERS = 72


def severity_key(text: str) -> str:
    """Return a severity as it is compared: `SEV-1`, `Sev 1` and `sev1` are one."""
    return folded(text).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Policy:
    """Within how many hours after an incident its postmortem is due.

    `by_severity` has what a team said of its own severities, by `severity_key`; of others the highest (a number 0 or
    1, or a word for urgent) have `urgent` hours, all else, and those without a severity, `hours`.
    """

    hours: int = _OTHERS
    urgent: int = _MOST_URGENT
    by_severity: Mapping[str, int] = field(default_factory=dict)

    def allowed(self, severity: str) -> int:
        """Return the hours that a postmortem of this severity may take."""
        told = self.by_severity.get(severity_key(severity))
        if told is not None:
            return told
        highest = _HIGHEST.fullmatch(folded(severity)) or level(severity) == "urgent"
        return min(self.urgent, self.hours) if highest else self.hours


DEFAULT_POLICY = Policy()
