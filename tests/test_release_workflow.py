"""The workflows of this repository: what they may do, what they are made of, and the tag that moves last."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from closeout.settings.installed import Notes
from closeout.settings.installed import told as origin_told

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
RELEASE: Mapping[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
JOBS: Mapping[str, Any] = RELEASE["jobs"]
RIGHTS = {
    "test": {"contents": "read"},
    "build": {"contents": "read"},
    "attest": {"id-token": "write", "attestations": "write"},
    "publish": {"id-token": "write"},
    "image": {"contents": "read", "packages": "write", "id-token": "write", "attestations": "write"},
    "release": {"contents": "write"},
    "float": {"contents": "write"},
}
NAMES = [path.name for path in WORKFLOWS]
_PACKAGE = Path("/opt/closeout/lib/closeout")
_IN_THE_IMAGE = Notes('{"url": "file:///src", "dir_info": {}}', "pip", _PACKAGE, "ab" * 20)
WORDS = f"from {origin_told(_IN_THE_IMAGE, _PACKAGE, {}, str)}"


def steps(path: Path) -> Iterator[Mapping[str, Any]]:
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        yield from job.get("steps", ())


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_what_others_wrote_is_pinned_by_its_commit_and_says_its_version(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert used
    for one in used:
        assert re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) or one.startswith("./"), one
    pins = {one.partition(" ")[0] for one in used}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins), "one action, one version"


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_a_check_out_leaves_no_token_behind(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_no_script_has_a_value_in_its_text_and_no_job_runs_for_ever(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", ""), "values come by the environment"
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 60


def test_each_job_of_a_release_has_the_rights_that_it_needs_and_no_others() -> None:
    assert RELEASE["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == RIGHTS


def needed(name: str) -> set[str]:
    told = JOBS[name].get("needs", [])
    direct = [told] if isinstance(told, str) else told
    return {*direct, *(far for near in direct for far in needed(near))}


def test_what_is_published_was_tested_built_once_and_attested() -> None:
    assert needed("publish") == {"test", "build", "attest"}
    building = [name for name, job in JOBS.items() if "python -m build" in str(job)]
    assert building == ["build"]
    for name in ("attest", "publish", "release"):
        assert not any("actions/checkout@" in str(step) for step in JOBS[name]["steps"])


def test_the_floating_tag_moves_after_all_else() -> None:
    assert needed("float") == set(JOBS) - {"float"}


def test_only_a_final_version_is_released_and_the_floating_tag_starts_nothing() -> None:
    assert RELEASE[True]["push"] == {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}  # YAML 1.1 reads `on` as true


def test_the_images_base_is_the_dockerfiles_by_digest() -> None:
    (base,) = re.findall("^ARG BASE=(.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
    assert "@" not in base
    script = next(step["run"] for step in JOBS["image"]["steps"] if step.get("id") == "base")
    assert "sed -n 's/^ARG BASE=//p' Dockerfile" in script


def told_to(action: str) -> Mapping[str, Any]:
    """What the image's job tells an action of others."""
    (step,) = (step for step in JOBS["image"]["steps"] if step.get("uses", "").startswith(f"docker/{action}@"))
    told: Mapping[str, Any] = step["with"]
    return told


def test_the_image_is_built_for_both_processors_and_told_all_that_it_asks_for() -> None:
    told = told_to("build-push-action")
    assert told["platforms"] == "linux/amd64,linux/arm64"
    asked = set(re.findall(r"^ARG (\w+)=", (ROOT / "Dockerfile").read_text("utf-8"), re.M))
    assert {line.partition("=")[0] for line in told["build-args"].splitlines()} == asked
    assert told["sbom"] is True
    assert told["provenance"] == "mode=max"
    assert told_to("setup-qemu-action") == {"platforms": "arm64", "cache-image": False}


def test_an_image_that_does_not_start_is_not_attested() -> None:
    steps = JOBS["image"]["steps"]
    (start,) = (at for at, step in enumerate(steps) if "docker run " in step.get("run", ""))
    (attested,) = (at for at, step in enumerate(steps) if "actions/attest@" in step.get("uses", ""))
    assert start < attested
    for platform in told_to("build-push-action")["platforms"].split(","):
        assert platform in steps[start]["run"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (f"closeout 1.2.0, {WORDS}", 0),
        (f"closeout 1.1.0, {WORDS}", 1),
        ("closeout 1.2.0, from the folder /src", 1),
        ("", 1),
    ],
)
def test_what_the_image_says_of_itself_is_compared(tmp_path: Path, said: str, code: int) -> None:
    (tmp_path / "docker").write_text(f"#!/bin/sh\necho '{said}'\n", encoding="utf-8")
    (tmp_path / "docker").chmod(0o755)
    (step,) = (step for step in JOBS["image"]["steps"] if "docker run " in step.get("run", ""))
    told = {"IMAGE": "x", "DIGEST": "sha256:0", "VERSION": "1.2.0", "GITHUB_SHA": "ab" * 20}
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert subprocess.run(["bash", "-e", "-c", step["run"]], env=told | path, check=False).returncode == code


GH = """#!/usr/bin/env bash
# answers as the API would, and writes down what changes anything
case "$*" in
  *matching-refs*) printf '%s\\n' $TAGS ;;
  *"commits/"*) echo 0123456789012345678901234567890123456789 ;;
  *--method*) echo "$*" >> "$ASKED" ;;
  *git/ref/tags/*) [ -n "$FLOATS" ] ;;
  *) exit 9 ;;
esac
"""
Float = Callable[[str, Sequence[str], bool], tuple[str, str]]


@pytest.fixture
def moved(tmp_path: Path) -> Float:
    """The last job's script with a `gh` that only answers: what it said, and what it asked to change."""
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    asked = tmp_path / "asked"
    (step,) = JOBS["float"]["steps"]

    def run(tag: str, others: Sequence[str], floats: bool) -> tuple[str, str]:
        asked.write_text("")
        told = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "TAGS": " ".join(f"refs/tags/{one}" for one in (*others, tag)),
            "FLOATS": "yes" if floats else "",
            "ASKED": str(asked),
            "REPOSITORY": "acme/closeout",
            "TAG": tag,
        }
        done = subprocess.run(["bash", "-e", "-c", step["run"]], env=told, capture_output=True, text=True, check=True)
        return done.stdout.strip(), asked.read_text()

    return run


def test_the_floating_tag_is_moved_to_the_newest_release(moved: Float) -> None:
    said, asked = moved("v1.10.0", ["v1.9.1", "v1.2.0"], True)
    assert said == "v1 is v1.10.0 at 0123456789012345678901234567890123456789 now"
    assert "--method PATCH repos/acme/closeout/git/refs/tags/v1 " in asked
    assert "force=true" in asked


def test_the_first_release_of_a_line_makes_its_floating_tag(moved: Float) -> None:
    _, asked = moved("v2.0.0", [], False)
    assert "--method POST repos/acme/closeout/git/refs -f ref=refs/tags/v2 " in asked


def test_a_release_of_an_older_line_never_moves_the_tag_back(moved: Float) -> None:
    said, asked = moved("v1.9.2", ["v1.10.0", "v1.10.0-rc.1", "v1.x"], True)
    assert said == "v1 stays at v1.10.0, which is newer than v1.9.2"
    assert asked == ""
