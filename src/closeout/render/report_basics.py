"""A report as plain data, and as few lines: the least that a person or a program needs."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from closeout.domain.report.summary import Bucket, Summary


def as_json(summary: Summary) -> str:
    """Return the whole summary as one JSON object."""
    return json.dumps(asdict(summary), default=_plain, ensure_ascii=False, indent=1) + "\n"


def as_text(summary: Summary) -> str:
    """Return the report in lines."""
    counts = summary.counts
    told = [
        (
            f"{counts.open} open on {summary.as_of}, {len(summary.done)} done and {len(summary.declined)} declined in "
            f"{summary.scope.period.name}"
        ),
        "by age: " + ", ".join(f"{_named(bucket)} {bucket.open}" for bucket in summary.buckets),
        ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in asdict(counts).items() if name != "open"),
    ]
    for item in summary.open[:10]:
        age = item.age(summary.as_of)
        told.append(
            f"{'?' if age is None else age} d  {item.title}  ({summary.cases[item.case].title}; {item.path}:{item.line})"
        )
    told += [f"{code}: {words}" for code, words in summary.notes]
    return "\n".join(told) + "\n"


def _named(bucket: Bucket) -> str:
    if bucket.first is None:
        return "unknown"
    return f"{bucket.first}-{bucket.last} d" if bucket.last is not None else f"{bucket.first} d and more"


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
