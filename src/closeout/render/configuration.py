"""The closeout.toml that `closeout init` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence

_MOST = 5


def starter(documents: Sequence[str]) -> str:
    """Return a short commented configuration for documents at these paths."""
    folders = sorted({path.rpartition("/")[0] for path in documents if "/" in path})
    # a folder inside one that is named already needs no line of its own
    tops = [folder for folder in folders if not any(folder.startswith(f"{other}/") for other in folders)]
    globs = [f"{folder}/**/*.md" for folder in tops[:_MOST]] or ["docs/postmortems/**/*.md"]
    found = f"{len(documents)} documents were found" if documents else "No documents were found yet"
    return (
        "# closeout keeps the action items of these documents alive until they are closed.\n"
        f"# {found}; `closeout list .` shows what would be read.\n"
        f"paths = {json.dumps(globs, ensure_ascii=False)}\n"
        "\n"
        "# Issues are Markdown files below .closeout/issues, committed with the documents.\n"
        'tracker = "folder"\n'
        "\n"
        "# [fields]\n"
        "# add-columns = true   # give tables without them a Status and a Ticket column\n"
    )
