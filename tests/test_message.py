"""The short message and the digest: what they say, when there is nothing to say, and that nothing of a title acts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from any_summary import ADDRESSES, TEXTS, summaries
from closeout.domain.item import JOINER, visible
from closeout.domain.report.scope import Scope
from closeout.domain.report.summary import Counts, Summary
from closeout.render.report.chatting import address, shown
from closeout.render.report.message import digest, message
from closeout.render.report.telling import telling
from closeout.render.report.words import languages, words
from made_summary import TODAY, WEEK, made_summary

PLACE = "https://github.com/acme/postmortems/issues/9"
CALLS = re.compile(r"[@＠﹫](?!\u2060)\S|<(?!\u2060)\S|\][\[(:]|`|\|\||www\.", re.I)


def still(summary: Summary) -> Summary:
    """The same in a week in which nothing happened."""
    before = Counts(open=summary.counts.open, overdue=summary.counts.overdue)
    return replace(summary, done=(), declined=(), before=before)


def test_a_message_says_what_changed_and_where_the_rest_is() -> None:
    told = message(made_summary(), PLACE)
    assert told is not None
    assert told.title == "Action items of acme/postmortems: 19 open, 5 overdue"
    assert told.text.replace("\u2009", " ") == (
        "Nov 9 – 15, 2026\n"
        "• 3 new, 4 done, 1 that nobody will do\n"
        "• 5 overdue (+1), 4 due within 7 days\n"
        "• Oldest: Rehearse the failover twice a year, Carla, open for 9 months, https://github.com/acme/shop/issues/611\n"
        "• 2 postmortems are late\n"
        "• Not all could be seen: the report says what\n"
        f"All of it: {PLACE}"
    )


def test_a_message_of_a_team_names_the_team() -> None:
    told = message(replace(made_summary(), scope=Scope(WEEK, team="Payments @here")), PLACE)
    assert told is not None
    assert told.text.replace("\u2009", " ").startswith(f"Nov 9 – 15, 2026, Payments @{JOINER}here\n")


def test_where_nothing_changed_there_is_no_message() -> None:
    assert message(still(made_summary())) is None


def test_one_more_or_less_that_is_open_or_overdue_is_a_change() -> None:
    one = still(made_summary())
    assert one.before is not None
    for before in (replace(one.before, open=18), replace(one.before, overdue=6)):
        assert message(replace(one, before=before)) is not None
    assert message(replace(one, done=made_summary().done)) is not None


def test_where_nobody_knows_what_was_before_facts_tell_whether_anything_changed() -> None:
    one = replace(still(made_summary()), before=None)
    told, later = message(one), message(replace(one, as_of=TODAY + timedelta(9)))  # some are due by then
    closed = message(replace(one, open=one.open[1:]))
    assert told is not None
    assert later is not None
    assert closed is not None
    assert (told.facts == later.facts, told.facts == closed.facts) == (False, False)
    assert message(replace(one, open=())) is None


def test_a_day_that_makes_an_item_overdue_is_a_change_and_another_is_none() -> None:
    one = replace(still(made_summary()), before=None)
    days = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)]  # one is due on the 17th
    facts = [told.facts for day in days if (told := message(replace(one, as_of=day)))]
    assert (facts[0] == facts[1], facts[1] == facts[2]) == (True, False)


def test_a_digest_has_what_is_overdue_of_one_owner_and_nothing_else() -> None:
    told = digest(made_summary(), "bob", place=PLACE)
    assert told is not None
    assert told.title == "2 action items of yours are overdue"
    assert told.text == (
        "bob, of the postmortems’ action items these are yours and overdue:\n"
        "• Send mails with an idempotency key, due Jul 1, 2026, https://github.com/acme/shop/issues/655\n"
        "• Alert when no order came for 5 minutes, due Nov 14, 2026, https://github.com/acme/shop/issues/763\n"
        "This comes at most once a week.\n"
        f"All of it: {PLACE}"
    )


def test_a_digest_is_found_by_name_team_and_account_and_by_no_part_of_them() -> None:
    made = made_summary()
    assert digest(made, "ANN  kowalski") is not None
    assert digest(made, "Payments") is not None
    assert digest(made, "somebody", frozenset({"ANN-K"})) is not None
    for name in ("Ann", "", "Dinesh", "nobody"):
        assert digest(made, name) is None


def test_a_digest_of_many_items_names_twenty_of_them() -> None:
    made = made_summary()
    late = replace(made.overdue()[0], owners=("bob",))
    told = digest(replace(made, open=tuple(replace(late, line=line) for line in range(30))), "bob")
    assert told is not None
    assert told.title == "30 action items of yours are overdue"
    assert (told.text.count("• "), "and 10 more" in told.text) == (20, True)


@settings(max_examples=30)
@given(summaries(), ADDRESSES)
def test_a_message_is_short_plain_and_calls_nobody(summary: Summary, place: str) -> None:
    for told in (message(summary, place), digest(summary, "ann", place=place)):
        if told is None:
            continue
        assert "\n" not in told.title
        assert len(told.title) <= 120
        assert 1 <= len(told.text.split("\n")) <= 8
        assert len(told.text) <= 2_000
        told.text.encode()
        assert not CALLS.search(told.title + "\n" + told.text), told


@given(TEXTS)
def test_a_text_is_shown_as_it_is_but_for_what_nobody_sees(text: str) -> None:
    once = shown(text, 500)
    assert not CALLS.search(once)
    assert once.replace(JOINER, "") == visible(text).replace("`", "'")
    assert len(shown(text, 10).replace(JOINER, "")) <= 10


@pytest.mark.parametrize("language", languages())
def test_every_language_has_all_of_a_message(language: str) -> None:
    theirs, ours = telling(language), telling("en")
    forms = theirs.locale.plural_form.tags | {"other"}
    assert theirs.told.keys() == ours.told.keys()
    for key in ours.told.keys() - words("en").told.keys():
        said, english = theirs.told[key], ours.told[key]
        assert isinstance(said, str) == isinstance(english, str), key
        assert isinstance(said, str) or said.keys() == forms, key
        for text in [said] if isinstance(said, str) else said.values():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", str(english))), key
    for told in (message(made_summary(), PLACE, theirs), digest(made_summary(), "bob", place=PLACE, words=theirs)):
        assert told is not None
        assert told.text.endswith(PLACE)


def test_a_message_is_in_the_language_that_was_asked_for() -> None:
    told = message(made_summary(), words=telling("de"))
    assert told is not None
    assert told.title == "Maßnahmen von acme/postmortems: 19 offen, 5 überfällig"


def test_only_an_address_of_the_web_is_one() -> None:
    assert address("https://example.com/a b?c=<d>#e|f") == "https://example.com/a%20b?c=%3Cd%3E#e%7Cf"
    for other in (
        "javascript:alert(1)",
        "https://user:pass@example.com/",
        "//example.com",
        "",
        "https://exa mple.com",
        "file:///x",
    ):
        assert not address(other)
