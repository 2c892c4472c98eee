"""The words and encodings that pages are read with, for commands that need no other setting."""

from __future__ import annotations

import os
from pathlib import Path

from closeout.reading.vocabulary import Vocabulary, shipped


def words(root: Path) -> tuple[Vocabulary, tuple[str, ...]]:
    """Return the words and the encodings of a folder's settings. Raises ConfigurationError if they cannot be read.

    Where nothing is set, what reads settings is not loaded: it takes longer than a page.
    """
    if not (root / "closeout.toml").exists() and not any(map(_is_setting, os.environ)):  # noqa: TID251 - names only
        return shipped(), ()
    from closeout import compose, settings  # noqa: PLC0415

    told = settings.load(root, {})
    return compose.vocabulary(told), told.reading.encodings


def _is_setting(name: str) -> bool:
    return name.startswith("CLOSEOUT_")
