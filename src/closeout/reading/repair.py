"""Damaged text: UTF-8 that was once decoded as something else, read as it was meant; the document's bytes stay."""

from __future__ import annotations

_CODECS = ("latin-1", "mac_roman")  # in this order: `Ã©` may be a mark below a letter by the second, and never is


def repaired(text: str) -> str:
    """Return the text as it was meant; the same text if it is not damaged, or cannot be repaired for certain."""
    if text.isascii():
        return text
    for codec in _CODECS:
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    from ftfy import fix_encoding  # noqa: PLC0415 - costs more to import than most documents to read

    return fix_encoding(text)


def damaged_like(text: str, sample: str) -> str | None:
    """Return `text` damaged in the way that `sample` is; the same text if the sample is whole, None if it cannot be."""
    meant = repaired(sample)
    if meant == sample:
        return text
    for codec in ("cp1252", *_CODECS):  # where it may be either, the one that leaves no control characters
        try:
            if meant.encode("utf-8").decode(codec) == sample:
                return text.encode("utf-8").decode(codec)
        except UnicodeError:
            continue
    return text if text.isascii() else None
