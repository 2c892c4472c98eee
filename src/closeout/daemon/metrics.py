"""What is known of the jobs, as metrics that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from closeout.daemon.job import Task
from closeout.daemon.known import Known, Past

_COUNTED = {
    "open": "Action items that are open, as the last good sync saw them.",
    "overdue": "Open action items that are past their due date.",
    "held": "Changes that a guard holds until somebody approves.",
    "remaining": "Changes that come with a later run.",
}
_LABELS = ("repository", "task")


@dataclass(frozen=True, eq=False)
class _Jobs(Collector):
    known: Known

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """Yield the metrics as they are now."""
        past = self.known.all()
        yield from _runs(past)
        yield from _items(past)
        yield from _hosts(past)


def _runs(past: Mapping[tuple[str, Task], Past]) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
    runs = CounterMetricFamily("closeout_runs", "Runs by how they ended.", labels=[*_LABELS, "end"])
    seconds = CounterMetricFamily("closeout_run_seconds", "Seconds that runs took in all.", labels=_LABELS)
    fine = GaugeMetricFamily(
        "closeout_last_success_timestamp_seconds", "When a run last went well; 0 for never.", labels=_LABELS
    )
    failing = GaugeMetricFamily("closeout_failing", "Whether the last run did not go well.", labels=_LABELS)
    running = GaugeMetricFamily("closeout_running", "Whether a run is under way.", labels=_LABELS)
    for (name, task), one in past.items():
        for end, count in one.ends.items():
            runs.add_metric([name, task, end], count)
        seconds.add_metric([name, task], one.seconds)
        fine.add_metric([name, task], one.fine)
        failing.add_metric([name, task], one.failing)
        running.add_metric([name, task], one.running)
    yield from (runs, seconds, fine, failing, running)


def _items(past: Mapping[tuple[str, Task], Past]) -> Iterator[GaugeMetricFamily]:
    for what, told in _COUNTED.items():
        gauge = GaugeMetricFamily(f"closeout_{what}", told, labels=["repository"])
        for (name, task), one in past.items():
            count = one.counted.get(what)
            if task is Task.SYNC and isinstance(count, int):
                gauge.add_metric([name], count)
        yield gauge


def _hosts(past: Mapping[tuple[str, Task], Past]) -> Iterator[GaugeMetricFamily]:
    sent = GaugeMetricFamily("closeout_requests", "Requests of the last good run, by host.", labels=[*_LABELS, "host"])
    left = GaugeMetricFamily(
        "closeout_limit_left",
        "Requests that the host has left for this token, where it tells.",
        labels=[*_LABELS, "host"],
    )
    for (name, task), one in past.items():
        hosts = one.counted.get("hosts")
        for host, told in hosts.items() if isinstance(hosts, dict) else ():
            for gauge, what in ((sent, "sent"), (left, "left")):
                if isinstance(told, dict) and isinstance(told.get(what), int):
                    gauge.add_metric([name, task, str(host)], told[what])
    yield from (sent, left)


def registry(known: Known) -> CollectorRegistry:
    """Return a registry of its own with these metrics."""
    made = CollectorRegistry()
    made.register(_Jobs(known))
    return made


def text(found: CollectorRegistry) -> bytes:
    """Return the metrics in Prometheus' text format."""
    return generate_latest(found)
