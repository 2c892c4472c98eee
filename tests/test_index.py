"""The index of postmortems on a page: what stands between its marks, and that nothing else changes."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from closeout.domain.document import Document, Incident
from closeout.domain.item import visible
from closeout.editing.block import replaced
from closeout.errors import ConfigurationError
from closeout.reading.document import read
from closeout.reading.index import END, START
from closeout.reading.vocabulary import shipped
from closeout.render.index import Listed, lines, listed
from golden_index import FOLDER, outcome
from test_cli import DOCUMENT, Run, repository, run  # noqa: F401

PAGE = "docs/postmortems/README.md"
MARKS = f"{START}\n{END}\n"
FRESH = f"{PAGE}: its index is as it should be\n"
FOLDERS = sorted(FOLDER.iterdir())
ORACLE = MarkdownIt("commonmark").enable("table")

titles = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(visible)
hostile = st.lists(
    st.sampled_from(
        [
            "|",
            "\\",
            "`",
            "]",
            "[",
            "(",
            ")",
            "<b>",
            "-->",
            "<!--",
            END,
            START,
            "*",
            "_",
            "&amp;",
            "~~",
            "$",
            "x",
            " ",
            "\n",
        ]
    ),
    min_size=1,
    max_size=12,
).map("".join)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=20)
rows = st.builds(
    Listed,
    date=st.sampled_from(["2026-05-01", "2026-05", ""]),
    title=(titles | hostile).filter(visible),
    severity=st.sampled_from(["SEV1", "", "a | b"]),
    path=st.lists(names.filter(lambda name: name not in {".", ".."}), min_size=1, max_size=3).map("/".join),
    open=st.integers(0, 3),
    total=st.integers(3, 9),
)
around = st.lists(
    st.sampled_from(
        ["# Title", "", "text", "- entry", "> quote", "| a | b |", "|---|---|", "    code", "é", "<b>", "```"]
    )
).map("\n".join)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_index_is_as_it_was_reviewed(folder: Path, tmp_path: Path) -> None:
    assert outcome(folder, tmp_path) == (folder / "after.md").read_bytes()
    assert outcome(folder, tmp_path) == (folder / "after.md").read_bytes()


def cells(text: str) -> list[list[list[Token]]]:
    """The rows of the one table that another parser sees, each cell as its inline tokens."""
    found: list[list[list[Token]]] = []
    for token in ORACLE.parse(text):
        if token.type == "tr_open":
            found.append([])
        elif found and token.type == "inline" and len(found[-1]) < 4 and token.level > 3:
            found[-1].append(token.children or [])
    return found


def shown(tokens: list[Token]) -> str:
    assert {token.type for token in tokens} <= {"text", "text_special", "link_open", "link_close"}, tokens
    return "".join(token.content for token in tokens)


@given(st.lists(rows, max_size=4), st.sampled_from(["README.md", "docs/README.md", "docs/a b/README.md"]))
def test_another_parser_reads_the_table_back_as_it_was_meant(found: list[Listed], page: str) -> None:
    text = replaced(page, f"# A\n\n{MARKS}\nbehind\n", lines(found, page))
    _, *read_back = cells(text)
    assert [shown(row[1]) for row in read_back] == [visible(one.title)[:200] for one in found]
    assert [shown(row[2]) for row in read_back] == [one.severity for one in found]
    assert [shown(row[3]) for row in read_back] == [f"{one.open}/{one.total}" for one in found]
    targets = [row[1][0].attrs["href"] for row in read_back]
    assert [posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(str(one)))) for one in targets] == [
        one.path for one in found
    ]


@given(around, around, around, st.lists(rows, max_size=3), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_around_the_marks_nothing_changes_and_twice_is_once(
    before: str, inside: str, after: str, found: list[Listed], line_end: str, marked: bool
) -> None:
    top = ("\ufeff" if marked else "") + before + "\n\n" + START
    page = f"{top}\n{inside}\n\n{END}\n{after}".replace("\n", line_end)
    table = lines(found, PAGE)
    try:
        made = replaced(PAGE, page, table)
    except ConfigurationError:  # a fence that is open, or HTML that goes on, takes the marks in
        assert "```" in page or "<b>" in page
        return
    assert made.startswith(top.replace("\n", line_end))
    assert made.endswith(f"{END}\n{after}".replace("\n", line_end))
    assert line_end.join(table) in made
    assert replaced(PAGE, made, table) == made


def test_a_table_that_a_formatter_aligned_is_left_as_it_is() -> None:
    table = lines([Listed("2026-05-01", "A", "SEV1", "a.md", 1, 2), Listed("", "Longer title", "", "b.md", 0, 0)], PAGE)
    aligned = (
        f"{START}\n\n"
        "| Date       | Postmortem                     | Severity | Open |\n"
        "| ---------- | ------------------------------ | -------- | ---: |\n"
        "| 2026-05-01 | [A](../../a.md)                | SEV1     |  1/2 |\n"
        "|            | [Longer title](../../b.md)     |          |  0/0 |\n"
        f"{END}\n"
    )
    assert replaced(PAGE, aligned, table) == aligned
    assert replaced(PAGE, aligned.replace("1/2", "2/2"), table) != aligned


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# A\n", "nothing in it says where"),
        (f"```\n{MARKS}```\n", "nothing in it says where"),
        (f"~~~\n{MARKS}", "nothing in it says where"),
        (f"    {START}\n\n    {END}\n", "nothing in it says where"),
        (f"- {START}\n  {END}\n", "nothing in it says where"),
        (f"`{START}`\n`{END}`\n", "nothing in it says where"),
        (f"text {START}\n\ntext {END}\n", "nothing in it says where"),
        (f"---\na: |\n  {START}\n  {END}\n---\n", "nothing in it says where"),
        (f"<pre>\n{MARKS}</pre>\n", "nothing in it says where"),
        (f"# A\n\n{START}\n\ntext\n", f"{PAGE}:3: could not be written: {START} is not closed"),
        (f"# A\n\n{START}\n```\n{END}\n", f"{PAGE}:3: could not be written: {START} is not closed"),
        (f"{START}\n\n{START}\n\n{END}\n", f"{PAGE}:1: could not be written: {START} is not closed"),
        (f"{MARKS}\n{START}\n", f"{PAGE}:4: could not be written: {START} is not closed"),
        (f"# A\n\n{END}\n\n{START}\n", f"{PAGE}:3: could not be written: {END} closes nothing"),
        (f"{MARKS}\n{END}\n", f"{PAGE}:4: could not be written: {END} closes nothing"),
        (f"{MARKS}\n{MARKS}", f"{PAGE}:4: could not be written: there is a second {START}, the first is on line 1"),
    ],
)
def test_a_page_without_one_pair_of_marks_is_an_error_that_names_the_line(
    text: str, told: str, repository: Path, run: Run
) -> None:
    (repository / PAGE).write_text(text)
    code, _, err = run("index")
    assert (code, told in err) == (2, True), err
    assert (repository / PAGE).read_text() == text


def test_incidents_are_listed_newest_first_and_undated_ones_last() -> None:
    def document(path: str, *incidents: Incident, template: bool = False) -> Document:
        return Document(path, path.upper(), incidents=incidents, template=template)

    found = listed(
        [
            document("b.md", Incident("B", date="2026-01-02")),
            document("a.md", Incident("A", date="2026-01-02")),
            document("month.md", Incident("M", date="2026-03")),
            document("undated.md", Incident("U", severity="SEV3")),
            document("template.md", Incident("T", date="2026-01-01"), template=True),
            document("notes.md", Incident("N")),
            document("log.md", Incident("Log"), Incident("", date="2026-02-01"), Incident("Two", date="2026-02-02")),
            document("README.md", Incident("R", date="2026-01-01")),
        ],
        "README.md",
    )
    assert [row.title for row in found] == ["M", "Two", "LOG.MD", "A", "B", "U"]


def test_a_page_that_somebody_left_out_by_hand_is_not_listed() -> None:
    text = "---\ncloseout: false\n---\n# Pool\n\n**Date**: 2026-05-01\n\n## Action items\n\n- [ ] one @ann\n"
    assert not listed([read("a.md", text, shipped())], "README.md")


def test_the_page_lies_beside_the_postmortems_unless_it_is_named(repository: Path, run: Run) -> None:
    code, _, err = run("index")
    assert (code, f"{PAGE}: could not be written: there is no such file" in err) == (2, True)
    (repository / PAGE).write_text(MARKS)
    (repository / "README.md").write_text(MARKS)
    assert run("index")[:2] == (0, f"{PAGE}: written\n")
    assert run("index", "README.md")[:2] == (0, "README.md: written\n")
    assert "(2026-05-01-pool.md)" in (repository / PAGE).read_text()
    assert "(docs/postmortems/2026-05-01-pool.md)" in (repository / "README.md").read_text()


def test_a_page_is_named_from_the_folder_that_one_is_in(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / PAGE).write_text(MARKS)
    monkeypatch.chdir(repository / "docs")
    assert run("index", "postmortems/README.md")[:2] == (0, f"{PAGE}: written\n")


def test_a_fresh_index_is_not_written_again(repository: Path, run: Run) -> None:
    (repository / PAGE).write_text(MARKS)
    run("index")
    before = (repository / PAGE).stat()
    assert run("index")[:2] == (0, FRESH)
    assert (repository / PAGE).stat() == before
    assert run("index", "--quiet")[:2] == (0, "")


def test_check_writes_nothing_and_says_whether_the_index_is_fresh(repository: Path, run: Run) -> None:
    (repository / PAGE).write_text(MARKS)
    assert run("index", "--check")[:2] == (10, f"{PAGE}: its index would change\n")
    assert (repository / PAGE).read_text() == MARKS
    run("index")
    assert run("index", "--check")[:2] == (0, FRESH)


def test_nothing_is_written_while_closeout_is_paused(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / PAGE).write_text(MARKS)
    monkeypatch.setenv("CLOSEOUT_PAUSED", "1")
    assert run("index")[0] == 5
    assert (repository / PAGE).read_text() == MARKS


def test_a_document_that_cannot_be_read_is_no_row_less(repository: Path, run: Run) -> None:
    (repository / PAGE).write_text(MARKS)
    (repository / "docs/postmortems/broken.md").write_bytes(b"a\0")
    assert run("index")[0] == 3
    assert (repository / PAGE).read_text() == MARKS


def test_where_no_postmortem_is_found_the_table_is_not_emptied(repository: Path, run: Run) -> None:
    (repository / PAGE).write_text(MARKS)
    run("index")
    full = (repository / PAGE).read_text()
    (repository / DOCUMENT).unlink()
    code, _, err = run("index", PAGE)
    assert (code, "no postmortem was found" in err) == (2, True)
    assert (repository / PAGE).read_text() == full


def test_a_page_of_unknown_encoding_is_left_alone(repository: Path, run: Run) -> None:
    odd = "# Störungen für alle\n\n".encode("cp1252") + MARKS.encode()
    (repository / PAGE).write_bytes(odd)
    code, _, err = run("index")
    assert (code, "it is no UTF-8" in err) == (3, True)
    assert (repository / PAGE).read_bytes() == odd


def test_a_link_stays_a_link_and_a_mode_a_mode(repository: Path, run: Run) -> None:
    real = repository / "front.md"
    real.write_text(MARKS)
    real.chmod(0o640)
    (repository / PAGE).symlink_to(real)
    assert run("index")[0] == 0
    assert (repository / PAGE).is_symlink()
    assert "(2026-05-01-pool.md)" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_page_that_is_read_only_is_left_alone(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / PAGE).write_text(MARKS)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    code, _, err = run("index")
    assert (code, "it is read-only" in err) == (3, True)
    assert (repository / PAGE).read_text() == MARKS


def test_what_the_encoding_of_a_page_lacks_is_written_as_a_reference(repository: Path, run: Run) -> None:
    (repository / "closeout.toml").write_text('[reading]\nencodings = ["windows-1252"]\n')
    (repository / PAGE).write_bytes(f"# Störungen\n\n{MARKS}".encode("cp1252"))
    (repository / DOCUMENT).write_text("# Ausfall für alle: 障害\n\n**Date**: 2026-05-01\n")
    assert run("index")[0] == 0
    made = (repository / PAGE).read_bytes().decode("cp1252")
    assert made.startswith("# Störungen\n\n")
    assert "[Ausfall für alle: &#38556;&#23475;](2026-05-01-pool.md)" in made
    assert shown(cells(made)[1][1]) == "Ausfall für alle: 障害"


def test_the_index_holds_no_action_items_and_no_findings(repository: Path, run: Run) -> None:
    (repository / PAGE).write_text("# Postmortems\n\n## Action items of all of them\n\n" + MARKS)
    run("index")
    assert run("check")[0] == 0
    assert '"items": []' in run("list", PAGE, "--format", "json")[1]
