"""What is a ticket: every form that the hosts write, and the words that only look like one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from closeout.__main__ import main
from closeout.domain.issue import Issue
from closeout.domain.item import Field
from closeout.reading.document import read
from closeout.reading.fields.tickets import find
from closeout.reading.vocabulary import extended, shipped
from worlds import Small

UUID = "0f0e0d0c-1111-2222-3333-444455556666"
WORDS = [
    "#12",
    "repo#12",
    "owner/repo#12",
    "my.org/my-repo.js#12",
    "group/team/repo#12",
    "SRE-123",
    "GH-12",
    "ENG-7",
    "AB2-9",
]
ADDRESSES = [
    "https://github.com/o/r/issues/12",  # GitHub, its Enterprise kinds
    "https://github.com/o/r/pull/12",
    "https://github.com/o/r/issues/12#issuecomment-3",
    "https://ghe.example.com/o/r/issues/12",
    "https://acme.ghe.com/o/r/issues/12",
    "https://codeberg.org/o/r/issues/12",  # Forgejo, Gitea
    "https://git.example.com/o/r/pulls/12",
    "http://localhost:3000/sub/o/r/issues/12",
    "https://gitlab.com/g/p/-/issues/12",  # GitLab
    "https://gitlab.example.com/g/s/p/-/issues/12",
    "https://gitlab.com/g/p/-/merge_requests/12",
    "https://gitlab.com/g/p/-/work_items/12",
    "https://gitlab.com/groups/g/-/epics/12",
    "https://app.plane.so/acme/browse/ROOSE-123/",  # Plane
    f"https://plane.example.com/acme/projects/{UUID}/issues/{UUID}",
    "https://app.plane.so/acme/work-items/SRE-7",
    "https://x.atlassian.net/browse/SRE-123",  # Jira
    "https://jira.example.com/browse/SRE-123?focusedCommentId=1",
    "https://x.atlassian.net/jira/software/projects/SRE/boards/1?selectedIssue=SRE-123",
    "https://x.atlassian.net/jira/software/c/projects/SRE/issues/SRE-123",
    "https://x.atlassian.net/jira/servicedesk/projects/SRE/queues/custom/1/SRE-123",
    "https://linear.app/acme/issue/ENG-12/add-an-alert",  # Linear
    "https://linear.app/acme/issue/ENG-12",
    "https://bugzilla.mozilla.org/show_bug.cgi?id=123",
    "https://app.asana.com/0/1204619611402340/1206619611402341/f",  # Asana
    "https://app.asana.com/1/12/project/34/task/56",
    "https://trello.com/c/a1B2c3D4/12-add-an-alert",  # Trello
    "https://app.clickup.com/t/86a1b2c3d",  # ClickUp
    "https://app.shortcut.com/acme/story/123/add-an-alert",  # Shortcut
    "https://dev.azure.com/acme/platform/_workitems/edit/123",  # Azure DevOps
    "https://www.pivotaltracker.com/story/show/123456789",  # Pivotal
    "https://youtrack.example.com/issue/SRE-12",  # YouTrack
    "../.closeout/issues/0012-add-an-alert.md",
]
NONE = """
UTF-8 UTF-16 HTTP-500 HTTP-2 COVID-19 CVE-2021-1 CVE-2021-44228 CWE-79 ISO-8601 ISO-8859-1 ISO-27001 SHA-256 MD-5 RFC-2119
TLS-1 AES-256 RSA-2048 GPT-4 X-509 IPV-6 UTC-5 GMT-8 TCP-80 ECMA-262 IEEE-754 WCAG-2 PEP-8 CRC-32 BASE-64 ARM-64 X86-64
EC-2 MP-3 SOC-2 S-3 P-1 Q4-2026 H1-26 FY-2026 DEC-16 MAY-3 OCT-2026 SEV-1 INC-12 US-EAST-1 us-east-1 SRE-XXX ABC-123-x
https://github.com/o/r https://github.com/o/r/issues https://example.com/2026/05/01 https://linear.app/acme/team/ENG
https://x.atlassian.net/wiki/spaces/SRE/pages/123 [12](https://example.com/12) https://trello.com/b/a1B2c3D4/board
https://app.asana.com/0/home/12 https://app.clickup.com/12/v/li/34 #tag &#35; a#12b
"""


@pytest.mark.parametrize("text", [*WORDS, *ADDRESSES[:-1]])
def test_every_form_is_one_ticket_as_it_is_written(text: str) -> None:
    assert [ticket.ref for ticket in find(f"See {text}, please")] == [text]
    assert [ticket.ref for ticket in find(text)] == [text]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_link_to_a_ticket_is_one_whatever_its_label_says(address: str) -> None:
    assert [ticket.ref for ticket in find(f"[the alert]({address})")] == [address]
    assert [(ticket.ref, ticket.address) for ticket in find(f"[SRE-7]({address})")] == [("SRE-7", address)]
    text = f"# O\n\n## Action items\n\n| Action | Ticket |\n|---|---|\n| a | [the alert][1] |\n| b | [1] |\n\n[1]: {address}\n"
    assert [item.tickets for item in read("a.md", text, shipped()).items] == [(address,), (address,)]


@pytest.mark.parametrize("text", NONE.split())
def test_what_only_looks_like_a_ticket_is_none(text: str) -> None:
    assert find(text) == []
    assert find(f"Move to {text}") == []


@pytest.mark.parametrize(
    "entry", ["Add a check ([the ticket][jira])", "Add a check [the ticket][jira]", "Add a check ([jira])"]
)
def test_a_reference_link_behind_an_entry_is_its_ticket(entry: str) -> None:
    text = f"# O\n\n## Action items\n\n- {entry}\n\n[jira]: https://x.atlassian.net/browse/SRE-1 'x'\n"
    (item,) = read("a.md", text, shipped()).items
    assert (item.title, item.tickets) == ("Add a check", ("https://x.atlassian.net/browse/SRE-1",))


def test_a_link_to_elsewhere_is_part_of_the_title() -> None:
    text = "# O\n\n## Action items\n\n- Add a check [as they do][x]\n- [ ] Read [this]\n\n[x]: https://example.com/\n"
    found = read("a.md", text, shipped()).items
    assert [(item.title, item.tickets) for item in found] == [("Add a check as they do", ()), ("Read [this]", ())]


@pytest.mark.parametrize("page", ["- [ ] {}\n", "| Action | Owner |\n|---|---|\n| {} | Ann |\n"])
def test_a_number_behind_what_people_number_is_no_ticket(page: str) -> None:
    def found(title: str) -> tuple[str, tuple[str, ...]]:
        (item,) = read("a.md", "# O\n\n## Action items\n\n" + page.format(title), shipped()).items
        return item.title, item.tickets

    for title in ("Reboot server #5", "Finish phase #2", "Den Server #5 neu starten", "Passer à l'étape #3"):
        assert found(title) == (title, ())
    for title in ("Add an alert #5", "Reboot the server (#5)", "Reboot the server — #5", "Reboot server acme/pm#5"):
        assert found(title)[1] in {("#5",), ("acme/pm#5",)}
    assert found("Reboot server #5 (#12)") == ("Reboot server #5", ("#12",))


def test_a_ticket_behind_what_people_number_is_written_so_that_it_is_one() -> None:
    small = Small({"postmortems/a.md": "## Action items\n\n- [ ] Add an alert (#1)\n- [ ] Reboot the server\n"})
    small.tracker.issues["1"] = Issue(
        "1", "", {Field.TITLE: "Alert us", Field.STATUS: "todo"}, "memory:/1", author="zoe"
    )
    for _ in range(2):
        small.sync()
    assert "- [ ] Reboot the server (#2)\n" in small.text
    assert len(small.tracker.issues) == 2


OWN = frozenset({"INC", "ops", "Team_A"})


@pytest.mark.parametrize("text", ["INC-12", "ops-7", "Team_A-3"])
def test_a_team_names_the_prefixes_of_its_tickets_as_they_are_spelt(text: str) -> None:
    assert find(text) == []
    assert [ticket.ref for ticket in find(f"See {text}, please", OWN)] == [text]
    assert [ticket.ref for ticket in find(f"[{text}](https://example.com/a)", OWN)] == [text]
    assert [ticket.ref for ticket in find(f"{text} and SRE-9 and {text}", OWN)].count(text) == 2
    assert find(f"x{text} {text}-x {text.title()}x {text.partition('-')[0]}-XXX", OWN) == []


SEEDS = [
    "basecamp#412",
    "SRE-123",
    "ROOSE-123",
    "https://codeberg.org/acme/platform/issues/4",
    "https://git.example.com/infra/followups/pulls/4",
    "https://acme.atlassian.net/browse/SRE-123",
    "https://linear.app/acme/issue/ENG-12/add-an-alert",
    "https://app.asana.com/0/12/34",
]
PAGES = [
    "# O\n\n## Action items\n\n| Action | Ticket | Status |\n|---|---|---|\n| Add an alert | {} | TODO |\n",
    "# O\n\n## Action items\n\n| Action | Status |\n|---|---|\n| Add an alert {} | TODO |\n",
    "# O\n\n## Action items\n\n- [ ] Add an alert ({})\n",
    "# O\n\n## Action items\n\n- [ ] Add an alert [the ticket]({})\n",
]


@pytest.mark.parametrize(
    ("ticket", "page"),
    [(ticket, page) for ticket in [*SEEDS, "INC-12"] for page in PAGES if "://" in ticket or "](" not in page],
)
def test_no_issue_is_made_for_a_row_with_a_ticket_elsewhere_and_nothing_is_written(ticket: str, page: str) -> None:
    text = page.format(ticket)
    small = Small({"postmortems/a.md": text})
    small.options = replace(small.options, vocabulary=extended((), {}, {}, ("INC",)))
    for _ in range(2):
        assert (outcome := small.sync()) is not None
        assert (outcome.results, outcome.written) == ((), ())
    assert (small.text, small.tracker.issues) == (text, {})


@pytest.mark.parametrize("ticket", ["ROOSE-XXX", "INC-XXX", "TBD", "-", "ROOSE-NNN", ""])
def test_a_placeholder_is_no_ticket_so_that_its_row_gets_an_issue(ticket: str) -> None:
    small = Small({"postmortems/a.md": PAGES[0].format(ticket)})
    small.options = replace(small.options, vocabulary=extended((), {}, {}, ("INC", "ROOSE")))
    small.sync()
    assert len(small.tracker.issues) == 1
    assert "| Add an alert | [#1](memory:/1) | TODO |" in small.text


def test_prefixes_are_told_in_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/a.md").write_text(PAGES[0].format("INC-12"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def said(told: str, *arguments: str) -> str:
        (tmp_path / "closeout.toml").write_text(f"[reading]\ntickets = {told}\n", encoding="utf-8")
        monkeypatch.setattr("sys.argv", ["closeout", *arguments])
        with pytest.raises(SystemExit):
            main()
        shown = capsys.readouterr()
        return shown.out + shown.err

    assert json.loads(said('["INC"]', "list", "postmortems", "--format", "json"))["documents"][0]["items"][0][
        "tickets"
    ] == ["INC-12"]
    assert "create an issue" not in said('["INC"]', "plan", "--tracker", "folder")
    assert "create an issue" not in said('["OPS", "INC"]', "plan", "--tracker", "folder")
    assert "closeout.toml:2: key 'reading.tickets' cannot be used" in said('["INC-"]', "list", "postmortems")
