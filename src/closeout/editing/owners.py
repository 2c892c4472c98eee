"""How owners are said in a cell or a note: names as they stood, new ones escaped, with the document's own divider."""

from __future__ import annotations

import re

from closeout.domain.document import Document
from closeout.domain.item import Field, Stated, names, visible
from closeout.reading.fields import owners
from closeout.reading.repair import damaged_like, repaired
from closeout.reading.vocabulary import Vocabulary

_MARKUP = re.compile(r"[\\`*\[\]<>~!&+/;]|(?<!\w)_|_(?!\w)|^[()]|[()]$")
_LOGIN_MARKUP = re.compile(r"[\\`*\[\]<>~!&+;]|[()]$|_(?=_*$)")
_LONGEST = 100  # characters of a name
_LEADING = re.compile(r"^(\d*)(?=[-#=:.)])")


def cleaned(value: str) -> str:
    """Return names from a tracker without characters that cannot be seen, each on one line, joined by ", "."""
    shown = map(visible, names(value))
    return ", ".join(name for name in shown if name.strip("@"))


def meant(value: str) -> str:
    """Return what names of a tracker mean to a reader of the document: without `@` in front."""
    return ", ".join(name.removeprefix("@").strip() for name in names(cleaned(value)))


def escaped(name: str) -> str:
    """Return a name so that Markdown shows it as it is: on one line, nothing in it taken for markup or a divider.

    A word that divides cannot be escaped, so a name with an "and" in it stands in quotes.
    """
    if name.startswith("@") and " " not in name and not owners.pieces(login := _login(name))[1]:
        return login
    said = _LEADING.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", name.removeprefix("@").strip()))
    divided = owners.pieces(said.replace('"', "x"))[1]
    return '"' + said.replace('"', '\\"') + '"' if divided else said


def _login(name: str) -> str:
    team = re.fullmatch(r"@\w[\w.-]*/[\w.-]+", name)  # its slash divides nothing
    return "@" + (_LOGIN_MARKUP if team else _MARKUP).sub(r"\\\g<0>", name[1:])


def say(value: str, stated: Stated, document: Document, vocabulary: Vocabulary) -> str | None:
    """Say names as the cell does: those that stand there as they stand, new ones with `@` where the others or the name
    itself have it; outside of a cell `&` divides, since a comma would end a note. Empty for nobody, None for what is
    no name, and where the cell is damaged in a way that a name cannot be.
    """
    texts = [stated.text, *(item.stated[Field.OWNERS].text for item in document.items if Field.OWNERS in item.stated)]
    style = next((text for text in texts if text.strip()), "")
    standing = {owners.read(repaired(piece), vocabulary): piece for piece in owners.pieces(stated.text)[0]}
    written = []
    for name in names(cleaned(value)):
        bare = name.removeprefix("@").strip()
        mentioned = name.startswith("@") or (style.startswith("@") and " " not in bare)
        said = standing.get((bare,)) or damaged_like(escaped(f"@{bare}" if mentioned else bare), stated.text)
        if said is None or len(name) > _LONGEST:
            return None
        written.append(said)
    return _divider(stated, texts).join(dict.fromkeys(written))


def _divider(stated: Stated, texts: list[str]) -> str:
    """The divider of this cell, else of the first that has one."""
    in_cell = stated.place is None or stated.place.cell
    found = (divider for text in (texts if in_cell else texts[:1]) if (divider := owners.pieces(text)[1]))
    return next(found, ", " if in_cell else " & ")
