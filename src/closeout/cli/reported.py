"""The report of a job: made as `closeout report` makes it, as a page and two outputs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout import compose
from closeout.cli.report_post import sent
from closeout.cli.terminal import warn
from closeout.compose import gathering
from closeout.compose.wording import wording
from closeout.domain.report import period as periods
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import day_before
from closeout.engine.report import make
from closeout.errors import Exit
from closeout.render.report.markdown import fitted
from closeout.settings import Settings
from closeout.settings.runner import Runner

_ROOM = 500_000  # characters of a page that a host takes twice of


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as Markdown, its outputs, and what could not be read, by exit code."""

    page: str
    outputs: Mapping[str, str]
    errors: Sequence[tuple[Exit, str]]


def report(root: Path, settings: Settings, told: Runner, *, post: bool) -> Reported:
    """Make the report of the last seven days, and send it where `[report]` says if it is to be sent (`post`)."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - the one clock
    place = gathering.Where(root, settings, chosen=True, configured=True)
    asked, goes = compose.Asked(tell=warn, runs=told, unattended=True), settings.report
    run = compose.run(root, settings, now, asked) if post and (goes.post or goes.channels or goes.digest) else None
    ground = gathering.of_run(place, run) if run else gathering.ground(place, now, asked, (), offline=False)
    scope = Scope(periods.last_days(now.date()))
    made = make(ground, now.date(), day_before(scope.period))
    summary = gathering.summary(place, made, scope)
    posted = sent(run, place, gathering.summary(place, made, scope, posted=True), goes) if run else ()
    errors = [*made.errors, *posted]
    counts = {"open": str(summary.counts.open), "overdue": str(summary.counts.overdue)}
    return Reported(fitted(summary, wording(root, goes), _ROOM), counts, tuple(errors))
