"""Who does it? Names as written, without `@` and brackets."""

from __future__ import annotations

import re

from closeout.reading.vocabulary import Vocabulary

_DIVIDERS = re.compile(
    r"(?:(?<!\s)\s++)?(?:[,;&+/、，；／＋＆]|<br\s{0,9}/?>)\s*+|(?<!\s)\s++(?:and|und|et|y|och|og|и|та|ve)\s+"
)
_LINK = re.compile(r"\[([^\]]{0,300})\]\([^)]{0,2000}\)")
_LOGIN = re.compile(r"@[\w][\w.-]*(?:/[\w.-]+)?")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SHIELD = 0xE000  # private use: an escaped character is no markup and divides nothing
_QUOTED = re.compile(r'(?<!\w)"([^"\n]{1,200})"(?!\w)')  # "Trust and Safety" is one name
_KEPT = 0xF0000  # private use too: a name in quotes, by its number
_SHIELDED = re.compile("[\ue021-\ue07e]")


def read(raw: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names in an owner's cell or annotation; nothing for a placeholder."""
    shielded = _shielded(raw)
    kept = [match[1] for match in _QUOTED.finditer(shielded) if _DIVIDERS.search(match[1])]
    text = _LINK.sub(r"\1", _without(kept, shielded)).replace("**", "").replace("`", "").strip().strip("_*")
    if vocabulary.is_placeholder(text) and not kept:
        return ()
    protected = _LOGIN.sub(lambda match: match.group().replace("/", "\0"), text)
    names = []
    for part in _DIVIDERS.split(protected):
        name = _with(kept, part.replace("\0", "/").strip().strip("[]()").strip())
        if name and not vocabulary.is_placeholder(name):
            names.append(_bare(name.removeprefix("@")))
    return tuple(dict.fromkeys(names))


def pieces(raw: str) -> tuple[list[str], str]:
    """Return the parts of an owner's cell between its dividers, as they stand, and its first divider (empty: none)."""
    mask = _LINK.sub(lambda match: "x" * len(match.group()), _ESCAPE.sub("xx", raw))
    mask = _QUOTED.sub(lambda match: "x" * len(match.group()), mask)
    mask = _LOGIN.sub(lambda match: match.group().replace("/", "x"), mask)
    cuts = list(_DIVIDERS.finditer(mask))
    starts, ends = [0, *(match.end() for match in cuts)], [*(match.start() for match in cuts), len(raw)]
    found = [raw[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [part for part in found if part], raw[slice(*cuts[0].span())] if cuts else ""


def _without(kept: list[str], text: str) -> str:
    for number, name in enumerate(kept):
        text = text.replace(f'"{name}"', chr(_KEPT + number), 1)
    return text


def _with(kept: list[str], text: str) -> str:
    for number, name in enumerate(kept):
        text = text.replace(chr(_KEPT + number), name)
    return text


def _shielded(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(_SHIELD + ord(match[1])), text)


def _bare(text: str) -> str:
    return _SHIELDED.sub(lambda match: chr(ord(match.group()) - _SHIELD), text)
