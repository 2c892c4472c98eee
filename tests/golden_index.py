"""What becomes of an index folder: the page `README.md` of the tree `before`, once `closeout index` ran; it is `after.md`."""

from __future__ import annotations

import shutil
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from closeout.cli.app import app

FOLDER = Path(__file__).resolve().parent / "golden_index"


def outcome(folder: Path, root: Path) -> bytes:
    """Run the command in a copy of the tree below `root`, which is empty."""
    shutil.copytree(folder / "before", root, dirs_exist_ok=True)
    page = next(path for path in sorted(root.rglob("README.md")))
    with chdir(root):
        done = CliRunner().invoke(app, ["index", str(page)])
    assert done.exit_code == 0, done.output
    return page.read_bytes()
