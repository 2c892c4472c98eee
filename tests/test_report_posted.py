"""`closeout report --post` from the command line, on GitHub: one comment, changed in place, and who is told of it."""

from __future__ import annotations

import json

import pytest

from fakes.http import Loopback, Reply, Request
from test_github_end_to_end import PAGE, Team, team

__all__ = ["team"]


def posting(team: Team, keys: str) -> int:
    """Let the report be posted on a ticket of its own, once issues are made; return its number."""
    ticket = team.repo.open("The weekly report", "Here it stands.").number
    told = f'tracker = "github"\npublish = "worktree"\n\n[report]\npost = "#{ticket}"\n{keys}'
    (team.clone / "closeout.toml").write_text(told, encoding="utf-8")
    assert team.run("sync", "--yes")[0] == 0
    team.push("Write-backs")
    assert team.run("sync")[0] == 0
    return ticket


def hung(team: Team, ticket: int) -> list[str]:
    return [one.body for one in team.repo.issues[ticket].comments]


def test_posted_once_quiet_when_nothing_changed_and_changed_in_place(team: Team) -> None:
    ticket = posting(team, "")
    code, out, err = team.run("report", "--post")
    assert code == 0, err
    (body,) = hung(team, ticket)
    assert "Add a connection alert" in body
    assert f"/issues/{ticket}#issuecomment-" in out
    team.asked()
    code, out, _ = team.run("report", "--post")
    assert (code, [one for one in team.asked() if not one.startswith("GET")], "posted" in out) == (0, [], False)
    team.repo.close(next(number for number, one in team.repo.issues.items() if one.title == "Add a connection alert"))
    assert team.run("report", "--post")[0] == 0
    assert len(hung(team, ticket)) == 1
    assert hung(team, ticket) != [body]


def test_a_plain_report_writes_nothing_anywhere(team: Team) -> None:
    ticket = posting(team, "")
    before = team.asked() and team.run("ledger", "--format", "json")[1]
    team.asked()
    assert team.run("report", "--format", "markdown")[0] == 0
    assert [one for one in team.asked() if not one.startswith("GET")] == []
    assert (hung(team, ticket), team.run("ledger", "--format", "json")[1]) == ([], before)


def test_what_is_private_is_in_the_report_and_not_in_what_is_posted(team: Team) -> None:
    ticket = posting(team, "")
    (team.clone / PAGE).write_text(f"---\nprivate: true\n---\n{(team.clone / PAGE).read_text()}", encoding="utf-8")
    team.push("For some people only")
    code, out, _ = team.run("report", "--post")
    assert code == 0
    assert "Add a connection alert" in out
    assert "Add a connection alert" not in "".join(hung(team, ticket))


def test_chats_are_told_once_where_the_whole_report_is(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Request] = []

    def hears(request: Request) -> Reply:
        heard.append(request)
        return Reply(200, {})

    with Loopback(hears) as hook:
        monkeypatch.setenv("CHAT_URL", hook.url.replace("http://", "json://") + "/chat")
        ticket = posting(team, 'channels = ["env:CHAT_URL"]\n')
        code, out, err = team.run("report", "--post")
        assert code == 0, err
        assert "told: env:CHAT_URL" in out
        assert team.run("report", "--post")[0] == 0
    (request,) = heard
    assert f"/issues/{ticket}#issuecomment-" in json.loads(request.body)["message"]


def test_where_nothing_says_where_it_goes_that_is_exit_2(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    code, _, err = team.run("report", "--post")
    assert code == 2
    assert "nothing says where the report goes" in err


def test_what_is_made_for_programs_is_all_that_is_printed(team: Team) -> None:
    posting(team, "")
    code, out, err = team.run("report", "--post", "--format", "json")
    assert (code, "posted: " in err) == (0, True)
    assert json.loads(out)["counts"]["open"] == 2
    assert team.run("report", "--post", "--quiet", "--lang", "de") == (0, "", "")


@pytest.mark.parametrize(
    "more",
    [["--as-of", "2026-05-01"], ["--offline"], [PAGE], ["--team", "SRE"], ["--owner", "ann"], ["--severity", "SEV1"]],
)
def test_only_the_report_of_today_and_of_all_is_posted(team: Team, more: list[str]) -> None:
    code, _, err = team.run("report", "--post", *more)
    assert code == 2
    assert "is not what everybody waits for" in err


def test_before_a_first_sync_nothing_remembers_it_so_nothing_is_posted(team: Team) -> None:
    ticket = team.repo.open("The weekly report").number
    (team.clone / "closeout.toml").write_text(f'tracker = "github"\n[report]\npost = "#{ticket}"\n', encoding="utf-8")
    code, out, err = team.run("report", "--post")
    assert code == 2
    assert "Run `closeout sync` first" in err
    assert "Add a connection alert" in out
    assert hung(team, ticket) == []
