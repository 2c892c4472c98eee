"""What lints the workflows and what deploys: nothing that should have looked at them is left out in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import deployed
import pytest
import workflows

OTHERS = {"check-jsonschema", "zizmor"}


def linted(
    monkeypatch: pytest.MonkeyPatch, *there: str, ci: str = "", lint: Callable[[], int] = workflows.main
) -> tuple[int, list[Sequence[str]]]:
    """Lint where only some programs are on the PATH; return the code, and what was run."""
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        assert not check
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    monkeypatch.setenv("CI", ci)
    return lint(), ran


@pytest.mark.parametrize(
    ("there", "command"),
    [(("actionlint", "go"), ["/bin/actionlint"]), (("go",), ["/bin/go", "run", workflows.ACTIONLINT])],
)
def test_actionlint_is_the_one_on_the_path_else_what_go_fetches(
    there: tuple[str, ...], command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, ran = linted(monkeypatch, *there, ci="true")
    assert code == 0
    assert ran[-1][: len(command)] == command
    assert any("forgejo-closeout.yml" in one for one in ran[-1])
    assert any("release.yml" in one for one in ran[-1])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("lint", "told"), [(workflows.main, workflows.LEFT_OUT), (deployed.main, deployed.LEFT_OUT)])
def test_what_cannot_be_had_is_said_and_ci_fails(
    lint: Callable[[], int], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert linted(monkeypatch, lint=lint)[0] == 0
    assert told in capsys.readouterr().err
    assert linted(monkeypatch, ci="true", lint=lint)[0] == 1
    assert told in capsys.readouterr().err


def test_alerts_are_checked_and_played_where_promtool_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, ran = linted(monkeypatch, "promtool", ci="true", lint=deployed.main)
    assert code == 0
    assert [command[1:3] for command in ran if command[0] == "/bin/promtool"] == [["check", "rules"], ["test", "rules"]]
    assert capsys.readouterr().err == ""


def test_the_other_linters_are_always_run_and_come_with_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ran = linted(monkeypatch)
    assert {Path(command[0]).name for command in ran} == OTHERS
    assert {Path(command[0]).parent for command in ran} == {Path(sys.executable).parent}
    text = (workflows.ROOT / "pyproject.toml").read_text("utf-8")
    assert all(f'"{name}>=' in text for name in OTHERS)


def test_a_linter_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(FileNotFoundError, match="check-jsonschema"):
        workflows.main()
