"""The closeout.toml that `closeout init` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence

_MOST = 5
_FOLDER = """\
# Issues are Markdown files below .closeout/issues, committed with the documents.
tracker = "folder"
"""
_HOST = """\
# Issues are made in this repository on {title}.
tracker = "{kind}"

# [trackers.{kind}]
# project = "owner/name"   # make them in another repository

# [people]
# "Ann Lee" = {{ {kind} = "ann" }}   # only an @login, or a name that stands here, is assigned
"""
_TITLES = {"github": "GitHub", "gitlab": "GitLab"}


def starter(documents: Sequence[str], kind: str = "") -> str:
    """Return a short commented configuration for documents at these paths, in a repository on a host of this kind; empty for
    any other.
    """
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
        f"{_HOST.format(kind=kind, title=_TITLES.get(kind, kind.title())) if kind else _FOLDER}"
        "\n"
        "# [fields]\n"
        "# add-columns = true   # give tables without them a Status and a Ticket column\n"
    )
