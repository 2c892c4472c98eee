"""The table of what users of similar tools suffered: each thread once, each with a test that is there, or where it belongs."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LESSONS = [
    one for rows in tomllib.loads((ROOT / "tests/meta/threads.toml").read_text("utf-8")).values() for one in rows
]
NOT_BUILT: set[str] = set()
THREAD = re.compile(r"[\w-]+/[\w.-]+#\d+")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson["threads"][0])
def test_a_lesson_is_whole_and_its_test_is_there(lesson: dict[str, str]) -> None:
    assert all(THREAD.fullmatch(thread) for thread in lesson["threads"])
    assert set(lesson) in ({"threads", "suffered", "promises", where} for where in ("test", "belongs"))
    if "belongs" in lesson:
        assert lesson["belongs"] in NOT_BUILT
        return
    path, _, name = lesson["test"].partition("::")
    assert name in {node.name for node in functions(ROOT / path)}


def test_every_thread_stands_in_the_table_once() -> None:
    threads = [thread for lesson in LESSONS for thread in lesson["threads"]]
    assert len(threads) == len(set(threads))
    assert len(threads) >= 123


def test_every_test_that_is_named_after_a_thread_is_in_the_table_with_it() -> None:
    of = {lesson["test"]: lesson["threads"] for lesson in LESSONS if "test" in lesson}
    for path in (ROOT / "tests/peers").glob("test_*.py"):
        for node in functions(path):
            thread = THREAD.match(ast.get_docstring(node) or "")
            assert thread, node.name
            assert thread[0] in of[f"tests/peers/{path.name}::{node.name}"]
            assert f"_{thread[0].partition('#')[2]}_" in node.name
