"""Is the page a form that nobody has filled in yet, or a manual?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from closeout.reading.phrases import fold
from closeout.reading.vocabulary import Vocabulary

_FENCE = re.compile(r"\n {0,3}(```|~~~)[^\n]*(?=\n)(?:\n(?! {0,3}\1)[^\n]*(?=\n))*")
_SPAN = re.compile(r"`[^`\n]*`")
_DEFINED = re.compile(r"\n {0,3}\[([^\]\n]{1,100})\]:")
_OPEN = "]!["  # before a bracket: the second half of a link, a picture, a wiki link
_BRACKET = re.compile(r"\[([^\[\]\n]{2,120})\](?![(\[:\]])")  # [Specific action], no link, reference, definition
_ANGLE = re.compile(r"<([^\W\d_][^<>\n=]{1,60})>")
_BRACES = re.compile(r"\{\{[^{}\n]{1,60}\}\}")
_BARES = ("YY", "XX", ":MM", ":mm", "-NN")  # one is in each of these
_BARE = re.compile(r"\b(?:YYYY|20XX|20YY|HH:MM|hh:mm|XX:XX)\b|(?<=[A-Z]-)(?:X{2,}|N{2,})\b")
_BLANK = re.compile(
    r"\n(?:[ \t]*(?:[-*+]|\d{1,2}\.)[ \t]*(?:\[ \])?[ \t]*$"  # an entry without a word
    r"|([ \t]*)[-*+][ \t]+[^\n:：]{1,30}[:：](?:\*\*)?[ \t]*$(?!\n\1[ \t]+\S))",
    re.M,
)
_WRITE_ON = re.compile(r"____+")
_TAG = re.compile(
    r"</?(?:details|summary|br|img|a|p|div|span|b|i|u|sub|sup|table|thead|tbody|t[rdh]|center|code|pre|kbd|h[1-6]|ul|ol|li"
    r"|em|strong|font|hr|video|source|iframe|section|picture)\b",
    re.I,
)
_SPEAKER = re.compile(r"\n[ \t>]*(?:[*+-]|\d{1,9}[.)])[ \t]+\[[A-Z][\w.]*(?: [A-Z][\w.]*){0,2}\](?=[ \t]+\S[^\n]{12})")
_SAID = re.compile(r"\d\d?:\d\d|^[ xX✓✔]$|^\^|^[#\W\d]+$|^[@!]|://|^[\w.+-]+@")
_DAY = re.compile(r"20(?<!\w20)\d\d[-/.]\d\d[-/.]\d\d")
_HOUR = re.compile(r":(?:(?<=\b\d:)|(?<=\b\d\d:))\d\d(?::\d\d)*\b")
_FEW = 3  # days and hours, below which a page tells of no event


def reason(path: str, titles: Iterable[str], text: str, items: int, vocabulary: Vocabulary) -> str | None:
    """Return why a page counts as a template; None if it is a real one.

    `titles` are the first headings or lines; `items` is how many real entries were found.
    """
    titles = tuple(titles)
    text = "\n" + text  # what starts a line is looked for by the line end before it, which is found at once
    body = _SPEAKER.sub("\n", _SPAN.sub("", _FENCE.sub("", text)))
    defined = {label.casefold() for label in _DEFINED.findall(text)}
    fields = list(_fields(body, defined))
    name = fold(re.sub(r"\.\w+$", "", path.rsplit("/", 1)[-1])).split()
    real = len(_DAY.findall(body)) + len(_HOUR.findall(body))
    for word in vocabulary.templates:
        if word in name and (fields or not items):
            return f"its name says {word!r}"
    for title in titles:
        said, length = vocabulary.forms.find(title)
        outer = real < _FEW and any(one.start == 0 or one.end == length for one in said)
        if said and (len(fields) > 2 or outer):
            return "its title says that it is a template" + (", and it has fields to fill in" if fields else "")
    if len(fields) > 2 and any(list(_fields(title, defined)) for title in titles):
        return "its title is a field to fill in"
    if titles and real < _FEW and (guide := _guide(titles[0], vocabulary)):
        return f"its title says {guide!r}, and it tells of no day"
    fields += [match.group() for blank in (_BLANK, _WRITE_ON) for match in blank.finditer(body)]
    if len(fields) > 2 and len(fields) > real + 2 * items:
        return f"it has {len(fields)} fields to fill in"
    return None


def _guide(title: str, vocabulary: Vocabulary) -> str | None:
    """The word that makes a title one of a manual: `Runbook: …`, `Incident response process`; nothing of one day."""
    if re.search(r"\d", title):
        return None
    found, length = vocabulary.manuals.find(title)
    told = next((one for one in found if one.end == length or one.start == 0), None)
    return fold(title).replace(" ", "")[told.start : told.end] if told else None


def _fields(text: str, defined: set[str]) -> Iterable[str]:
    """The fields of a form in a text: no links, tags, check boxes, times, people."""
    for form in (_BRACKET, _ANGLE):
        for match in form.finditer(text):
            before, inner = text[match.start() - 1 : match.start()], match[1].strip()
            if (before in _OPEN and before) or before.isalnum() or _TAG.match(match.group()):
                continue
            if inner.casefold() not in defined and not _SAID.search(inner):
                yield match.group()
    outside = _BRACKET.sub("", text)
    yield from _BRACES.findall(outside)
    if any(bare in outside for bare in _BARES):
        yield from _BARE.findall(outside)
