"""Bad input: a message that says where, what, why and what to do; the other documents go on."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from closeout import compose
from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.engine.sync import plan, sync
from closeout.errors import ConfigurationError, Exit
from closeout.ports.documents import Page, Rewrite
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.repositories.pages import read_page
from closeout.repositories.worktree import Files, Worktree, WorktreePublisher
from closeout.settings import FILE, Settings, load
from worlds import TABLE

NOW = datetime.datetime(2026, 5, 3, 10, tzinfo=datetime.UTC)
PAGE = "postmortems/b.md"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/a.md").write_text(TABLE, encoding="utf-8")
    return tmp_path


def synced(root: Path) -> Outcome:
    run = compose.run(root, Settings(), NOW)
    return sync(run.world, run.options)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"# A\n\nbad \xff byte\n", "line 3 is not UTF-8"),
        (b"# A\n\0", "NUL byte"),
        (b"x" * 5_000_001, "5,000,000 are the limit"),
    ],
)
def test_a_document_that_is_no_text_is_exit_3_and_the_others_go_on(repository: Path, raw: bytes, why: str) -> None:
    (repository / PAGE).write_bytes(raw)
    outcome = synced(repository)
    assert [code for code, _ in outcome.errors] == [Exit.DOCUMENTS]
    assert outcome.errors[0][1].startswith(f"{PAGE}: could not be read: ")
    assert why in outcome.errors[0][1]
    assert len(outcome.results) == 2
    assert (repository / PAGE).read_bytes() == raw


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: "---\ntitle: [broken\n---\n" + text,
        lambda text: text + "\n```\nunclosed\n",
        lambda text: text.replace("| 🔲 TODO |\n| Write", "|\n| Write"),
        lambda text: "\x0b\x0c\x85\u2028 odd\n" + text,
    ],
    ids=["BOM", "CRLF", "CR", "no final newline", "broken front matter", "unclosed fence", "ragged row", "odd breaks"],
)
def test_an_odd_document_is_synced_and_only_its_fields_change(repository: Path, change: Callable[[str], str]) -> None:
    path = repository / "postmortems/a.md"
    raw = change(TABLE).encode()
    path.write_bytes(raw)
    outcome = synced(repository)
    assert not outcome.errors
    after = path.read_bytes().decode()
    for number in (1, 2):
        ticket = f" [#{number}](../.closeout/issues/"
        start = after.index(ticket)
        after = after[:start] + after[after.index(")", start) + 1 :]
    assert after.encode() == raw
    assert synced(repository).plan.empty


def test_what_is_odd_is_told() -> None:
    codes = {
        finding.code
        for finding in read("a.md", "---\ntitle: [broken\n---\n" + TABLE + "\n```\nx\n", shipped()).findings
    }
    assert codes == {"front-matter", "unclosed-fence"}


def test_a_table_of_ten_thousand_rows(repository: Path) -> None:
    rows = "".join(f"| Task number {number} | @ann | 2026-06-15 | ✅ DONE |\n" for number in range(10_000))
    document = read("a.md", TABLE + rows, shipped())
    assert len(document.items) == 10_003
    assert document.items[-1].line == len((TABLE + rows).split("\n")) - 1


def test_a_file_that_changes_while_we_work_is_left_alone(repository: Path) -> None:
    path = repository / "postmortems/a.md"
    path.write_text("changed", encoding="utf-8")
    (result,) = WorktreePublisher(repository).publish([Rewrite("postmortems/a.md", TABLE, "ours")], "")
    assert result.moved
    assert "it changed while this run worked" in result.error
    assert path.read_text("utf-8") == "changed"


def test_a_symlink_and_a_mode_are_kept(repository: Path) -> None:
    real = repository / "real.md"
    (repository / "postmortems/a.md").rename(real)
    real.chmod(0o640)
    link = repository / "postmortems/a.md"
    link.symlink_to("../real.md")
    WorktreePublisher(repository).publish([Rewrite("postmortems/a.md", TABLE, "ours")], "")
    assert link.is_symlink()
    assert real.read_text("utf-8") == "ours"
    assert real.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in repository.iterdir() if entry.name.startswith(".closeout-")] == []


def test_a_symlink_loop_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("a.md")
    assert "could not be read" in read_page(tmp_path, "a.md").error


def as_nobody(act: Callable[[], None]) -> int:
    """Run in a child without root's rights; 0 if it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setuid(65534)
            act()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def opened(path: Path) -> None:
    """Let everybody reach a folder below pytest's private one."""
    for folder in [path, *path.parents][:4]:
        folder.chmod(0o777)


def test_a_folder_without_read_rights_is_told(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "closed").mkdir(mode=0)

    def act() -> None:
        (page,) = Files(tmp_path, (".",)).read().pages
        assert page == Page("closed", error="closed: could not be read: it cannot be opened. Check its rights")

    assert as_nobody(act) == 0


def test_a_sync_tells_of_closed_folders_and_files_and_the_others_go_on(repository: Path) -> None:
    opened(repository)
    for name in ("postmortems/closed/x.md", "postmortems/locked.md"):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(TABLE, encoding="utf-8")
    (repository / "postmortems/a.md").chmod(0o666)
    (repository / "postmortems").chmod(0o777)
    (repository / "postmortems/closed").chmod(0)
    (repository / "postmortems/locked.md").chmod(0)
    for path in [repository / ".git", *(repository / ".git").rglob("*")]:
        path.chmod(0o777)
    os.environ["GIT_CONFIG_COUNT"] = "1"
    os.environ["GIT_CONFIG_KEY_0"], os.environ["GIT_CONFIG_VALUE_0"] = "safe.directory", "*"

    def act() -> None:
        outcome = synced(repository)
        assert [code for code, _ in outcome.errors] == [Exit.DOCUMENTS] * 2
        assert sorted(told.partition(":")[0] for _, told in outcome.errors) == [
            "postmortems/closed",
            "postmortems/locked.md",
        ]
        assert len(outcome.results) == 2

    try:
        assert as_nobody(act) == 0
    finally:
        (repository / "postmortems/closed").chmod(0o700)


def test_a_symlink_loop_among_the_documents_is_exit_3(repository: Path) -> None:
    (repository / "postmortems/loop.md").symlink_to("loop.md")
    (repository / "postmortems/folder").symlink_to(".")
    outcome = synced(repository)
    assert [code for code, _ in outcome.errors] == [Exit.DOCUMENTS]
    assert "postmortems/loop.md: could not be read: Too many levels of symbolic links" in outcome.errors[0][1]
    assert len(outcome.results) == 2


def test_a_file_of_fifty_megabytes_is_told_without_being_read(repository: Path) -> None:
    with (repository / PAGE).open("wb") as file:
        file.truncate(50_000_000)
    outcome = synced(repository)
    assert "it has 50,000,000 bytes, and 5,000,000 are the limit" in outcome.errors[0][1]


def test_ignored_and_vendored_files_are_not_documents(repository: Path) -> None:
    (repository / ".gitignore").write_text("postmortems/drafts/\n", encoding="utf-8")
    for name in (
        "postmortems/drafts/x.md",
        "vendor/postmortems/y.md",
        "docs/Incidents/z.md",
        "docs/rca/w.md",
        "docs/other.md",
    ):
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text("x", encoding="utf-8")
    found = [page.path for page in Worktree(repository).read().pages]
    assert found == ["docs/Incidents/z.md", "docs/rca/w.md", "postmortems/a.md"]


def test_new_columns_are_added_to_every_row_at_once_and_only_when_asked(repository: Path) -> None:
    path = repository / "postmortems/a.md"
    path.write_text(
        "## Action items\n\n| Action | Owner |\n|---|---|\n| Do it | @ann |\n| Do that |\n", encoding="utf-8"
    )
    settings = Settings.model_validate({"fields": {"add-columns": True}})
    run = compose.run(repository, settings, NOW)
    world, options = run.world, run.options
    assert plan(world, options).plan.columns == {"postmortems/a.md": 1}
    assert not sync(world, options).errors
    lines = path.read_text("utf-8").split("\n")
    assert [line.count("|") for line in lines[2:6]] == [5, 5, 5, 5]
    assert lines[2].startswith("| Action | Owner | Status | Ticket |")
    items = read("a.md", path.read_text("utf-8"), options.vocabulary).items
    assert [(item.title, item.status, item.tickets) for item in items] == [
        ("Do it", "todo", ("#1",)),
        ("Do that", "todo", ("#2",)),
    ]
    assert plan(world, options).plan.empty
    assert items[0].stated[Field.OWNERS].text == "@ann"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"x = {'[' * 200_000}", "it is nested too deeply"),
        ("#" * 1_000_001, "it has more than 1,000,000 bytes"),
        ('paths = ["a/**", "[z-a]"]', "key 'paths' cannot be used: '[z-a]' is no wildcard of git's"),
        ('[[routes]]\npaths = ["!"]\ntracker = "github"', "key 'routes.paths' cannot be used: '!' is no wildcard"),
    ],
    ids=["deep", "large", "paths", "routes"],
)
def test_a_configuration_that_nobody_could_use_is_told_and_is_no_bug(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ConfigurationError, match=re.escape(why)):
        load(tmp_path, {})
