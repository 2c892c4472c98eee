"""Findings as lines for a person, as JSON, and as the annotations of a CI log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from closeout.domain.finding import Finding
from closeout.render.plan import many

_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield each finding in one line."""
    for one in findings:
        where = f"{one.path}:{one.line}" if one.line else one.path
        yield f"{where}: {one.message} [{one.code}]".replace("\n", "\\n")


def as_json(findings: Iterable[Finding], errors: Iterable[Finding]) -> str:
    """Return findings, and the documents that could not be read, as one JSON object."""
    told = {
        "findings": [
            {"path": one.path, "line": one.line, "code": one.code, "message": one.message} for one in findings
        ],
        "errors": [{"path": one.path, "message": one.message} for one in errors],
    }
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode()  # a file's name may be no UTF-8


def as_annotations(findings: Iterable[Finding], errors: Iterable[Finding]) -> Iterator[str]:
    """Yield each as one line that the runners of GitHub and Forgejo show beside the document's line.

    Nothing in a path or a message ends the line, the property or the command.
    """
    for one in errors:
        yield annotation("error", one.message, file=one.path, title=one.code)
    for one in findings:
        yield annotation("notice", one.message, file=one.path, line=str(max(one.line, 1)), title=one.code)


def annotation(kind: str, message: str, **properties: str) -> str:
    """Return the workflow command that has a runner show a message: an `error`, a `warning` or a `notice`.

    Nothing in a property or the message ends the line, the property or the command.
    """
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind}{' ' if told else ''}{told}::{_data(message)}"


def _data(text: str) -> str:
    spelt = _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
    return spelt.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(findings: Sequence[Finding], documents: int) -> str:
    """Return the line that `check` ends with."""
    if not findings:
        return f"no findings in {many(documents, 'document')}"
    return f"{len(findings)} findings in {len({one.path for one in findings})} of {documents} documents"
