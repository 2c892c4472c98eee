"""Who does it? Names as written, without `@` and brackets."""

from __future__ import annotations

import re

from closeout.reading.vocabulary import Vocabulary

_DIVIDERS = re.compile(r"\s*(?:[,;&+/、，；／＋＆]|<br\s*/?>|\b(?:and|und|et|y|och|og|и|та|ve)\b)\s*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_LOGIN = re.compile(r"@[\w][\w.-]*(?:/[\w.-]+)?")


def read(raw: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names in an owner's cell or annotation; nothing for a placeholder."""
    text = _LINK.sub(r"\1", raw).replace("**", "").replace("`", "").strip().strip("_*")
    if vocabulary.is_placeholder(text):
        return ()
    protected = _LOGIN.sub(lambda match: match.group().replace("/", "\0"), text)
    names = []
    for part in _DIVIDERS.split(protected):
        name = part.replace("\0", "/").strip().strip("[]()").strip()
        if name and not vocabulary.is_placeholder(name):
            names.append(name.removeprefix("@"))
    return tuple(dict.fromkeys(names))
