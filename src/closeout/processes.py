"""The same work on many things by several processes, in order; a process that dies takes one thing with it."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Thing = TypeVar("Thing")
Made = TypeVar("Made")

_FEW = 500  # pages: fewer are read before processes have started
_SAFE = "PYTHONSAFEPATH"
_PART = 100  # pages: what is sent with each part, the vocabulary, costs as much to unpack as one or two of them


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes, once there are `few` things or more, each given `part` of them at a time.

    `method` is how a process is started, as multiprocessing calls it; None: from a process that has no threads yet,
    where the system has such a one, since a copy of one that draws a progress bar may wait for ever.
    """

    count: int
    few: int = _FEW
    part: int = _PART
    method: str | None = None

    def __call__(self, act: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterable[Made | None]:
        """Return what `act` makes of each thing, in their order; None for one whose process died of it.

        An exception that `act` raises is raised here. Only a few parts are under way at a time.
        """
        if self.count < 2 or len(things) < self.few:
            return map(act, things)
        return self._safely(act, things)

    def _safely(self, act: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterator[Made | None]:
        """Spread it, while what begins imports nothing from the folder that it begins in: that is somebody's repository."""
        before = os.environ.get(_SAFE)  # noqa: TID251 - nothing else reaches the process that starts the others
        os.environ[_SAFE] = "1"  # noqa: TID251
        try:
            yield from self._spread(act, things)
        finally:
            os.environ.pop(_SAFE) if before is None else os.environ.update({_SAFE: before})  # noqa: TID251

    def _spread(self, act: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterator[Made | None]:
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - few runs need it

        left = deque(things[at : at + self.part] for at in range(0, len(things), self.part))
        running: deque[tuple[Sequence[Thing], Future[list[Made]]]] = deque()
        pool = self._pool(self.count)
        try:
            while left or running:
                while left and len(running) < 2 * self.count:
                    running.append((left[0], _sent(pool, act, left[0])))
                    left.popleft()
                part, future = running.popleft()
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    # nobody tells whose part it was: what was under way goes one by one
                    left.extendleft(reversed([again for again, _ in running]))
                    running.clear()
                    pool.shutdown()
                    yield from self._one_by_one(act, part)
                    pool = self._pool(self.count)
        finally:
            pool.shutdown(cancel_futures=True)

    def _one_by_one(self, act: Callable[[Thing], Made], things: Sequence[Thing]) -> Iterator[Made | None]:
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

        pool = self._pool(1)
        try:
            for thing in things:
                try:
                    yield pool.submit(act, thing).result()
                except BrokenProcessPool:
                    pool.shutdown()
                    pool = self._pool(1)
                    yield None
        finally:
            pool.shutdown(cancel_futures=True)

    def _pool(self, count: int) -> ProcessPoolExecutor:
        import multiprocessing  # noqa: PLC0415
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

        known = multiprocessing.get_all_start_methods()
        method = self.method or ("forkserver" if "forkserver" in known else "spawn")
        return ProcessPoolExecutor(count, multiprocessing.get_context(method), initializer=_ignore_interrupts)


def _sent(pool: ProcessPoolExecutor, act: Callable[[Thing], Made], part: Sequence[Thing]) -> Future[list[Made]]:
    """Send a part; where the pool broke just now, the part's future says so like those of the others."""
    from concurrent.futures import Future  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    try:
        return pool.submit(_each, act, part)
    except BrokenProcessPool as error:
        broken: Future[list[Made]] = Future()
        broken.set_exception(error)
        return broken


def _each(act: Callable[[Thing], Made], part: Sequence[Thing]) -> list[Made]:
    return [act(thing) for thing in part]


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the one that started them ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
