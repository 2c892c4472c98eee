"""The parts of the Action: what a runner tells, where links lead, the environment it is installed into, and the test's own runner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import install_action
import pytest

from closeout.compose.links import let_go
from closeout.domain.finding import Finding
from closeout.domain.issue import Draft
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Create, Held, Plan, Where
from closeout.engine.proposal import own
from closeout.engine.read import How
from closeout.errors import ConfigurationError, Exit
from closeout.ports.documents import Page
from closeout.reading.vocabulary import shipped
from closeout.render import action as render
from closeout.settings.inputs import Inputs, take
from closeout.settings.runner import Runner, runner
from jobs.expressions import evaluated
from jobs.hosts import PAGE, TEXT

SHA, OTHER = "a" * 40, "b" * 40


def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: object = None, **more: str) -> Runner:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event), encoding="utf-8")
    for name, value in {"GITHUB_EVENT_PATH": str(file), "GITHUB_REPOSITORY": "acme/pm", **more}.items():
        monkeypatch.setenv(name, value)
    return runner()


def test_forgejo_is_recognised_before_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its runners say GITHUB_ACTIONS too, and its server says its address with a stroke at the end."""
    more = {"GITHUB_ACTIONS": "true", "FORGEJO_ACTIONS": "true", "GITEA_ACTIONS": "true"}
    address = {"GITHUB_SERVER_URL": "https://git.example.com/", "GITHUB_API_URL": "https://git.example.com/api/v1"}
    found = told(tmp_path, monkeypatch, None, **more, **address)
    assert (found.kind, found.active, found.server) == ("forgejo", True, "https://git.example.com")
    monkeypatch.delenv("FORGEJO_ACTIONS")
    assert runner().kind == "gitea"
    monkeypatch.delenv("GITEA_ACTIONS")
    assert runner().kind == "github"


@pytest.mark.parametrize(
    "event", [None, [], 7, {"pull_request": []}, {"pull_request": {"number": "7"}}, {"repository": 1}]
)
def test_an_event_that_is_no_event_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: object
) -> None:
    found = told(tmp_path, monkeypatch, event)
    assert (found.proposed, found.default_branch) == (None, "")


def test_what_a_pull_request_says_of_its_commits_counts_only_if_they_are_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = {"number": 7, "base": {"ref": "main", "sha": SHA, "repo": {"id": 1}}, "head": {"sha": "--upload-pack=x"}}
    found = told(tmp_path, monkeypatch, {"pull_request": pull}).proposed
    assert found
    assert (found.number, found.base, found.head, found.fork) == (7, SHA, "", True)


def test_a_schedule_runs_on_the_default_branch_whatever_its_event_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_REF_NAME": "trunk"}
    assert told(tmp_path, monkeypatch, {"schedule": "17 6 * * *"}, **more).default_branch == "trunk"


HUB = Runner(active=True, kind="github", repository="acme/pm", workflow=".github/workflows/c.yml")


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (replace(HUB, server="https://github.com"), "`gh workflow run c.yml --repo acme/pm -f approve=d1`"),
        (
            replace(HUB, server="https://ghe.acme.com"),
            "`gh workflow run c.yml --repo ghe.acme.com/acme/pm -f approve=d1`",
        ),
        (replace(HUB, kind="forgejo", server="https://f.io"), "(<https://f.io/acme/pm/actions?workflow=c.yml>)"),
        (
            replace(HUB, kind="forgejo", server="https://f.io", workflow=""),
            "[run the workflow](<https://f.io/acme/pm/actions>) with approve = `d1`",
        ),
        (replace(HUB, server="https://github.com", workflow=""), "(<https://github.com/acme/pm/actions>)"),
        (Runner(), "`closeout sync --approve d1`"),
    ],
)
def test_what_lets_go_is_ready_to_be_used(runs: Runner, said: str) -> None:
    assert said in let_go(runs, "d1")
    assert let_go(runs, "") == ""


# What is a pull request's own.

HOW = How(shipped())


def items(before: str, after: str) -> list[int]:
    return sorted(line for _, line in own([Page(PAGE, before)], [Page(PAGE, after)], HOW).items)


def test_an_item_that_only_moved_is_not_changed() -> None:
    assert items(TEXT, TEXT.replace("## Action", "More words.\n\n## Action")) == []
    assert items(TEXT, TEXT.replace("2026-12-05", "2026-12-06")) == [10]


def test_a_date_of_the_incident_is_a_change_of_all_its_items() -> None:
    assert items(TEXT, TEXT.replace("2026-11-02", "2026-11-03")) == [9, 10]


def test_one_more_of_the_same_row_is_one_item() -> None:
    row = TEXT.splitlines(keepends=True)[-1]
    assert items(TEXT, TEXT + row) == [11]


def test_lines_are_counted_as_everywhere() -> None:
    found = own([Page(PAGE, "a\u2028b\r\nc\n")], [Page(PAGE, "a\u2028b\r\nd\n")], HOW)
    assert found.lines == {(PAGE, 2)}


# The summary.


def create(title: str, line: int = 9) -> Create:
    return Create(f"k{line}", "github", Draft("k", {}, ""), Where(PAGE, line, title), "new")


def test_a_summary_of_a_thousand_changes_is_short_and_says_how_many_more() -> None:
    plan = Plan(tuple(create("x" * 1000, line) for line in range(1000)), documents=1, items=1000)
    text = render.summary(Outcome(plan), render.Around())
    assert "- and 990 more, in the log" in text
    assert len(text) < 10_000


def test_a_summary_says_what_was_done_what_waits_and_what_needs_someone_in_that_order() -> None:
    plan = Plan(held=(Held(create("a"), "cap max-creates = 0", later=True),), digest="d1", documents=1)
    ran = Outcome(
        plan, findings=(Finding(PAGE, 3, "clash", "both"),), errors=((Exit.TRACKER, "it is away"),), done=True
    )
    text = render.summary(ran, render.Around(let_go="`go`"))
    assert (
        text.index("**Waits**") < text.index("to let go exactly what is held: `go`") < text.index("**Needs someone**")
    )
    assert text.index("it is away (exit 4)") < text.index("both (clash)")


def test_what_waits_for_a_person_stands_before_what_waits_for_a_merge_or_for_time() -> None:
    held = (Held(create("a"), "cap max-creates = 0", later=True), Held(create("b"), "too many"))
    ran = Outcome(Plan(held=held, digest="d1"), places=("https://f.io/acme/pm/pulls/7: opened",), done=True)
    text = render.summary(ran, render.Around(let_go="`go`"))
    order = ("**Waits**", "held: too many: b", "`go`", "pulls/7", "with the next runs: cap")
    assert sorted(order, key=text.index) == list(order)


def test_many_findings_of_one_kind_hide_no_other() -> None:
    findings = [*(Finding(PAGE, line, "left", "gone") for line in range(1, 18)), Finding(PAGE, 20, "clash", "both")]
    text = render.summary(Outcome(Plan(), findings=tuple(findings)), render.Around())
    assert text.count("gone (left)") == 3
    assert "- 14 more of left, in the log" in text
    assert "both (clash)" in text


ADDRESS = "https://f.io/acme/pm/pulls/7"


def waiting(told: str, code: str = "waits", places: tuple[str, ...] = ()) -> str:
    ran = Outcome(Plan(), findings=(Finding("closeout/write-backs", 0, code, told),), places=places, done=True)
    return render.summary(ran, render.Around(place="https://f.io/acme/pm/src/branch/main/"))


def test_a_pull_request_that_waits_is_one_link_among_what_waits_and_no_finding() -> None:
    text = waiting(f"{ADDRESS} waits to be merged, since 2 days")
    assert text.startswith("### closeout: nothing to do")
    assert f"**Waits**\n\n- new values in documents: {ADDRESS} waits to be merged, since 2 days" in text
    assert "Needs someone" not in text
    assert waiting(f"{ADDRESS} waits to be merged, since today", places=(f"{ADDRESS}: updated",)).count(ADDRESS) == 1
    assert "- new values in documents: closeout/write-backs: its write-backs wait" in waiting("its write-backs wait")


def test_a_branch_is_no_document_that_a_link_leads_to() -> None:
    text = waiting(f"{ADDRESS} was closed, since 1 day: what it shows is not offered again", "declined")
    assert f"**Needs someone**\n\n- closeout/write-backs: {ADDRESS} was closed" in text
    assert "src/branch" not in text


def test_a_document_that_items_left_may_be_gone_and_gets_no_link() -> None:
    ran = Outcome(Plan(), findings=(Finding(PAGE, 0, "left", "gone"), Finding(PAGE, 3, "clash", "both")))
    text = render.summary(ran, render.Around(place="https://f.io/"))
    assert "- 2026-11-02-pool.md: gone (left)" in text
    assert f"- [2026-11-02-pool.md:3](<https://f.io/{PAGE}#L3>): both (clash)" in text


def test_of_what_is_held_a_few_are_named_and_the_rest_is_counted() -> None:
    plan = Plan(held=tuple(Held(create(f"t{line}", line), "too many") for line in range(1, 6)), digest="d1")
    text = render.summary(Outcome(plan, done=True), render.Around(let_go="`go`"))
    assert "- 5 changes held: too many: t1 (2026-11-02-pool.md:1), t2 (2026-11-02-pool.md:2), t3 (" in text
    assert "t4" not in text
    assert ") and 2 more\n- to let go" in text


@pytest.mark.parametrize("kind", ["forgejo", "gitea"])
def test_an_app_is_not_silently_left_out_where_the_host_has_none(kind: str) -> None:
    asked = Inputs(app=("77", "key"))
    with pytest.raises(
        ConfigurationError, match=rf"^input app-id: could not be used: {kind} has no Apps\. Hand the token"
    ):
        take(asked, Runner(kind=kind))
    take(asked, Runner(kind="github"))


# The environment.


def test_another_version_of_anything_has_another_environment(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "constraints.txt", "src/closeout/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    first = install_action.name(tmp_path)
    assert install_action.name(tmp_path) == first
    (tmp_path / "src/closeout/__pycache__").mkdir()
    (tmp_path / "src/closeout/__pycache__/a.pyc").write_text("compiled")
    assert install_action.name(tmp_path) == first
    names = {first}
    for name in ("pyproject.toml", "constraints.txt", "src/closeout/a.py"):
        (tmp_path / name).write_text("2")
        names.add(install_action.name(tmp_path))
    assert len(names) == 4


def test_a_tool_cache_that_cannot_be_written_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = {"RUNNER_TOOL_CACHE": str(tmp_path / "file"), "HOME": str(tmp_path / "home")}
    assert install_action.writable(told) == tmp_path / "home/.cache/closeout/environments"


def test_a_tool_cache_that_others_can_write_is_passed_over(tmp_path: Path) -> None:
    shared = tmp_path / "tools/closeout"
    shared.mkdir(parents=True)
    told = {"RUNNER_TOOL_CACHE": str(tmp_path / "tools"), "HOME": str(tmp_path / "home")}
    assert install_action.writable(told) == shared
    for mode in (0o775, 0o757, 0o1777):
        shared.chmod(mode)
        assert install_action.writable(told) == tmp_path / "home/.cache/closeout/environments"


def test_a_folder_of_tools_that_is_made_is_for_one_user_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        place = install_action.writable({"RUNNER_TOOL_CACHE": str(tmp_path / "tools")})
    finally:
        os.umask(before)
    assert place == tmp_path / "tools/closeout"
    assert place.stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_tool_cache_of_another_user_is_passed_over(tmp_path: Path, kind: str) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "theirs").mkdir()
    shared = tmp_path / "tools/closeout"
    shared.mkdir() if kind == "folder" else shared.symlink_to(tmp_path / "theirs")
    os.lchown(shared, 12345, 12345)
    told = {"RUNNER_TOOL_CACHE": str(tmp_path / "tools"), "HOME": str(tmp_path / "home")}
    assert install_action.writable(told) == tmp_path / "home/.cache/closeout/environments"


def test_what_fails_half_way_leaves_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", failing)
    with pytest.raises(subprocess.CalledProcessError):
        install_action.make(tmp_path / "one", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_jobs_that_make_the_same_one_at_once_both_have_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "one"

    def made(command: list[str], **_: object) -> None:
        if "venv" in command:
            python = install_action.python_of(Path(command[-1]))
            python.parent.mkdir(parents=True)
            python.write_text("ours")
        elif not there.exists():  # the other job is done first
            shutil.copytree(next(tmp_path.glob("draft-*")), there)
            install_action.python_of(there).write_text("theirs")

    monkeypatch.setattr(subprocess, "run", made)
    install_action.make(there, tmp_path)
    assert install_action.python_of(there).read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [there]


def test_environments_that_nobody_used_for_long_go(tmp_path: Path) -> None:
    for name in ("used", "new", "old"):
        (tmp_path / name).mkdir()
    (tmp_path / "going").symlink_to(tmp_path / "gone")  # as one that another job removes meanwhile
    now = (tmp_path / "new").stat().st_mtime
    install_action.forget(tmp_path, tmp_path / "used", now + install_action.OLD + 1)
    assert [one.name for one in tmp_path.iterdir() if one.exists()] == ["used"]


def test_a_machine_where_nothing_can_be_written_is_an_error_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("RUNNER_TOOL_CACHE", "HOME", "RUNNER_TEMP"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert install_action.main() == 2
    assert capsys.readouterr().out.startswith("::error title=closeout::closeout could not be installed: ")


# The runner of the tests.


@pytest.mark.parametrize(
    "text", ["inputs.absent", "format('{0}', 1)", "nothing.here", "inputs.a +", "toJSON(inputs)", "'a' 'b'"]
)
def test_what_the_tests_runner_does_not_understand_fails_loudly(text: str) -> None:
    with pytest.raises(AssertionError):
        evaluated(text, {"inputs": {"a": "1"}, "job": {"status": "success"}})


def test_what_it_understands() -> None:
    contexts = {"inputs": {"a": "1"}, "github": {"event": {}}, "job": {"status": "success"}}
    assert evaluated("inputs.a == '1' && 'yes' || 'no'", contexts) == "yes"
    assert evaluated("github.event.inputs.approve", contexts) == ""
