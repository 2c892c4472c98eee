"""What is built of a release: the wheel holds all that is needed at run time, and nothing else; the same bytes each time."""

from __future__ import annotations

import email
import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from closeout import __version__

ROOT = Path(__file__).resolve().parent.parent
PAGE = "# O\n\n**Date**: 2026-11-02\n\n## Action items\n\n| Action | Owner | Due |\n|---|---|---|\n| Add an alert | @ann | 2026-11-20 |\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the sdist, made by the build backend itself."""
    folder = tmp_path_factory.mktemp("dist")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        made = [next(builder(str(ROOT)).build(directory=str(folder))) for builder in (WheelBuilder, SdistBuilder)]
    return dict(zip(("wheel", "sdist"), map(Path, made), strict=True))


def tracked() -> set[str]:
    """The files of the package: what lies there, but for what Python itself keeps."""
    package = ROOT / "src/closeout"
    return {
        path.relative_to(ROOT / "src").as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_and_what_lies_in_it_and_nothing_else(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = set(wheel.namelist())
    info = f"closeout-{__version__}.dist-info"
    assert {name for name in names if not name.startswith(f"{info}/")} == tracked()
    assert {name.removeprefix(f"{info}/") for name in names if name.startswith(f"{info}/")} == {
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"
    }  # fmt: skip
    kinds = {Path(name).suffix for name in tracked()}
    assert kinds >= {".py", ".toml", ".json", ".j2", ".css", ".js"}, "templates, words and the page's parts are data"


def test_the_wheel_says_its_version_its_python_and_its_licence(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        told = email.message_from_bytes(wheel.read(f"closeout-{__version__}.dist-info/METADATA"))
    assert (told["Name"], told["Version"], told["Requires-Python"]) == ("closeout", __version__, ">=3.11")
    assert (told["License-Expression"], told["Description-Content-Type"]) == ("MIT", "text/markdown")


def test_the_sdist_holds_what_a_wheel_is_built_of_and_no_tests(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {name for name in names if not name.startswith("src/")} == {
        ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "config.example.toml", "constraints.txt",
        "pyproject.toml",
    }  # fmt: skip
    assert {name.removeprefix("src/") for name in names if name.startswith("src/")} == tracked()


@pytest.mark.parametrize(("kind", "builder"), [("wheel", WheelBuilder), ("sdist", SdistBuilder)])
def test_it_is_built_to_the_same_bytes_again(
    kind: str,
    builder: type[WheelBuilder | SdistBuilder],
    built: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    again = Path(next(builder(str(ROOT)).build(directory=str(tmp_path))))
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (built[kind], again)}
    assert len(digests) == 1


def test_what_the_wheel_holds_reads_documents_by_itself(built: dict[str, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(tmp_path / "site")
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    run = [sys.executable, "-P", "-m", "closeout"]
    alone = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    for arguments, words in (
        (["list", "page.md"], "Add an alert"),
        (["report", "page.md"], "Add an alert"),
        (["version"], "from a package of this system\n"),  # as a distribution's: nothing beside it says more
    ):
        done = subprocess.run([*run, *arguments], cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
        assert words in done.stdout, done.stdout + done.stderr
