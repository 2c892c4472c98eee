"""The ledger of the folder tracker: a file in the tree beside the issues, with an OS file lock as lease."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from closeout import files
from closeout.domain.ledger import Ledger
from closeout.errors import ConfigurationError, MovedError
from closeout.state.lines import Newer, dumps, loads

PATH = ".closeout/ledger.jsonl"


class TreeLedger:
    """`.closeout/ledger.jsonl`: branches and check-outs move documents, issues and ledger together."""

    def __init__(self, root: Path, lock: Path, *, wait: float, path: str = PATH) -> None:
        """Keep the ledger at `path` of `root`; wait `wait` seconds for another run to let go of the file `lock`."""
        self._root, self._file = root, root / path
        self._lock = lock
        self._path = path
        self._wait = wait
        self._held = False
        self._last: str | None = None

    @property
    def shared(self) -> bool:
        """Whoever sees the issues sees the ledger: they lie in one tree."""
        return True

    def load(self) -> Ledger:
        """Return the ledger as it lies in the tree."""
        if not files.within(self._root, self._file):
            message = f"{self._path}: could not be used: a symbolic link leads out of the repository. Put the file itself there"
            raise ConfigurationError(message)
        try:
            text = self._file.read_bytes().decode()
        except FileNotFoundError:
            return Ledger()
        except (OSError, UnicodeDecodeError) as error:
            message = f"{self._path}: could not read the ledger: {error}. Bring it back from git"
            raise ConfigurationError(message) from error
        try:
            found = loads(text)
        except ValueError as error:
            back = f"Bring back the last good one (`git log -- {self._path}`)"
            way = "Install a newer closeout: one wrote it" if isinstance(error, Newer) else back
            message = f"{self._path}: could not read the ledger: {error}. {way}"
            raise ConfigurationError(message) from error
        self._last = text
        return found

    def save(self, ledger: Ledger, *, last: bool = False) -> None:  # noqa: ARG002 - the lease ends with the run
        """Replace the file, wholly or not at all; without a difference nothing is written."""
        if not self._held:
            message = f"{self._path}: could not write the ledger without its lock"
            raise MovedError(message)
        text = dumps(ledger)
        if text == self._last:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            files.replace(self._file, text.encode())
        except OSError as error:
            message = (
                f"{self._path}: could not write the ledger: {error.strerror}. Check the folder's rights and the disk"
            )
            raise MovedError(message) from error
        self._last = text

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Hold the lock for one run; the system lets go of it if the process dies."""
        lock = FileLock(self._lock, timeout=self._wait)
        try:
            lock.acquire()
        except Timeout as error:
            message = (
                f"{self._path}: another run is at work since more than {self._wait:.0f} s. Try again when it is done"
            )
            raise MovedError(message) from error
        except OSError as error:
            message = f"{self._path}: could not take its lock: {error.strerror}. Check the folder's rights"
            raise ConfigurationError(message) from error
        self._held = True
        try:
            yield
        finally:
            self._held = False
            lock.release()

    def hold(self, seconds: float) -> None:
        """The system holds the lock for as long as the process lives."""
