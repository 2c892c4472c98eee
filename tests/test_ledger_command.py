"""`closeout ledger` as a person and a program see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from closeout.__main__ import main
from closeout.state.lines import loads
from closeout.state.tree import TreeLedger
from ledgers import entry, git, ledger


def test_the_command_shows_the_ledger_to_people_and_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    git(tmp_path, "init", "-q")
    assert shown(capsys) == "There is no ledger yet: closeout sync makes it\n"
    assert shown(capsys, "--format", "json") == ""
    seen = replace(entry("quiet\x1b[2J", issue="3"), memory={}, owned=False)
    kept = replace(ledger("a", announced=True).put(entry("b", issue="2"), seen), revision="0123abc")
    one = TreeLedger(tmp_path, tmp_path / "lock", wait=0)
    with one.lease():
        one.save(kept)
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in shown(capsys).splitlines()]
    assert [row for row in rows if row] == [
        ["v1:a", "github: none yet", "docs/a.md", "a", "create announced; to be shown: status"],
        ["v1:b", "github 2", "docs/a.md", "b", "to be shown: status"],
        ["v1:quiet\\x1b[2J", "github 3", "docs/a.md", "quiet\\x1b[2J", "only read"],
    ]
    assert "3 keys of example.com/acme/docs; 1 with announced writes; 2 with something to be shown" in shown(capsys)
    assert loads(shown(capsys, "--format", "json")) == kept


def test_the_command_says_what_is_wrong_with_a_damaged_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    (tmp_path / ".closeout").mkdir()
    (tmp_path / ".closeout/ledger.jsonl").write_text("{", encoding="utf-8")
    assert "could not read the ledger: it is damaged" in shown(capsys, code=2)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What `closeout ledger` prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["closeout", "ledger", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
    assert int(end.value.code or 0) == code
    out, err = capsys.readouterr()
    return err if code else out
