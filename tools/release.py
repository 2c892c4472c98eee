"""A release, by the person who makes it: `prepare 1.2.0` writes the version, the changelog and the generated pages;
`notes 1.2.0` prints the changelog's section; `check v1.2.0` says whether the tag is what was prepared.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.M)
FINAL = re.compile(r"\d+\.\d+\.\d+")


def version(root: Path) -> str:
    """Return the version that the package says."""
    found = VERSION.search((root / "src/closeout/__init__.py").read_text("utf-8"))
    if not found:
        message = "src/closeout/__init__.py: could not be read: it says no version"
        raise SystemExit(message)
    return found[1]


def notes(root: Path, wanted: str) -> str:
    """Return what the changelog says of a version; empty if it knows none."""
    text = (root / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## {re.escape(wanted)} .*?\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1].strip() + "\n" if found else ""


def prepare(root: Path, wanted: str, day: str) -> None:
    """Write the version and the changelog; the fragments are in it then, and gone."""
    if not FINAL.fullmatch(wanted) or parts(wanted) < parts(version(root)) or notes(root, wanted):
        message = f"{wanted}: could not be released: it is no version like 1.2.0 that comes after the last one"
        raise SystemExit(message)
    fragments = [path for path in (root / "changes").glob("*.*.md") if path.name != "template.md"]
    if not fragments:
        message = f"{wanted}: could not be released: changes/ holds nothing that users would notice"
        raise SystemExit(message)
    towncrier = [sys.executable, "-m", "towncrier", "build", "--yes", "--dir", str(root)]
    subprocess.run([*towncrier, "--version", wanted, "--date", day], cwd=root, check=True)
    place = root / "src/closeout/__init__.py"
    place.write_text(VERSION.sub(f'__version__ = "{wanted}"', place.read_text("utf-8")), encoding="utf-8")


def check(root: Path, tag: str) -> str:
    """Return what is wrong with a tag; empty if it is the version's, and the changelog tells of it."""
    if tag != f"v{version(root)}":
        return f"{tag}: could not be released: the package says {version(root)}. Tag v{version(root)}"
    if not notes(root, version(root)):
        return f"{tag}: could not be released: CHANGELOG.md has no section of it. Run tools/release.py prepare first"
    return ""


def parts(told: str) -> tuple[int, ...]:
    return tuple(map(int, told.split(".")))


def main() -> int:
    match sys.argv[1:]:
        case ["prepare", wanted]:
            prepare(ROOT, wanted, datetime.datetime.now(datetime.UTC).date().isoformat())  # noqa: TID251 - a person's tool
            return subprocess.run([sys.executable, ROOT / "tools/reference.py"], check=False).returncode
        case ["notes", wanted]:
            print(notes(ROOT, wanted), end="")
            return 0 if notes(ROOT, wanted) else 1
        case ["check", tag]:
            print(check(ROOT, tag) or f"{tag} may go")
            return 1 if check(ROOT, tag) else 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main())
