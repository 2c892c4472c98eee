"""Cron expressions as people know them, to the scheduler's triggers."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from closeout.errors import ConfigurationError

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}


def trigger(expression: str, timezone: str, jitter: int, *, of: str) -> CronTrigger:
    """Return the trigger of a cron expression in a time zone; a start is put off by up to `jitter` seconds.

    Numbers of weekdays count as cron's (0 and 7 are Sunday), where the scheduler's own begin on Monday. Raises
    ConfigurationError, which begins with whose schedule it is (`of`).
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{of}: time zone {timezone!r} is not known. Name one as Europe/Berlin"
        raise ConfigurationError(message) from error
    parts = _NICKNAMES.get(expression.strip().lower(), expression).split()
    told = f"{of}: {expression!r} cannot be used"
    if len(parts) != 5:
        message = f"{told}: a cron expression has five parts: minute, hour, day of the month, month, day of the week"
        raise ConfigurationError(message)
    minute, hour, day, month, weekday = parts
    if day not in {"*", "?"} and weekday not in {"*", "?"}:
        message = f"{told}: cron takes a day that is either; name the day of the month or that of the week, and `*` for the other"
        raise ConfigurationError(message)
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day.replace("?", "*"),
            month=month,
            day_of_week=_weekdays(weekday),
            timezone=zone,
            jitter=jitter or None,
        )
    except ValueError as error:
        message = f"{told}: {error}"
        raise ConfigurationError(message) from error


def _weekdays(told: str) -> str:
    """Spell weekdays by their names; a range that goes over Sunday is spelt out day by day."""
    return ",".join(_spelt(part) for part in told.replace("?", "*").lower().split(","))


def _spelt(part: str) -> str:
    found = re.fullmatch(r"([0-7])(?:-([0-7]))?(?:/(\d+))?", part)
    if found is None:
        return part
    first, step = int(found[1]), int(found[3] or 1)
    last = int(found[2]) if found[2] else (6 if found[3] else first)
    if last < first or not step:
        raise ValueError(f"{part} is no range of weekdays")
    return ",".join(dict.fromkeys(_DAYS[day] for day in range(first, last + 1, step)))
