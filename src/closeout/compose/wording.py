"""How a report is told: the words of its language, and a team's own templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from closeout.errors import ConfigurationError
from closeout.render.report.markdown import Told
from closeout.render.report.templating import ENDING, Templates
from closeout.render.report.words import words
from closeout.settings.reporting import Report

PAGES = "page.*.j2"
_LARGEST = 100_000  # bytes of a template


def wording(root: Path, report: Report, *, mentions: frozenset[str] = frozenset(), place: str = "") -> Told:
    """Return how the report is told, by `[report]`; `mentions` and `place` are as in Told.

    Raises ConfigurationError where there is no such language, or the templates cannot be used.
    """
    return Told(words(report.language), templates(root, report.templates), mentions, place)


def templates(root: Path, folder: str) -> Templates:
    """Return the templates in a folder of the repository; ours alone where it is not named. ConfigurationError: see above."""
    return Templates(_texts(root.resolve(), folder), folder) if folder else Templates()


def page_templates(root: Path, folder: str) -> Mapping[str, str]:
    """Return a team's templates of the page, by name. ConfigurationError: see above."""
    return _texts(root.resolve(), folder, PAGES) if folder else {}


def _texts(root: Path, folder: str, names: str = f"*{ENDING}") -> Mapping[str, str]:
    found = (root / folder).resolve()
    if not found.is_relative_to(root) or not found.is_dir():
        message = f"[report]: could not use the templates in {folder!r}: this repository has no such folder. Name one that it has"
        raise ConfigurationError(message)
    return {path.name: _text(root, path, f"{folder.rstrip('/')}/{path.name}") for path in sorted(found.glob(names))}


def _text(root: Path, path: Path, name: str) -> str:
    if not path.resolve().is_relative_to(root):
        message = f"{name}: could not be used as a template: it leads out of the repository. Put the file itself there"
        raise ConfigurationError(message)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{name}: could not be read as a template: {error}. It must be UTF-8 text"
        raise ConfigurationError(message) from error
    if len(content) > _LARGEST:
        message = f"{name}: could not be used as a template: it has {len(content)} bytes. Keep it below {_LARGEST}"
        raise ConfigurationError(message)
    return text
