"""Generated documents: one field of one item gets a new value; nothing else differs, and undoing it restores all."""

from __future__ import annotations

import random
from collections.abc import Sequence

from wcwidth import wcswidth

from closeout.editing.splice import splice
from proofs import trial

PATH = "postmortems/2026-05-01-a.md"
TITLES = (
    "Add an alert",
    "Write `a|b` down",
    "Überwachung — jetzt",
    "監視を追加する",
    "Fix **the** _pool_",
    "🚨 Page twice",
    "a < b & c",
    "Run it (soon)",
    "أضف تنبيهًا",
    "e\u0301a\u0308 combining",
    "👩‍👩‍👧 family and 🇫🇷 flag 👍🏽",
    "zero\u200dwidth\u200b joined",
    "tab\there",
    "odd \x0b breaks \x0c in \x85 one \u2028 line",
    "[link](https://example.com/a_(b)) and `` code ` ``",
    "escaped \\| pipe \\* star",
    "<b>HTML</b> &amp; more<br>here",
    "âœ… damaged",
    "~~not~~ all struck",
)
OWNERS = (
    "@ann", "Ann Lee", "@sre-team", "Maxime", "@ann, @bob", "", "TBD", "علي", "山田 太郎", "[@ann](https://x.example/ann)",
    "José\u0301", "**Ann**", "Ann & Bob", "👩‍💻 ann", "-",
)  # fmt: skip
DUES = (
    "2026-06-15", "June 15", "15 Jun 2026", "Dec 16", "", "TBD", "2026/06/15", "someday", "Jun 15th, 2026",
    "2026-06-15 (firm)", "**2026-06-15**", "2026-6-5", "2026.06.15",
)  # fmt: skip
STATUSES = (
    "🔲 TODO", "✅ DONE", "In progress", "open", "WONTFIX", "", "brewing", "❌", "âœ… DONE", "**Done**", "✔️ done", "[ ]", "[x]",
    "`open`", "Done (#4)",
)  # fmt: skip
TICKETS = ("", "-", "TBD", "#4", "[#4]", "[#4](https://x.example/issues/4)", "see chat", "SRE-12", "[SRE-12]")
ENDS = ("\n", "\r\n", "\r")
HEADS = (("Action", "Owner", "Due", "Status"), ("Action", "Owner", "Due", "Status", "Ticket"), ("Action", "Status"))
_KINDS = {"Owner": OWNERS, "Due": DUES, "Status": STATUSES, "Ticket": TICKETS}


def _table(dice: random.Random) -> list[str]:
    heads = dice.choice(HEADS)
    rows = [
        [dice.choice(TITLES).replace("a|b", "a\\|b"), *(dice.choice(_KINDS[head]) for head in heads[1:])]
        for _ in range(dice.randint(1, 4))
    ]
    style = dice.randrange(4)
    if style == 0:
        return ["| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows)]
    if style == 1:
        return ["|" + "|".join(row) + "|" for row in (heads, [":-:"] * len(heads), *rows)]
    if style == 2:
        return [" | ".join(row) for row in (heads, ["---"] * len(heads), *rows)]
    return _aligned([list(heads), *rows], dice)


def _aligned(rows: Sequence[Sequence[str]], dice: random.Random) -> list[str]:
    """Pad by display width, each column to the left or to the right, and sometimes a row short of its last cell."""
    widths = [max(3, *(_width(row[column]) for row in rows)) for column in range(len(rows[0]))]
    sides = [dice.choice("<<>") for _ in widths]

    def padded(text: str, column: int) -> str:
        blanks = " " * (widths[column] - _width(text))
        return blanks + text if sides[column] == ">" else text + blanks

    cut = ["-" * (width - 1) + (":" if side == ">" else "-") for width, side in zip(widths, sides, strict=True)]
    lines = [
        "| " + " | ".join(padded(text, column) for column, text in enumerate(row)) + " |"
        for row in (rows[0], cut, *rows[1:])
    ]
    if dice.random() < 0.1:
        lines[-1] = lines[-1][: lines[-1].rindex("|", 0, -1) + 1]
    return lines


def _width(text: str) -> int:
    return max(wcswidth(text), 0)


def _list(dice: random.Random) -> list[str]:
    lines = []
    for _ in range(dice.randint(1, 4)):
        box = dice.choice(["[ ] ", "[x] ", "", "✅ "])
        note = dice.choice(
            [
                "",
                " (Owner: @ann, Due: 2026-06-15)",
                " (Maxime, 2026-11-15)",
                " — @ann",
                " (Due: June 15)",
                " (Owner: علي, Issue: [#4])",
            ]
        )
        mark = dice.choice(["- ", "* ", "+ ", "1. ", "-\t"])
        lines.append(f"{mark}{box}{dice.choice(TITLES)}{note}")
        lines += dice.choice(
            [[], [], [], ["  more about it"], ["", "  ```", "  - [ ] no item", "  ```"], ["", "  > - [ ] in a quote"]]
        )
        lines += dice.choice(
            [[], [], [], ["  - Owner: @bob", "  - Due: 2026-06-15"], ["  - a detail", "    - and more"]]
        )
    return lines


def _wrapped(lines: list[str], dice: random.Random) -> list[str]:
    """Put a table or a list as it is, into a quote, into a quote in a quote, or into a list entry."""
    lead, first = dice.choice([("", []), ("", []), ("", []), ("> ", []), ("> > ", []), ("  ", ["- These:", ""])])
    return [*first, *(lead + line if line else lead.rstrip() for line in lines)]


def _joined(lines: list[str], dice: random.Random) -> str:
    """End the lines alike, or sometimes each as it comes."""
    if dice.random() < 0.7:
        return dice.choice(ENDS).join(lines)
    return "".join(line + dice.choice(ENDS) for line in lines)


def document(dice: random.Random) -> str:
    lines = ["# Outage", "", "**Date**: 2026-05-01", "", "## Action items", ""]
    for _ in range(dice.randint(1, 2)):
        lines += [*_wrapped(_table(dice) if dice.random() < 0.5 else _list(dice), dice), ""]
    lines += [dice.choice(["Some text.", "\x0b odd \u2028 breaks \x85", "> quoted", "```", ""])]
    head = dice.choice(["", "", "---\ntitle: x\n---\n"])
    return dice.choice(["", "\ufeff"]) + head + _joined(lines, dice) + dice.choice(["", "\n"])


def play(seed: int) -> None:
    dice = random.Random(seed)
    text = document(dice)
    one = trial.subject(PATH, text)
    assert splice(text, []) == text
    for index in range(len(one.document.items)):
        for what, values in trial.NEW.items():
            found = trial.attempt(one, index, what, dice.choice(values))
            wrong = found.wrong if found is not None else ""
            assert not wrong, f"world {seed}: {what}: {wrong} in {text!r}"
