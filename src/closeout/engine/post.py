"""Post: a report goes into a tracker, once, and what was posted is remembered."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.ledger import Ledger, Report
from closeout.engine.again import again
from closeout.engine.world import Options
from closeout.errors import ConfigurationError
from closeout.ports.channel import Channel, Posted, Posting, Told
from closeout.ports.ledger import LedgerKeeper


def post(keeper: LedgerKeeper, channel: Channel, posting: Posting, options: Options) -> Posted:
    """Post a report, or bring what was posted up to date; if another run saved first, all is looked at again.

    Raises TrackerError where it cannot be posted, LaterError where nobody can tell yet whether it was, ConfigurationError
    where nothing would remember it. What a guard objects to is in `held`.
    """
    return again(lambda: _posted(keeper, channel, posting, options))


def _posted(keeper: LedgerKeeper, channel: Channel, posting: Posting, options: Options) -> Posted:
    with keeper.lease():
        ledger = keeper.load()
        known = ledger.reports.get(posting.name, Report())
        if not ledger.exists:
            message = (
                "the report: could not be posted: there is no ledger yet that would remember where. Run `closeout sync` "
                "first"
            )
            raise ConfigurationError(message)
        told = options.circumstances
        if why := told.plans_only(first=False) or told.audience.get(channel.tracker, ""):
            return Posted(known, held=why)
        desk = _Desk(keeper, channel, posting.name, ledger, options)
        whose = ledger.repository or options.repository
        posted = channel.post(posting, known, Told(options.now, whose, desk.shared, desk.announce, desk.hold))
        if posted.report != known:
            keeper.save(ledger.post(posting.name, posted.report), last=True)
        return posted


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a channel may do with the ledger."""

    keeper: LedgerKeeper
    channel: Channel
    name: str
    ledger: Ledger
    options: Options

    def shared(self) -> bool:
        return self.keeper.shared

    def hold(self) -> None:
        self.keeper.hold(self.channel.write_seconds)

    def announce(self, report: Report) -> None:
        """Remember what is about to be written. Raises ConfigurationError where that dies with a job whose account is
        everybody's: the next run would know nothing of it, and post it again.
        """
        self.keeper.save(self.ledger.post(self.name, report))
        self.hold()
        if self.options.on_runner and not self.keeper.shared and not self.channel.knows_us():
            message = (
                "the report: could not be posted: the ledger cannot be pushed from here, and nothing else tells what this "
                "job writes from what others do. Give it `contents: write`, or a token of an account of its own"
            )
            raise ConfigurationError(message)
