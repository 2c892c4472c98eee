"""Real processes on clones of their own push the ledger at once: exactly one wins each time, and no entry is lost."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from closeout.errors import Exit, MovedError
from closeout.state.gitref import REF
from closeout.state.lines import lease_of, loads
from ledgers import Clock, clone, entry, git, keeper, remote


def play(seed: int) -> None:
    """Let every clone save an entry of its own; who loses tries again with the others that lost."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="closeout-proof-") as folder:
        bare = remote(Path(folder).resolve())
        depth = ("--depth=1",) if seed % 2 else ()
        left = [clone(bare, f"clone-{number}", *depth) for number in range(dice.randint(2, 4))]
        saved = set()
        while left:
            codes = _at_once(left, dice)
            winners = [root for root, code in zip(left, codes, strict=True) if code == Exit.DONE]
            assert len(winners) == 1, f"{len(winners)} saves won: {codes}"
            assert codes.count(Exit.MOVED) == len(left) - 1, codes
            left.remove(winners[0])
            saved.add(entry(winners[0].name).key)
            text = git(bare, "show", f"{REF}:ledger.jsonl")
            assert set(loads(text).entries) == saved
            assert lease_of(text) is None


def _at_once(roots: list[Path], dice: random.Random) -> list[int]:
    """Start a process a clone; when all have loaded, all save."""
    ready, go = os.pipe(), os.pipe()
    children = [_start(root, ready[1], go, last=dice.random() < 0.5) for root in roots]
    os.close(ready[1])
    for _ in roots:
        assert os.read(ready[0], 1), "a process died before its save"
    os.close(go[1])  # all see the end of their input
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(ready[0])
    os.close(go[0])
    return codes


def _start(root: Path, ready: int, go: tuple[int, int], *, last: bool) -> int:
    if child := os.fork():
        return child
    code: int = Exit.UNEXPECTED
    try:
        os.close(go[1])
        one = keeper(root, Clock())
        with one.lease():
            kept = one.load().put(entry(root.name))
            os.write(ready, b".")
            os.read(go[0], 1)
            one.save(kept, last=last)
        code = Exit.DONE
    except MovedError:
        code = Exit.MOVED
    finally:
        os._exit(code)
