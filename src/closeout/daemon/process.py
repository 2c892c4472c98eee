"""One run as a process of its own: it has a time limit, and whatever it does ends with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import IO

_MOST = 1_000_000  # bytes that are read of what a run prints
_LAST_WORD = 5.0  # seconds between the request to end and the end
_SHORT_WORD = 2.0  # the same where the whole daemon has few


class Cut(StrEnum):
    """Why a run did not come to its end by itself."""

    LIMIT = "time_limit"
    STOPPED = "stopped"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code or why it has none, what it counted, and its last lines."""

    code: int | Cut
    counted: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass
class Children:
    """The runs that are under way; `program` is how one is begun: with the clone's folder, closeout's arguments, and on
    its stdin the address that the clone is brought from, which may hold a password; an empty one for none.
    """

    # -P: it begins in the folder of clones, of which none is a module
    program: Sequence[str] = (sys.executable, "-P", "-m", "closeout.cli.one_run")
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def run(
        self, arguments: Sequence[str], folder: Path, address: str, variables: Mapping[str, str], seconds: float
    ) -> Ended:
        """Run closeout with arguments in a clone, for so many seconds at most; its output is JSON, its errors are lines.

        It ends with this process, however that ends: its stdin does. Raises OSError if it cannot be begun.
        """
        command = [*self.program, str(folder), *arguments]
        environment = {**os.environ, **variables}  # noqa: TID251 - the child reads its settings from it
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with self._lock:
                if self._closed:
                    return Ended(Cut.STOPPED)
                child = subprocess.Popen(
                    command,
                    cwd=folder.parent,
                    env=environment,
                    bufsize=0,  # what a dead run never read is not to be written once more when its stdin is closed
                    stdin=subprocess.PIPE,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
                self._running.add(child)
            code: int | Cut
            try:
                _tell(child, address)
                code = child.wait(seconds)
            except subprocess.TimeoutExpired:
                _end([child], _LAST_WORD)
                code = Cut.LIMIT
            finally:
                with self._lock:
                    self._running.discard(child)
                if child.stdin:
                    child.stdin.close()
            if isinstance(code, int) and code < 0:
                code = Cut.STOPPED if self.closed else Cut.KILLED
            return Ended(code, _counted(_read(out)), _lines(_read(err)))

    @property
    def running(self) -> int:
        """How many there are."""
        with self._lock:
            return len(self._running)

    @property
    def closed(self) -> bool:
        """Whether no more runs begin."""
        return self._closed

    def stop(self, seconds: float) -> None:
        """Start no more runs, and have those under way at their end within so many seconds: by themselves if they come
        to it, else they are told to end, and killed at last.
        """
        with self._lock:
            self._closed = True
            running = list(self._running)
        last = min(_SHORT_WORD, seconds)
        _end(_waited(running, seconds - last), last)


def _tell(child: subprocess.Popen[bytes], address: str) -> None:
    if child.stdin:
        with suppress(BrokenPipeError):
            child.stdin.write(f"{address}\n".encode())


def _end(children: Iterable[subprocess.Popen[bytes]], seconds: float) -> None:
    """End processes: told so first, and killed after so many seconds."""
    left = list(children)
    for how in (signal.SIGTERM, signal.SIGKILL):
        for child in left:
            with suppress(OSError):
                os.killpg(child.pid, how)  # its session's number is its own
        left = _waited(left, seconds if how is signal.SIGTERM else None)


def _waited(children: Iterable[subprocess.Popen[bytes]], seconds: float | None) -> list[subprocess.Popen[bytes]]:
    """Wait for processes, so many seconds in all (None: as long as it takes), and return those that go on."""
    end, left = time.monotonic() + (seconds or 0), []
    for child in children:
        try:
            child.wait(None if seconds is None else max(end - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            left.append(child)
    return left


def _read(file: IO[bytes]) -> str:
    file.seek(max(file.seek(0, os.SEEK_END) - _MOST, 0))
    return file.read(_MOST).decode(errors="replace")


def _counted(text: str) -> Mapping[str, object]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())[-20:]
