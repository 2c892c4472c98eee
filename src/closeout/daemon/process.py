"""One run as a process of its own: it has a time limit, and whatever it does ends with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO

_MOST = 1_000_000  # bytes that are read of what a run prints
_LAST_WORD = 5.0  # seconds between the request to end and the end


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code (None: it took too long, or was told to stop), what it counted, and its last lines."""

    code: int | None
    counted: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass
class Children:
    """The runs that are under way; `program` is how closeout is called."""

    program: Sequence[str] = (sys.executable, "-m", "closeout")
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def run(self, arguments: Sequence[str], folder: Path, variables: Mapping[str, str], seconds: float) -> Ended:
        """Run closeout with arguments in a folder, for so many seconds at most; its output is JSON, its errors are lines."""
        command = [*self.program, *arguments]
        environment = {**os.environ, **variables}  # noqa: TID251 - the child reads its settings from it
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with self._lock:
                if self._closed:
                    return Ended(None)
                child = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
                self._running.add(child)
            code: int | None
            try:
                code = child.wait(seconds)
            except subprocess.TimeoutExpired:
                _end(child)
                code = None
            finally:
                with self._lock:
                    self._running.discard(child)
            return Ended(None if code is None or code < 0 else code, _counted(_read(out)), _lines(_read(err)))

    def stop(self, seconds: float) -> None:
        """Start no more runs, give those under way so many seconds to come to their end, and end those that do not."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for child in running:
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                _end(child)
                seconds = 0.0


def _end(child: subprocess.Popen[bytes]) -> None:
    for how, seconds in ((signal.SIGTERM, _LAST_WORD), (signal.SIGKILL, None)):
        with suppress(OSError):
            os.killpg(child.pid, how)  # its session's number is its own
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            return


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
