"""Is the page a form that nobody has filled in yet?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from closeout.reading.phrases import fold
from closeout.reading.vocabulary import Vocabulary

_BRACKETS = re.compile(r"\[[^\[\]\n]{2,120}\](?![(\[:])|<[A-Za-z][^<>\n]{1,60}>|\{\{[^{}\n]{1,60}\}\}")
_TAG = re.compile(r"</?(?:details|summary|br|img|a|p|div|span|b|i|sub|sup|table|t[rdh]|!--)\b", re.I)
_DATE_FORM = re.compile(r"\b(?:YYYY|20XX|20YY)\b")


def reason(path: str, titles: Iterable[str], text: str, items: int, vocabulary: Vocabulary) -> str | None:
    """Return why a page counts as a template; None if it is a real one.

    `titles` are the first headings or lines; `items` is how many real entries were found.
    """
    name = fold(re.sub(r"\.\w+$", "", path.rsplit("/", 1)[-1]))
    placeholders = sum(
        1 for match in _BRACKETS.finditer(text) if not _TAG.match(match.group()) and _is_form(match.group())
    )
    placeholders += len(_DATE_FORM.findall(text))
    for word in vocabulary.templates:
        if word in name.split():
            return f"its name says {word!r}"
        if placeholders and any(word in fold(title).split() for title in titles):
            return f"its title says {word!r}, and it has fields to fill in"
    if any(_BRACKETS.search(title) and not _TAG.search(title) for title in titles):
        return "its title is a field to fill in"
    if placeholders > 8 and placeholders > 2 * items:
        return f"it has {placeholders} fields to fill in"
    return None


def _is_form(text: str) -> bool:
    inner = text.strip("[]<>{}")
    return not re.fullmatch(r"[ xX✓]|\^?\d+|#\d+|@[\w-]+|.*://.*|x|!\w+", inner)
