"""What a run is told: the settings in the words of the engine."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from closeout import __version__
from closeout.compose.asked import Asked
from closeout.compose.choice import Choice, Home
from closeout.compose.circumstances import circumstances, limits
from closeout.compose.site import Site
from closeout.domain.item import Field
from closeout.domain.people import People, Person
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.world import Options
from closeout.reading.vocabulary import Vocabulary, extended
from closeout.settings import Settings
from closeout.settings.kinds import FOLDER, KINDS, kind_of
from closeout.settings.runner import Runner


def vocabulary(settings: Settings) -> Vocabulary:
    """The words that documents are read with."""
    reading = settings.reading
    return extended(
        reading.headings,
        {str(name): words for name, words in reading.columns.items()},
        {str(name): words for name, words in reading.status.items()},
        reading.tickets,
    )


def people(settings: Settings) -> People:
    """Who is who."""
    return People(
        tuple(
            Person(name, {key: str(login) for key, login in (told.model_extra or {}).items()}, told.team, told.label)
            for name, told in settings.people.items()
        )
    )


def pages(choice: Choice, here: Home, branch: str) -> str:
    """Return the address that a document's path is put behind; empty where a path is enough, or nobody knows how."""
    if here is None or choice.kind == FOLDER:
        return ""
    ours = choice.host == here[0]
    kind = KINDS.get(choice.kind if ours else kind_of(here[0]))
    server = choice.server if ours else f"https://{here[0]}"
    return f"{server}/{here[1]}/{kind.code}/{branch}/" if kind and kind.code else ""


def options(
    where: Site, settings: Settings, choice: Choice, told: Runner, now: datetime.datetime, asked: Asked
) -> Options:
    """What a run was told."""
    rules = settings.fields
    today = now.date().isoformat()
    return Options(
        repository="/".join(where.home) if where.home else "local",
        today=today,
        now=now.isoformat(timespec="seconds"),
        place=pages(choice, where.home, where.default or "HEAD"),
        on_runner=told.active,
        version=__version__,
        vocabulary=vocabulary(settings),
        rules={
            **DEFAULT_RULES,
            Field.TITLE: Rule(rules.title),
            Field.STATUS: Rule(rules.status),
            Field.OWNERS: Rule(rules.owners),
            Field.DUE: Rule(rules.due),
            Field.PRIORITY: Rule(rules.priority),
        },
        limits=limits(settings, choice),
        circumstances=circumstances(where, settings, choice, asked.consent, today),
        people=people(settings),
        templates=asked.templates,
        add_columns=settings.fields.add_columns,
        add_boxes=asked.boxes,
        realign=asked.realign,
        rebuild=asked.rebuild,
        new=asked.new,
        folder=os.path.relpath(Path.cwd().resolve(), where.root.resolve()).replace(os.sep, "/"),
    )
