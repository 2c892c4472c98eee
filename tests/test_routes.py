"""Several trackers in one repository: whose a new issue is, whose a ticket names, and one of them that is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.compose.opening import together
from closeout.domain.document import Document
from closeout.domain.issue import Issue
from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.engine.boards import Trackers
from closeout.errors import ConfigurationError, Exit, TrackerError
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.render.plan import done, lines
from closeout.settings import Settings
from closeout.trackers.memory import MemoryTracker
from worlds import TABLE, Small

APPS, INFRA = "postmortems/a.md", "postmortems/infra/b.md"


class Infra(MemoryTracker):
    """A tracker whose tickets carry its name."""

    def ref(self, ticket: str, path: str) -> str | None:
        return super().ref(ticket.removeprefix("infra"), path) if ticket.startswith("infra#") else None

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:
        return f"infra#{issue.ref}", f"https://infra.example/{issue.ref}"


class Both(Small):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.infra = Infra(name="infra", address="https://infra.example", pause=self.fuse)
        there = {"memory": self.tracker, "infra": self.infra}
        routed = Trackers(there, lambda document: "infra" if "infra/" in document.path else "", "memory")
        self.world = replace(self.world, trackers=routed)

    def ran(self) -> Outcome:
        outcome = self.sync()
        assert outcome is not None
        return outcome

    @property
    def titles(self) -> tuple[list[str], list[str]]:
        here, there = (tracker.issues.values() for tracker in (self.tracker, self.infra))
        return [one.values[Field.TITLE] for one in here], [one.values[Field.TITLE] for one in there]


@pytest.fixture
def both() -> Both:
    other = TABLE.replace("Add an alert", "Mend the switch").replace("Write a runbook", "Draw the racks")
    return Both({APPS: TABLE, INFRA: other})


def test_a_route_leads_new_issues_to_its_tracker_and_each_ticket_to_its_own_row(both: Both) -> None:
    assert both.sync()
    assert both.titles == (["Add an alert", "Write a runbook"], ["Mend the switch", "Draw the racks"])
    assert "[#1](memory:/1)" in both.texts[APPS]
    assert "[infra#1](https://infra.example/1)" in both.texts[INFRA]
    assert both.plan().plan.empty


def test_equal_numbers_of_two_trackers_are_two_issues(both: Both) -> None:
    both.sync()
    both.infra.edit("1", {Field.STATUS: "done"})
    both.tracker.edit("2", {Field.DUE: "2026-09-09"})
    both.sync()
    assert "| Add an alert" in both.texts[APPS]
    assert "2026-06-15 | 🔲 TODO" in both.texts[APPS]
    assert "2026-09-09 | 🔲 TODO" in both.texts[APPS]
    assert "2026-06-15 | ✅ DONE" in both.texts[INFRA]
    assert "2026-06-20 | 🔲 TODO" in both.texts[INFRA]
    assert both.plan().plan.empty


def test_with_several_trackers_a_plan_names_whose_issue_it_is(both: Both) -> None:
    told = [text.strip() for text, _ in lines(both.plan().plan)]
    assert "create an issue of infra (owners ann, due 2026-06-15): it has no ticket yet" in told
    assert "create an issue of memory (owners ann, due 2026-06-15): it has no ticket yet" in told
    assert {done(result, several=True) for result in both.ran().results} == {
        f"issue {number} of {name} created" for number in (1, 2) for name in ("memory", "infra")
    }


def test_an_item_that_moves_to_another_route_keeps_its_issue(both: Both) -> None:
    both.sync()
    row = next(line for line in both.texts[APPS].split("\n") if "Add an alert" in line)
    both.texts[APPS] = both.texts[APPS].replace(f"{row}\n", "")
    both.texts[INFRA] += f"{row}\n"
    both.sync()
    assert both.titles == (["Add an alert", "Write a runbook"], ["Mend the switch", "Draw the racks"])
    both.tracker.edit("1", {Field.STATUS: "done"})
    both.sync()
    assert "✅ DONE" in both.texts[INFRA].split("Add an alert")[1]


def test_a_row_that_names_the_other_trackers_issue_follows_it_and_gets_none_of_its_own(both: Both) -> None:
    both.infra.issues["7"] = Issue("7", values={Field.TITLE: "Theirs", Field.STATUS: "todo"})
    both.texts[APPS] = both.texts[APPS].replace("| Add an alert |", "| Add an alert infra#7 |")
    both.sync()
    both.infra.edit("7", {Field.STATUS: "done"})
    both.sync()
    assert both.titles[0] == ["Write a runbook"]
    assert "✅ DONE" in both.texts[APPS].split("infra#7")[1].split("\n")[0]
    assert both.infra.issues["7"].values[Field.TITLE] == "Theirs"


@pytest.mark.parametrize("away", ["memory", "infra"])
def test_a_tracker_that_is_away_leaves_the_other_to_go_on_and_its_rows_as_they_are(both: Both, away: str) -> None:
    both.sync()
    trackers = {"memory": both.tracker, "infra": both.infra}
    gone, there = trackers[away], next(tracker for name, tracker in trackers.items() if name != away)
    gone.edit("1", {Field.STATUS: "done"})
    there.edit("1", {Field.STATUS: "done"})
    new = "| Buy a spare | @ann | 2026-06-30 | 🔲 TODO |\n"
    for path in both.texts:
        both.texts[path] += new
    gone.unreadable = True
    told = both.sync()
    assert told is not None
    assert Exit.TRACKER in told.exits
    of_gone, of_there = (both.texts[path] for path in ((APPS, INFRA) if away == "memory" else (INFRA, APPS)))
    assert of_gone.count("✅ DONE") == 1
    assert of_there.count("✅ DONE") == 2
    assert [len(gone.issues), len(there.issues)] == [2, 3]
    gone.unreadable = False
    told = both.sync()
    assert told is not None
    assert not told.errors
    assert [len(gone.issues), len(there.issues)] == [3, 3]
    assert both.plan().plan.empty


def test_a_tracker_that_is_away_at_first_or_when_the_ledger_is_rebuilt_stops_the_run(both: Both) -> None:
    both.infra.unreadable = True
    with pytest.raises(TrackerError):
        both.sync()
    assert both.titles == ([], [])
    both.infra.unreadable = False
    both.sync()
    both.infra.unreadable = True
    both.options = replace(both.options, rebuild=True)
    with pytest.raises(TrackerError):
        both.sync()


def test_a_lost_ledger_is_rebuilt_from_both(both: Both) -> None:
    both.sync()
    both.ledger.text = ""
    with pytest.raises(ConfigurationError, match="rebuild-ledger"):
        both.sync()
    both.options = replace(both.options, rebuild=True)
    both.sync()
    both.options = replace(both.options, rebuild=False)
    assert {entry.tracker for entry in both.ledger.load().entries.values()} == {"memory", "infra"}
    assert both.titles == (["Add an alert", "Write a runbook"], ["Mend the switch", "Draw the racks"])
    assert both.plan().plan.empty


@pytest.mark.parametrize("at", range(0, 24, 2))
def test_a_run_that_dies_anywhere_makes_no_second_issue_in_either(both: Both, at: int) -> None:
    both.sync(dies_at=at)
    both.sync()
    assert [sorted(titles) for titles in both.titles] == [
        ["Add an alert", "Write a runbook"], ["Draw the racks", "Mend the switch"],
    ]  # fmt: skip
    assert both.plan().plan.empty


def test_the_first_route_that_takes_a_document_decides() -> None:
    told = Settings.model_validate(
        {
            "trackers": {name: {"kind": "github", "project": f"acme/{name}"} for name in ("infra", "security")},
            "routes": [
                {"private": True, "paths": ["secret/**"], "tracker": "security"},
                {"paths": ["docs/infra/**"], "tracker": "infra"},
            ],
        }
    )
    route = together({}, {}, told).route
    assert route(Document("docs/infra/a.md")) == "infra"
    assert route(Document("docs/infra/a.md", private=True)) == "security"
    assert route(Document("secret/a.md")) == "security"
    assert route(Document("docs/a.md")) == ""


@pytest.mark.parametrize(
    ("head", "private"),
    [
        ("---\nprivate: true\n---\n", True),
        ("---\nprivate: 'yes'\n---\n", True),
        ("---\nprivate: false\n---\n", False),
        ("---\nprivate: true\nbroken: [\n---\n", True),
        ("---\nbroken: [\n---\nprivate words\n", False),
        ("private: true\n", False),
    ],
)
def test_a_page_is_private_if_its_front_matter_says_so_even_where_that_is_broken(head: str, *, private: bool) -> None:
    assert read("a.md", f"{head}{TABLE}", shipped()).private is private
