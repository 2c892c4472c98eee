"""Lint what deploys the daemon: the Dockerfile, the Compose file, the Kubernetes manifests, and Prometheus' rules with their
tests where promtool is on the PATH.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def linters() -> list[list[str]]:
    """Return the commands that lint it."""
    own, deploy = Path(sys.executable).parent, ROOT / "deploy"
    schema = [str(own / "check-jsonschema"), "--quiet", "--builtin-schema", "vendor.compose-spec"]
    commands = [
        [str(own / "hadolint"), str(ROOT / "Dockerfile")],
        [*schema, str(deploy / "compose.yaml")],
        [str(own / "kubernetes-validate"), "--strict", "--quiet", str(deploy / "kubernetes.yaml")],
    ]
    promtool = shutil.which("promtool")
    if promtool:
        commands.append([promtool, "check", "rules", str(deploy / "alerts.yaml")])
        commands.append([promtool, "test", "rules", str(ROOT / "tests" / "alerts.test.yaml")])
    return commands


def main() -> int:
    """Lint all; 1 if anything is found."""
    codes = [subprocess.run(command, check=False).returncode for command in linters()]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
