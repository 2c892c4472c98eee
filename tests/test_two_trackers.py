"""One repository, two hosts: issues on GitHub by default, those of some documents on a Forgejo, by the real command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benches import Bench, Ran, bench
from closeout.errors import Exit
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import Repo
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from ledgers import git
from registry import Kind
from sides.github import GitHubSide

POOL, SLOW, SWITCH, LEAK = (
    f"postmortems/{name}.md" for name in ("app/pool", "app/slow-queries", "infra/switch", "app/leak")
)
DOCUMENTS = {
    POOL: """---
title: Connection pool exhausted
date: 2026-11-02
---
# Connection pool exhausted

## Action items

- [ ] Add a CI check: `replicas × pool_size` (Owner: @ann, Due: 2026-12-15, Issue: basecamp#412)
- [ ] Write a runbook entry (Owner: @bob, Due: 2026-12-20)

## Follow-ups

| # | Action | Owner | Due | Status | Ticket |
|---|--------|-------|-----|--------|--------|
| 1 | Add a connection alert | @ann | 2026-12-16 | 🔲 TODO | SRE-123 |
| 2 | Replace the rack's switch | @ann | 2026-12-16 | 🔲 TODO | {theirs} |
""",
    SLOW: """# Slow queries

**Date**: 2026-11-03

| Priority | Action Item | Owner | Due Date | Issue | Status |
|----------|-------------|-------|----------|-------|--------|
| 🔴 P0 | Test the queries in CI | @ann | 2026-12-12 | ROOSE-XXX | Open |
| 🟡 P2 | Document good queries | @bob | 2026-12-10 | ROOSE-XXX | Open |
""",
    SWITCH: """# The switch died

**Date**: 2026-11-04

| Action | Owner | Due | Status | Ticket |
|--------|-------|-----|--------|--------|
| Buy a spare switch | @ines | 2026-12-01 | 🔲 TODO | - |
| Draw the racks | @ines | 2026-12-05 | 🔲 TODO | TBD |
| Tell the app when the network is gone | @ines | 2026-12-06 | 🔲 TODO | {ours} |
""",
    LEAK: """---
private: true
---
# A token leaked

**Date**: 2026-11-05

| Action | Owner | Due | Status | Ticket |
|--------|-------|-----|--------|--------|
| Rotate the token | @ines | 2026-12-02 | 🔲 TODO | |
""",
}
TOML = """tracker = "github"

[trackers.infra]
kind = "forgejo"
url = "{url}"
project = "infra/followups"
token-env = "INFRA_TOKEN"
allow-wider-audience = true

[trackers.security]
kind = "forgejo"
url = "{url}"
project = "infra/security"
token-env = "SECURITY_TOKEN"

[[routes]]
private = true
tracker = "security"

[[routes]]
paths = ["postmortems/infra/**"]
tracker = "infra"
"""


@dataclass
class Both:
    """A bench of GitHub, where the documents are, and a Forgejo with two repositories."""

    bench: Bench
    github: GitHubFake
    forgejo: ForgejoFake
    infra: Repo
    security: Repo
    here: GitHubSide

    def sync(self) -> Ran:
        ran = self.bench.sync()
        self.bench.pull()
        self.keeps_its_tokens(ran)
        return ran

    def keeps_its_tokens(self, ran: Ran) -> None:
        """No token is printed, lies in a document or the ledger, or went to another host than its own."""
        kept = git(self.bench.root, "log", "--all", "-p") + "".join(self.text(name) for name in DOCUMENTS)
        for token in (self.github.token, *self.forgejo.tokens):
            assert token not in ran.told + kept
        there, here = ([str(one.headers) for one in fake.requests] for fake in (self.forgejo, self.github))
        assert not [told for told in there if self.github.token in told]
        assert not [told for told in here if any(token in told for token in self.forgejo.tokens)]

    def text(self, name: str) -> str:
        return (self.bench.person / name).read_text("utf-8")

    def row(self, name: str, title: str) -> str:
        (line,) = [line for line in self.text(name).split("\n") if title in line]
        return line

    @property
    def titles(self) -> tuple[list[str], list[str], list[str]]:
        repos = (self.here.repo, self.infra, self.security)
        first, second, third = ([issue.title for issue in repo.issues.values()] for repo in repos)
        return first, second, third


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    with GitHubFake() as github, ForgejoFake() as forgejo, ExitStack() as stack:
        forgejo.world.clock = forgejo.clock = github.clock
        infra = forgejo.repository("infra", "followups")
        security = forgejo.repository("infra", "security", Right.NONE, private=True)
        for repo in (infra, security):
            repo.grant("ines", Right.WRITE)
        security.grant("guard-bot", Right.WRITE)
        infra.open("Order a switch", by="ines")
        side = GitHubSide(github)
        side.repo.open("Survive a network that is gone", by="ann")
        side.toml = TOML.replace("{url}", forgejo.url)
        mine = {"INFRA_TOKEN": forgejo.token, "SECURITY_TOKEN": forgejo.sign_in("guard-bot")}
        side.environment = {**side.environment, **mine}
        links = {
            "{theirs}": f"{forgejo.url}/infra/followups/issues/1",
            "{ours}": f"{github.web}/acme/platform/issues/1",
        }
        documents = {}
        for name, text in DOCUMENTS.items():
            for what, link in links.items():
                text = text.replace(what, link)  # noqa: PLW2901
            documents[name] = text.encode()

        @contextmanager
        def opened(bare: Path) -> Iterator[GitHubSide]:
            side.repo.bare = Bare(bare)
            yield side

        made = stack.enter_context(bench(Kind("github", ("commit",), opened), "commit", documents))
        yield Both(made, github, forgejo, infra, security, side)


def test_each_new_issue_is_made_in_its_own_tracker_and_the_second_sync_has_nothing_to_do(both: Both) -> None:
    planned = both.bench.run("plan")
    assert (planned.code, planned.told.count("create an issue"), both.forgejo.writes) == (Exit.DONE, 6, [])
    assert both.sync().code == Exit.DONE
    assert both.titles == (
        ["Survive a network that is gone", "Write a runbook entry", "Test the queries in CI", "Document good queries"],
        ["Order a switch", "Buy a spare switch", "Draw the racks"],
        ["Rotate the token"],
    )
    both.github.requests.clear()
    both.forgejo.requests.clear()
    again = both.sync()
    assert (again.code, "nothing to do (10 items in 4 documents)" in again.told) == (Exit.DONE, True)
    assert (both.github.writes, both.forgejo.writes) == ([], [])


def test_every_command_of_the_page_works_with_its_configuration(both: Both) -> None:
    page = (Path(__file__).parent.parent / "docs/how-to/several-trackers.md").read_text("utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (commands,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    both.bench.pull()
    told = 'publish = "commit"\n' + toml.replace("https://git.example.com", both.forgejo.url)
    infra = 'project = "infra/followups"\n'
    (both.bench.person / "closeout.toml").write_text(
        told.replace(infra, f"{infra}allow-wider-audience = true\n"), encoding="utf-8"
    )
    both.bench.share()
    ran = both.bench.run("plan")
    for line in commands.strip().split("\n"):
        ran = both.bench.run(*line.partition("#")[0].split()[1:])
        assert ran.code == Exit.DONE, f"{line}: {ran.told}"
        both.keeps_its_tokens(ran)
    assert [len(some) for some in both.titles] == [4, 3, 1]
    assert {"github", "infra", "security"} <= set(re.findall(r"\w+", ran.told))


def test_write_backs_of_all_trackers_go_in_one_commit_each_ticket_as_its_tracker_spells_it(both: Both) -> None:
    both.sync()
    told = git(both.bench.person, "log", "--format=%s", "-n", "2").split("\n")
    assert told == ["Action items: 6 values written back into 4 documents", "theirs"]
    assert f"[#3]({both.github.web}/acme/platform/issues/3)" in both.row(SLOW, "Test the queries")
    assert f"[infra/followups#2]({both.forgejo.url}/infra/followups/issues/2)" in both.row(SWITCH, "Buy a spare")
    assert f"[infra/security#1]({both.forgejo.url}/infra/security/issues/1)" in both.row(LEAK, "Rotate")


def test_a_private_document_is_told_to_nobody_but_its_own_tracker(both: Both) -> None:
    both.sync()
    sent = [one.body.decode() for one in (*both.github.writes, *both.forgejo.writes) if b"Rotate the token" in one.body]
    assert len(sent) == 1
    asked = [one for one in both.forgejo.requests if "/infra/security" in one.path]
    (token,) = {one.headers["authorization"].split()[-1] for one in asked}
    assert both.forgejo.tokens[token].account.login == "guard-bot"


def test_an_address_of_the_other_host_is_followed_and_never_written_to(both: Both) -> None:
    both.sync()
    both.infra.close(1)
    both.here.repo.close(1)
    both.bench.later()
    assert both.sync().code == Exit.DONE
    assert "✅ DONE" in both.row(POOL, "Replace the rack")
    assert "✅ DONE" in both.row(SWITCH, "Tell the app")
    written = [one.route for one in (*both.github.writes, *both.forgejo.writes)]
    assert not [route for route in written if route.endswith("/issues/1") and "security" not in route]


def test_tickets_of_nobody_here_are_respected_and_placeholders_are_none(both: Both) -> None:
    ran = both.sync()
    assert "| SRE-123 |" in both.row(POOL, "Add a connection alert")
    assert "Issue: basecamp#412)" in both.row(POOL, "Add a CI check")
    assert "acme/basecamp#412 is not in the tracker; the row is left as it is" in ran.told
    assert "ROOSE" not in both.text(SLOW)
    assert not {"Add a connection alert", "Replace the rack's switch"} & {one for some in both.titles for one in some}


def test_what_people_do_on_either_host_comes_back_in_one_commit(both: Both) -> None:
    both.sync()
    both.infra.close(2)
    both.here.close("3")
    both.bench.write(SWITCH, "2026-12-05", "2026-12-24")
    both.bench.share()
    both.bench.later()
    assert both.sync().code == Exit.DONE
    assert "✅ DONE" in both.row(SWITCH, "Buy a spare")
    assert "Open" not in both.row(SLOW, "Test the queries")
    assert str(both.infra.issues[3].due).startswith("2026-12-24")
    assert git(both.bench.person, "log", "--format=%s", "-n", "1").endswith("2 values written back into 2 documents")


@pytest.mark.parametrize("away", ["github", "forgejo"])
def test_a_host_that_is_down_is_exit_4_and_the_rows_of_the_other_go_on(both: Both, away: str) -> None:
    both.sync()
    both.infra.close(2)
    both.here.close("3")
    both.bench.later()
    down = Fault(faults.failed(503, done=False), path="/issues" if away == "github" else "", times=None)
    gone = both.github if away == "github" else both.forgejo
    gone.script(down)
    ran = both.sync()
    assert ran.code == Exit.TRACKER, ran.told
    assert ("Open" not in both.row(SLOW, "Test the queries")) is (away == "forgejo")
    assert ("✅ DONE" in both.row(SWITCH, "Buy a spare")) is (away == "github")
    gone.server.faults.remove(down)
    both.bench.later()
    assert both.sync().code == Exit.DONE
    assert "Open" not in both.row(SLOW, "Test the queries")
    assert "✅ DONE" in both.row(SWITCH, "Buy a spare")
    assert [len(some) for some in both.titles] == [4, 3, 1]
