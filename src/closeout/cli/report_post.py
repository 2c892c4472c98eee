"""A report goes where `[report]` says: into a tracker, and as short messages to chats and owners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from closeout.cli.terminal import say
from closeout.compose import Run, gathering, reporting
from closeout.compose.telling import letters
from closeout.compose.wording import wording
from closeout.domain.report.period import last_days, week
from closeout.domain.report.summary import Summary
from closeout.engine.post import post
from closeout.engine.tell import tell
from closeout.errors import CloseoutError, ConfigurationError, Exit
from closeout.ports.channel import Channel, Posting
from closeout.render.report.facts import facts
from closeout.render.report.markdown import fitted
from closeout.render.report.telling import telling
from closeout.settings.reporting import Report

NAME = "report"
Errors = list[tuple[Exit, str]]


class Say(Protocol):
    """Says a line, in a style."""

    def __call__(self, text: str, style: str = "") -> None:
        """Say it."""


def sent(run: Run, place: gathering.Where, summary: Summary, told: Report, how: Say = say) -> Errors:
    """Post a report and tell of it, say what was done, and return what went wrong; one way that fails does not stop the
    others.

    Raises ConfigurationError where nothing says where it goes.
    """
    channel = reporting.channel(run, place.settings)
    if channel is None and not (told.channels or told.digest):
        message = (
            "--post: could not be used: nothing says where the report goes. Name an issue with `post`, or `channels`, below "
            "[report] in closeout.toml"
        )
        raise ConfigurationError(message)
    errors: Errors = []
    where = _posted(run, channel, _posting(place, summary, told), errors, how) if channel else ""
    try:
        of = tell(run.world.ledger, letters(place.settings, summary, where, telling(told.language)), run.options)
    except CloseoutError as error:
        return [*errors, (error.exit, str(error))]
    if of.held:
        how(f"held: no message was sent: {of.held}", "magenta")
    for name in of.sent:
        how(f"told: {name}")
    return [*errors, *of.errors]


def _posting(place: gathering.Where, summary: Summary, told: Report) -> Posting:
    aloud = frozenset(_owners(summary)) if told.mentions else frozenset()
    how = wording(place.root, told, mentions=aloud)
    words = how.words
    return Posting(
        NAME,
        f"{words.say('title')}: {words.period(summary.scope.period)}",
        _period(summary),
        lambda limit: fitted(summary, how, limit),
        facts(summary, how),
        aloud,
    )


def _period(summary: Summary) -> str:
    """The name of the period: of the last seven days it is the week that they end in, so that a week has one report."""
    period = summary.scope.period
    return week(summary.as_of) if period == last_days(summary.as_of) else period.name


def _owners(summary: Summary) -> Iterator[str]:
    return (login for item in summary.overdue() for login in item.logins)


def _posted(run: Run, channel: Channel, posting: Posting, errors: Errors, how: Say) -> str:
    """The address at which the report now stands; empty where it does not."""
    try:
        done = post(run.world.ledger, channel, posting, run.options)
    except CloseoutError as error:
        errors.append((error.exit, str(error)))
        return ""
    if done.held:
        errors.append((Exit.HELD, f"the report was not posted: {done.held}"))
    elif done.changed:
        how(f"posted: {done.address}")
    for remark in done.remarks:
        how(f"note: {remark}", "dim")
    return done.address
