"""Lint what deploys the daemon: the Dockerfile, the Compose file, the Kubernetes manifests, and Prometheus' rules with their
tests where promtool is on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import linting

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = "promtool WAS LEFT OUT: it is not on the PATH. Install Prometheus"


def linters() -> list[list[str]]:
    """Return the commands of the linters that are in our environment; one that is not there is an error."""
    own, deploy = Path(sys.executable).parent, ROOT / "deploy"
    schema = [str(own / "check-jsonschema"), "--quiet", "--builtin-schema", "vendor.compose-spec"]
    return [
        [str(own / "hadolint"), str(ROOT / "Dockerfile")],
        [*schema, str(deploy / "compose.yaml")],
        [str(own / "kubernetes-validate"), "--strict", "--quiet", str(deploy / "kubernetes.yaml")],
    ]


def rules() -> list[list[str]]:
    """Return the commands that look at the alerts; none where promtool cannot be had."""
    promtool = shutil.which("promtool")
    if not promtool:
        return []
    told = (("check", ROOT / "deploy/alerts.yaml"), ("test", ROOT / "tests/alerts.test.yaml"))
    return [[promtool, verb, "rules", str(path)] for verb, path in told]


def main() -> int:
    """Lint all; 1 if anything is found, and in CI if anything is left out."""
    return linting.ran(linters(), rules(), LEFT_OUT)


if __name__ == "__main__":
    sys.exit(main())
