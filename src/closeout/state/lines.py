"""The ledger as JSON lines: a head, then one key a line, sorted, readable with any pager."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from closeout.domain.item import Field
from closeout.domain.ledger import FORMAT, Entry, Intent, Ledger, Memory, Report

_PLAIN = (
    "key", "tracker", "document", "title", "ordinal", "position", "issue", "owned", "adopted", "holder", "landed",
    "first_seen", "opened", "closed", "author", "no", "version", "made", "fresh", "gave_way",
    "unassigned", "parent",
)  # fmt: skip
_WHEN = "%Y-%m-%dT%H:%M:%SZ"
_DEFAULTS = Entry("", "", "", "", 0)
_KNOWN = {name: getattr(_DEFAULTS, name) for name in _PLAIN}
_JSON = json.JSONEncoder(ensure_ascii=False)


class Newer(ValueError):  # noqa: N818 - it names what is known, not a failure
    """A whole ledger of a format that this program does not know yet: an earlier state would forget issues."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write: the run that has it, and until when (UTC, whole seconds)."""

    who: str
    until: datetime


def dumps(ledger: Ledger, lease: Lease | None = None) -> str:
    """Return the ledger as text, with the lease in its head; equal ledgers give equal text."""
    head: dict[str, Any] = {
        "format": FORMAT,
        "repository": ledger.repository,
        "trackers": dict(sorted(ledger.trackers.items())),
    }
    if ledger.revision:
        head["revision"] = ledger.revision
    if ledger.reports:
        head["reports"] = {name: _told(ledger.reports[name]) for name in sorted(ledger.reports)}
    if lease:
        head["lease"] = {"who": lease.who, "until": when(lease.until)}
    lines = [head, *(_entry(ledger.entries[key]) for key in sorted(ledger.entries))]
    return "".join(_line(line) + "\n" for line in lines)


def loads(text: str) -> Ledger:
    """Read a ledger's text. Raises ValueError, with a message of one line, if it is damaged, and Newer if it is newer than
    this program.
    """
    try:
        lines = [json.loads(line) for line in text.split("\n") if line]
        head = lines[0]
        version = head["format"]
        if version != FORMAT:
            message = f"its format is {version}, and this closeout knows {FORMAT}"
            raise (Newer if isinstance(version, int) and version > FORMAT else ValueError)(message)
        entries = [_loaded(line) for line in lines[1:]]
        trackers = {_text(name): _text(address) for name, address in head["trackers"].items()}
        revision = _text(head.get("revision", ""))
        if not re.fullmatch(r"[0-9a-f]*", revision):  # git will be asked for it
            message = "its revision is no commit"
            raise ValueError(message)
        found = {entry.key: entry for entry in entries}
        if len(found) < len(entries):  # as a merge of lines leaves it
            message = "it is damaged (a key has two lines)"
            raise ValueError(message)
        reports = {_text(name): _report(told) for name, told in head.get("reports", {}).items()}
        return Ledger(_text(head["repository"]), trackers, found, exists=True, revision=revision, reports=reports)
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError, json.JSONDecodeError) as error:
        message = f"it is damaged ({type(error).__name__}: {error})"
        raise ValueError(message) from error


def lease_of(text: str) -> Lease | None:
    """Return the lease in the head of a ledger's text, if there is one. Raises ValueError if it cannot be read."""
    try:
        told = json.loads(text.partition("\n")[0]).get("lease")
        return Lease(str(told["who"]), datetime.strptime(told["until"], _WHEN).replace(tzinfo=UTC)) if told else None
    except (KeyError, TypeError, AttributeError, RecursionError, ValueError) as error:
        message = f"its lease is damaged ({type(error).__name__}: {error})"
        raise ValueError(message) from error


def when(moment: datetime) -> str:
    """Return a moment as text: UTC, to the second."""
    return moment.astimezone(UTC).strftime(_WHEN)


def _line(line: Mapping[str, Any]) -> str:
    text = _JSON.encode(line)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, as a tracker's reply may hold one
        return json.dumps(line)
    return text


def _entry(entry: Entry) -> dict[str, Any]:
    line = {name: value for name, default in _KNOWN.items() if (value := getattr(entry, name)) != default}
    if entry.memory:
        line["memory"] = {str(what): _memory(entry.memory[what]) for what in sorted(entry.memory)}
    if entry.intent:
        values = {str(what): list(entry.intent.values[what]) for what in sorted(entry.intent.values)}
        line["intent"] = {"values": values, "version": entry.intent.version, "when": entry.intent.when}
    return line


def _told(report: Report) -> dict[str, str]:
    return {one.name: value for one in fields(report) if (value := getattr(report, one.name))}


def _report(told: Mapping[str, Any]) -> Report:
    return Report(**{one.name: _text(told.get(one.name, "")) for one in fields(Report)})


def _memory(memory: Memory) -> dict[str, Any]:
    told = {"document": memory.document, "tracker": memory.tracker, "want": memory.want}
    found: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if memory.proposed:
        found["proposed"] = sorted(memory.proposed)
    return found


def _loaded(line: Mapping[str, Any]) -> Entry:
    plain = {name: _KNOWN[name] for name in ("tracker", "document", "title", "ordinal")}
    plain |= {name: _like(_KNOWN[name], value) for name, value in line.items() if name in _KNOWN}
    memory = {
        Field(what): Memory(
            _known(told, "document"),
            _known(told, "tracker"),
            _known(told, "want"),
            frozenset(map(_text, told.get("proposed", ()))),
        )
        for what, told in line.get("memory", {}).items()
    }
    intent = line.get("intent")
    if not intent:
        return Entry(**plain, memory=memory)
    values = {Field(what): (_text(old), _text(new), _text(text)) for what, (old, new, text) in intent["values"].items()}
    return Entry(**plain, memory=memory, intent=Intent(values, _text(intent["version"]), _text(intent.get("when", ""))))


def _known(told: Mapping[str, Any], name: str) -> str | None:
    return None if told.get(name) is None else _text(told[name])


def _text(value: object) -> str:
    return str(_like("", value))


def _like(default: object, value: object) -> Any:
    if type(value) is not type(default):
        message = f"{type(default).__name__} expected, {type(value).__name__} found"
        raise TypeError(message)
    return value
