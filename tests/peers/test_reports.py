"""What users of similar tools suffered from reports that are posted; played through our code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from channel_bench import NOW, REPOSITORY, Bench, opened, says
from closeout.channels.sticky import sticky
from closeout.domain.ledger import Ledger
from closeout.domain.report.period import last_days
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import summarise
from closeout.domain.report.summary import Summary
from closeout.engine.post import post
from closeout.engine.world import Options
from closeout.ports.channel import Posting
from closeout.render.report.facts import facts
from closeout.render.report.markdown import Told, fitted
from closeout.render.report.words import words
from closeout.state.lines import dumps
from closeout.state.memory import MemoryLedger
from closeout.trackers import paper
from closeout.trackers.walls import Comments
from fakes.github import GitHubFake
from made_summary import made_summary
from made_team import made_rows
from test_post import BOT, Runner

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened("github") as made:
        yield made


@pytest.fixture
def job(github_fake: GitHubFake) -> Runner:
    return Runner(github_fake)


def reports(summary: Summary, mentions: frozenset[str] = frozenset()) -> Posting:
    how = Told(words(), mentions=mentions)
    return Posting(
        "weekly", "Open action items", "", lambda limit: fitted(summary, how, limit), facts(summary, how), mentions
    )


def posted(bench: Bench, posting: Posting, now: str = NOW) -> str:
    """Post on an issue, as on github.com, and return what hangs there."""
    desk = bench.desks()
    desk.paper = paper.github("https://github.com")  # type: ignore[misc]
    post(bench.keeper, sticky(Comments(desk, bench.ticket)), posting, Options(REPOSITORY, now=now))
    (note,) = bench.hung("comment")
    return note.body


def acts(body: str) -> tuple[list[str], str]:
    """What GitHub sees of a body: where its links lead, and its text but for code."""
    inner = [one for token in READER.parse(body) for one in (token, *(token.children or ()))]
    links = [str(one.attrs["href"]) for one in inner if one.type == "link_open"]
    return links, "".join(one.content for one in inner if one.type in {"text", "text_special"})


def large(count: int) -> Summary:
    rows = made_rows(incidents=count)
    return summarise(rows, Scope(last_days(rows.as_of)))


def test_issue_metrics_370_links_of_a_report_leave_no_trace_in_what_it_names(bench: Bench) -> None:
    """github-community-projects/issue-metrics#370: each issue that a report linked got a line "mentioned this"."""
    links, text = acts(posted(bench, reports(made_summary())))
    there = [link for link in links if re.search(r"/(?:issues|pull)/\d", link)]
    assert len(there) > 10
    assert {link.partition("/acme/")[0] for link in there} == {"https://redirect.github.com"}
    assert not re.search(r"#\d|GH-\d|https?://\w|www\.\w", text)


def test_beryl_316_a_comment_of_another_job_of_the_same_account_stays(job: Runner) -> None:
    """tylerbutler/beryl#316: what was edited was the last comment of the account, and that was another job's."""
    job.repo.comment(int(job.ticket), "Coverage: 81 %", by=BOT)
    job.post("Three.")
    job.repo.comment(int(job.ticket), "Coverage: 82 %", by=BOT)
    job.post("Two.")
    first, ours, last = job.bodies
    assert (first, last) == ("Coverage: 81 %", "Coverage: 82 %")
    assert "Two." in ours


def test_loopover_1816_of_doubles_the_oldest_goes_on_and_nothing_is_deleted(bench: Bench) -> None:
    """JSONbored/loopover#1816: comments that had been doubled stayed, and each run brought another one up to date."""
    bench.post("comment", says("Three are open."))
    (ours,) = bench.hung("comment")
    bench.desk.add(bench.ticket, f"{ours.body}\nAnn looks at these.", ours.mark)
    bench.keeper = MemoryLedger(dumps(Ledger(REPOSITORY, exists=True)))
    for text in ("Two are open.", "One is open."):
        bench.post("comment", says(text))
        (kept,) = bench.hung("comment")
        assert (kept.id, text in kept.body) == (ours.id, True)
    first, double = bench.desk.comments(bench.ticket)
    assert first.id == ours.id
    assert "Superseded" in double.body
    assert "Ann looks at these." in double.body
    assert "are open" not in double.body


def test_test_utils_1684_a_report_that_goes_on_in_its_issue_tells_nobody(bench: Bench) -> None:
    """vuejs/test-utils#1684: an issue that a bot keeps up to date is liked as long as no edit of it is a mail."""
    for week in range(4):
        body = posted(bench, reports(large(12 + week)), f"2026-11-{1 + 7 * week:02}T12:00:00+00:00")
        assert not re.search(r"@\w", acts(body)[1])
    assert [re.sub(r"\d+", "N", one) for one in bench.writes()] == [
        "POST /repos/acme/platform/issues/N/comments",
        *["PATCH /repos/acme/platform/issues/comments/N"] * 3,
    ]


def test_create_or_update_comment_181_a_report_that_grew_too_long_is_cut_when_it_is_changed_too(bench: Bench) -> None:
    """peter-evans/create-or-update-comment#181: over 65,536 characters nothing was posted; then only new ones were cut."""
    short = posted(bench, reports(large(10)))
    (note,) = bench.hung("comment")
    bench.desk.edit(bench.ticket, note.id, f"Ann looks at these.\n\n{short}\nAnd Bob.\n")
    long = reports(large(1_500))
    assert len(long.text(10**9)) > 65_536
    body = posted(bench, long)
    assert len(body) <= 65_536
    assert body.startswith("Ann looks at these.\n\n<!-- closeout: report=weekly.")
    assert body.endswith("<!-- closeout: end of report -->\n\nAnd Bob.\n")
    assert re.search(r"Left out here for lack of room|The list is cut short", acts(body)[1])


def test_standup_raven_374_a_report_names_owners_and_mentions_only_those_who_are_late(bench: Bench) -> None:
    """standup-raven/standup-raven#374: everybody whom a daily report named was told of it, and nobody could turn that off."""
    summary = made_summary()
    late = frozenset(login for item in summary.overdue() for login in item.logins)
    shown = replace(summary, open=tuple(replace(one, title=f"Ask @zoe: {one.title}") for one in summary.open))
    assert not re.search(r"@\w", posted(bench, reports(shown)))
    bench.keeper = MemoryLedger(dumps(Ledger(REPOSITORY, exists=True)))
    told = posted(bench, replace(reports(shown, late), facts="another day"))
    assert set(re.findall(r"@(\w[\w-]*)", acts(told)[1])) == late
