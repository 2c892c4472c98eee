"""The ledger on a git ref of the documents' repository, with a lease in its head."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from closeout.domain.ledger import Ledger
from closeout.errors import CloseoutError, ConfigurationError, MovedError, OvertakenError, Stopped
from closeout.state.lines import Lease, Newer, dumps, lease_of, loads, when
from closeout.state.storage import Storage, Tips

REF = "refs/closeout/ledger"
_SHORT_POLL, _POLL, _LONG_POLL = 1.0, 5.0, 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how long to wait for another run, how long a lease lasts, and how long one write may take at most."""

    wait: float = 60.0
    lease: float = 600.0
    write: float = 60.0


@dataclass(frozen=True, slots=True)
class _Found:
    """What a reading found: where the chain stands, the ledger, and the leases in the heads."""

    tips: Tips
    ledger: Ledger
    leases: tuple[Lease, ...]


class GitLedger:
    """The ledger as one file of JSON lines on a chain of commits; nothing of it lies in anybody's tree.

    **Compare-and-swap.** A save is a commit whose parent is the commit that was loaded, pushed without force. Git
    takes one of two such pushes and refuses the other, whose run gets MovedError and has to load and plan again.

    **The lease is lazy.** Entering `lease` only waits until nobody else has one; it is pushed with the first save, so
    a run that changes nothing leaves no trace. Two runs may both look, both plan and both save, but they loaded the
    same commit, so one push is refused: that run has written nothing to the tracker, because its intents would have
    been in that very save. A run that loads after the winner's push sees the winner's lease and waits in `load`. So
    the one that comes past its first save is alone until its lease ends, and `hold` renews it in time.

    **A lease that ran out** is taken only `write` seconds after its end: by then every request that was sent under it
    has come to its end. For the same reason a run that was killed leaves its lease as it is, and one that ends with an
    error or with open intents, or is told to stop, lets it end at that moment instead of taking it away. The clocks of two machines may
    differ by less than `write` seconds.

    **A lease from a clock that is far ahead** would end in years. One that ends later than any that is taken now says
    nothing about the time, only that somebody had it: whoever lives renews it within `lease` seconds, so it is over
    when it stood unchanged for that long, and `write` more. A run waits that long for it.
    """

    def __init__(
        self,
        chain: Storage,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], None],
        times: Times = Times(),
    ) -> None:
        """Keep the ledger on a chain; `clock` gives an aware time, `pause` waits for seconds."""
        self._chain = chain
        self._ref = chain.ref
        self._clock = clock
        self._pause = pause
        self._times = times
        self._run = secrets.token_hex(8)
        self._open = False
        self._loaded: _Found | None = None
        self._seen: _Found | None = None  # a commit's text never changes: it is read once
        self._waited = 0.0  # seconds, of this run
        self._first: dict[Lease, float] = {}  # how long it had waited when it saw a lease that ends too far ahead

    @property
    def shared(self) -> bool:
        """Whether other clones see what this one saves; before the first save it is a hope, after it a fact."""
        return self._chain.shared

    def load(self) -> Ledger:
        """Return the ledger as it stands; within `lease`, once no other run has one.

        Raises ConfigurationError if it is damaged, newer than this program, or origin cannot be asked; MovedError if
        another run is still at work after `wait` seconds.
        """
        self._loaded = self._alone() if self._open else self._read()
        return self._loaded.ledger

    def save(self, ledger: Ledger, *, last: bool = False) -> None:
        """Push the ledger, with a lease unless it is the run's last save.

        Without a difference nothing happens, but announced writes are not left without a lease. Raises MovedError
        outside of `lease`, or, with nothing changed, if another run saved first: OvertakenError before our own first save.
        """
        found = self._held()
        unleased = not last and ledger.unsettled and not self._lasts(found, 0)
        if unleased or _differ(ledger, found.ledger):
            self._push(ledger, self._ended(unsettled=ledger.unsettled) if last else self._fresh())

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Wait until no other run has the lease; this run's own comes with its first save and goes with its end.

        Raises MovedError if another run is still at work after `wait` seconds.
        """
        self._alone()
        self._open = True
        try:
            yield
        except (CloseoutError, Stopped):
            self._release(unsettled=True)
            raise
        else:
            self._release(unsettled=self._loaded is not None and self._loaded.ledger.unsettled)
        finally:
            self._open = False

    def hold(self, seconds: float) -> None:
        """Make sure that the lease lasts for `seconds`, by a push if need be. Raises MovedError if that is refused."""
        if not self._lasts(self._held(), seconds):
            self._push(self._held().ledger, self._fresh())
            if not self._lasts(self._held(), seconds):
                message = (
                    f"{self._ref}: could not keep the lease: it lasts {self._times.lease:.0f} s, and a write may take "
                    f"{seconds:.0f} s. Make the lease longer"
                )
                raise MovedError(message)

    def _held(self) -> _Found:
        if not self._open or self._loaded is None:
            message = f"{self._ref}: could not save the ledger: it was not loaded under a lease"
            raise MovedError(message)
        return self._loaded

    def _alone(self) -> _Found:
        """Read the ledger once no other run has a lease."""
        began = self._waited
        while True:
            found = self._read()
            others = [lease for lease in found.leases if lease.who != self._run and self._stands(lease)]
            if not others:
                return found
            ahead = any(map(self._is_ahead, others))
            left = began + self._times.wait + (self._longest if ahead else 0) - self._waited
            if left <= 0:
                until = min(self._clock() + timedelta(seconds=self._times.lease), max(one.until for one in others))
                message = (
                    f"{self._ref}: could not take the lease: another run is at work until {when(until)}. "
                    f"Run again {self._times.write:.0f} s after that, or when it is done"
                )
                raise MovedError(message)
            often = max(self._times.wait / 4, _SHORT_POLL)  # who waits for a short time only looks more than once, too
            pause = min(_LONG_POLL if ahead else _POLL, often, left)
            self._pause(pause)
            self._waited += pause

    @property
    def _longest(self) -> float:
        """How far ahead a lease can end that was taken now, by a clock that may differ."""
        return self._times.lease + self._times.write

    def _is_ahead(self, lease: Lease) -> bool:
        return (lease.until - self._clock()).total_seconds() > self._longest

    def _stands(self, lease: Lease) -> bool:
        """Whether its run may still be at work."""
        if self._is_ahead(lease):
            return self._waited - self._first.setdefault(lease, self._waited) < self._longest
        return (lease.until - self._clock()).total_seconds() > -self._times.write

    def _read(self) -> _Found:
        tips = self._chain.read()
        if self._seen is not None and self._seen.tips.heads == tips.heads:
            return replace(self._seen, tips=tips)
        ledger, leases = Ledger(), []
        for commit in reversed(tips.heads):  # what origin says of a key wins over what this clone could not push
            try:
                text = self._chain.text(commit)
                above = loads(text)
                lease = lease_of(text)
            except ValueError as error:
                newer = isinstance(error, Newer)
                way = "Install a newer closeout: one wrote it" if newer else self._chain.rescue(commit, _good)
                message = f"{self._ref}: could not read the ledger at {commit}: {error}. {way}"
                raise ConfigurationError(message) from error
            reports = {**ledger.reports, **above.reports}
            ledger = replace(above, entries={**ledger.entries, **above.entries}, reports=reports)
            leases += [lease] if lease else []
        self._seen = _Found(tips, ledger, tuple(leases))
        return self._seen

    def _push(self, ledger: Ledger, lease: Lease | None) -> None:
        kept = replace(ledger, exists=True)
        told = f"{len(kept.entries)} items\n\nRun {self._run}\n"  # two runs never make the same commit
        try:
            tips = self._chain.advance(self._held().tips, dumps(kept, lease), told)
        except OvertakenError as error:
            if self._mine(self._held()) is None:
                raise
            raise MovedError(str(error)) from error  # in the middle of its work
        self._loaded = _Found(tips, kept, (lease,) if lease else ())

    def _release(self, *, unsettled: bool) -> None:
        if self._loaded and self._lasts(self._loaded, 1):
            with suppress(CloseoutError):  # it ends by itself
                self._push(self._loaded.ledger, self._ended(unsettled=unsettled))

    def _mine(self, found: _Found) -> Lease | None:
        return next((lease for lease in found.leases if lease.who == self._run), None)

    def _lasts(self, found: _Found, seconds: float) -> bool:
        mine = self._mine(found)
        return mine is not None and mine.until >= self._clock() + timedelta(seconds=seconds)

    def _fresh(self) -> Lease:
        return Lease(self._run, (self._clock() + timedelta(seconds=self._times.lease)).replace(microsecond=0))

    def _ended(self, *, unsettled: bool) -> Lease | None:
        """No lease; or one that ends now, so that a taker waits for requests of unknown outcome to come to their end."""
        return Lease(self._run, self._clock().replace(microsecond=0)) if unsettled else None


def _differ(one: Ledger, other: Ledger) -> bool:
    """Whether two ledgers differ as texts; only what is not equal is put into words."""
    keys = {key for key in {*one.entries, *other.entries} if one.entries.get(key) != other.entries.get(key)}

    def words(ledger: Ledger) -> str:
        return dumps(replace(ledger, entries={key: ledger.entries[key] for key in keys & set(ledger.entries)}))

    return words(one) != words(other)


def _good(text: str) -> bool:
    try:
        loads(text)
        lease_of(text)
    except Newer:
        return True
    except ValueError:
        return False
    return True
