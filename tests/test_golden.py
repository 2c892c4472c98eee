"""Golden folders: whole pages in every layout, byte for byte. `python tools/bless.py` writes them anew, to be reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden_pages import FOLDER, outcome

PAGES = sorted(FOLDER.iterdir())


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_a_page_is_read_and_written_as_it_was_reviewed(folder: Path, tmp_path: Path) -> None:
    found = outcome((folder / "before.md").read_bytes(), tmp_path)
    assert {name: text.decode() for name, text in found.items()} == {
        name: (folder / name).read_bytes().decode() for name in found
    }


def test_every_golden_folder_is_whole() -> None:
    for folder in PAGES:
        assert sorted(path.name for path in folder.iterdir()) == ["after.md", "before.md", "items.json", "later.md"]
