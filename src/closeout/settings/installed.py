"""Where this closeout was installed from, as pip and uv note it down (PEP 610)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import closeout
from closeout import git
from closeout.errors import ConfigurationError

_DIGITS = 12
_ACTION = "tools/install_action.py"  # what the Action installs itself with
_IMAGE = "container-image"  # the Dockerfile puts it into the environment that it makes


@dataclass(frozen=True, slots=True)
class Notes:
    """What lies beside an installed package: `direct_url.json` (empty for what came from an index), who put it there, the
    folder that holds the package, and the revision that its container image was built of (None: it is in none).
    """

    direct_url: str = ""
    installer: str = ""
    package: Path = Path()
    image: str | None = None


def origin() -> str:
    """Return where the closeout that runs came from, in a few words."""
    running = Path(closeout.__file__).resolve().parent
    try:
        found = metadata.distribution("closeout")
    except metadata.PackageNotFoundError:
        return told(None, running, {}, commit)
    notes = Notes(
        found.read_text("direct_url.json") or "",
        (found.read_text("INSTALLER") or "").strip(),
        Path(str(found.locate_file("closeout"))).resolve(),
        image(Path(sys.prefix)),
    )
    return told(notes, running, os.environ, commit)  # noqa: TID251 - settings alone read the environment


def told(notes: Notes | None, running: Path, variables: Mapping[str, str], commit_of: Callable[[Path], str]) -> str:
    """Return the words for these notes (None: there are none), for the package in the folder `running`."""
    loose = f"the files in {running}, which are not installed"
    if notes is None:
        return loose
    said = _parsed(notes.direct_url)
    address, folder = _address(said), _folder(said)
    if _table(said, "dir_info").get("editable") is True:
        return f"the check-out {folder}{commit_of(folder)}" if running.is_relative_to(folder.resolve()) else loose
    if running != notes.package:
        return loose
    if notes.image is not None:
        return "the container image" + (f" at {notes.image[:_DIGITS]}" if notes.image else "")
    match said:
        case {"vcs_info": {"commit_id": str(made), **rest}}:
            asked = rest.get("requested_revision")
            return f"{address} at {made[:_DIGITS]}" + (f" ({asked})" if isinstance(asked, str) else "")
        case {"archive_info": _}:
            return _archive(said, address)
        case {"dir_info": _}:
            return _action(variables) or f"the folder {folder}"
        case _:
            return _by(notes.installer)


def image(prefix: Path) -> str | None:
    """Return the revision that a container image was built of, empty if its build was not told; None outside of one."""
    try:
        return Path(prefix, _IMAGE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def commit(folder: Path) -> str:
    """Return the commit of a check-out, as ` at 0123456789ab-dirty`; empty if it is none, or there is no git."""
    try:
        if git.top(folder) != folder.resolve():
            return ""
        made = git.git(folder, "describe", "--always", "--dirty", f"--abbrev={_DIGITS}", "--exclude=*")
    except ConfigurationError:
        return ""
    return f" at {made.strip()}" if made else ""


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _table(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _address(said: Mapping[str, Any]) -> str:
    """Return the address without what may be a password."""
    parts = urlsplit(str(said.get("url", "")))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _folder(said: Mapping[str, Any]) -> Path:
    return Path(url2pathname(urlsplit(str(said.get("url", ""))).path))


def _archive(said: Mapping[str, Any], address: str) -> str:
    kind = "wheel" if address.endswith(".whl") else "sdist"
    name = unquote(address.rpartition("/")[2]) if address.startswith("file:") else address
    about = _table(said, "archive_info")
    digest = _table(about, "hashes").get("sha256") or str(about.get("hash", "")).removeprefix("sha256=")
    return f"the {kind} {name}" + (f", sha256 {str(digest)[:_DIGITS]}…" if digest else "")


def _action(variables: Mapping[str, str]) -> str:
    """Return the Action's name, if that is what runs: another one may have a closeout of its own."""
    place, name = variables.get("GITHUB_ACTION_PATH", ""), variables.get("GITHUB_ACTION_REPOSITORY", "")
    if not (place and Path(place, _ACTION).is_file()):
        return ""
    version = variables.get("GITHUB_ACTION_REF", "")
    return f"the Action {name}@{version}" if name and version else "the Action"


def _by(installer: str) -> str:
    if installer in {"pip", "uv"}:
        return f"a package index, by {installer}"
    return f"a package, by {installer}" if installer else "a package of this system"
