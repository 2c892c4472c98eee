"""One file's bytes to a page, or to why it cannot be read."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from closeout.ports.documents import Page
from closeout.repositories.decoding import decode

MAX_BYTES = 5_000_000


def read_page(root: Path, name: str, encodings: Sequence[str] = ()) -> Page:
    """Read one document; what is wrong with it is in its page."""
    path = root / name
    if not _is_text(name):
        return _wrong(name, "its name is no UTF-8", "Rename it")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _wrong(name, "it is no file", "Name a Markdown file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            return too_large(name, size)
        raw = path.read_bytes()
    except OSError as error:
        todo = {
            "FileNotFoundError": "Check the path",
            "PermissionError": "Give this user the right to read it",
        }.get(type(error).__name__, "Look at the file")
        return _wrong(name, error.strerror or str(error), todo)
    return decoded(name, raw, encodings)


def decoded(name: str, raw: bytes, encodings: Sequence[str] = ()) -> Page:
    """Return the document that a file's bytes make; what is wrong with them is in its page."""
    if not _is_text(name):
        return _wrong(name, "its name is no UTF-8", "Rename it")
    try:
        found = decode(raw, encodings)
    except ValueError as error:
        return _wrong(name, str(error), "Save it as UTF-8 text")
    return Page(name, found.text, encoding=found.encoding, guess=found.guess)


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def too_large(name: str, size: int) -> Page:
    """Return the page of a file that has more bytes than are read."""
    told = f"it has {size:,} bytes, and {MAX_BYTES:,} are the limit"
    return _wrong(name, told, "Split it, or leave it out with `paths`")


def _wrong(name: str, why: str, todo: str) -> Page:
    return Page(name, error=f"{name}: could not be read: {why}. {todo}")
