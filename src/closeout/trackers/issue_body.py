"""What closeout keeps in an issue's body where the tracker has no field for it: the key, and the due date.

    <!-- closeout: key=v1:0123456789abcdef0123 -->
    <!-- closeout:begin -->
    Due: 2026-06-15

    - **Action item**: ...
    <!-- closeout:end -->

People edit around it, with any line endings; only these lines are read, and only the due date is ever replaced.
"""

from __future__ import annotations

import re
from datetime import date

from closeout.render.issue import BEGIN, DUE, END

_KEY = re.compile(r"^<!-- closeout: key=(v\d{1,3}:[0-9A-Za-z]{1,64}) -->\r?$", re.MULTILINE)
_BLOCK = re.compile(rf"^{BEGIN}(\r?\n)((?:(?!^{BEGIN}).)*?)^{END}\r?$", re.MULTILINE | re.DOTALL)
_DUE = re.compile(r"^Due:[ \t]*([^\r\n]*)", re.MULTILINE)
_NONE = "none"
_KEPT = re.compile(r" \((field|milestone)\)$")


def made(key: str, due: str | None, body: str, kept: str = "") -> str:
    """Return the body of a new issue; `due` as YYYY-MM-DD, empty for none, None if nobody can tell; `kept` says where
    the tracker has it too.
    """
    block = body if _BLOCK.search(body) else f"{BEGIN}\n{body.rstrip()}\n{END}\n"
    if due is not None:
        block = without_due(block).replace(f"{BEGIN}\n", f"{BEGIN}\nDue: {_told(due, kept)}\n\n", 1)
    return f"<!-- closeout: key={key} -->\n{block}"


def without_due(body: str) -> str:
    """Return a body without the line that tells the due date as the document does: it would soon be the old one."""
    return re.sub(rf"^{re.escape(DUE)}[^\n]*\n", "", body, flags=re.MULTILINE)


def with_key(body: str, key: str) -> str:
    """Return a body with a key, and an empty block where it has none, below all that people wrote; both are invisible."""
    if key_of(body) == key:
        return body
    end_of_line = "\r\n" if "\r\n" in body else "\n"
    above = f"{body}{end_of_line * 2}" if body else ""
    block = [] if has_block(body) else [BEGIN, END]
    return above + end_of_line.join([f"<!-- closeout: key={key} -->", *block, ""])


def key_of(body: str) -> str:
    """Return the key that a body carries on a line of its own; empty if there is none, or more than one."""
    found = set(_KEY.findall(body))
    return found.pop() if len(found) == 1 else ""


def due_of(body: str) -> str | None:
    """Return the date of a body's due line; empty if it says none; None if it cannot be read, or our block is gone."""
    block = _BLOCK.search(body)
    if block is None:
        return None
    lines = _DUE.findall(block[2])
    if not lines:
        return ""
    told = _KEPT.sub("", lines[0].rstrip())
    if len(lines) > 1 or not re.fullmatch(rf"\d{{4}}-\d\d-\d\d|{_NONE}|", told, re.IGNORECASE):
        return None
    if not told or told.lower() == _NONE:
        return ""
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        return None


def kept_in(body: str) -> str:
    """Return where the due line says that the tracker keeps the date too: `field`, `milestone`, or nowhere."""
    block = _BLOCK.search(body)
    line = _DUE.search(block[2]) if block else None
    found = _KEPT.search(line[1].rstrip()) if line else None
    return found[1] if found else ""


def _told(due: str, kept: str) -> str:
    return f"{due or _NONE}{f' ({kept})' if kept else ''}"


def has_block(body: str) -> bool:
    """Tell whether a body has our block."""
    return _BLOCK.search(body) is not None


def with_due(body: str, due: str, kept: str = "") -> str:
    """Return a body with its due date replaced and all else byte for byte; without our block one is added below.

    `kept` says where the tracker has the date too.
    """
    told = _told(due, kept)
    block = _BLOCK.search(body)
    if block is None:
        end_of_line = "\r\n" if "\r\n" in body else "\n"
        above = f"{body}{end_of_line * 2}" if body else ""
        return above + end_of_line.join([BEGIN, f"Due: {told}", END, ""])
    start = block.start(2)
    line = _DUE.search(block[2])
    if line is not None:
        return body[: start + line.start(1)] + told + body[start + line.start(1) + len(line[1].rstrip()) :]
    return f"{body[:start]}Due: {told}{block[1] * 2}{body[start:]}"
