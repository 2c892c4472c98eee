"""Who is told of a report: from the settings to the messages of this run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from closeout.channels.chat import Chat
from closeout.channels.digest import readers
from closeout.compose.told import people
from closeout.domain.report.summary import Summary
from closeout.engine.tell import Letter
from closeout.render.report.message import digest, message
from closeout.render.report.words import Words
from closeout.settings import Settings
from closeout.settings.secret import led_to


def letters(settings: Settings, summary: Summary, place: str = "", words: Words | None = None) -> tuple[Letter, ...]:
    """Return what there is to tell, whether or not it is due; `place` is the address of the whole report."""
    return (*_changes(settings, summary, place, words), *_digests(settings, summary, place, words))


def _changes(settings: Settings, summary: Summary, place: str, words: Words | None) -> Iterator[Letter]:
    told = message(summary, place, words)
    if told is None:
        return
    for reference in dict.fromkeys(settings.report.channels):
        yield Letter(
            f"message to {reference}", summary.scope.period.name, told, Chat(reference, partial(led_to, reference))
        )


def _digests(settings: Settings, summary: Summary, place: str, words: Words | None) -> Iterator[Letter]:
    year, week, _ = summary.as_of.isocalendar()
    for reader in readers(settings.report.digest, people(settings).everybody, led_to):
        told = digest(summary, reader.name, reader.accounts, place, words)
        if told:
            yield Letter(f"digest for {reader.name}", f"{year}-W{week:02}", told, reader.chat)
