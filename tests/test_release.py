"""A release is prepared from the fragments of `changes/`: version, changelog, and nothing left over."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import release

ROOT = Path(__file__).resolve().parent.parent
KINDS = {one["directory"] for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]["type"]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """As much of a project as a release touches, with fragments of its own."""
    (tmp_path / "src/closeout").mkdir(parents=True)
    (tmp_path / "changes").mkdir()
    for name in ("pyproject.toml", "changes/template.md", "changes/README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "src/closeout/__init__.py").write_text('"""What it is."""\n\n__version__ = "0.1.0"\n')
    before = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("<!-- newest first -->\n")
    (tmp_path / "CHANGELOG.md").write_text("".join(before[:2]), encoding="utf-8")
    for name, text in {
        "zeta.added": "A hook `x_y` for\nall, with <angles> & *stars*.\n",
        "alpha.added": "Two lines\n\nand a paragraph.\n",
        "12.fixed": "No file is lost.\n",
        "old.removed": "`--old` is gone.\n",
    }.items():
        (tmp_path / f"changes/{name}.md").write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    return tmp_path


TOLD = """\
### Added

- Two lines

  and a paragraph.
- A hook `x_y` for
  all, with <angles> & *stars*.

### Removed

- `--old` is gone.

### Fixed

- No file is lost.
"""


def test_the_fragments_become_the_changelogs_section_and_are_gone(project: Path) -> None:
    release.prepare(project, "0.2.0", "2026-12-01")
    text = (project / "CHANGELOG.md").read_text("utf-8")
    assert re.findall("^## .*", text, re.M) == ["## 0.2.0 - 2026-12-01"]
    assert release.notes(project, "0.2.0") == TOLD
    assert sorted(path.name for path in (project / "changes").iterdir()) == ["README.md", "template.md"]
    assert release.version(project) == "0.2.0"
    assert (project / "src/closeout/__init__.py").read_text() == '"""What it is."""\n\n__version__ = "0.2.0"\n'


def test_the_newest_stands_first_and_each_section_is_its_own(project: Path) -> None:
    release.prepare(project, "0.1.0", "2026-12-01")
    (project / "changes/more.added.md").write_text("More.\n")
    release.prepare(project, "1.0.0", "2027-01-01")
    text = (project / "CHANGELOG.md").read_text("utf-8")
    assert re.findall("^## .*", text, re.M) == ["## 1.0.0 - 2027-01-01", "## 0.1.0 - 2026-12-01"]
    assert release.notes(project, "1.0.0") == "### Added\n\n- More.\n"
    assert release.notes(project, "0.1.0") == TOLD
    assert "\n\n\n" not in text.replace("\n\n\n## ", "\n\n## ")


@pytest.mark.parametrize("wanted", ["0.0.9", "1.0", "v1.0.0", "1.0.0rc1", "one"])
def test_what_is_no_version_after_the_last_one_is_refused_and_nothing_is_written(project: Path, wanted: str) -> None:
    with pytest.raises(SystemExit, match="could not be released"):
        release.prepare(project, wanted, "2026-12-01")
    assert release.version(project) == "0.1.0"
    assert (project / "changes/12.fixed.md").exists()


def test_no_version_is_released_twice_and_none_that_nobody_notices(project: Path) -> None:
    release.prepare(project, "0.2.0", "2026-12-01")
    for wanted in ("0.2.0", "0.3.0"):
        with pytest.raises(SystemExit, match="could not be released"):
            release.prepare(project, wanted, "2026-12-02")


def test_a_fragment_of_no_known_kind_stops_the_release(project: Path) -> None:
    (project / "changes/odd.improved.md").write_text("Odd.\n")
    with pytest.raises(subprocess.CalledProcessError):
        release.prepare(project, "0.2.0", "2026-12-01")
    assert release.version(project) == "0.1.0"


def test_a_tag_is_released_only_if_it_is_the_version_that_was_prepared(project: Path) -> None:
    assert "has no section" in release.check(project, "v0.1.0")
    release.prepare(project, "0.2.0", "2026-12-01")
    assert "Tag v0.2.0" in release.check(project, "v0.3.0")
    assert release.check(project, "v0.2.0") == ""


def test_every_fragment_here_is_of_a_known_kind_and_says_something() -> None:
    for path in (ROOT / "changes").iterdir():
        if path.name not in {"README.md", "template.md"}:
            _, kind, _ = path.name.split(".")
            assert kind in KINDS, path
            assert path.read_text("utf-8").strip(), path
