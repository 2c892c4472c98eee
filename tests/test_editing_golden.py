"""Edit folders: input, edits, output, byte for byte; add one without Python. `make bless` writes `after.md` anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden_edits import FOLDER, outcome

FOLDERS = sorted(FOLDER.iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_page_is_edited_as_it_was_reviewed(folder: Path) -> None:
    assert outcome(folder).decode() == (folder / "after.md").read_bytes().decode()


def test_every_edit_folder_is_whole() -> None:
    for folder in FOLDERS:
        assert sorted(path.name for path in folder.iterdir()) == ["after.md", "before.md", "edit.toml"]
