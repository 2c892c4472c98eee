"""`closeout ledger` as a person and a program see it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from closeout.__main__ import main
from closeout.domain.item import Field
from closeout.domain.ledger import Ledger, Memory
from closeout.state.lines import loads
from closeout.state.tree import TreeLedger
from ledgers import Clock, entry, git, keeper, ledger


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


# --diff


def saved(root: Path, *states: Ledger, tree: bool) -> None:
    """Save these states one after another, each committed where the ledger lies in the tree."""
    for number, state in enumerate(states):
        one = TreeLedger(root, root / ".git/lock", wait=0) if tree else keeper(root, Clock())
        with one.lease():
            one.load()
            one.save(state)
        if tree and number + 1 < len(states):
            git(root, "add", ".closeout")
            git(root, "commit", "-q", "-m", f"state {number}")


BEFORE = ledger("a", "b", announced=True)
AFTER = replace(
    BEFORE.drop("v1:b").put(
        replace(
            entry("a", issue="7"), memory={Field.STATUS: Memory("✅ DONE", "done"), Field.DUE: Memory(None, None, "x")}
        ),
        entry("c"),
    ),
    revision="0123abc",
)


@pytest.fixture(params=["tree", "ref"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose ledger had two states."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    if request.param == "ref":
        (tmp_path / "closeout.toml").write_text('tracker = "github"\n[trackers.github]\nproject = "acme/docs"\n')
    saved(tmp_path, ledger(), BEFORE, AFTER, tree=request.param == "tree")
    return tmp_path


def test_the_difference_is_told_item_by_item_and_field_by_field(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(capsys, "--diff").split("\n")
    assert " → " in told[0]
    assert told[1:-1] == [
        "    revision: nothing → '0123abc'",
        "docs/a.md: a (v1:a, issue 7): changed",
        "    issue: nothing → '7'",
        "    due.want: nothing → 'x'",
        "    status.document: '🔲 TODO' → '✅ DONE'",
        "    status.proposed: '✅ DONE' → nothing",
        "    status.tracker: 'todo' → 'done'",
        "    status.want: 'done' → nothing",
        "    title.announced: 'nothing → a' → nothing",
        "docs/a.md: b (v1:b): removed",
        *(f"    {name}: {value!r} → nothing" for name, value in FIELDS("b").items()),
        "    title.announced: 'nothing → b' → nothing",
        "docs/a.md: c (v1:c): added",
        *(f"    {name}: nothing → {value!r}" for name, value in FIELDS("c").items()),
        "1 added, 1 changed, 1 removed",
    ]


def FIELDS(name: str) -> dict[str, str]:  # noqa: N802 - the fields of a fresh entry
    return {
        "tracker": "github",
        "document": "docs/a.md",
        "title": name,
        "ordinal": "0",
        "status.document": "🔲 TODO",
        "status.proposed": "✅ DONE",
        "status.tracker": "todo",
        "status.want": "done",
    }


def test_the_difference_as_json_is_one_object(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(shown(capsys, "--diff", "--format", "json"))
    assert sorted(told) == ["from", "head", "items", "to"]
    assert told["head"] == [{"field": "revision", "before": None, "after": "0123abc"}]
    assert [(item["operation"], item["key"], item["issue"]) for item in told["items"]] == [
        ("changed", "v1:a", "7"),
        ("removed", "v1:b", ""),
        ("added", "v1:c", ""),
    ]
    assert {"field": "status.want", "before": "done", "after": None} in told["items"][0]["fields"]


def test_a_state_is_named_by_its_commit_or_counted_back_or_two_of_them(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    oldest = git(
        kept, "rev-list", "--max-parents=0", "HEAD" if (kept / ".closeout").exists() else "refs/closeout/ledger"
    )
    assert shown(capsys, "--diff", oldest).endswith("2 added, 0 changed, 0 removed\n")
    assert shown(capsys, "--diff", "~1") == shown(capsys, "--diff")
    assert shown(capsys, "--diff", "~2").endswith("2 added, 0 changed, 0 removed\n")
    back = shown(capsys, "--diff", f"{oldest}..{oldest}")
    assert back == f"{oldest[:12]} → {oldest[:12]}\n0 added, 0 changed, 0 removed\n"


def test_a_lease_that_was_renewed_is_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    (tmp_path / "closeout.toml").write_text('tracker = "github"\n[trackers.github]\nproject = "acme/docs"\n')
    clock = Clock()
    one = keeper(tmp_path, clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        for _ in range(3):
            clock.pause(590)
            one.hold(30)
    assert shown(capsys, "--diff").endswith("1 added, 0 changed, 0 removed\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--diff", "~9"), "~9: could not compare"),
        (("--diff", "nonsense"), "nonsense: could not compare: no state of the ledger is there"),
        (("--diff", "--output=x"), "No such option"),
        (("abc",), "`closeout ledger --diff abc`"),
    ],
)
def test_what_is_no_state_is_exit_2(
    kept: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    assert why in shown(capsys, *arguments, code=2)


def test_without_a_ledger_nothing_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    assert shown(capsys, "--diff") == "nothing → nothing\n0 added, 0 changed, 0 removed\n"
