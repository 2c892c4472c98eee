"""The commands as a person runs them: a real process's arguments, a real git repository, documented exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from closeout import __version__, settings
from closeout.__main__ import main
from closeout.cli.app import COMMANDS, app
from closeout.compose.choice import Choice, choose
from closeout.compose.site import origin
from closeout.domain.document import Document
from closeout.errors import CloseoutError, VerificationError
from closeout.ports.documents import Published, Rewrite
from closeout.repositories.worktree import WorktreePublisher
from closeout.settings.runner import Runner
from closeout.trackers.folder import FolderTracker
from worlds import TABLE

Run = Callable[..., tuple[int, str, str]]
DOCUMENT = "docs/postmortems/2026-05-01-pool.md"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    path = tmp_path / DOCUMENT
    path.parent.mkdir(parents=True)
    path.write_text(TABLE, encoding="utf-8")
    return tmp_path


def choice_in(root: Path, told: settings.Settings) -> Choice:
    return choose(origin(root, Runner(), told), told, Runner())


def closeout(
    *arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["closeout", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return lambda *arguments: closeout(*arguments, capsys=capsys, monkeypatch=monkeypatch)


def test_version(run: Run) -> None:
    assert run("version")[1].startswith(f"closeout {__version__}, from ")


def test_list_needs_nothing_and_ends_with_a_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(TABLE, encoding="utf-8")
    code, out, _ = run("list", "a.md")
    assert code == 0
    assert out.rstrip().split("\n")[-1] == (
        "3 items, 2 open; 0 without owner; 0 without date; 0 with status unknown; oldest open: 2026-05-01"
    )


def test_list_as_json(repository: Path, run: Run) -> None:
    code, out, _ = run("list", DOCUMENT, "--format", "json")
    (document,) = json.loads(out)["documents"]
    assert code == 0
    assert document["items"][0] | {"key": ""} == {
        "title": "Add an alert",
        "owners": ["ann"],
        "due": "2026-06-15",
        "due_text": "2026-06-15",
        "status": "todo",
        "status_text": "🔲 TODO",
        "priority": None,
        "tickets": [],
        "line": 9,
        "key": "",
        "incident": "Outage",
    }


def test_list_as_csv_runs_no_formula(repository: Path, run: Run) -> None:
    (repository / "a.md").write_text("## Action items\n- [ ] =cmd() it\n", encoding="utf-8")
    assert "a.md,2,'=cmd() it," in run("list", "a.md", "--format", "csv")[1]


def test_a_plan_changes_nothing_and_exit_code_tells(repository: Path, run: Run) -> None:
    code, out, _ = run("plan", "--exit-code")
    assert code == 10
    assert out.endswith("2 to create; 0 to update; 0 values to write into documents\n")
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE
    assert not (repository / ".closeout").exists()


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_a_plan_in_other_forms_holds_the_same_changes(repository: Path, run: Run, form: str) -> None:
    _, out, _ = run("plan", "--format", form)
    assert out.count("Add an alert") >= 1
    assert out.count("Write a runbook") >= 1
    if form == "json":
        assert [change["operation"] for change in json.loads(out)["changes"]] == ["create", "create"]


def test_sync_says_where_issues_are_kept_and_comes_to_rest(repository: Path, run: Run) -> None:
    code, out, err = run("sync")
    assert code == 0
    assert "Issues are kept as files in .closeout/issues" in err
    assert f"{DOCUMENT}: written" in out
    assert run("sync", "--quiet") == (0, "", "")
    assert run("plan", "--exit-code")[0] == 0


def test_where_no_document_is_found_the_way_to_name_them_is_told(repository: Path, run: Run) -> None:
    (repository / "notes").mkdir()
    (repository / DOCUMENT).rename(repository / "notes/a.md")
    code, out, _ = run("sync")
    assert code == 0
    assert "no document was found" in out
    (repository / "closeout.toml").write_text('paths = ["notes/*.md"]\n', encoding="utf-8")
    assert "no document was found" not in run("sync")[1]


def test_sync_outside_of_git_is_exit_2_and_says_git_init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code, _, err = run("sync")
    assert code == 2
    assert "git init" in err


@pytest.mark.parametrize("remote", ["https://github.com/acme/x.git", "git@git.example.com:acme/x.git"])
def test_a_hosts_remote_is_exit_2_with_the_choices(repository: Path, run: Run, remote: str) -> None:
    subprocess.run(["git", "remote", "add", "origin", remote], check=True)
    code, _, err = run("sync")
    assert code == 2
    assert "--tracker folder" in err
    assert run("sync", "--tracker", "folder")[0] == 0


def test_a_local_remote_takes_the_folder(repository: Path, run: Run) -> None:
    subprocess.run(["git", "remote", "add", "origin", "/srv/git/x.git"], check=True)
    assert run("sync")[0] == 0


def test_publish_none_writes_no_document_and_says_so(repository: Path, run: Run) -> None:
    code, out, _ = run("sync", "--publish", "none")
    assert code == 0
    assert "[not-published]" in out
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE


def test_a_pull_request_cannot_hold_the_folders_issues_and_is_exit_2(repository: Path, run: Run) -> None:
    code, _, err = run("sync", "--publish", "pull-request")
    assert code == 2
    assert 'Say `publish = "commit"`' in err
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE
    assert not (repository / ".closeout").exists()


def test_findings_are_exit_8_with_strict_only(repository: Path, run: Run) -> None:
    (repository / DOCUMENT).write_text(TABLE.replace("🔲 TODO", "brewing", 1), encoding="utf-8")
    assert run("plan")[0] == 0
    assert run("plan", "--strict")[0] == 8


def test_a_cap_is_exit_9_and_the_next_run_goes_on(repository: Path, run: Run) -> None:
    (repository / "closeout.toml").write_text("[limits]\nmax-creates = 1\n", encoding="utf-8")
    code, _, err = run("sync")
    assert code == 9
    assert "next run" in err
    assert run("sync")[0] == 0
    assert len(list((repository / ".closeout/issues").iterdir())) == 2


def test_init_writes_a_configuration_that_loads(repository: Path, run: Run) -> None:
    assert run("init")[0] == 0
    assert 'paths = ["docs/postmortems/**/*.md"]' in (repository / "closeout.toml").read_text("utf-8")
    assert run("plan", "--exit-code")[0] == 10
    code, _, err = run("init")
    assert code == 2
    assert "it is there already" in err


@pytest.mark.parametrize("address", ["https://github.com/acme/pm.git", "git@github.com:acme/pm.git"])
def test_init_chooses_github_where_the_remote_is_there(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    subprocess.run(["git", "remote", "add", "origin", address], check=True)
    assert run("init")[0] == 0
    text = (repository / "closeout.toml").read_text("utf-8")
    assert 'tracker = "github"' in text
    assert ".closeout/issues" not in text
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    told = settings.load(repository, {})
    assert choice_in(repository, told).project == "acme/pm"
    commented = [line.removeprefix("# ") for line in text.split("\n") if line.startswith(("# [", "# project", '# "'))]
    (repository / "closeout.toml").write_text(text + "\n".join(commented), encoding="utf-8")
    assert choice_in(repository, settings.load(repository, {})).project == "owner/name"


@pytest.mark.parametrize(
    ("address", "kind", "title"),
    [
        ("https://codeberg.org/acme/pm.git", "forgejo", "Forgejo"),
        ("ssh://git@codeberg.org/acme/pm.git", "forgejo", "Forgejo"),
        ("git@gitea.com:acme/pm.git", "gitea", "Gitea"),
    ],
)
def test_init_chooses_the_kind_of_a_shared_host(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, address: str, kind: str, title: str
) -> None:
    subprocess.run(["git", "remote", "add", "origin", address], check=True)
    assert run("init")[0] == 0
    assert f'# Issues are made in this repository on {title}.\ntracker = "{kind}"' in (
        repository / "closeout.toml"
    ).read_text("utf-8")
    monkeypatch.setenv(f"{kind.upper()}_TOKEN", "a-secret")
    chosen = choice_in(repository, settings.load(repository, {}))
    assert (chosen.kind, chosen.project, chosen.home) == (kind, "acme/pm", "acme/pm")
    assert chosen.server == f"https://{'codeberg.org' if kind == 'forgejo' else 'gitea.com'}"


def test_a_clone_from_a_host_that_is_described_takes_its_tracker(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "remote", "add", "origin", "git@git.example.com:acme/pm.git"], check=True)
    monkeypatch.setenv("OUR_TOKEN", "a-secret")
    (repository / "closeout.toml").write_text(
        "[trackers.ours]\nkind = 'forgejo'\nurl = 'https://git.example.com'\ntoken-env = 'OUR_TOKEN'\n",
        encoding="utf-8",
    )
    chosen = choice_in(repository, settings.load(repository, {}))
    assert (chosen.name, chosen.kind, chosen.project) == ("ours", "forgejo", "acme/pm")


@pytest.mark.parametrize("address", ["https://github.example.com/acme/pm.git", "../elsewhere.git"])
def test_init_chooses_the_folder_elsewhere(repository: Path, run: Run, address: str) -> None:
    subprocess.run(["git", "remote", "add", "origin", address], check=True)
    assert run("init")[0] == 0
    assert 'tracker = "folder"' in (repository / "closeout.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[fields]\nstatsu = 'ask'\n", "closeout.toml:2: key 'fields.statsu' is not known. Did you mean 'status'?"),
        ("\npathz = ['a']\n", "closeout.toml:2: key 'pathz' is not known. Did you mean 'paths'?"),
        ("[limits]\n\nmax-creates = 'many'\n", "closeout.toml:3: key 'limits.max-creates' cannot be used"),
        ("paths = [\n", "it is not TOML"),
        ("[[repos]]\nurl = 'x'\n", "closeout.toml:1: key 'repos' is not known"),
        (
            "[[routes]]\ntracker = 'infra'\npaths = ['a']\n",
            "key 'routes' cannot be used: no tracker on a host is called",
        ),
        ("tracker = 'jira'\n", "closeout.toml:1: key 'tracker' cannot be used: this closeout knows folder, github"),
        ("[trackers.infra]\nkind = 'jira'\n", "no kind of tracker is called 'jira'"),
        (
            "[trackers.github]\nprojekt = 'a/b'\n",
            "closeout.toml:2: key 'trackers.github.projekt' is not known. Did you",
        ),
        ("[people]\nAnn = { github = 3 }\n", "the account on 'github' must be a login in quotes"),
    ],
)
def test_a_bad_configuration_is_exit_2_with_its_line(repository: Path, run: Run, text: str, told: str) -> None:
    (repository / "closeout.toml").write_text(text, encoding="utf-8")
    code, _, err = run("plan")
    assert code == 2
    assert told in err


def test_an_unknown_variable_is_exit_2(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEOUT_TRACKR", "folder")
    code, _, err = run("plan")
    assert code == 2
    assert "Did you mean 'CLOSEOUT_TRACKER'?" in err


def test_a_lost_ledger_is_exit_2_and_its_way_out_works(repository: Path, run: Run) -> None:
    run("sync")
    text = (repository / DOCUMENT).read_text("utf-8")
    (repository / ".closeout/ledger.jsonl").unlink()
    code, _, err = run("sync")
    assert code == 2
    assert "--rebuild-ledger" in err
    assert run("sync", "--rebuild-ledger")[0] == 0
    assert (repository / DOCUMENT).read_text("utf-8") == text
    assert len(list((repository / ".closeout/issues").iterdir())) == 2
    assert run("plan", "--exit-code")[0] == 0


@pytest.mark.parametrize(
    "text", ["{", '{"format": 0}\n', "not json\n", '{"format": 1, "repository": "x", "trackers": {}}\n{}\n']
)
def test_a_damaged_ledger_is_exit_2_and_stays(repository: Path, run: Run, text: str) -> None:
    run("sync")
    path = repository / ".closeout/ledger.jsonl"
    path.write_text(text, encoding="utf-8")
    code, _, err = run("sync")
    assert code == 2
    assert "git log" in err
    assert path.read_text("utf-8") == text


def test_every_help_text_has_an_example() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        done = CliRunner().invoke(app, [name, "--help"])
        assert done.exit_code == 0
        assert "Example:" in done.output, name


def test_every_error_has_an_exit_code_of_its_own() -> None:
    codes = [kind.exit for kind in CloseoutError.__subclasses__()]
    assert len(codes) == len(set(codes))


def test_items_without_a_place_for_a_status_are_counted_with_the_way_out(repository: Path, run: Run) -> None:
    (repository / DOCUMENT).write_text("## Action items\n\n- Add an alert\n- Page twice\n", encoding="utf-8")
    told = "2 items have no place for a status in their document; `add-columns = true` below [fields]"
    assert told in run("plan")[1]
    assert told in run("sync")[1]


def test_a_tracker_that_cannot_be_read_is_exit_4_and_nothing_is_written(repository: Path, run: Run) -> None:
    run("sync")
    for name in ("0001-a.md", "0001-b.md"):
        (repository / ".closeout/issues" / name).write_text("---\ntitle: x\n---\n", encoding="utf-8")
    (repository / DOCUMENT).write_text(TABLE, encoding="utf-8")
    code, _, err = run("sync")
    assert code == 4
    assert "Rename one to a free number" in err
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE


def test_another_run_at_work_is_exit_6(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEOUT_LIMITS__LEASE_WAIT", "0")
    with FileLock(repository / ".git/closeout.lock"):
        code, _, err = run("sync")
    assert code == 6
    assert "another run is at work" in err
    assert not (repository / ".closeout").exists()


def test_a_page_that_changes_while_we_work_is_planned_again_from_what_it_now_says(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(repository, monkeypatch, lines=["\nA person's line.\n"])
    assert run("sync")[0] == 0
    text = (repository / DOCUMENT).read_text("utf-8")
    assert text.endswith("A person's line.\n")
    assert text.count("/.closeout/issues/") == 2
    assert len(list((repository / ".closeout/issues").iterdir())) == 2


def test_a_page_that_never_rests_is_exit_6_and_left_alone(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(repository, monkeypatch, lines=[f"\nLine {number}.\n" for number in range(9)])
    code, _, err = run("sync")
    assert code == 6
    assert "it changed while this run worked" in err
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE + "\nLine 0.\n\nLine 1.\n"
    monkeypatch.undo()
    monkeypatch.chdir(repository)
    assert run("sync")[0] == 0
    assert len(list((repository / ".closeout/issues").iterdir())) == 2


def typing(root: Path, monkeypatch: pytest.MonkeyPatch, *, lines: list[str]) -> None:
    """A person types a line before each of our next writes."""
    write, left = WorktreePublisher.publish, iter(lines)

    def publish(publisher: WorktreePublisher, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        page = root / DOCUMENT
        page.write_text(page.read_text("utf-8") + next(left, ""), encoding="utf-8")
        return write(publisher, rewrites, revision)

    monkeypatch.setattr(WorktreePublisher, "publish", publish)


def test_a_wrong_edit_of_ours_is_exit_7_and_the_page_stays(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(before: Document, after: Document, intended: object) -> None:
        raise VerificationError(f"{before.path}: the edit would do more; nothing was written")

    monkeypatch.setattr("closeout.engine.writeback.verify", wrong)
    code, _, err = run("sync")
    assert code == 7
    assert "nothing was written" in err
    assert (repository / DOCUMENT).read_text("utf-8") == TABLE


def test_a_bug_is_one_line_and_exit_1(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderTracker, "managed", lambda tracker: 1 // 0)
    code, _, err = run("sync")
    assert code == 1
    assert "This is a bug of closeout" in err
    assert "Traceback" not in err


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    told = {
        name: (import_module(f"closeout.cli.{name}").command.__doc__ or "").strip().split("\n")[0] for name in COMMANDS
    }
    assert told == COMMANDS
