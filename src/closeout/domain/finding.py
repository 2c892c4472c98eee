"""The finding: something a person should look at, never an error by itself; and the one table of their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`path` and `line` (from 1, 0 for the whole document) say where; `code` is stable; `message` says what to do."""

    path: str
    line: int
    code: str
    message: str


READING: Mapping[str, str] = {
    "encoding": "The document is no UTF-8: its encoding was guessed, and nothing is written into it.",
    "front-matter": "The front matter cannot be read, and was ignored.",
    "left-out": "The front matter says that the page is to be left out, and it holds items.",
    "template": "The page looks like a form that nobody has filled in: its items are left out.",
    "unclosed-fence": "A code fence is never closed, so that all below it is code.",
    "unknown-status": "A status is not understood, and counts as open.",
    "unread-column": "A table of action items has a column that is no known field.",
    "unreadable-due": "A due date does not name one day for certain, and counts as none.",
}
SYNCING: Mapping[str, str] = {
    "ambiguous": "Rows of one title have no tickets, and are not as many as the issues known for them.",
    "branch-conflict": "People's commits on the branch of write-backs and the head contradict each other.",
    "clash": "A field changed on both sides, and its rule decided.",
    "declined": "A pull request of write-backs was closed by a person; its values are not offered again as they are.",
    "deleted-issue": "A row's issue was deleted; no other is made for it.",
    "differs": "A field is not the same on both sides, and neither side has changed since it was first seen.",
    "double-issue": "Two clones made an issue for one row, and neither could be closed: both stay.",
    "emptied": "A document that had items has none any more; its issues are left as they are.",
    "follower": "A row names the ticket of another row: it only receives.",
    "gave-way": "An issue of a row was closed as a double of the one that is kept.",
    "hidden-issue": "A row's issue cannot be seen or read now; the row is left as it is.",
    "ignored": "The issue asks to be left alone.",
    "left": "An issue's row left the documents; the issue stays as it is.",
    "local-edit": "A cell was edited in the work tree or on the branch of write-backs, and is left alone until that has landed.",
    "moved-issue": "A row's issue was moved to another place.",
    "no-issue": "No issue is made for a row, because the one it had is remembered as a no.",
    "no-place": "A ticket has no place in the document where it would be read again.",
    "no-words": "The issue says what the document has no place or no words for.",
    "not-assignable": "An owner cannot be assigned in the tracker; the issue goes without.",
    "not-nested": "The tracker does not put issues below the issue that a document names as its incident's own.",
    "not-published": 'Rows would be changed, and `publish = "none"` writes nothing.',
    "not-pushed": "A file is not as the shared branch has it; only what is pushed is synced.",
    "not-realigned": "A table would be read otherwise with other padding, so that it keeps its own.",
    "other-issue": "A row's issue now carries another item's key.",
    "perhaps-moved": "A new row may be one that another document lost; it gets no issue until somebody says.",
    "perhaps-reworded": "A new row may be a lost one with another title; it gets no issue until somebody says.",
    "refused": "The tracker took a value otherwise than it was sent.",
    "retitled": "The issue has another title than the document.",
    "unknown-mark": "An issue carries a row's key, and the ledger does not know it.",
    "unknown-owner": "An owner is no account of the tracker.",
    "unknown-ticket": "A row names an issue that is not in the tracker.",
    "unreadable": "A text of the document is not understood; nothing is sent.",
    "unreadable-issue": "A field of the issue cannot be read; nothing is changed.",
    "unvouched-marker": "An issue carries our mark, and another account made it.",
    "vanished": "So many rows are gone at once that nothing is created, closed or edited until they are back or that is approved.",
    "waits": "Write-backs wait on a branch to be merged, and for how long.",
}
