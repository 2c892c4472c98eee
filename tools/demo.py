"""The main job as a story, on a scratch repository."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DAY = datetime.datetime.now(datetime.UTC).date()  # noqa: TID251 - the demo is about now
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CLOSEOUT_", "GITHUB_"))},  # noqa: TID251
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
}


def day(offset: int) -> str:
    return (DAY + datetime.timedelta(days=offset)).isoformat()


def documents() -> dict[str, str]:
    return {
        f"docs/postmortems/{day(-9)}-pool.md": f"""# Connection pool exhausted

**Date**: {day(-9)}
**Severity**: P1

## Action Items

| Action                   | Owner     | Due Date   | Status  |
|--------------------------|-----------|------------|---------|
| Add a connection alert   | @sre-team | {day(12)} | 🔲 TODO |
| Write the pool runbook   | @ann      | {day(20)} | 🔲 TODO |
| Raise the pool size      | @platform | {day(-8)} | ✅ DONE |
""",
        f"docs/postmortems/{day(-5)}-mail.md": f"""# Mail not delivered

## Short-term improvements

- [ ] Check the configuration before a restart (Maxime, {day(9)})
- [x] Roll back the broken change (Maxime, {day(-5)})
""",
        f"docs/incidents/{day(-3)}-deploy.md": f"""# Deploy rolled out twice

## Follow-ups

- [ ] Lock the deploy job (Owner: @bob, Due: {day(14)}, Issue: basecamp#412)
- [ ] Alert on two deploys at once (Owner: @bob, Due: {day(18)})
""",
        f"docs/incidents/{day(-1)}-dns.md": """# DNS record lost

Action items:
- ✅ Restored the record
- 🔲 Review who may edit the zone
""",
    }


def run(where: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=where, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def show(title: str, text: str) -> None:
    print(f"\n== {title}\n")
    print("\n".join(f"   {line}" for line in text.rstrip("\n").split("\n")))


def main() -> None:
    closeout = [sys.executable, "-m", "closeout"]
    with tempfile.TemporaryDirectory(prefix="closeout-demo-") as folder:
        root = Path(folder)
        run(root, "git", "init", "-q", "-b", "main")
        for name, text in documents().items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        run(root, "git", "add", "-A")
        run(root, "git", "commit", "-q", "-m", "Four postmortems")
        show(
            "Four postmortems, in four layouts. What would closeout do?  (closeout plan)", run(root, *closeout, "plan")
        )
        show("Do it.  (closeout sync)", run(root, *closeout, "sync"))
        show("The documents now name their issues.  (git diff)", run(root, "git", "diff", "-U0", "docs"))
        issues = sorted((root / ".closeout/issues").iterdir())
        show(f"One of the issues: {issues[0].name}", issues[0].read_text("utf-8"))
        run(root, "git", "add", "-A")
        run(root, "git", "commit", "-q", "-m", "Issues for the action items")
        alert = next(path for path in issues if "connection-alert" in path.name)
        runbook = next(path for path in issues if "runbook" in path.name)
        alert.write_text(alert.read_text("utf-8").replace("status: todo", "status: done"), encoding="utf-8")
        moved = re.sub(r"due: .*", f"due: {day(40)}", runbook.read_text("utf-8"), count=1)
        runbook.write_text(moved, encoding="utf-8")
        show("People close one issue and move another's date.", run(root, "git", "diff", "-U0", ".closeout/issues"))
        run(root, *closeout, "sync")
        show("After the next sync the documents say so: two lines.", run(root, "git", "diff", "-U0", "docs"))
        show("And a third sync:", run(root, *closeout, "sync"))


if __name__ == "__main__":
    main()
