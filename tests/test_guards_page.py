"""The page on guards: each of its commands, as a team on GitHub types it, and its numbers."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import re
from pathlib import Path

import pytest

from closeout import compose, settings
from closeout.compose.choice import Choice
from closeout.domain.sync.guard import Limits
from closeout.domain.sync.share import Share
from test_first_import import old
from test_github_end_to_end import PAGE, Team, approval, team  # noqa: F401

TEXT = (Path(__file__).resolve().parent.parent / "docs/explanation/guards.md").read_text("utf-8")
ROWS = "".join(f"| Mend part {letter} | @ann | 2026-12-01 | 🔲 TODO |\n" for letter in "abcdefghijkl")
SYNC = ("sync", "--publish", "commit")


@pytest.fixture
def dozen(team: Team) -> Team:
    """Twelve rows with issues, and their tickets written in."""
    team.text = old(1, "2026-11-02").replace("| Mend thing 1 | @ann | 2026-12-01 | 🔲 TODO |\n", ROWS)
    assert team.run(*SYNC, "--yes")[0] == 0
    return team


def test_the_commands_of_the_page_are_these() -> None:
    typed = {line.partition("#")[0].strip() for line in TEXT.split("\n") if line.startswith("closeout ")}
    assert {re.sub("[0-9a-f]{16}", "DIGEST", line) for line in typed} == {
        "closeout plan",
        "closeout sync --approve DIGEST",
        "closeout plan --since 2026-01-01",
        "closeout sync --yes",
        "closeout sync --assign",
    }


def test_the_numbers_of_the_page_are_the_defaults_and_its_keys_have_an_effect(tmp_path: Path) -> None:
    host = Choice("github", "github")
    assert compose.limits(settings.Settings(), host) == Limits(25, 10, 50, Share(30, 10))
    file = tmp_path / "closeout.toml"
    file.write_text(TEXT.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert compose.limits(settings.load(tmp_path, {}, file), host) == Limits(50, 10, 50, Share(50, 20))


def test_mass_closes_wait_for_the_digest_that_the_plan_printed(dozen: Team) -> None:
    dozen.text = dozen.text.replace("🔲 TODO", "✅ DONE", 5)
    name = approval(dozen.run("plan")[1])
    code, out, err = dozen.run(*SYNC)
    assert (code, approval(out)) == (5, name)
    assert "held: 5 changes: 5 of 12 issues would be closed or edited because of documents (share = 30)" in out
    assert "(exit 5)" in err
    assert all(issue.state == "open" for issue in dozen.repo.issues.values())
    dozen.text = dozen.text.replace("🔲 TODO", "✅ DONE", 1)
    code, out, _ = dozen.run(*SYNC, "--approve", name)
    assert code == 5
    assert f"what is held is not what was approved ({name}), so nothing was done" in out
    assert all(issue.state == "open" for issue in dozen.repo.issues.values())
    assert dozen.run(*SYNC, "--approve", approval(out))[0] == 0
    assert sum(issue.state == "closed" for issue in dozen.repo.issues.values()) == 6
    assert dozen.run("plan", "--exit-code")[0] == 0


def test_what_people_closed_on_github_goes_to_the_documents_in_one_run(dozen: Team) -> None:
    for number in list(dozen.repo.issues):
        dozen.repo.close(number, "completed")
    assert dozen.run(*SYNC)[0] == 0
    assert dozen.text.count("✅ DONE") == 12


def test_pages_that_are_written_anew_make_no_second_issues_until_somebody_says_so(dozen: Team) -> None:
    (dozen.clone / PAGE).unlink()
    again = (dozen.clone / PAGE).with_name("2026-11-02-again.md")
    again.write_text(old(1, "2026-11-02").replace("Mend thing 1", "Renew the pool"), encoding="utf-8")
    dozen.git("add", "-A")
    dozen.push("Written anew")
    code, out, _ = dozen.run(*SYNC)
    assert code == 5
    assert "12 of 12 items vanished from the documents" in out
    assert len(dozen.repo.issues) == 12
    assert dozen.run(*SYNC, "--approve", approval(out))[0] == 0
    assert len(dozen.repo.issues) == 13


def test_a_first_run_is_let_go_by_its_digest(team: Team) -> None:
    assert team.run("sync", "--approve", approval(team.run("sync")[1]))[0] == 0
    assert len(team.repo.issues) == 2


def test_a_digest_with_another_window_is_another_set(team: Team) -> None:
    page = (team.clone / PAGE).with_name("old.md")
    page.write_text(old(2, "2026-02-01"), encoding="utf-8")
    team.git("add", "-A")
    team.push("An old one")
    name = approval(team.run("plan", "--since", "2026-01-01")[1])
    assert team.run("sync", "--approve", name)[0] == 5
    assert team.repo.issues == {}
    assert team.run("sync", "--since", "2026-01-01", "--approve", name)[0] == 0
