"""Try every edit on every document of a folder, and print what was tried, what was refused and why.

For each item and field that has a place, new values one at a time: only that field's span may differ, the document
read again must give exactly the edited item, and undoing it must give the very text. Nothing is written.
Exits 1 if an edit broke anything.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.editing.splice import splice
from proofs import trial


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("folder", type=Path, help="a folder of Markdown")
    told.add_argument("--show", type=int, default=3, help="so many places of each refusal")
    arguments = told.parse_args()
    tried: Counter[str] = Counter()
    refused: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    wrong: list[str] = []
    documents = 0
    for path in sorted(arguments.folder.rglob("*.md")):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            print(f"{path}: left out: it is not UTF-8")
            continue
        documents += 1
        one = trial.subject(path.name, text)
        if splice(text, []) != text:
            wrong.append(f"{path}: no edit at all changes it")
        for found in trial.all_of(one):
            where = f"{path.name}:{one.document.items[found.index].line}"
            tried[found.what] += 1
            if found.refused:
                refused[found.what, _kind(found.refused)].append(f"{where} ({found.refused})")
            elif found.wrong:
                wrong.append(f"{where}: {found.what}: {found.wrong}")
    _tell(documents, tried, refused, arguments.show)
    for line in wrong:
        print(f"BROKEN {line}", file=sys.stderr)
    return bool(wrong)


def _kind(reason: str) -> str:
    """Drop the words of the one row from a reason."""
    return re.sub(r" in place of .*", "", reason, flags=re.S)


def _tell(documents: int, tried: Counter[str], refused: dict[tuple[str, str], list[str]], shown: int) -> None:
    print(f"{documents} documents, {sum(tried.values()):,} edits tried, {sum(map(len, refused.values())):,} refused")
    for what, count in sorted(tried.items()):
        print(f"  {what:<8} {count:>7,} tried")
    for (what, reason), places in sorted(refused.items(), key=lambda one: -len(one[1])):
        print(f"  {what:<8} {len(places):>7,} refused: {reason}: {'; '.join(places[:shown])}")


if __name__ == "__main__":
    sys.exit(main())
