"""Write constraints.txt: every package that closeout, its tools and its build need, at today's version, with markers.

pip resolves all of them once; then the requirements are walked for each Python and platform that closeout supports,
so that a line needed on some of them only says so. A line is `name==version`, or `name==version ; marker`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Known = dict[str, tuple[str, list[Requirement]]]

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}
ENVIRONMENTS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": platform,
        "os_name": os_name,
        "platform_system": system,
        "platform_machine": "x86_64",
    }
    for python in PYTHONS
    for platform, (os_name, system) in PLATFORMS.items()
]
MARKERS = [
    *(f'python_version < "{python}"' for python in PYTHONS),
    *(f'python_version >= "{python}"' for python in PYTHONS),
    *(f'sys_platform {sign} "{platform}"' for platform in PLATFORMS for sign in ("==", "!=")),
]


def wanted() -> list[Requirement]:
    """What pyproject.toml asks for: run, build, release, and the extra `dev` with those that it names."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, extras = told["project"], told["project"]["optional-dependencies"]
    lines = [*project["dependencies"], *told["build-system"]["requires"], *extras["dev"], *extras["release"]]
    found = []
    while lines:
        requirement = Requirement(lines.pop())
        if requirement.name == project["name"]:
            lines += [line for extra in requirement.extras for line in extras[extra]]
        else:
            found.append(requirement)
    return found


def resolve(lines: Iterable[str]) -> Known:
    """Let pip choose versions; per name the version and what it requires."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    done = subprocess.run([*command, *sorted(set(lines))], capture_output=True, text=True, check=True)
    return {
        canonicalize_name(told["metadata"]["name"]): (
            told["metadata"]["version"],
            [Requirement(line) for line in told["metadata"].get("requires_dist", ())],
        )
        for told in json.loads(done.stdout)["install"]
    }


def needed(roots: list[Requirement], known: Known, where: Mapping[str, str]) -> set[str]:
    """The names that one environment needs; those that are not resolved yet are among them."""
    found: dict[str, frozenset[str]] = {}
    waiting = [(requirement, frozenset[str]()) for requirement in roots]
    while waiting:
        requirement, extras = waiting.pop()
        choices = [{**where, "extra": extra} for extra in extras or {""}]
        if requirement.marker and not any(requirement.marker.evaluate(choice) for choice in choices):
            continue
        name = canonicalize_name(requirement.name)
        asked = found.get(name, frozenset()) | requirement.extras
        if name in found and asked == found[name]:
            continue
        found[name] = asked
        waiting.extend((inner, asked) for inner in known.get(name, ("", []))[1])
    return set(found)


def marker(places: set[int]) -> str:
    """The marker that holds in these environments (by index) and in no other."""
    if len(places) == len(ENVIRONMENTS):
        return ""
    holds = {text: {i for i, env in enumerate(ENVIRONMENTS) if Marker(text).evaluate(env)} for text in MARKERS}
    for one, where in holds.items():
        if where == places:
            return one
    for one, first in holds.items():
        for other, second in holds.items():
            if first & second == places:
                return f"{one} and {other}"
            if first | second == places:
                return f"{one} or {other}"
    sys.exit(f"no marker tells where a package is needed: {sorted(places)}")


def main() -> None:
    roots = wanted()
    lines = [str(requirement).partition(";")[0].strip() for requirement in roots]
    while True:
        known = resolve(lines)
        names = [needed(roots, known, environment) for environment in ENVIRONMENTS]
        missing = set().union(*names) - set(known)
        if not missing:
            break
        lines += sorted(missing)
    pins = []
    for name, (version, _) in known.items():
        where = {index for index, found in enumerate(names) if name in found}
        if where:
            told = marker(where)
            pins.append(f"{name}=={version}{f' ; {told}' if told else ''}")
    (ROOT / "constraints.txt").write_text("\n".join(sorted(pins)) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(pins)} pins")


if __name__ == "__main__":
    main()
