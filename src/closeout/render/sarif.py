"""Findings as SARIF 2.1.0, which code scanning and editors show at a document's line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from closeout.domain.finding import Finding

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(
    findings: Sequence[Finding], errors: Sequence[Finding], rules: Mapping[str, str], version: str, *, code: int
) -> str:
    """Return one run: a rule for each finding code, a result for each finding, a notification for each error.

    Paths are relative to the repository's root; `code` is what the program exits with.
    """
    ids = sorted(rules)
    driver = {"name": "closeout", "semanticVersion": version, "rules": [_rule(name, rules[name]) for name in ids]}
    invocation = {
        "executionSuccessful": not errors,
        "exitCode": code,
        "toolExecutionNotifications": [_told("error", one) for one in errors],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [{"ruleId": one.code, "ruleIndex": ids.index(one.code), **_told("note", one)} for one in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(name: str, told: str) -> dict[str, object]:
    return {"id": name, "shortDescription": {"text": told}, "defaultConfiguration": {"level": "note"}}


def _told(level: str, one: Finding) -> dict[str, object]:
    return {"level": level, "message": _message(one), "locations": [_location(one)]}


def _message(one: Finding) -> dict[str, str]:
    """A message without placeholders (3.11.5) and links (3.11.6), whatever the document says."""
    return {"text": one.message.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _location(one: Finding) -> dict[str, object]:
    absolute = one.path.startswith("/")
    uri = quote(one.path.encode("utf-8", "surrogateescape"))
    artifact = {"uri": f"file://{uri}"} if absolute else {"uri": uri, "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": max(one.line, 1)}}}
