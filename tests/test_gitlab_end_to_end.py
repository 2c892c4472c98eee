"""Whole runs with a GitLab: what they say, and that the next run has nothing to do."""

from __future__ import annotations

import pytest

from benches import Bench, bench
from closeout.errors import Exit
from registry import named
from sides.gitlab import GitLabSide

TEXT = """# Outage

**Date**: 2026-11-01

## Action items

| Action | Owner | Due | Priority | Status |
|---|---|---|---|---|
| Add an alert | @ann, @bob | 2026-12-01 | high | TODO |
| Ask @cid about #3, ~bug and /close | @cid | | | TODO |
"""


def run(made: Bench, *arguments: str) -> str:
    made.later()
    ran = made.run(*(arguments or ("sync", "--yes")))
    assert ran.code == Exit.DONE, ran.told
    return ran.told


@pytest.mark.parametrize("premium", [False, True])
def test_an_owner_whom_the_host_dropped_is_said_once_and_is_no_change_of_the_next_run(*, premium: bool) -> None:
    with bench(named("gitlab"), "commit", {"postmortems/a.md": TEXT.encode()}) as made:
        side = made.side
        assert isinstance(side, GitLabSide)
        side.fake.world.premium = premium
        told = run(made)
        assert made.issue("Add an alert").owners == (("ann", "bob") if premium else ("ann",))
        assert ("[refused]" in told and "bob" in told) is not premium, told
        made.pull()
        assert "| @ann, @bob |" in (made.person / "postmortems/a.md").read_text("utf-8")
        side.fake.requests.clear()
        run(made, "plan", "--exit-code")
        run(made)
        assert side.fake.writes == []
        assert side.fake.world.mentioned == side.fake.world.linked == []


def test_a_private_document_becomes_a_confidential_issue() -> None:
    text = f"---\nprivate: true\n---\n{TEXT}"
    with bench(named("gitlab"), "commit", {"postmortems/a.md": text.encode()}) as made:
        assert isinstance(made.side, GitLabSide)
        run(made)
        assert {issue.confidential for issue in made.side.project.issues.values()} == {True}


def test_what_runs_ask_for() -> None:
    with bench(named("gitlab"), "commit", {"postmortems/a.md": TEXT.encode()}) as made:
        assert isinstance(made.side, GitLabSide)
        look = ["GET /v4/projects/acme%2Fsre%2Fplatform", "GET P/issues"]
        run(made)
        first = made.side.bench.asked()
        assert first == [*look, "GET P/members/all", "GET P/labels", "POST P/issues", "POST P/issues"]
        run(made)
        assert made.side.bench.asked() == look
        made.pull()
        made.write("postmortems/a.md", "2026-12-01", "2026-12-24")
        made.share()
        run(made)
        assert made.side.bench.asked() == [*look, "GET P/issues/1", "PUT P/issues/1"]
        made.side.close("1")
        run(made)
        assert made.side.bench.asked() == look
        made.pull()
        made.write("postmortems/a.md", "| Ask @cid", "| Raise the limit | @cid | | | TODO |\n| Ask @cid")
        made.share()
        run(made)
        assert made.side.bench.asked() == [*look, "GET P/issues", "GET P/members/all", "POST P/issues"]
