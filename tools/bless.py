"""Write the golden folders anew from what the program does now; look at the difference before it is committed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import golden_edits
import golden_index
import golden_report
from golden_pages import FOLDER, outcome

for folder in sorted(FOLDER.iterdir()):
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in outcome((folder / "before.md").read_bytes(), Path(scratch)).items():
            (folder / name).write_bytes(content)
for folder in sorted(golden_edits.FOLDER.iterdir()):
    (folder / "after.md").write_bytes(golden_edits.outcome(folder))
for folder in sorted(golden_index.FOLDER.iterdir()):
    with tempfile.TemporaryDirectory() as scratch:
        (folder / "after.md").write_bytes(golden_index.outcome(folder, Path(scratch)))
for name, content in golden_report.outcome().items():
    (golden_report.FOLDER / name).write_bytes(content)
