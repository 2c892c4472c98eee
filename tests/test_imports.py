"""A command loads what it needs and no other command's libraries: reading a clean page speaks to nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (
    "# O\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n| a | Ann | 2026-06-15 | Done |\n"
)
OTHERS = {
    "github", "httpx", "requests", "urllib3", "jwt", "cryptography", "gitlab",  # hosts
    "sqlite3", "chardet", "charset_normalizer", "ftfy", "dateparser", "jinja2", "jsonschema", "hypothesis", "pytest",
}  # fmt: skip
CODE = """
import sys
from closeout.__main__ import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["list", "a.md"], ["check", "a.md"]], ids=lambda told: told[0])
def test_other_commands_libraries_are_not_loaded(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(PAGE, encoding="utf-8")
    command = [sys.executable, "-c", CODE, *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "closeout" in loaded
    assert not loaded & OTHERS
