"""The Action as runners carry it out: the real action.yml, in a scratch check-out, against a host on loopback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakes.github import GitHubFake
from fakes.github_values import Right
from jobs.hosts import OTHER, OTHER_TEXT, PAGE, TEXT, Host
from jobs.running import Job
from ledgers import git

ROW = "| Write the runbook      | @bob    | 2026-12-05 | 🔲 TODO |\n"
ODD = "| Ask Carla about it     | @carla  | sometime   | 🔲 TODO |\n"


@pytest.fixture
def hub(github_fake: GitHubFake, tmp_path: Path) -> Host:
    """A team on GitHub."""
    return Host(github_fake, tmp_path)


def titles(host: Host) -> list[str]:
    return [one.title for one in host.repo.issues.values() if not one.pull]


def written(host: Host) -> list[str]:
    """What was written to the host; git asks for what it reads by POST, too."""
    return [one.route for one in host.fake.writes if not one.route.endswith("/git-upload-pack")]


def shown(job: Job, kind: str) -> list[str]:
    """The annotations of a kind, without their titles."""
    return re.findall(rf"^::{kind} (.*)$", job.log, re.M)


def test_a_runner_that_gives_a_terminal_gets_no_colours_and_is_asked_nothing(host: Host) -> None:
    host.push({PAGE: TEXT + ODD})
    job = host.ran("push", mode="sync")
    assert "note: " in job.log
    assert "\x1b" not in job.log


def test_a_second_push_without_a_change_says_only_what_waits_to_be_merged(host: Host) -> None:
    first = host.ran("push", mode="sync")
    job = host.ran("push", mode="sync")
    assert job.summary.startswith("### closeout: 1 document to be merged\n")
    address = first.outputs["pull-request"]
    assert job.summary.endswith(f"- new values in documents: {address} waits to be merged, since today\n")
    assert (job.outputs["changed"], job.outputs["pull-request"]) == ("false", address)
    assert "Needs someone" not in job.summary


def test_lines_of_a_pull_request_are_shown_where_they_stand_in_it(host: Host) -> None:
    host.propose({PAGE: TEXT + ODD})
    code = "blob" if host.kind == "github" else "src/commit"
    head = f"{host.web}/acme/pm/{code}/{host.proposed['head']['sha']}"
    assert f"([2026-11-02-pool.md:11](<{head}/{PAGE}#L11>))" in host.ran("pull_request").summary
    assert f"[2026-11-02-pool.md:11](<{head}/{PAGE}#L11>): due" in host.ran("pull_request", mode="check").summary


def test_a_push_to_the_default_branch_syncs(host: Host) -> None:
    job = host.ran("push", mode="sync")
    assert titles(host) == ["Add a connection alert", "Write the runbook"]
    assert job.summary.startswith("### closeout: 2 issues created, 1 document to be merged\n")
    assert f"[#1](<{host.web}/acme/pm/issues/1>) created: Add a connection alert" in job.summary
    assert f"{host.web}/acme/pm/pull" in job.summary
    told = job.outputs
    assert (told["created"], told["updated"], told["closed"], told["changed"]) == ("2", "0", "0", "true")
    assert re.fullmatch(rf"{host.web}/acme/pm/pulls?/3", told["pull-request"])
    assert Path(told["report-path"]).read_text("utf-8") == job.summary
    assert told["exit-code"] == "0"
    assert host.ran("push", mode="sync").outputs["changed"] == "false"


def test_without_inputs_it_only_plans_and_what_is_pending_is_a_warning_and_an_output(hub: Host) -> None:
    job = hub.ran("push")
    assert written(hub) == []
    assert (job.outputs["created"], job.outputs["changed"], job.outputs["exit-code"]) == ("2", "true", "10")
    assert [told for told in shown(job, "warning") if "changes are pending" in told]
    assert "### closeout: 2 issues to be created" in job.summary


def test_what_is_named_in_fail_on_makes_the_job_red(hub: Host) -> None:
    job = hub.ran("push", fails=True, fail_on="later, pending")
    assert job.code == 10
    assert shown(job, "warning") == []
    assert "changes are pending" in shown(job, "error")[0]


def test_a_cap_is_a_warning_and_an_output_unless_it_is_to_be_red(hub: Host) -> None:
    job = hub.ran("push", mode="sync", max_creates="1")
    assert (job.outputs["created"], job.outputs["remaining"], job.outputs["exit-code"]) == ("1", "1", "9")
    assert "1 change with the next runs: cap max-creates = 1" in job.summary
    assert len(shown(job, "warning")) == 1
    hub.push({OTHER: OTHER_TEXT})
    assert hub.ran("push", fails=True, mode="sync", max_creates="1", fail_on="later").code == 9


def test_a_job_that_is_run_again_works_on_what_the_branch_is_by_now(hub: Host) -> None:
    old = hub.main
    toml = 'paths = ["docs/postmortems/2026-11-10*"]\n'
    hub.push({OTHER: OTHER_TEXT, "closeout.toml": toml})
    job = hub.ran("push", at=old, mode="sync")
    assert f"moved on from {old[:12]} to {hub.main[:12]}" in job.log
    assert titles(hub) == ["Add a disk alert", "Clean up old images"]


def test_another_branch_is_only_planned(hub: Host) -> None:
    hub.propose({PAGE: TEXT + ROW.replace("Write", "Read")})
    git(hub.bare, "update-ref", "refs/heads/wip", hub.proposed["head"]["sha"])
    job = hub.ran("push", branch="wip", mode="sync")
    assert "it was only planned" in job.summary
    assert written(hub) == []


def test_a_pull_request_shows_what_its_own_items_would_do_and_nothing_else(host: Host) -> None:
    host.push({OTHER: OTHER_TEXT})
    host.propose({PAGE: TEXT + ODD})
    job = host.ran("pull_request", mode="sync")
    assert written(host) == []
    assert job.summary.startswith("### closeout: this pull request: 1 issue to be created, 2 findings\n")
    assert "Ask Carla about it" in job.summary
    assert "disk" not in job.summary
    assert "runbook" not in job.summary
    assert (job.outputs["created"], job.outputs["exit-code"]) == ("1", "10")
    notices = shown(job, "notice")
    assert notices
    assert all(told.startswith(f"file={PAGE},line=11,") for told in notices)


def test_a_pull_request_is_planned_on_top_of_what_everybody_shares_by_now(hub: Host) -> None:
    hub.ran("push", mode="sync")
    hub.propose({PAGE: TEXT.replace("2026-12-05", "2026-12-09")})
    hub.push({OTHER: OTHER_TEXT})
    hub.fake.requests.clear()
    job = hub.ran("pull_request")
    assert (job.outputs["created"], job.outputs["updated"]) == ("0", "1")
    assert "2026-12-05 → 2026-12-09" in job.summary
    assert written(hub) == []


def test_a_pull_request_that_takes_a_document_away_says_what_becomes_of_its_issues(hub: Host) -> None:
    hub.push({OTHER: OTHER_TEXT})
    hub.ran("push", mode="sync")
    hub.propose({PAGE: None})
    job = hub.ran("pull_request")
    assert job.outputs["changed"] == "false"
    assert "(left)" in job.summary
    assert shown(job, "notice") == []


def test_a_pull_request_without_documents_asks_nobody_anything(hub: Host) -> None:
    hub.propose({"main.py": "print()\n"})
    hub.fake.requests.clear()
    job = hub.ran("pull_request")
    assert [one for one in hub.fake.requests if "/api/" in one.route or one.route.startswith("/repos")] == []
    assert job.summary == "### closeout: this pull request: nothing to do\n"
    assert (job.outputs["changed"], job.outputs["exit-code"]) == ("false", "0")
    assert "::" not in job.log


def test_a_fork_with_a_token_that_only_reads_gets_the_summary_alone(host: Host) -> None:
    token = host.fake.sign_in("reader")
    host.repo.grant("reader", Right.READ)
    host.propose({PAGE: TEXT + ROW.replace("Write", "Read")}, fork=True)
    job = host.ran("pull_request", token=token, mode="sync", comment="true")
    assert "Read the runbook" in job.summary
    assert written(host) == []


def test_a_schedule_syncs(hub: Host) -> None:
    hub.cold = True  # this once as on a runner: closeout is loaded by the job itself
    assert hub.ran("schedule", mode="sync").outputs["created"] == "2"


def many_rows(count: int, status: str = "🔲 TODO") -> str:
    head = TEXT.partition("| Add a")[0]
    return head + "".join(f"| Thing number {one} | @ann | 2026-12-01 | {status} |\n" for one in range(count))


def test_what_is_held_is_let_go_by_its_name_and_the_summary_has_the_ready_command(hub: Host) -> None:
    hub.push({PAGE: many_rows(12)})
    hub.ran("push", mode="sync", publish="none")
    hub.push({PAGE: many_rows(12, "✅ DONE")})
    job = hub.ran("push", fails=True, mode="sync", publish="none", max_closes="20")
    assert (job.code, job.outputs["held"], job.outputs["closed"]) == (5, "12", "0")
    digest = re.findall(r"approve(?: ?= ?`?)([0-9a-f]{16})", job.summary)[0]
    assert f"`gh workflow run closeout.yml --repo acme/pm -f approve={digest}`" in job.summary
    assert f"(<{hub.web}/acme/pm/actions/workflows/closeout.yml>)" in job.summary
    job = hub.ran("workflow_dispatch", mode="sync", publish="none", max_closes="20", approve=digest)
    assert job.outputs["closed"] == "12"


def test_approving_where_nothing_is_synced_is_an_error_that_names_the_input(hub: Host) -> None:
    job = hub.ran("workflow_dispatch", fails=True, approve="0123456789abcdef")
    assert job.code == 2
    assert "input approve: could not be used" in shown(job, "error")[0]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"mode": "snyc"}, "input mode: could not be used: 'snyc' is none of plan, sync, report, check"),
        ({"max_creates": "many"}, "input max-creates: key 'limits.max-creates' cannot be used"),
        ({"publish": "nowhere"}, "input publish: key 'publish' cannot be used"),
        ({"comment": "perhaps"}, "input comment: could not be used: 'perhaps' is none of true, false"),
        ({"fail_on": "held"}, "input fail-on: could not be used: 'held' is none of later, pending, findings"),
        ({"app_id": "12"}, "input app-id: could not be used without app-key"),
        ({"config": "absent.toml"}, "absent.toml: could not be read: there is no such file. Check input config"),
    ],
)
def test_an_input_that_cannot_be_used_is_named_and_nothing_is_done(
    told: dict[str, str], said: str, github_fake: GitHubFake, tmp_path: Path
) -> None:
    host = Host(github_fake, tmp_path)
    job = host.ran("push", fails=True, **told)
    assert said in shown(job, "error")[0].replace("%25", "%")
    assert job.code == 2
    assert job.summary.startswith("### closeout: nothing was done\n")
    assert job.outputs["exit-code"] == "2"


def test_an_error_of_the_host_is_red_and_stands_in_the_summary(hub: Host) -> None:
    token = hub.fake.sign_in("nobody")
    hub.repo.private = True
    hub.repo.grant("nobody", Right.READ)
    job = hub.ran("push", fails=True, token=token, mode="sync")
    assert shown(job, "error")
    assert job.code in {2, 4, 5}


HOSTILE = "x%0A::error::owned ::set-output name=a::b ![p](http://evil) <img src=x> @mallory #1 \\[y](z) \x1b]8;;http://evil\x07 \u2028::error::ls"


def test_nothing_that_a_document_says_is_a_command_to_the_runner_or_a_link_in_the_summary(hub: Host) -> None:
    hub.push(
        {PAGE: TEXT + f"| {HOSTILE} | @ann | 2026-12-01 | ::error::bad |\n| ::warning::b | @ann | soon | 🔲 TODO |\n"}
    )
    job = hub.ran("push")
    ours = re.findall(r"^(::\S+).*", job.log, re.M)
    assert set(ours) <= {"::notice", "::warning"}
    assert not [told for told in shown(job, "notice") if not told.startswith(f"file={PAGE},line=")]
    assert "\n::" not in job.summary
    assert "<img" not in job.summary.replace("\\<img", "")
    assert "](http://evil" not in job.summary
    assert "@mallory" not in job.summary
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", job.log + job.summary)
    assert job.outputs.keys() >= {"created", "held"}


def test_a_check_shows_findings_as_notices_and_is_green(hub: Host) -> None:
    hub.push({PAGE: TEXT + ODD})
    job = hub.ran("push", mode="check")
    assert [told.partition("::")[0] for told in shown(job, "notice")] == [f"file={PAGE},line=11,title=unreadable-due"]
    assert job.summary.startswith("### closeout: 1 finding in 1 document\n")
    assert shown(job, "warning") == []
    assert hub.ran("push", mode="check", fails=True, fail_on="findings").code == 8


def test_a_check_of_a_pull_request_is_about_its_own_lines(hub: Host) -> None:
    hub.push({PAGE: TEXT + ODD})
    hub.propose({OTHER: OTHER_TEXT + ODD.replace("Carla", "Dora")})
    job = hub.ran("pull_request", mode="check")
    assert [told.partition(",title")[0] for told in shown(job, "notice")] == [f"file={OTHER},line=11"]


def test_a_team_that_keeps_issues_in_the_tree_gets_them_committed(hub: Host) -> None:
    hub.push({"closeout.toml": 'tracker = "folder"\n'})
    job = hub.ran("push", mode="sync")
    assert (job.outputs["created"], written(hub)) == ("2", [])
    assert ".closeout/issues/0002-write-the-runbook.md" in git(hub.bare, "ls-tree", "-r", "--name-only", "main")


def test_a_plan_says_what_the_sync_then_does(hub: Host) -> None:
    told = hub.ran("push").outputs
    did = hub.ran("push", mode="sync").outputs
    names = ("created", "updated", "closed", "held", "remaining")
    assert [told[name] for name in names] == [did[name] for name in names]


def test_the_host_is_the_one_that_the_runner_names(tmp_path: Path) -> None:
    with GitHubFake(web="https://ghe.acme.com") as fake:
        hub = Host(fake, tmp_path)
        job = hub.ran("push", mode="sync")
    assert "[#1](<https://ghe.acme.com/acme/pm/issues/1>)" in job.summary
    assert "github.com" not in job.log + job.summary


def comments(host: Host) -> list[str]:
    return [one.body for one in host.repo.issues[host.number].comments]


def test_a_pull_request_has_one_comment_that_follows_its_plan_and_becomes_one_line_when_that_is_empty(
    host: Host,
) -> None:
    host.propose({PAGE: TEXT + ODD})
    host.ran("pull_request", comment="true")
    host.ran("pull_request", comment="true")
    (text,) = comments(host)
    assert "Ask Carla about it" in text
    host.repo.comment(host.number, "A person's words", by="ann")
    host.propose({"main.py": "print()\n"})
    host.ran("pull_request", comment="true")
    mine, theirs = comments(host)
    assert "closeout: this pull request: nothing to do" in mine
    assert "Carla" not in mine
    assert theirs == "A person's words"


def test_a_pull_request_with_nothing_to_say_gets_no_comment_and_a_fork_none_at_all(hub: Host) -> None:
    hub.propose({"main.py": "print()\n"})
    hub.ran("pull_request", comment="true")
    hub.propose({PAGE: TEXT + ODD}, fork=True)
    hub.ran("pull_request", comment="true")
    assert comments(hub) == []


def test_a_token_that_may_not_comment_is_no_error(hub: Host) -> None:
    hub.repo.grant("reader", Right.READ)
    hub.propose({PAGE: TEXT + ODD})
    hub.repo.lock(hub.number)
    job = hub.ran("pull_request", comment="true", token=hub.fake.sign_in("reader"))
    assert "the comment could not be written" in job.log
    assert comments(hub) == []


def test_a_schedule_syncs_and_reports_and_a_report_alone_writes_nothing(hub: Host) -> None:
    job = hub.ran("schedule", mode="sync")
    assert (job.outputs["created"], job.outputs["open"], job.outputs["overdue"]) == ("2", "2", "0")
    assert job.summary.startswith("### closeout: 2 issues created")
    hub.fake.requests.clear()
    job = hub.ran("push", mode="report")
    assert (job.outputs["open"], job.outputs["exit-code"], written(hub)) == ("2", "0", [])
    assert Path(job.outputs["report-path"]).read_text("utf-8") == job.summary
    assert "Write the runbook" in job.summary


def test_a_report_goes_where_the_configuration_says(hub: Host) -> None:
    hub.push({"closeout.toml": '[report]\npost = "issue"\n'})
    hub.ran("schedule", mode="sync")
    assert len([one for one in hub.repo.issues.values() if not one.pull]) == 3
