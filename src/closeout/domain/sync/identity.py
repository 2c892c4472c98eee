"""The key: derived once, at first sight, and from then on only copied."""

from __future__ import annotations

import hashlib


def key_of(repository: str, document: str, title: str, ordinal: int) -> str:
    """Return `v1:` and a hash of where an item was first seen; `title` is folded, `ordinal` counts equal titles."""
    text = "\x1f".join((repository, document, title, str(ordinal)))
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:20]
