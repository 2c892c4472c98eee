"""The daemon in a GitHub App's name: it clones, pushes and writes issues without any token but the App's own."""

from __future__ import annotations

import base64
import datetime
import io
from pathlib import Path

from closeout.daemon.log import log
from closeout.daemon.serve import Signals, once
from closeout.errors import Exit
from closeout.settings import Settings
from closeout.settings.schedule import Daemon, Repository
from closeout.settings.tracking import Tracker
from fakes.github import GitHubFake
from fakes.github_values import Right
from github_bench import private_key
from jobs.hosts import PAGE, TEXT, Host
from ledgers import git

BOT = "acme-closeout[bot]"


def test_a_private_repository_is_cloned_synced_and_pushed_as_the_app(tmp_path: Path) -> None:
    with GitHubFake(enterprise=True) as fake:
        fake.clock.now = datetime.datetime.now(datetime.UTC)  # the runs are processes with a clock of their own
        hub, key = Host(fake, tmp_path), tmp_path / "app.pem"
        hub.repo.private = True
        app = fake.install("acme-closeout", hub.repo, contents=Right.WRITE, pulls=Right.WRITE)
        key.write_text(private_key(), encoding="utf-8")
        described = f'url = "{hub.web}"\napp-id = "{app.id}"\napp-key-file = "{key}"\n'
        hub.push({PAGE: TEXT, "closeout.toml": f'since = "2026-01-01"\n[trackers.github]\n{described}'})
        tracker = Tracker(url=hub.web, app_id=str(app.id), app_key_file=str(key))
        told = Settings(
            repositories=(Repository(url=hub.origin),),
            trackers={"github": tracker},
            daemon=Daemon(cache=tmp_path / "cache", listen=""),
        )
        said = io.StringIO()
        assert once(told, log("json", said), Signals()) is Exit.DONE, said.getvalue()
        assert [issue.author.login for issue in hub.repo.issues.values()] == [BOT, BOT, BOT]
        assert "refs/closeout/ledger" in git(hub.bare, "for-each-ref", "--format=%(refname)")
        shown = {one.headers.get("authorization", "") for one in fake.requests if "/pm/info/refs" in one.path}
        names = {base64.b64decode(one.partition(" ")[2]).decode().partition(":")[2] for one in shown}
        assert {fake.tokens[name].account.login for name in names} == {BOT}
        assert not [token for token in fake.tokens if token in said.getvalue()]
