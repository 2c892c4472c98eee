"""A document names its incident's own issue in its front matter, its head, or by words that mean nothing else."""

from __future__ import annotations

import pytest

from closeout.reading.document import read
from closeout.reading.vocabulary import shipped

URL = "https://github.com/acme/platform/issues/12"
ITEMS = "\n## Action items\n\n- [ ] Add an alert\n"


def issues(text: str) -> list[str]:
    return [one.issue for one in read("postmortems/a.md", text, shipped()).incidents]


@pytest.mark.parametrize(
    "front",
    [
        'issue: "#12"',
        "issue: 12",
        "tracking_issue: '#12'",
        "Tracking-Issue: '#12'",
        "ticket: '#12'",
        "incident_issue: 12",
    ],
)
def test_the_front_matter_names_it(front: str) -> None:
    assert issues(f"---\n{front}\n---\n# Outage\n{ITEMS}") == ["#12"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("**Tracking issue**: #12", "#12"),
        ("**Issue:** #12", "#12"),
        (f"- **Incident ticket**: [#12]({URL})", URL),
        ("Ticket: acme/platform#12", "acme/platform#12"),
        (f"Issue: {URL}", URL),
        (f"Issue: <{URL}>", URL),
        ("| Date | 2026-11-01 |\n|---|---|\n| Issue | #12 |", "#12"),
        ("| Issue | #12 |\n|---|---|\n| Severity | SEV1 |", "#12"),
        ("| **Tracking issue:** | #12 |\n|---|---|", "#12"),
    ],
)
def test_the_head_of_the_document_names_it(line: str, named: str) -> None:
    assert issues(f"# Outage\n\n**Date**: 2026-11-01\n\n{line}\n{ITEMS}") == [named]


def test_words_that_mean_nothing_else_name_it_anywhere() -> None:
    end = f"\n## References\n\n- **Incident Ticket**: [#12]({URL})\n- GitHub issue: #13\n"
    assert issues(f"# Outage\n{ITEMS}{end}") == [URL]


@pytest.mark.parametrize(
    "line",
    [
        "**Issue**: the proxy did not start",
        "**Issue**: #12 was not fixed",
        "**Issue**: #12, #13",
        "**Related issue**: #12",
        "**Issue**: 12",
        "**Issue**: TBD",
        "**Issue**: [#12](runbook.md)",
        "**Incident issue**: #12\n**Tracking issue**: #13",
        "see the issue #12",
    ],
)
def test_what_is_not_certain_is_not_named(line: str) -> None:
    assert issues(f"# Outage\n\n{line}\n{ITEMS}") == [""]


@pytest.mark.parametrize(
    "text",
    [
        "# Outage\n\n## Timeline\n\n**Issue**: #12\n",
        "# Outage\n\n## Action items\n\n- [ ] Add an alert\n  Incident ticket: #12\n\nIncident issue: #12\n",
        "# Outage\n\n## Action items\n\n| Issue | #12 |\n|---|---|\n| Incident issue | #12 |\n",
        "---\nticket: 12\n---\n# Outage\n",
        "---\nissue: yes\n---\n# Outage\n",
    ],
)
def test_a_line_of_a_section_or_of_an_item_names_no_issue_of_the_incident(text: str) -> None:
    assert issues(text) == [""]


def test_the_front_matter_comes_before_the_text() -> None:
    assert issues(f'---\nissue: "#12"\n---\n# Outage\n\n**Issue**: #13\n{ITEMS}') == ["#12"]


def test_each_of_several_incidents_has_its_own() -> None:
    text = (
        "# Incidents\n\nIssue: #1\n\n## 2026-10-01 Mail lost\n\n**Issue**: #2\n\n### Action items\n\n- [ ] One\n\n"
        "## 2026-10-02 Proxy down\n\n### Action items\n\n- [ ] Two\n\n### Notes\n\nIncident issue: #3\n"
    )
    assert issues(text) == ["#1", "#2", ""]


def test_two_spellings_of_one_issue_are_not_certain() -> None:
    assert issues(f"# Outage\n\nIssue: #12\nTracking issue: {URL}\n") == [""]
