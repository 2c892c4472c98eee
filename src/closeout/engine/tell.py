"""Tell: short messages go out, each at most once a week, and are remembered as sent before they go.

What may have been sent is never sent again, whatever became of it: a message that is lost is better than a storm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from closeout.domain.ledger import Ledger, Report
from closeout.engine.again import again
from closeout.engine.world import Options
from closeout.errors import ConfigurationError, Exit, OutcomeUnknown, TrackerError
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.messenger import Messenger
from closeout.render.report.message import Message

_REST = timedelta(days=6, hours=12)  # a weekly job may come a little earlier than last week


@dataclass(frozen=True, slots=True)
class Letter:
    """A message for one messenger; `name` is what it is remembered by, `period` what it is about: both are told once."""

    name: str
    period: str
    message: Message
    messenger: Messenger


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: the names of the messengers that took a message, and errors with their codes; `held` says why
    nothing was sent at all.
    """

    sent: tuple[str, ...] = ()
    errors: tuple[tuple[Exit, str], ...] = ()
    held: str = ""


def tell(keeper: LedgerKeeper, letters: Sequence[Letter], options: Options) -> Told:
    """Send the messages that are due; one that fails does not stop the others.

    Raises ConfigurationError where nothing would remember them.
    """
    if not letters:
        return Told()
    return again(lambda: _told(keeper, letters, options))


def _told(keeper: LedgerKeeper, letters: Sequence[Letter], options: Options) -> Told:
    with keeper.lease():
        ledger = keeper.load()
        if not ledger.exists:
            message = (
                "the messages: could not be sent: there is no ledger yet that would remember them. Run `closeout sync` "
                "first"
            )
            raise ConfigurationError(message)
        if why := options.circumstances.plans_only(first=False):
            return Told(held=why)
        due = [one for one in letters if is_due(ledger.reports.get(one.name, Report()), one, options.now)]
        if not due:
            return Told()
        remembered = ledger
        for one in due:
            known = Report(period=one.period, digest=one.message.facts, when=options.now)
            remembered = remembered.post(one.name, known)
        keeper.save(remembered)
        _lasts(keeper, options)
        return _sent(keeper, due, ledger, remembered)


def is_due(known: Report, letter: Letter, now: str) -> bool:
    """Tell whether a message is to be sent: not in the week of the last one, nor about the same period, nor the same."""
    if known.period == letter.period or (letter.message.facts and known.digest == letter.message.facts):
        return False
    return not known.when or datetime.fromisoformat(now) - datetime.fromisoformat(known.when) >= _REST


def _lasts(keeper: LedgerKeeper, options: Options) -> None:
    """Raise ConfigurationError where what was remembered dies with this job: the next one would send it again."""
    if options.on_runner and not keeper.shared:
        message = (
            "the messages: could not be sent: the ledger cannot be pushed from here, so that every job would send them "
            "again. Give it `contents: write`"
        )
        raise ConfigurationError(message)


def _sent(keeper: LedgerKeeper, letters: Sequence[Letter], before: Ledger, ledger: Ledger) -> Told:
    """Send messages in order; one that surely nobody got is remembered no more, so that the next run sends it."""
    took: list[str] = []
    errors: list[tuple[Exit, str]] = []
    for one in letters:
        keeper.hold(one.messenger.seconds)
        try:
            one.messenger.send(one.message.title, one.message.text)
            took.append(one.messenger.name)
        except OutcomeUnknown as error:
            errors.append((error.exit, str(error)))
        except (TrackerError, ConfigurationError) as error:
            errors.append((error.exit, str(error)))
            known = {name: told for name, told in before.reports.items() if name == one.name}
            ledger = replace(ledger, reports={**_without(ledger, one.name), **known})
    keeper.save(ledger, last=True)
    return Told(tuple(took), tuple(errors))


def _without(ledger: Ledger, name: str) -> dict[str, Report]:
    return {known: told for known, told in ledger.reports.items() if known != name}
