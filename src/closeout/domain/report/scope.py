"""What a report is asked for: a period, and whose items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """Days that belong together, both included: `2026-W47`, `2026-11`, `2026-Q4`, `2026`."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Scope:
    """The period, and the team, owner and severity that items are narrowed to; empty for all of them."""

    period: Period
    team: str = ""
    owner: str = ""
    severity: str = ""
