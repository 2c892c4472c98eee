"""The ready workflows, each carried out from the very file that docs/how-to/ ships, on the host that it is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from fakes.github import GitHubFake
from fakes.github_values import Right
from jobs.hosts import PAGE, TEXT, Host
from jobs.running import ROOT, read_workflow

SHIPPED = ROOT / "docs/how-to/workflows"
FILES = sorted(SHIPPED.glob("*/*.yml"))


def rows(status: str) -> str:
    return TEXT.partition("| Add a")[0] + "".join(
        f"| Thing number {one} | @ann | 2026-12-01 | {status} |\n" for one in range(10)
    )


def test_push_schedule_and_approval_by_hand(host: Host) -> None:
    host.push({PAGE: rows("🔲 TODO"), "closeout.toml": 'publish = "none"\n'})
    file = SHIPPED / host.kind / "closeout.yml"
    assert host.followed(file, "push").outputs["created"] == "10"
    host.push({PAGE: rows("✅ DONE")})
    job = host.followed(file, "schedule", fails=True)
    assert (job.code, job.outputs["held"]) == (5, "10")
    page = "actions/workflows/closeout.yml" if host.kind == "github" else "actions"
    found = re.search(r"\[run the workflow\]\(<(.*)>\) with approve = `([0-9a-f]{16})`", job.summary)
    assert found
    address, digest = found.groups()
    assert address == f"{host.web}/acme/pm/{page}"
    assert host.followed(file, "workflow_dispatch", approve=digest).outputs["closed"] == "10"


def test_a_plan_in_a_pull_request_and_in_one_of_a_fork(host: Host) -> None:
    host.propose({PAGE: TEXT.replace("Write the", "Read the")})
    file = SHIPPED / host.kind / "closeout-plan.yml"
    assert "Read the runbook" in host.followed(file, "pull_request").summary
    host.repo.grant("reader", Right.READ)
    assert "Read the runbook" in host.followed(file, "pull_request", token=host.fake.sign_in("reader")).summary


def test_a_weekly_report(host: Host) -> None:
    job = host.followed(SHIPPED / host.kind / "closeout-report.yml", "schedule")
    assert (job.outputs["open"], job.outputs["exit-code"]) == ("2", "0")


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_each_says_that_one_run_waits_for_another_and_keeps_no_credentials(path: Path) -> None:
    told = read_workflow(path)
    assert told["concurrency"]["group"].startswith("closeout")
    (job,) = told["jobs"].values()
    assert job["steps"][0]["with"]["persist-credentials"] is False
    if path.parent.name == "github":
        assert told["permissions"] == {}
        assert job["permissions"]["contents"] in {"read", "write"}


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_each_page_shows_its_files_as_they_are(path: Path) -> None:
    page = ROOT / f"docs/how-to/action-{path.parent.name}.md"
    assert f"(workflows/{path.parent.name}/{path.name})" in page.read_text("utf-8")


def test_the_quickstart_of_the_readme_only_plans(github_fake: GitHubFake, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "closeout.yml"
    file.write_text(text, encoding="utf-8")
    job = Host(github_fake, tmp_path).followed(file, "push")
    assert "### closeout: 2 issues to be created" in job.summary
    assert github_fake.writes == []
    assert set(read_workflow(file)["permissions"].values()) == {"read"}


def test_the_page_names_every_input_and_output() -> None:
    page = (ROOT / "docs/how-to/action-github.md").read_text("utf-8")
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    assert {*action["inputs"], *action["outputs"]} <= set(re.findall(r"`([a-z-]+)`", " ".join(rows)))
