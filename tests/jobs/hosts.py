"""A team's repository on a host, people who push and propose, and jobs that its runners start for their events."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import install_action

from fakes.forgejo import ForgejoFake
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from jobs.running import ROOT, Job, Used, at_a_terminal, piped, read_workflow, variables
from ledgers import git
from loaded import loaded

PAGE = "docs/postmortems/2026-11-02-pool.md"
TEXT = """# Connection pool exhausted

**Date**: 2026-11-02

## Action items

| Action                 | Owner   | Due        | Status  |
|------------------------|---------|------------|---------|
| Add a connection alert | @ann    | 2026-12-01 | 🔲 TODO |
| Write the runbook      | @bob    | 2026-12-05 | 🔲 TODO |
"""
OTHER = "docs/postmortems/2026-11-10-disk.md"
OTHER_TEXT = (
    TEXT.replace("Connection pool exhausted", "Disk full")
    .replace("2026-11-02", "2026-11-10")
    .replace("Add a connection alert", "Add a disk alert")
    .replace("Write the runbook     ", "Clean up old images   ")
)


@dataclass
class Host:
    """`acme/pm` on a fake: `bare` holds its code, `person` is somebody's clone; `api` is where programs find a fake that is
    behind a proxy, and `own` are the variables that its runners have by themselves. `cold`: every job starts a closeout of
    its own.
    """

    fake: GitHubFake | ForgejoFake
    folder: Path
    files: Mapping[str, str] = field(default_factory=lambda: {PAGE: TEXT})
    cold: bool = False
    jobs: int = 0
    number: int = 0
    proposed: dict[str, Any] = field(default_factory=dict)
    api: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bare, self.person = self.folder / "acme/pm.git", self.folder / "person"
        git(self.folder, "init", "-q", "--bare", "-b", "main", str(self.bare))
        git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(self.folder, "clone", "-q", str(self.bare), str(self.person))
        git(self.person, "switch", "-q", "-c", "main")
        repo: Any = self.fake.repository("acme", "pm")
        repo.bare = Bare(self.bare)
        for login in ("ann", "bob"):
            repo.grant(login, Right.WRITE)
        self.repo = repo
        self.push(self.files)

    @property
    def kind(self) -> str:
        return "github" if isinstance(self.fake, GitHubFake) else "forgejo"

    @property
    def web(self) -> str:
        return self.fake.web if isinstance(self.fake, GitHubFake) else self.fake.url

    @property
    def origin(self) -> str:
        return f"{self.web}/acme/pm" if self.over_http else self.bare.as_uri()

    @property
    def over_http(self) -> bool:
        """Whether git speaks with the fake; github.com's own is on disk, since its pages are elsewhere."""
        return not isinstance(self.fake, GitHubFake) or self.fake.enterprise or bool(self.api)

    @property
    def main(self) -> str:
        return git(self.bare, "rev-parse", "main")

    # What people do.

    def push(self, files: Mapping[str, str]) -> str:
        """Change files on the default branch; return the commit."""
        if git(self.bare, "for-each-ref", "refs/heads/main"):
            git(self.person, "switch", "-q", "main")
            git(self.person, "pull", "-q", "--ff-only")
        return self._committed(files, "main")

    def propose(self, files: Mapping[str, str | None], *, fork: bool = False) -> None:
        """Open a pull request with these files; None for one that goes."""
        git(self.person, "switch", "-q", "main")
        git(self.person, "pull", "-q", "--ff-only")
        base = self.main
        if not self.number:
            self.number = self.repo.open("A change", "", by="ann", pull=True).number
        git(self.person, "switch", "-q", "-C", "wip")
        head = self._committed(files, f"refs/pull/{self.number}/head")
        git(self.person, "switch", "-q", "--detach", "main")
        git(self.person, "merge", "-q", "--no-ff", "-m", "merge", head)
        git(self.person, "push", "-q", "-f", "origin", f"HEAD:refs/pull/{self.number}/merge")
        ours, theirs = {"id": 1, "full_name": "acme/pm"}, {"id": 2, "full_name": "mallory/pm"}
        self.proposed = {
            "number": self.number,
            "base": {"ref": "main", "sha": base, "repo": ours},
            "head": {"ref": "wip", "sha": head, "repo": theirs if fork else ours},
            **({"merge_base": base} if self.kind == "forgejo" else {}),
        }

    def _committed(self, files: Mapping[str, str | None], ref: str) -> str:
        for name, text in files.items():
            path = self.person / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        git(self.person, "add", "-A")
        git(self.person, "commit", "-q", "-m", "theirs")
        git(self.person, "push", "-q", "-f", "origin", f"HEAD:{ref}")
        return git(self.person, "rev-parse", "HEAD")

    # What runners do.

    def started(self, event: str, *, at: str = "", token: str = "", approve: str = "", branch: str = "main") -> Job:
        """Return a job for an event; `at` is the commit that it is about, if that is not the newest."""
        self.jobs += 1
        folder = self.folder / f"job-{self.jobs}"
        folder.mkdir()
        proposes = event == "pull_request"
        name, ref = branch, f"refs/heads/{branch}"
        commit = at or git(self.bare, "rev-parse", branch)
        if proposes:
            kind = "merge" if self.kind == "github" else "head"
            name, ref = f"{self.number}/{kind}", f"refs/pull/{self.number}/{kind}"
            commit = git(self.bare, "rev-parse", ref)
        token = token or self.fake.token
        payload: dict[str, Any] = {"repository": {"full_name": "acme/pm", "default_branch": "main"}}
        payload = {"action": "schedule"} if self.kind == "forgejo" and event == "schedule" else payload
        payload |= {"pull_request": self.proposed, "number": self.number} if proposes else {}
        payload |= {"inputs": {"approve": approve}} if event == "workflow_dispatch" else {}
        told = {
            "GITHUB_REPOSITORY": "acme/pm",
            "GITHUB_SERVER_URL": self.web,
            "GITHUB_API_URL": self.api or self.fake.url + ("/api/v1" if self.kind == "forgejo" else ""),
            "GITHUB_GRAPHQL_URL": "" if self.kind == "forgejo" else f"{self.fake.url.removesuffix('/v3')}/graphql",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": name,
            "GITHUB_SHA": commit,
            "GITHUB_RUN_ID": "12",
            "GITHUB_RUN_NUMBER": str(self.jobs),
            "GITHUB_WORKFLOW": "closeout",
            "GITHUB_WORKFLOW_REF": f"acme/pm/.github/workflows/closeout.yml@{ref}",
        }
        if self.kind == "forgejo":
            told |= {"GITHUB_TOKEN": token, "GITHUB_WORKFLOW_REF": ""}  # newer ones tell the file
            told |= {name.replace("GITHUB", "FORGEJO", 1): value for name, value in told.items()}
            told |= {"FORGEJO_ACTIONS": "true", "GITEA_ACTIONS": "true", "ACT": "true", "TERM": "xterm"}
        told |= {"RUNNER_TOOL_CACHE": str(self._environment()), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        told |= self.own
        context = {"token": token, "event": payload, "event_name": event, "ref": ref, "sha": commit}
        context |= {"repository": "acme/pm", "workflow": "closeout", "ref_name": name}
        used: dict[str, Used] = {"actions/checkout": partial(self._checked_out, token=token), "actions/cache": cached}
        speaks = piped if self.kind == "github" else at_a_terminal
        return Job(folder, variables(folder, payload, told), context, used, {"GITHUB_TOKEN": token}, speaks=speaks)

    def ran(
        self,
        event: str,
        *,
        fails: bool = False,
        at: str = "",
        token: str = "",
        branch: str = "main",
        handed: str = "",
        **told: str,
    ) -> Job:
        """Check out and run the action with inputs, dashes spelt `_`; ends as it is expected to. `token` is the job's own,
        and `handed` the one that the action is given instead.
        """
        job = self.started(event, at=at, token=token, branch=branch)
        inputs = {name.replace("_", "-"): value for name, value in told.items()} | ({"token": handed} if handed else {})
        ours = {"uses": "OWNER/closeout@v1", "with": inputs}
        job.run([{"uses": "actions/checkout@v5"}, ours], {})
        return self.looked_at(job, fails=fails)

    def followed(self, file: Path, event: str, *, fails: bool = False, token: str = "", approve: str = "") -> Job:
        """Carry out a workflow's file for an event that it names."""
        workflow = read_workflow(file)
        assert event in workflow["on"], f"{file.name} is not started by {event}"
        job = self.started(event, token=token, approve=approve)
        (one,) = workflow["jobs"].values()
        job.run(one["steps"], {})
        return self.looked_at(job, fails=fails)

    def looked_at(self, job: Job, *, fails: bool) -> Job:
        assert job.failed is fails, job.log
        config = (job.workspace / ".git/config").read_text("utf-8")
        for secret in (job.github["token"], *self.fake.tokens):
            assert secret not in job.log + job.summary + str(job.outputs)
            shown = b64encode(f"x-access-token:{secret}".encode()).decode()
            assert secret not in config
            assert shown not in config or secret == job.github["token"], "what checkout left is all"
        return job

    def _environment(self) -> Path:
        """The folder of tools, with the environment that an earlier job made: its Python is ours, and time stands still."""
        tools = self.folder / "tools"
        python = install_action.python_of(tools / "closeout" / _name())
        python.parent.mkdir(parents=True, exist_ok=True)
        (tools / "closeout").chmod(0o755)  # whatever the umask here is
        now, tests = self.fake.clock.now.isoformat(), ROOT / "tests"
        own = f"{tests}/jobs/standing.py" if self.cold else f"-I -S {tests}/asking.py {loaded().socket}"
        path = f"PYTHONPATH={tests}:{ROOT}/src " if self.cold else ""
        python.write_text(f'#!/bin/sh\n{path}exec {sys.executable} {own} {now} "$@"\n')
        python.chmod(0o755)
        return tools

    def _checked_out(self, job: Job, told: Mapping[str, str], *, token: str) -> None:
        """What actions/checkout does: one commit, detached for a pull request; its credentials stay unless told not to."""
        assert told.keys() <= {"persist-credentials", "fetch-depth"}
        ref, commit = job.github["ref"], job.github["sha"]
        branch = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""
        local = f"refs/remotes/origin/{branch}" if branch else f"refs/remotes/{ref.removeprefix('refs/')}"
        shown = b64encode(f"x-access-token:{token}".encode()).decode()
        git(job.workspace, "init", "-q")
        git(job.workspace, "remote", "add", "origin", self.origin)
        git(job.workspace, "config", f"http.{self.web}/.extraheader", f"AUTHORIZATION: basic {shown}")
        depth = [] if told.get("fetch-depth") == "0" else ["--depth=1"]
        git(job.workspace, "fetch", "-q", "--no-tags", *depth, "origin", f"+{commit}:{local}")
        git(job.workspace, "checkout", "-q", "--force", *(["-B", branch, local] if branch else [local]))
        if told.get("persist-credentials") == "false":
            git(job.workspace, "config", "--unset-all", f"http.{self.web}/.extraheader")


@cache
def _name() -> str:
    return install_action.name(ROOT)


def cached(job: Job, told: Mapping[str, str]) -> None:
    """What actions/cache is asked for; here nothing was kept."""
    assert told.keys() == {"path", "key"}
    assert all(told.values())
