"""How a file is written: wholly or not at all, in its own folder, and on the disk before it counts."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MARK = ".closeout-"


def within(root: Path, path: Path) -> bool:
    """Whether a path leads to a place below `root` that is not git's own, whatever links stand in it."""
    top, found = Path(os.path.realpath(root)), Path(os.path.realpath(path))  # a link that leads to itself is no error
    return found.is_relative_to(top) and found.relative_to(top).parts[:1] != (".git",)


def replace(path: Path, content: bytes) -> None:
    """Replace a file, or make it; its mode is kept, and a symlink's target is what is replaced.

    Raises OSError; then the file is as it was.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o7777
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "it is read-only", str(path))
    except FileNotFoundError:
        mode = 0o644
    temporary = _written(target, content, mode)
    try:
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    _settle(target.parent)


def create(path: Path, content: bytes) -> bool:
    """Make a file; False if the name is taken. Raises OSError; then there is no new file."""
    for left in path.parent.glob(f"{_MARK}*.tmp"):  # of a run that was killed; the lease says that none is at work
        left.unlink(missing_ok=True)
    temporary = _written(path, content, 0o644)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    _settle(path.parent)
    return True


def _written(target: Path, content: bytes, mode: int) -> Path:
    """Write a neighbour of the target. Its name is the target's, so a killed run leaves one, and the next takes it;
    it does not end in `.md`, or that run would read it as a document.
    """
    temporary = target.with_name(f"{_MARK}{target.name[:200]}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _settle(folder: Path) -> None:
    """Bring the folder's own entry to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
