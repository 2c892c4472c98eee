"""A document's bytes to its text: UTF-8, what was configured, or a guess that is stated; and the way back to bytes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

UTF_8 = "utf-8"
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_GUESSED = (
    "windows-1252", "mac-roman", "cp932", "cp949", "gb18030", "koi8-r", "windows-1250", "windows-1251", "windows-1254",
    "euc-jp", "big5",
)  # fmt: skip
_AT_A_WORD = re.compile(r"\w[^\W\x00-\x7f]|[^\W\x00-\x7f]\w|[^\w\x00-\x7f]")  # no letter that stands alone
_CONTROLS = frozenset({"Cc", "Co", "Cn"})
_ORDINARY = "\t\n\r\x0b\x0c"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the codec that makes its bytes again; `guess` names the one that was guessed: then nothing may be
    written.
    """

    text: str
    encoding: str = UTF_8
    guess: str = ""


def decode(raw: bytes, encodings: Sequence[str] = ()) -> Decoded:
    """Read a document's bytes; `encodings` are those that it may have besides UTF-8, the first that fits is taken.

    Raises ValueError with the reason, if they are no text.
    """
    codec = _MARKS.get(raw[:2])
    if codec:
        text = _read(raw, codec)
        if text is None or "\0" in text:
            message = "it begins as UTF-16 and goes on as something else"
            raise ValueError(message)
        return Decoded(text, codec, "" if {"utf-16", codec} & set(map(_canonical, encodings)) else "utf-16")
    if b"\0" in raw:
        message = f"it holds a NUL byte at byte {raw.index(0)}"
        raise ValueError(message)
    try:
        return Decoded(raw.decode(UTF_8))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8 (byte 0x{raw[error.start]:02x})"
    for name in encodings:
        text = _read(raw, name)
        if text is not None and text.encode(name) == raw:
            return Decoded(text, name)
    if found := _guess(raw):
        return found
    raise ValueError(message)


def text_encoding(name: str) -> bool:
    """Tell whether a name is that of an encoding which documents can have: known, and with ASCII as it is, or UTF-16."""
    plain = bytes(range(0x20, 0x7F))
    try:
        return _canonical(name).startswith("utf-16") or plain.decode(name) == plain.decode("ascii")
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        return False


def _canonical(name: str) -> str:
    return codecs.lookup(name).name


def _read(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None


def _guess(raw: bytes) -> Decoded | None:
    """Guess; None for UTF-8 with damage, and for what is no text in the encoding that is most like it."""
    kept = raw.decode(UTF_8, "replace")
    broken = kept.count("\ufffd")
    if 2 * (sum(not character.isascii() for character in kept) - broken) > broken:
        return None
    from chardet import detect  # noqa: PLC0415 - hardly any page needs it

    name = detect(raw, prefer_superset=True, include_encodings=_GUESSED)["encoding"]
    text = _read(raw, name) if name else None
    if name is None or text is None or not _AT_A_WORD.search(text):
        return None
    odd = {character for character in set(text) if unicodedata.category(character) in _CONTROLS} - set(_ORDINARY)
    codec = _canonical(name)
    return None if odd else Decoded(text, codec, next((name for name in _GUESSED if _canonical(name) == codec), codec))
