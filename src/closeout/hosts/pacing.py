"""Pacing: how fast a host is asked, what is asked again, and when a wait is too long; one policy for every host.

A read is asked again a few times. A write is sent again only where it surely had no effect: it never left, or the
host said that it came too early. Any other failure of a write is an unknown outcome, which only looking can settle.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from closeout.errors import LaterError, OutcomeUnknown, TrackerError

_TOO_FAST = re.compile(
    r"rate limit|abuse detection|retry your request again later|wait a few minutes before you try again", re.IGNORECASE
)
_ANNOUNCED = 10.0
_UNNAMED_WAIT = _MINUTE = 60.0
_MESSAGES = ("message", "error", "detail", "error_message")


class NotSent(Exception):  # noqa: N818 - it names what is known
    """No connection came about: the host surely did nothing."""


class Lost(Exception):  # noqa: N818
    """The request went out, and no whole reply came back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answered: `headers` by lower-case name, `data` as decoded JSON (None where there is none)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    data: object = None

    @property
    def message(self) -> str:
        """The host's own words on a refusal, on one line of at most 200 characters; empty if it has none."""
        words = " ".join(_said(self.data).split())
        return "".join(char for char in words if char.isprintable())[:200]


@dataclass(frozen=True, slots=True)
class Errand:
    """What a request is for, as an error tells it: `where` it goes, `what` could not be done; `write` if it changes
    something that doing it twice would change twice.
    """

    where: str
    what: str
    write: bool = False

    def failed(self, why: str, advice: str) -> TrackerError:
        """Return the error of a request that surely had no effect."""
        return TrackerError(f"{self.where}: could not {self.what}: {why}. {advice}")

    def later(self, wait: float, now: float) -> LaterError:
        """Return the error of a request that surely had no effect, and that may be made `wait` seconds from now."""
        then = datetime.fromtimestamp(min(now + wait, 253_402_300_000), UTC)
        return LaterError(
            f"{self.where}: could not {self.what} yet: the host asks to wait {wait:.0f} s. "
            f"Run again at {then:%Y-%m-%d %H:%M:%S} UTC or later; nothing is lost"
        )

    def unknown(self, why: str) -> OutcomeUnknown:
        """Return the error of a write that may have had its effect."""
        return OutcomeUnknown(
            f"{self.where}: could not tell whether it did {self.what}: {why}. It is looked up by the next run, "
            "and not sent again blindly"
        )


@dataclass
class Pace:
    """The budget of one host, shared by all that talk to it.

    `pause` sleeps some seconds, `now` is the time in seconds since 1970, `tell` announces a wait of more than 10 s.
    `cap` is the longest that one request waits in all, `between_writes` the seconds from one write to the next,
    `per_minute` how many requests of any kind a minute may have (0: any number), `tries` how often a request is sent at
    most.
    """

    pause: Callable[[float], None]
    now: Callable[[], float]
    tell: Callable[[str], None] = lambda message: None
    cap: float = 120.0
    between_writes: float = 1.0
    tries: int = 4
    per_minute: int = 0
    _wrote: float | None = None
    _spent: dict[str, int] = field(default_factory=dict)
    _answered: deque[float] = field(default_factory=deque)
    _until: float = math.inf

    @property
    def spent(self) -> Mapping[str, int]:
        """How many requests were `sent`, and how many are `left` of the host's limit, where it told."""
        return dict(self._spent)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let no write be sent later than this from now: who asked for it may have lost the right to it by then."""
        self._until = self.now() + seconds
        try:
            yield
        finally:
            self._until = math.inf

    def send(self, request: Callable[[], Reply], errand: Errand) -> Reply:
        """Send a request until there is an answer to return: anything but a failure of the host and a rate limit.

        Raises OutcomeUnknown for a write that may have had its effect, LaterError for a wait beyond the cap,
        TrackerError where the host cannot be reached.
        """
        waited = 0.0
        why = ""
        for attempt in range(self.tries):
            wait = 2.0**attempt
            try:
                reply = self._sent(request, errand)
            except NotSent as error:
                why = f"it cannot be reached ({error})"
            except Lost as error:
                why = f"no whole reply came ({error})"
                if errand.write:
                    raise errand.unknown(why) from error
            else:
                limit = rate_limit(reply, self.now(), attempt)
                if limit is None and reply.status < 500:
                    return reply
                why = f"it answered {reply.status} {reply.message}".rstrip()
                if limit is not None:
                    wait = limit
                elif errand.write:
                    raise errand.unknown(why)
            if attempt + 1 < self.tries:
                self._wait(wait, waited, errand)
                waited += wait
        raise errand.failed(why, "Check the address, the network and the host's status page, and run again")

    def _sent(self, request: Callable[[], Reply], errand: Errand) -> Reply:
        self._in_turn(errand)
        if not errand.write:
            return self._counted(request)
        if self._wrote is not None:
            ahead = self._wrote + self.between_writes - self.now()
            if ahead > 0:
                self.pause(min(ahead, self.between_writes))
        if self.now() > self._until:
            raise errand.later(0.0, self.now())
        try:
            return self._counted(request)
        finally:
            self._wrote = self.now()

    def _in_turn(self, errand: Errand) -> None:
        """Wait until the last minute has room for one more request."""
        while self.per_minute and len(self._answered) >= self.per_minute:
            ahead = min(self._answered.popleft() + _MINUTE - self.now(), _MINUTE)
            if ahead > _ANNOUNCED:
                each = f"the host takes {self.per_minute} requests a minute"
                self.tell(f"{errand.where}: waiting {ahead:.0f} s before it can {errand.what}: {each}")
            if ahead > 0:
                self.pause(ahead)

    def _counted(self, request: Callable[[], Reply]) -> Reply:
        """Ask, and note when the answer came: the host counted the request at that time or before it."""
        self._spent["sent"] = self._spent.get("sent", 0) + 1
        try:
            reply = request()
            if (left := _number(reply.headers.get("x-ratelimit-remaining", ""))) is not None:
                self._spent["left"] = int(left)
            return reply
        finally:
            if self.per_minute:
                self._answered.append(self.now())

    def _wait(self, wait: float, waited: float, errand: Errand) -> None:
        if waited + wait > self.cap or self.now() + wait > self._until:
            raise errand.later(wait, self.now())
        if wait > _ANNOUNCED:
            self.tell(f"{errand.where}: waiting {wait:.0f} s before it can {errand.what}: the host asks for it")
        self.pause(wait)


def rate_limit(reply: Reply, now: float, attempt: int = 0) -> float | None:
    """Return the seconds to wait where a reply is the refusal of a rate limit; None where it is anything else."""
    asked = _retry_after(reply, now)
    if reply.status != 429 and not (reply.status == 403 and (asked is not None or _TOO_FAST.search(reply.message))):
        return None
    if asked is not None:
        return asked
    reset = _number(reply.headers.get("x-ratelimit-reset", ""))
    if reply.headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        return max(0.0, reset - now) + 1.0
    return _UNNAMED_WAIT * 2.0**attempt


def _said(told: object, depth: int = 0) -> str:
    """What a refusal says: its message, else what it says of the fields that were sent."""
    if isinstance(told, str) or depth > 3:
        return told if isinstance(told, str) else ""
    if isinstance(told, list):
        return next((words for one in told[:3] if (words := _said(one, depth + 1))), "")
    if not isinstance(told, dict):
        return ""
    for name in _MESSAGES if not depth else ():
        if isinstance(told.get(name), str):
            return str(told[name])
    fields = ((str(name), _said(one, depth + 1)) for name, one in list(told.items())[:3])
    return "; ".join(f"{name}: {words}" for name, words in fields if words)


def _retry_after(reply: Reply, now: float) -> float | None:
    told = reply.headers.get("retry-after", "")
    seconds = _number(told)
    if seconds is not None or not told:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    """A number of seconds as a header states it; None for anything else."""
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text.strip()) else None
