"""Which changes to the decisions does no test notice? mutmut tries them one at a time on one core, for so many minutes.

Prints what became of the changes of each module and every one that survived without a reason in
`tests/meta/survivors.toml`; exits 1 if there is one. What survived is tried again by the next run, with the tests as they
are then; what was caught is not, as long as its function stays as it is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import signal
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "mutants"
REASONS = ROOT / "tests/meta/survivors.toml"
CAUGHT = {1, 3, 24, 36, 152, 255, -24}  # a test failed, or ran for ever: what mutmut writes down of it
SURVIVED, UNTESTED = {0}, {5, 33}


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--minutes", type=float, default=5.0, help="stop trying after so many, beside a few to start")
    told.add_argument("--list", action="store_true", help="only tell what is known from earlier runs")
    told.add_argument("modules", nargs="*", help="end of a module's name, as `merge`; all of pyproject.toml if none")
    arguments = told.parse_args()
    if not arguments.list and not tried(arguments.minutes, arguments.modules):
        return 1
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    survivors = []
    for module, name, code in results():
        if not arguments.modules or module.endswith(tuple(arguments.modules)):
            counts[module][verdict(code)] += 1
            if code in {*SURVIVED, *UNTESTED}:
                survivors.append((module, name))
    known = tomllib.loads(REASONS.read_text("utf-8"))
    said = [(module, change(name)) for module, name in survivors]
    new = [f"{module}.{one}" for module, one in said if one not in known.get(module, {}) and not wording(one)]
    for module, count in sorted(counts.items()):
        told_of = ", ".join(
            f"{count[kind]} {kind}" for kind in ("killed", "survived", "no test", "not checked") if count[kind]
        )
        print(f"{module}: {told_of}")
    print("\n".join(new) or "nothing survived that is not explained")
    return bool(new)


def tried(minutes: float, modules: list[str]) -> bool:
    """Let mutmut try what is new and what survived; whether it could."""
    forget()
    names = [f"closeout.*.{module}.*" for module in modules]
    WORK.mkdir(exist_ok=True)
    log = WORK / "run.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [Path(sys.executable).parent / "mutmut", "run", "--max-children", "1", *names],
            stdout=out,
            stderr=out,
            cwd=ROOT,
        ) as run,
    ):
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(timeout=minutes * 60)
        if run.poll() is None:
            run.send_signal(signal.SIGINT)
            return True
    if run.returncode:
        print(log.read_text("utf-8", "replace")[-3000:], file=sys.stderr)
    return run.returncode == 0


def forget() -> None:
    """Take back what survived: tests were written since."""
    for path in WORK.rglob("*.meta"):
        told = json.loads(path.read_text("utf-8"))
        codes: Mapping[str, int | None] = told["exit_code_by_key"]
        told["exit_code_by_key"] = {name: code if code in CAUGHT else None for name, code in codes.items()}
        path.write_text(json.dumps(told), encoding="utf-8")


def results() -> Iterator[tuple[str, str, int | None]]:
    """Yield (module, mutmut's name of the change, how its tests ended; None where they were not run)."""
    for path in sorted(WORK.rglob("*.meta")):
        module = path.relative_to(WORK / "src/closeout").as_posix().removesuffix(".py.meta").replace("/", ".")
        for name, code in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items():
            yield module, name, code


def verdict(code: int | None) -> str:
    if code is None:
        return "not checked"
    return "survived" if code in SURVIVED else "no test" if code in UNTESTED else "killed"


def wording(said: str) -> bool:
    """Whether only a sentence is said otherwise: what it tells is in the tests, each of its words is not."""
    before, _, after = said.partition(" -> ")
    told = before.partition(": ")[2]
    return " " in "".join(re.findall(r"[\"'`].*[\"'`]", told)) and _plain(told) == _plain(after)


def _plain(line: str) -> str:
    return line.casefold().replace("xx", "")


def change(name: str) -> str:
    """A change as a person would say it: the function, the lines as they are and as they became."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 - it reads pyproject.toml when imported

    lines = get_diff_for_mutant(name).split("\n")[3:]
    before = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    after = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    function = re.sub(r"^x_|__mutmut_\d+$", "", name.rpartition(".")[2].replace("xǁ", "").replace("ǁ", "."))
    return f"{function}: {before} -> {after}"


if __name__ == "__main__":
    sys.exit(main())
