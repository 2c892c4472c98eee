"""What comes back in several postmortems: by likeness of titles, the same on every machine, in every language."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import folded
from closeout.domain.report.rows import Tracked
from closeout.domain.report.themes import ALIKE, MOST, themes
from closeout.reading.vocabulary import languages, shipped

COMMON = shipped().common


def items(*titles: str, case: int | None = None) -> list[Tracked]:
    return [Tracked(title, f"{number}.md", 1, number if case is None else case) for number, title in enumerate(titles)]


@pytest.mark.parametrize(
    "titles",
    [
        ("Set up automated backups", "Automated external backups", "Create automated backup script"),
        ("Add an alert on replication lag", "Alert on replication lag", "alert when replication lags"),
        ("Alarm für volle Festplatten einrichten", "Einen Alarm für die vollen Festplatten anlegen"),
        ("Ajouter une alerte sur le disque plein", "Mettre en place une alerte disque plein"),
        ("監視アラートの追加", "監視アラートを作成する"),
        ("添加磁盘空间告警", "磁盘空间告警"),
        ("Добавить алерт на лаг репликации", "Настроить алерт на лаг репликации"),
    ],
)
def test_items_that_come_back_in_other_words_are_one_theme(titles: tuple[str, ...]) -> None:
    (found,) = themes(items(*titles, "Rotate the signing key"), common=COMMON)
    assert {item.title for item in found.items} == set(titles)
    assert found.cases == tuple(range(len(titles)))
    assert ALIKE <= found.likeness <= 100
    assert found.words


@pytest.mark.parametrize(
    "titles",
    [
        ("Add an alert for the checkout queue", "Add an alert for the DNS resolver"),
        ("Document the rollback", "Document the failover"),
        ("Update the runbook", "Update the dashboard"),
        ("Create incident report", "Create load tests that mimic the incident"),
        ("Die Dokumentation der Datenbank ergänzen", "Die Übergabe der Rufbereitschaft ergänzen"),
    ],
)
def test_what_shares_a_verb_only_is_no_theme(titles: tuple[str, ...]) -> None:
    assert themes(items(*titles), common=COMMON) == ()


def test_what_comes_back_within_one_incident_is_no_theme() -> None:
    assert themes(items("Alert on replication lag", "Add alert on replication lag", case=3), common=COMMON) == ()


def test_a_theme_names_what_its_items_share_and_its_least_likely_pair() -> None:
    (found,) = themes(
        items("Alert on replication lag", "Alert on replication lag", "Alerts on replication lag"), common=COMMON
    )
    assert set(found.words) == {"alert", "lag", "replication"}
    assert found.likeness < 100
    (same,) = themes(items("Alert on replication lag", "An ALERT on replication-lag!"), common=COMMON)
    assert same.likeness == 100


def test_themes_of_most_incidents_come_first_and_no_more_than_a_page_has_room_for() -> None:
    some = [f"Thing{number} breaks{number} often{number}" for number in range(MOST + 5) for _ in range(2)]
    found = themes(items(*some, "Rotate keys yearly", "Rotate keys yearly", "Rotate keys yearly"), common=COMMON)
    assert len(found) == MOST
    assert found[0].words == ("keys", "rotate", "yearly")


def test_titles_without_a_telling_word_are_left_alone() -> None:
    assert themes(items("", "…", "the", "the"), common=COMMON) == ()


@given(st.lists(st.text("ab 監視é", max_size=12), max_size=12), st.randoms(use_true_random=False))
def test_any_titles_in_any_order_give_the_same_themes(titles: list[str], dice: object) -> None:
    some = items(*titles)
    mixed = some[:]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    found = themes(some, common=COMMON)
    assert found == themes(mixed, common=COMMON)
    for theme in found:
        assert len(theme.cases) > 1
    members = [item for theme in found for item in theme.items]
    assert len(members) == len(set(members))


def test_every_language_says_which_words_tell_nothing() -> None:
    for text in languages.texts():
        words = tomllib.loads(text)["titles"]["common"]
        assert len(words) >= 15
        assert all(folded(word) == word for word in words)
