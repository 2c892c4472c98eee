"""One run of the daemon, as a process of its own: the clone is brought to the head, and a command is run in it.

    echo ADDRESS | python -m closeout.cli.one_run FOLDER sync --yes

The address may hold a password, which no list of processes is to show; without one nothing is cloned. It ends when its
stdin does, which the daemon holds open for as long as it lives: nothing goes on in a clone whose daemon was killed, where
the next one would begin.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from closeout.cli.app import run
from closeout.errors import ConfigurationError, MovedError
from closeout.git.clones import brought
from closeout.settings import declared

_LAST_WORD = 5.0  # seconds between the daemon's death and the end of all, at most
_WAIT = 30.0  # seconds for a run of a dead daemon to come to its end
_LONG = 86_400.0  # seconds: the daemon ends what takes too long


def main() -> None:
    """Run a command in a folder; ends with the command's exit code, which a clone that cannot be brought has, too."""
    place = Path(sys.argv.pop(1))
    with open(0, "rb", buffering=0, closefd=False) as stdin:
        address = stdin.readline().decode().strip()
    lock = FileLock(place.with_name(f".{place.name}.lock"))
    threading.Thread(target=_end_with_daemon, daemon=True).start()
    with declared.only(declared.handed_over()):
        run(partial(_entered, place, address, lock))


def _entered(folder: Path, address: str, lock: FileLock) -> None:
    """Have the folder alone until this process ends, at the head of the repository at an address."""
    os.environ["GIT_CEILING_DIRECTORIES"] = str(folder.parent)  # noqa: TID251 - what is around it is not its repository
    os.environ["GIT_LFS_SKIP_SMUDGE"] = "1"  # noqa: TID251 - documents are no large files, and those come from anywhere
    try:
        lock.acquire(_WAIT)
        if address:
            brought(address, folder, _LONG)
        folder.mkdir(exist_ok=True)
        os.chdir(folder)
    except Timeout as error:
        message = f"{folder}: could not be used: an earlier run is still at work there. Wait: the next run tries again"
        raise MovedError(message) from error
    except OSError as error:
        message = f"{folder}: could not be kept: {error.strerror}. Check its rights and the disk"
        raise ConfigurationError(message) from error


def _end_with_daemon() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_LAST_WORD)
    os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
