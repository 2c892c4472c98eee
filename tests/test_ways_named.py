"""Every message of a plan that names a command: from the state that gives it, exactly that command, taken from the message.

What the command will do is shown first, then it is done, and the message is gone. A new message without a case fails.
"""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from test_cli import DOCUMENT, Run, repository, run  # noqa: F401
from test_github_end_to_end import PAGE, TEXT, Team, git, team  # noqa: F401
from test_messages import FLAGS
from worlds import TABLE

SOURCES = Path(__file__).resolve().parent.parent / "src/closeout"
OTHER = DOCUMENT.replace("pool", "disk pool")  # a name that a shell would take for two
ROW = "| Add an alert | @ann | 2026-06-15 | 🔲 TODO |\n"
HEAD = TABLE.partition("| Add")[0]
LEDGER = "refs/closeout/ledger"


@dataclass
class Folder:
    """A repository with the folder tracker, synced, and no ticket in its page yet."""

    root: Path
    run: Run

    def __post_init__(self) -> None:
        self.run("sync", "--publish", "none")

    @property
    def text(self) -> str:
        return (self.root / DOCUMENT).read_text("utf-8")

    def write(self, text: str, path: str = DOCUMENT) -> None:
        (self.root / path).write_text(text, encoding="utf-8")

    def by_hand(self, number: int) -> None:
        self.write("---\ntitle: By hand\nstatus: todo\n---\n", f".closeout/issues/{number:04}-by-hand.md")

    def mend(self, name: str, old: str, new: str) -> None:
        (path,) = self.root.glob(f".closeout/{name}")
        path.write_text(re.sub(old, new, path.read_text("utf-8"), flags=re.MULTILINE), encoding="utf-8")


# The states, each of which gives its message.


def reworded(there: Folder) -> None:
    there.write(there.text.replace("| Add an", "| Page us | @zoe | 2026-08-01 | 🔲 TODO |\n| Tell about an"))


def moved(there: Folder) -> None:
    there.write(there.text.replace(ROW, ""))
    for path in (OTHER, DOCUMENT.replace("pool", "cpu")):
        there.write(HEAD + ROW, path)


def twice(there: Folder) -> None:
    there.write(there.text.replace(ROW, ROW.replace("@ann", "@zoe") + ROW))


def named_by_two(there: Folder) -> None:
    there.by_hand(90)
    for path in (OTHER, DOCUMENT.replace("pool", "cpu")):
        there.write(HEAD + "| Alert us #90 | @ann | | 🔲 TODO |\n", path)
    there.run("sync")


def unlinked(there: Folder) -> None:
    there.run("unlink", "#1", "--yes")
    there.write(there.text.replace("Add an alert", "Page somebody"))


def forgotten(there: Folder) -> None:
    there.mend("ledger.jsonl", r'^.*"issue": "1".*\n', "")


def exchanged(there: Folder) -> None:
    there.run("sync")
    there.mend("issues/0001-*.md", r"^key: .*", "key: v1:0123456789abcdef0123")


def gone(there: Folder) -> None:
    there.run("sync")
    there.write("".join(line for line in there.text.splitlines(keepends=True) if "Add an alert" not in line))


def lost(there: Folder) -> None:
    (there.root / ".closeout/ledger.jsonl").unlink()


def deleted(there: Team) -> None:
    there.run("sync", "--yes")
    there.push("Tickets")
    there.run("sync")
    there.repo.delete(1)


def replaced(there: Team) -> None:
    there.repo.open("By hand")
    there.text = re.sub(r"\[#1\]\([^)]*\)", "#3", there.text)


def deleted_and_cleared(there: Team) -> None:
    deleted(there)
    there.run("sync")
    there.repo.open("By hand")
    there.text = re.sub(r" \[#1\]\([^)]*\)", "", there.text)


def ignored(there: Team) -> None:
    there.run("sync", "--yes")
    there.push("Tickets")
    there.repo.label(1, "closeout: ignore")


def unvouched(there: Team) -> None:
    there.run("sync", "--yes")
    git(there.clone, "checkout", "-q", ".")
    there.repo.issues[1].author = there.repo.world.account("mallory")
    there.git("push", "-q", "origin", f":{LEDGER}")
    there.run("sync", "--rebuild-ledger", "--publish", "none")


def copied(there: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    there.run("sync", "--yes")
    there.push("Tickets")
    there.fake.repository("beta", "pm")
    monkeypatch.setenv("GITHUB_REPOSITORY", "beta/pm")


def on_a_branch(there: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    there.run("sync", "--yes")
    there.text = there.text.replace("2026-12-01", "2026-12-09")
    git(there.clone, "remote", "set-head", "origin", "main")
    monkeypatch.setenv("GITHUB_REF_NAME", "feature")


def rewritten(there: Team) -> None:
    before = there.git("rev-parse", "HEAD").strip()
    there.run("sync", "--yes")
    there.push("Tickets")
    there.run("sync")
    there.text = there.text.replace("2026-12-01", "2026-12-09")
    there.run("sync")
    git(there.clone, "reset", "-q", "--hard", before)
    git(there.clone, "commit", "-q", "--allow-empty", "-m", "Another history")
    git(there.clone, "push", "-q", "--force")


def first_run(there: Team) -> None:
    assert there.text == TEXT


@dataclass(frozen=True)
class Way:
    """A message: where in the sources it is made, the command it names, its code ("": a guard or an error), the state that
    gives it, what a person fills in or does before, and what was said with the run that tells it.
    """

    source: str
    span: str
    code: str
    state: Callable[..., None]
    ticket: str = "#1"
    before: Callable[..., None] = lambda there: None
    said: tuple[str, ...] = ()


ADOPT, UNLINK, NEW = "closeout adopt VALUE TICKET", "closeout unlink VALUE", "closeout sync --new VALUE"
WAYS = [
    Way("moves._ways", ADOPT, "perhaps-reworded", reworded),
    Way("moves._ways", NEW, "perhaps-reworded", reworded),
    Way("moves._ways", ADOPT, "perhaps-moved", moved),
    Way("moves._ways", NEW, "perhaps-moved", moved),
    Way("match._by_place", NEW, "ambiguous", twice),
    Way("match._share", ADOPT, "follower", named_by_two, "#90"),
    Way("ways.no_issue", ADOPT, "no-issue", unlinked),
    Way("ways.no_issue", ADOPT, "no-issue", deleted_and_cleared, "#3"),
    Way("ways.no_issue", NEW, "no-issue", unlinked),
    Way("ways.unknown_mark", ADOPT, "unknown-mark", forgotten),
    Way("ways.unknown_mark", "closeout plan --rebuild-ledger", "unknown-mark", forgotten),
    Way("ways.other_issue", UNLINK, "other-issue", exchanged),
    Way("ways.ignored", ADOPT, "ignored", ignored, "#1", lambda there: there.repo.unlabel(1, "closeout: ignore")),
    Way("ways.left", UNLINK, "left", gone),
    Way("ways.unseen", ADOPT, "deleted-issue", deleted, "#3", replaced),
    Way("ways.unvouched", ADOPT, "unvouched-marker", unvouched),
    Way("ways.unvouched", UNLINK, "unvouched-marker", unvouched),
    Way("rebuild.known", "closeout plan --rebuild-ledger", "", lost),
    Way("rebuild.known", "closeout sync --rebuild-ledger", "", lost),
    Way("guard.forbids", "closeout init --here", "", copied),
    Way("guard.forbids", "--any-branch", "", on_a_branch),
    Way("guard.asks", "closeout sync --yes", "", first_run),
    Way("guard.guard", "closeout sync --approve VALUE", "", rewritten, said=("--approve", "f" * 16)),
]
# What another command, of one item or of a report, is told where it cannot be done: nothing of a plan.
REFUSED = {
    "adopt._may",
    "adopt._may_leave",
    "naming.new_row",
    "post._posted",
    "tell._told",
    "standing.settle_here",
    "unlink.unlink",
    "view._decided",
    "view.settled",
}


def templates() -> Iterator[tuple[str, str]]:
    """Where in the core a command is named, and the command with VALUE for what is filled in."""
    for path in sorted([*SOURCES.glob("engine/*.py"), *SOURCES.glob("domain/**/*.py")]):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                text = ""
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and ast.get_docstring(function) != node.value
                ):
                    text = node.value
                elif isinstance(node, ast.JoinedStr):
                    text = "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "VALUE" for part in node.values
                    )
                for span in re.findall(r"`((?:closeout \w|--\w)[^`]*)`", text):
                    if span != "closeout plan":
                        yield f"{path.stem}.{function.name}", span


def test_every_message_of_a_plan_that_names_a_command_has_its_case() -> None:
    found = {(source, span) for source, span in templates() if source not in REFUSED}
    assert found == {(way.source, way.span) for way in WAYS}
    assert {source for source, _ in templates()} >= REFUSED


def findings(out: str, code: str) -> dict[str, str]:
    """The messages of a code, by their place."""
    told = re.findall(rf"^note: (.+?): ([^\n]*) \[{code}\]$", out, re.MULTILINE)
    return dict(told)


def typed(message: str, way: Way) -> list[str]:
    """The command that the message tells, as a shell would take it apart, with the ticket filled in."""
    pattern = re.escape(way.span).replace("VALUE", "[^`]+")
    (span,) = set(re.findall(rf"`({pattern})`", message))
    words = [way.ticket if word == "TICKET" else word for word in shlex.split(span)]
    words = words[1:] if words[0] == "closeout" else ["sync", *words]
    assert words[0] in FLAGS
    return words


def shown_first(run: Run, words: list[str]) -> None:
    """What the command will do can be seen, and nothing is done."""
    if words[0] in {"adopt", "unlink"}:
        code, out, _ = run(*words)
        assert (code, out.endswith("Nothing was changed: `--yes` does it.\n")) == (5, True)
        return
    flags = [word for word in words[1:] if word not in {"--yes", "--here"}] if "--approve" not in words else []
    code, out, err = run("plan", *flags)
    assert code in {0, 2, 5}
    assert re.search(r"\d+ to create|nothing to do|held", out + err)


def done(run: Run, words: list[str]) -> tuple[int, str, str]:
    if words[0] in {"adopt", "unlink"}:
        return run(*words, "--yes")
    return run("sync" if words[0] == "plan" else words[0], *words[1:])


@pytest.mark.parametrize(
    "way", WAYS, ids=lambda way: f"{way.code or way.source} {way.span.split(' VALUE')[0]} {way.state.__name__}"
)
def test_the_command_that_a_message_names_is_its_way_out(
    way: Way, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    of = way.state.__annotations__["there"]
    there = (
        request.getfixturevalue("team")
        if of == "Team"
        else Folder(*map(request.getfixturevalue, ("repository", "run")))
    )
    way.state(there, *([monkeypatch] if "monkeypatch" in way.state.__annotations__ else []))
    _, out, err = there.run("sync" if way.code in {"", "ignored"} else "plan", *way.said)
    found = findings(out, way.code) if way.code else {"": out + err}
    assert found, out + err
    place, message = next(iter(found.items()))
    way.before(there)
    words = typed(message, way)
    shown_first(there.run, words)
    code, out, err = done(there.run, words)
    assert code == 0, out + err
    if way.code or words[0] == "init":
        code, out, err = there.run("sync")
        assert code == 0, out + err
    if way.code:
        assert place not in findings(there.run("plan")[1], way.code)
    else:
        assert f"`{way.span}`" not in out + err
