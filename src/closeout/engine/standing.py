"""Standing: where this clone stands, seen from the ledger: behind what it knows, or a copy of its repository."""

from __future__ import annotations

from dataclasses import replace

from closeout.domain.ledger import Ledger
from closeout.engine.world import Options, World
from closeout.errors import ConfigurationError
from closeout.ports.documents import Snapshot
from closeout.ports.ledger import LedgerKeeper

_LOCAL = "local"


def standing(world: World, options: Options, snapshot: Snapshot, loaded: Ledger) -> Options:
    """Note where this run stands: at a revision that lacks what the ledger has seen old values look like edits, and a
    copy of its repository would write to the issues of the other one.
    """
    seen, now = loaded.revision, snapshot.revision
    behind = seen if seen and now and not world.source.descends(now, seen) else ""
    copied = "" if world.trackers.default.capabilities.in_tree else _copied(options, loaded)
    return replace(options, circumstances=replace(options.circumstances, behind=behind, copied=copied))


def _copied(options: Options, loaded: Ledger) -> str:
    """Return whose ledger a copied repository has; empty for its own, also under another name on its host."""
    home, here = loaded.repository, options.repository
    if not loaded.exists or home in {"", _LOCAL, here} or here == _LOCAL or options.renamed(home):
        return ""
    return home


def settle_here(kept: LedgerKeeper, repository: str) -> str:
    """Make a repository the ledger's home, and return which one it was.

    Raises ConfigurationError without a ledger, or for a repository without a name.
    """
    if repository == _LOCAL:
        message = (
            "The ledger: could not be told that this is its home: there is no remote `origin` that has a name. Add it"
        )
        raise ConfigurationError(message)
    with kept.lease():
        loaded = kept.load()
        if not loaded.exists:
            message = "The ledger: could not be told that this is its home: there is none. Run `closeout sync`, which makes it"
            raise ConfigurationError(message)
        kept.save(replace(loaded, repository=repository), last=True)
        return loaded.repository
