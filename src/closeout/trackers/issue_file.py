"""An issue's file: its front matter to values, and fields' lines changed so that all around them stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from closeout.domain.issue import Draft
from closeout.domain.item import Field, Status, names
from closeout.reading.fields import dates
from closeout.reading.vocabulary import Vocabulary

_FIELD_LINE = re.compile(r"^([a-z_]+):")
_NAMES = {
    Field.TITLE: "title",
    Field.STATUS: "status",
    Field.OWNERS: "owners",
    Field.DUE: "due",
    Field.PRIORITY: "priority",
}


def made(draft: Draft, today: str) -> str:
    """Return the text of a new issue's file."""
    values = draft.values
    post = frontmatter.Post(
        draft.body,
        title=values.get(Field.TITLE, ""),
        status=str(values.get(Field.STATUS, Status.TODO)),
        owners=list(names(values.get(Field.OWNERS, ""))),
        due=values.get(Field.DUE, ""),
        priority=values.get(Field.PRIORITY, ""),
        key=draft.key,
        opened=today,
        closed="",
    )
    text: str = frontmatter.dumps(post, sort_keys=False, allow_unicode=True, width=10_000)
    return text + "\n"


def values_of(told: Mapping[str, object], vocabulary: Vocabulary) -> dict[Field, str]:
    """Return the fields that front matter states; a status or date that cannot be read is missing."""
    values = {Field.TITLE: text_of(told, "title"), Field.PRIORITY: text_of(told, "priority")}
    owners = told.get("owners", "")
    listed = owners if isinstance(owners, list) else names(str(owners))
    values[Field.OWNERS] = ", ".join(str(name).strip().removeprefix("@") for name in listed if str(name).strip())
    status = vocabulary.read_status(text_of(told, "status").replace("_", " "))
    if status is not None:
        values[Field.STATUS] = status
    due = text_of(told, "due")
    day = dates.read(due, vocabulary, "")[0] if due else ""
    if day is not None:
        values[Field.DUE] = day
    return values


def text_of(told: Mapping[str, object], name: str) -> str:
    """Return one line of text under a name; nothing if it is something else."""
    value = told.get(name, "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def changed(text: str, values: Mapping[Field, str], closed: str | None) -> str:
    """Return a file's text with some fields' lines replaced, and the day of closing where `closed` is not None."""
    lines = {_NAMES[what]: _line(what, value) for what, value in values.items()}
    if closed is not None:
        lines["closed"] = f"closed: '{closed}'"
    return _edited(text, lines)


def marked(text: str, key: str) -> str:
    """Return a file's text with its key."""
    return _edited(text, {"key": f"key: {key}"})


def _line(what: Field, value: str) -> str:
    """One line of front matter, quoted as YAML needs it."""
    data: object = list(names(value)) if what is Field.OWNERS else str(value)
    dumped: str = YAMLHandler().export({_NAMES[what]: data}, default_flow_style=False, allow_unicode=True, width=10_000)
    return dumped.strip()


def _edited(text: str, lines: Mapping[str, str]) -> str:
    """Replace fields' lines in the front matter, with the lines of a list below them; a missing one is added."""
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    kept = text.split(end_of_line)
    close = next(index for index, line in enumerate(kept[1:], 1) if line.rstrip() in {"---", "..."})
    head, rest, missing = [], kept[close:], dict(lines)
    skipping = False
    for line in kept[:close]:
        match = _FIELD_LINE.match(line)
        if match:
            skipping = match[1] in missing
            if skipping:
                head.append(missing.pop(match[1]).replace("\n", end_of_line))
                continue
        if not skipping or not re.match(r"\s|-(?!--)", line):
            skipping = False
            head.append(line)
    return end_of_line.join([*head, *missing.values(), *rest])
