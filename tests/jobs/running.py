"""One job: its steps in order, each script in a bash of its own, with the files and variables that a runner gives."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from jobs.expressions import filled, holds

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"(?:\./|(?:https://\S+/)?OWNER/closeout@\S+)")
_LINE = re.compile(r"([\w-]+)(=|<<)(.*)")
_STEP = {"id", "name", "if", "uses", "with", "run", "shell", "env", "working-directory"}
Used = Callable[["Job", Mapping[str, str]], None]
Spoken = Callable[[Sequence[str], Path, Mapping[str, str]], tuple[int, bytes]]


@dataclass
class Job:
    """A job in a folder: what the host says of its event, what is in the log by now, and how it went.

    `variables` are the runner's own; `github`, `secrets` and `vars` are contexts; `used` carries out the actions of others,
    by their names without a version. `speaks` runs a command, as a pipe or a terminal has it. `summary` and `outputs` are
    what the steps left.
    """

    folder: Path
    variables: Mapping[str, str]
    github: Mapping[str, Any]
    used: Mapping[str, Used]
    secrets: Mapping[str, str] = field(default_factory=dict)
    vars: Mapping[str, str] = field(default_factory=dict)
    action: Path = ROOT
    speaks: Spoken | None = None
    log: str = ""
    failed: bool = False
    steps: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def __post_init__(self) -> None:
        self.workspace, self.own = self.folder / "workspace", self.folder / "temp"
        for path in (self.workspace, self.own, self.folder / "home"):
            path.mkdir(parents=True, exist_ok=True)
        self._summary = self.folder / "summary"
        self._summary.touch()

    @property
    def summary(self) -> str:
        return self._summary.read_text("utf-8")

    def run(self, steps: list[dict[str, Any]], env: Mapping[str, str]) -> None:
        """Carry out the steps of a workflow's job."""
        for step in steps:
            assert step.keys() <= _STEP, f"not understood: {step.keys() - _STEP}"
            contexts = self._contexts(env=env, steps=self.steps)
            if not holds(step.get("if", "success()"), contexts):
                continue
            own = {**env, **{name: filled(str(value), contexts) for name, value in step.get("env", {}).items()}}
            told = {name: filled(_text(value), contexts) for name, value in step.get("with", {}).items()}
            if "uses" not in step:
                self._script(step, own, contexts, self.steps, {})
            elif OURS.fullmatch(step["uses"]):
                self._ours(step, told, own)
            else:
                name, _, version = step["uses"].partition("@")
                assert version, f"{name} has no version"
                self.used[name.removeprefix("https://data.forgejo.org/")](self, told)

    def _ours(self, step: Mapping[str, Any], told: Mapping[str, str], env: Mapping[str, str]) -> None:
        """Carry out action.yml, with its inputs; its outputs are the step's."""
        action = yaml.safe_load((self.action / "action.yml").read_text("utf-8"))
        assert action["runs"]["using"] == "composite"
        assert told.keys() <= action["inputs"].keys(), f"no input is called {told.keys() - action['inputs'].keys()}"
        contexts = self._contexts(env=env)
        given = {
            name: told.get(name, filled(_text(one.get("default", "")), contexts))
            for name, one in action["inputs"].items()
        }
        inner: dict[str, Any] = {}
        before, self.failed = self.failed, False
        for one in action["runs"]["steps"]:
            assert one.keys() <= _STEP
            assert "shell" in one, "a step of a composite action names its shell"
            assert "${{" not in one["run"], "an input must not become a part of a script"
            contexts = self._contexts(inputs=given, steps=inner)
            if holds(one.get("if", "success()"), contexts):
                own = {**env, **{name: filled(str(value), contexts) for name, value in one.get("env", {}).items()}}
                self._script(one, own, contexts, inner, {"GITHUB_ACTION_PATH": str(self.action)})
        steps = {"install": {"outputs": {}}, "run": {"outputs": {}}, **inner}
        names = {name: one["value"] for name, one in action["outputs"].items()}
        known = {name: value for step in steps.values() for name, value in step["outputs"].items()}
        contexts = self._contexts(steps={key: {"outputs": _Loose(one["outputs"])} for key, one in steps.items()})
        self.outputs = {name: filled(value, contexts) for name, value in names.items()}
        assert known.keys() - {"python"} <= names.keys(), "an output of a step that the action does not hand on"
        if "id" in step:
            self.steps[step["id"]] = {"outputs": self.outputs}
        self.failed = before or self.failed

    def _contexts(self, **more: Any) -> dict[str, Any]:
        status = {"status": "failure" if self.failed else "success"}
        runner = {"os": "Linux", "temp": str(self.own), "tool_cache": self.variables["RUNNER_TOOL_CACHE"]}
        return {
            "github": self.github,
            "secrets": self.secrets,
            "vars": self.vars,
            "runner": runner,
            "job": status,
            **more,
        }

    def _script(
        self,
        step: Mapping[str, Any],
        env: Mapping[str, str],
        contexts: Mapping[str, Any],
        steps: dict[str, Any],
        more: Mapping[str, str],
    ) -> None:
        """Run one script, as `shell: bash` says it."""
        assert step.get("shell", "bash") == "bash"
        script, output = self.own / "script.sh", self.own / "output"
        script.write_text(filled(step["run"], contexts), encoding="utf-8")
        output.write_text("", encoding="utf-8")
        files = {
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self._summary),
            "GITHUB_ENV": str(self.own / "env"),
        }
        if "FORGEJO_ACTIONS" in self.variables:
            files |= {name.replace("GITHUB", "FORGEJO", 1): value for name, value in files.items()}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        code, log = (self.speaks or piped)(command, self.workspace, {**self.variables, **env, **files, **more})
        self.log += log.decode()
        self.failed, self.code = self.failed or code != 0, self.code or code
        if "id" in step:
            steps[step["id"]] = {"outputs": read_outputs(output.read_text("utf-8"))}


def piped(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, bytes]:
    """Run a command as GitHub's runner does: nothing to read, pipes to write to."""
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def at_a_terminal(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, bytes]:
    """Run a command as Forgejo's runner does: in a session of its own, at a terminal where nobody types."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        os.write(ours, b"\x04")  # the end of all input, as that runner writes it
        log = b""
        with contextlib.suppress(OSError):  # so does Linux say that the other side is closed
            while part := os.read(ours, 65_536):
                log += part
        os.close(ours)
        return process.wait(120), log.replace(b"\r\n", b"\n")


class _Loose(dict[str, str]):
    """Outputs: one that no step wrote is empty."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""


def read_outputs(text: str) -> dict[str, str]:
    """Read a file of outputs as a runner does."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        assert found, f"no runner takes this output: {line!r}"
        assert found[2] == "=", "only plain ones are written"
        told[found[1]] = found[3]
    return told


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_workflow(path: Path) -> dict[str, Any]:
    """Read a workflow; what starts it is under `on`, which YAML takes for a truth."""
    told = yaml.safe_load(path.read_text("utf-8"))
    return {("on" if name is True else name): value for name, value in told.items()}


def variables(folder: Path, event: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, str]:
    """The variables of a job, with its event in a file; nothing of this machine's but where programs are."""
    file = folder / "event.json"
    file.write_text(json.dumps(event), encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(folder)}
    own = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(file), "RUNNER_OS": "Linux"}
    places = {"HOME": str(folder / "home"), "RUNNER_TEMP": str(folder / "temp")}
    return {**kept, **alone, **own, **places, "GITHUB_WORKSPACE": str(folder / "workspace"), **told}
