"""The hook for pre-commit, run as `.pre-commit-hooks.yaml` declares it, on the files that pre-commit would name."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from closeout.cli.app import app
from closeout.errors import Exit

ROOT = Path(__file__).resolve().parent.parent
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
HOW = (ROOT / "docs/how-to/pre-commit.md").read_text("utf-8")
TABLE = "# O\n\n## Action items\n\n| Action | Due | Status |\n|---|---|---|\n| a | {} | Done |\n"
ODD, CLEAN = TABLE.format("someday"), TABLE.format("2026-06-15")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    return tmp_path


def stage(**texts: str) -> None:
    for name, text in texts.items():
        path = Path(name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "--all"], check=True)


def commit(*arguments: str) -> Result:
    """What pre-commit does: the entry, `args`, and the staged files that the hook asks for."""
    asked = ["git", "diff", "--staged", "--name-only", "--no-ext-diff", "-z"]
    staged = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\0")
    names = [name for name in staged if name and re.search(HOOK["files"], name)]
    return run(shlex.split(HOOK["entry"]), [*arguments, *names])


def run(entry: Sequence[str], arguments: Sequence[str]) -> Result:
    program, *told = entry
    assert program == "closeout"
    return CliRunner().invoke(app, [*told, *arguments])


def test_a_postmortem_that_is_not_understood_stops_the_commit_with_exit_8(repository: Path) -> None:
    stage(postmortems__a=ODD, postmortems__b=CLEAN)
    done = commit()
    assert done.exit_code == Exit.FINDINGS
    assert done.stdout.splitlines() == [
        "postmortems/a.md:7: due date 'someday' is not understood: no day that can be told [unreadable-due]",
        "1 findings in 1 of 2 documents (exit 8)",
    ]


def test_postmortems_that_are_understood_let_the_commit_through(repository: Path) -> None:
    stage(postmortems__a=CLEAN, docs__Incidents__b=CLEAN)
    done = commit()
    assert (done.exit_code, done.stdout) == (0, "no findings in 2 documents\n")


def test_a_table_on_a_page_that_is_no_document_is_nobodys_finding(repository: Path) -> None:
    stage(README=ODD, docs__notes=ODD, node_modules__x__postmortems__a=ODD)
    done = commit("--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_nothing_left_to_check_never_means_everything(repository: Path) -> None:
    stage(postmortems__a=ODD)
    subprocess.run(["git", "rm", "-q", "--cached", "postmortems/a.md"], check=True)
    done = run(shlex.split(HOOK["entry"]), ["README.md"])
    assert (done.exit_code, done.stdout) == (0, "no findings in 0 documents\n")


def test_the_paths_of_the_configuration_say_which_files_are_documents(repository: Path) -> None:
    Path("closeout.toml").write_text('paths = ["docs/Reviews/**/*.md"]\n', encoding="utf-8")
    stage(docs__Reviews__a=ODD, postmortems__b=ODD, docs__reviews__c=ODD)
    done = commit()
    assert [line.split(":")[0] for line in done.stdout.splitlines()[:-1]] == ["docs/Reviews/a.md"]


def test_files_are_documents_wherever_the_command_stands_and_never_outside_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(postmortems__a=ODD)
    outside = repository.parent / "postmortems" / "z.md"
    outside.parent.mkdir(exist_ok=True)
    outside.write_text(ODD, encoding="utf-8")
    monkeypatch.chdir("postmortems")
    done = run(shlex.split(HOOK["entry"]), ["a.md", str(outside), "../../postmortems/z.md"])
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "a.md", "1 findings in 1 of 1 documents (exit 8)"
    ]  # fmt: skip


def test_a_wrong_configuration_stops_the_commit_too(repository: Path) -> None:
    Path("closeout.toml").write_text("path = []\n", encoding="utf-8")
    stage(postmortems__a=CLEAN)
    assert commit().exit_code != 0


@pytest.mark.parametrize("name", ["a.md", "docs/b.Markdown", "c.mdown", "postmortems/d.mkd"])
def test_every_kind_of_markdown_file_is_named_to_the_hook(name: str) -> None:
    assert re.search(HOOK["files"], name)


@pytest.mark.parametrize("name", ["a.mdx", "postmortems/a.py", "a.md.txt"])
def test_nothing_else_is_named_to_the_hook(name: str) -> None:
    assert not re.search(HOOK["files"], name)


def test_the_page_shows_what_the_hook_prints(repository: Path) -> None:
    table = (
        "| Action | Owner | Due | Status |\n|---|---|---|---|\n| Add a connection alert | @ann | someday | 🔲 TODO |\n"
    )
    stage(postmortems__pool=f"# Pool\n\n**Date**: 2026-11-02\n\n## Action items\n\n{table}")
    done = commit()
    assert f"- hook id: {HOOK['id']}\n- exit code: {done.exit_code}\n\n{done.stdout}```" in HOW
    assert f"      - id: {HOOK['id']}\n" in HOW
