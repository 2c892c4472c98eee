"""`closeout version` says where it came from, by what pip and uv note down beside a package."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from closeout import __version__
from closeout.cli.app import app
from closeout.settings.installed import Notes, commit, image, told

PLACE = Path("/opt/env/site-packages/closeout")
NO_CHECK_OUT: tuple[str, dict[str, str]] = ("dir_info", {})


def said(url: str, kind: str, about: Any, variables: dict[str, str] | None = None, installer: str = "pip") -> str:
    notes = Notes(json.dumps({"url": url, kind: about}), installer, PLACE)
    return told(notes, PLACE, variables or {}, lambda _: " at 0123456789ab")


def test_a_wheel_is_named_with_its_digest() -> None:
    for about in ({"hashes": {"sha256": "ab" * 32}}, {"hash": f"sha256={'ab' * 32}"}):
        wheel = said("file:///tmp/dist/closeout-1.0.0-py3-none-any.whl", "archive_info", about)
        assert wheel == "the wheel closeout-1.0.0-py3-none-any.whl, sha256 abababababab…"


def test_an_sdist_is_named_and_one_from_afar_with_its_address() -> None:
    assert said("file:///tmp/dist/closeout-1.0.0.tar.gz", "archive_info", {}) == "the sdist closeout-1.0.0.tar.gz"
    far = said("https://example.com/dist/closeout-1.0.0.tar.gz", "archive_info", {})
    assert far == "the sdist https://example.com/dist/closeout-1.0.0.tar.gz"


def test_a_git_address_is_named_with_commit_and_tag() -> None:
    about = {"vcs": "git", "commit_id": "f" * 40, "requested_revision": "v1"}
    assert said("https://example.com/o/closeout.git", "vcs_info", about) == (
        "https://example.com/o/closeout.git at ffffffffffff (v1)"
    )


def test_no_password_in_an_address_is_shown() -> None:
    about = {"vcs": "git", "commit_id": "f" * 40}
    line = said("https://ann:secret@example.com/closeout.git?token=secret#secret", "vcs_info", about)
    assert line == "https://example.com/closeout.git at ffffffffffff"


def test_a_folder_that_was_built_says_no_commit_since_it_may_have_moved_on() -> None:
    assert said("file:///srv/close%20out", *NO_CHECK_OUT) == "the folder /srv/close out"


def test_the_action_is_named_as_the_workflow_names_it(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/install_action.py").touch()
    runs = {"GITHUB_ACTION_PATH": str(tmp_path), "GITHUB_ACTION_REPOSITORY": "acme/closeout", "GITHUB_ACTION_REF": "v1"}
    assert said("file:///runner/_actions/x", *NO_CHECK_OUT, variables=runs) == "the Action acme/closeout@v1"
    local = {"GITHUB_ACTION_PATH": str(tmp_path), "GITHUB_ACTION_REPOSITORY": ""}
    assert said("file:///runner/_actions/x", *NO_CHECK_OUT, variables=local) == "the Action"


def test_another_action_that_has_a_closeout_is_not_taken_for_ours(tmp_path: Path) -> None:
    runs = {"GITHUB_ACTION_PATH": str(tmp_path), "GITHUB_ACTION_REPOSITORY": "acme/all", "GITHUB_ACTION_REF": "v1"}
    assert said("file:///srv/closeout", *NO_CHECK_OUT, variables=runs) == "the folder /srv/closeout"


def test_a_container_image_says_so_and_its_revision_if_its_build_was_told(tmp_path: Path) -> None:
    assert image(tmp_path) is None
    url = json.dumps({"url": "file:///src", "dir_info": {}})
    for written, words in (("", "the container image"), (f"{'ab' * 20}\n", "the container image at abababababab")):
        (tmp_path / "container-image").write_text(written)
        notes = Notes(url, "pip", PLACE, image(tmp_path))
        assert told(notes, PLACE, {}, lambda _: "") == words


@pytest.mark.parametrize(
    ("installer", "words"),
    [("pip", "a package index, by pip"), ("uv", "a package index, by uv"), ("conda", "a package, by conda"),
     ("", "a package of this system")],
)  # fmt: skip
def test_without_an_address_it_came_from_an_index_or_a_distribution(installer: str, words: str) -> None:
    assert told(Notes("", installer, PLACE), PLACE, {}, lambda _: "") == words


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"url": 3, "archive_info": 3}', '{"url": "x", "vcs_info": {}}'])
def test_notes_that_nobody_understands_are_no_error(text: str) -> None:
    assert told(Notes(text, "pip", PLACE), PLACE, {}, lambda _: "")


def test_a_check_out_says_its_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    git("init")
    (tmp_path / "a").write_text("a")
    git("add", "a")
    git("commit", "-m", "a")
    git("tag", "v9")
    assert re.fullmatch(r" at [0-9a-f]{12}", commit(tmp_path))
    (tmp_path / "a").write_text("b")
    assert re.fullmatch(r" at [0-9a-f]{12}-dirty", commit(tmp_path))
    below = tmp_path / "vendored"
    below.mkdir()
    assert commit(below) == "", "the commit around it is another project's"

    notes = Notes(json.dumps({"url": tmp_path.as_uri(), "dir_info": {"editable": True}}), "pip", PLACE)
    assert told(notes, tmp_path / "src/closeout", {}, lambda _: " at x") == f"the check-out {tmp_path} at x"


def test_what_runs_beside_another_installed_one_says_so(tmp_path: Path) -> None:
    elsewhere = Path("/srv/src/closeout")
    words = "the files in /srv/src/closeout, which are not installed"
    editable = Notes(json.dumps({"url": tmp_path.as_uri(), "dir_info": {"editable": True}}), "pip", PLACE)
    for notes in (None, editable, Notes("", "pip", PLACE)):
        assert told(notes, elsewhere, {}, lambda _: " at x") == words


def test_the_command_says_all_of_it_in_one_line() -> None:
    done = CliRunner().invoke(app, ["version"])
    assert re.fullmatch(rf"closeout {re.escape(__version__)}, from \S.*\n", done.output)
