"""Lint action.yml and the workflows that we ship: their schemas, zizmor without the network, and actionlint.

actionlint is no Python program: it is the one on the PATH, else Go fetches and keeps it. Without either it is left out,
which is said at the end, and is an error where CI=true. (The package index has it as a wrapper that loads a binary while
it is installed, and as one person's fork.) What is Forgejo's alone (whole addresses, runners called docker) is written as
GitHub has it first.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import linting

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "docs/how-to/workflows"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
LEFT_OUT = "actionlint WAS LEFT OUT: neither it nor Go is on the PATH. Install one of them"


def as_github(text: str) -> str:
    """Return a workflow of Forgejo's as GitHub would have it."""
    return re.sub(r"uses: https://[^/]+/", "uses: ", text).replace("runs-on: docker", "runs-on: ubuntu-latest")


def linters(files: list[str]) -> list[list[str]]:
    """Return the commands of the linters that are in our environment; one that is not there is an error."""
    own = Path(sys.executable).parent
    schema = [str(own / "check-jsonschema"), "--quiet", "--builtin-schema"]
    zizmor = [str(own / "zizmor"), "--offline", "--quiet", "--no-progress", "--config", str(ROOT / "tools/zizmor.yml")]
    return [
        [*schema, "vendor.github-actions", str(ROOT / "action.yml")],
        [*schema, "vendor.github-workflows", *files],
        [*zizmor, str(ROOT / "action.yml"), *files],
    ]


def actionlint() -> list[str]:
    """Return the command that runs actionlint; empty where it cannot be had."""
    if found := shutil.which("actionlint"):
        return [found]
    if go := shutil.which("go"):
        return [go, "run", ACTIONLINT]
    return []


def main() -> int:
    """Lint all; 1 if anything is found."""
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder) / ".github/workflows"
        below.mkdir(parents=True)
        files = []
        for path in sorted(SHIPPED.glob("*/*.yml")):
            forgejo = path.parent.name == "forgejo"
            copy = below / (f"forgejo-{path.name}" if forgejo else path.name)
            text = path.read_text("utf-8")
            copy.write_text(as_github(text) if forgejo else text, encoding="utf-8")
            files.append(str(copy))
        files += [str(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))]
        further = actionlint()
        return linting.ran(linters(files), [[*further, *files]] if further else [], LEFT_OUT)


if __name__ == "__main__":
    sys.exit(main())
