"""What deploys the daemon names what there is: its metrics, its variables, its options."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from closeout.cli import daemon
from closeout.daemon.known import Known
from closeout.daemon.metrics import registry
from closeout.settings import Settings, load
from closeout.settings.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
METRICS = {f"{one.name}{'_total' if one.type == 'counter' else ''}" for one in registry(Known()).collect()}


@pytest.mark.parametrize("name", ["alerts.yaml", "grafana.json"])
def test_only_metrics_that_are_served_are_asked_for(name: str) -> None:
    asked = set(re.findall(r"\bcloseout_[a-z_]+", (DEPLOY / name).read_text()))
    assert asked
    assert asked <= METRICS


def test_every_panel_of_the_dashboard_has_a_place_of_its_own() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    taken = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_every_panel_says_what_it_shows_of_the_repositories_that_were_chosen() -> None:
    for panel in json.loads((DEPLOY / "grafana.json").read_text())["panels"]:
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        for target in panel["targets"]:
            chosen = target["expr"].count('repository=~"$repository", job=~"$job", instance=~"$instance"')
            assert chosen == len(re.findall(r"closeout_\w+", target["expr"])) > 0


def test_each_alert_is_tried_where_it_fires_and_where_it_does_not() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
    tries = [
        (one["alertname"], bool(one["exp_alerts"]))
        for world in yaml.safe_load((ROOT / "tests/alerts.test.yaml").read_text())["tests"]
        for one in world["alert_rule_test"]
    ]
    assert set(tries) == {(rule["alert"], fires) for rule in rules for fires in (True, False)}


@pytest.mark.parametrize(
    "name", ["Dockerfile", "deploy/compose.yaml", "deploy/closeout.service", "docs/how-to/on-a-schedule.md"]
)
def test_only_variables_that_have_an_effect_are_set(name: str) -> None:
    named = set(re.findall(r"\bCLOSEOUT_[A-Z_]+", (ROOT / name).read_text()))
    keys = set(Settings.model_fields["daemon"].annotation.model_fields)  # type: ignore[union-attr]
    assert named
    assert named <= {f"CLOSEOUT_DAEMON__{key.upper()}" for key in keys} | {"CLOSEOUT_TRACKERS"}


def test_a_host_is_told_by_a_variable_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/how-to/on-a-schedule.md").read_text()
    (table,) = re.findall(r"-e CLOSEOUT_TRACKERS='(.+)' closeout$", page, re.M)
    monkeypatch.setenv("CLOSEOUT_TRACKERS", table)
    assert load(tmp_path, {}).trackers["forgejo"].url == "https://git.example.com"


def options() -> set[str]:
    return set(re.findall(r'"(--[a-z-]+)"', Path(daemon.__file__).read_text())) | {"--config"}


def test_only_options_that_there_are_are_used() -> None:
    texts = [
        path.read_text() for path in (ROOT / "Dockerfile", *DEPLOY.iterdir(), ROOT / "docs/how-to/on-a-schedule.md")
    ]
    used = {
        word
        for text in texts
        for words in re.findall(r"closeout\W{1,4}daemon([^\n`]*)", text)
        for word in re.findall(r"--[a-z-]+", words)
    }
    assert used
    assert used <= options()


def test_the_image_runs_without_root_and_keeps_one_folder() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    user = next(line for line in lines if line.startswith("USER "))
    assert user.split()[1].partition(":")[0].isdigit()
    assert lines.index(user) > max(number for number, line in enumerate(lines) if line.startswith(("RUN", "COPY")))
    assert [line for line in lines if line.startswith("VOLUME")] == ["VOLUME /var/lib/closeout"]
    assert 'CMD ["daemon"]' in lines


def test_the_image_carries_no_installer_and_says_what_it_was_built_of() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "venv --without-pip" in text
    labels = dict(re.findall(r"org\.opencontainers\.image\.(\w+)=(\S+)", text))
    args = re.findall(r"^ARG (\w+)=$", text.rpartition("\nFROM ")[2], re.M)
    assert {labels[name] for name in ("source", "version", "revision")} == {f"${name}" for name in args}
    assert labels["licenses"] == "MIT"


def test_what_a_run_leaves_behind_is_buried_by_the_images_first_process() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert 'ENTRYPOINT ["tini", "--", "closeout"]' in lines


def test_a_file_that_is_missing_beside_the_compose_file_is_no_folder_then() -> None:
    mounted = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["closeout"]["volumes"]
    files = [one for one in mounted if isinstance(one, dict)]
    assert files
    assert all(one["bind"]["create_host_path"] is False for one in files)
    assert not [one for one in mounted if isinstance(one, str) and one.startswith(".")]


def test_a_secret_of_the_compose_file_is_found_by_its_name() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    names = {kind.token_env.lower() for kind in KINDS.values()}
    assert set(told["services"]["closeout"]["secrets"]) <= names


def test_the_cron_job_never_runs_twice_at_once() -> None:
    jobs = [one for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()) if one["kind"] == "CronJob"]
    (job,) = jobs
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    container = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert shlex.join(container["args"]) == "daemon --once"
