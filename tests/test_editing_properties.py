"""The laws of cells, padding, escaping and new places, over generated text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import Field, Place, Room, Status
from closeout.editing import owners as said_owners
from closeout.editing.realign import realign
from closeout.editing.splice import Edit, inverse, splice
from closeout.engine import read, show
from closeout.engine.world import Options
from closeout.markdown import cells
from closeout.markdown.blocks import Table
from closeout.markdown.parse import parse
from closeout.reading import headers
from closeout.reading.document import read as read_document
from closeout.reading.fields import owners
from closeout.reading.vocabulary import shipped
from golden_edits import FITTING, Pages
from golden_edits import NAME as NAME_OF_PAGE
from proofs.edits import document

TEXT = st.text(
    st.one_of(
        st.sampled_from("|\\`*_<[ \t\r\n\x0b\x0c\x85\u2028\u200d\u202e\ufeff\u0301é監ع👍🏽"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)
CLUSTERS = ("a", " ", "é", "監", "👩‍👩‍👧", "e\u0301", "ع", "🇫🇷", "👍🏽")
WIDE = st.lists(st.sampled_from(CLUSTERS), max_size=9).map(lambda parts: "".join(parts).strip())
NAME = st.lists(
    st.sampled_from([*'ab é監`*_[]<>~!&+/;()-#1.\\|@、"\u200b\u202e\t', " and ", " und "]), min_size=1, max_size=10
).map("".join)


@given(TEXT)
def test_a_cell_gives_back_what_it_was_given_or_refuses(text: str) -> None:
    try:
        encoded = cells.encode(text)
    except ValueError:
        assert re.search(r"[\r\n]|\\$|\\\||^[ \t]|[ \t]$", text)
        return
    assert cells.decode(encoded) == text
    row = f"| {encoded} | b |"
    bounds = cells.scan(row)
    assert len(bounds) == 2
    assert cells.decode(row[slice(*cells.content(row, bounds[0]))]) == text


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\nb"])
def test_text_of_several_lines_is_refused_before_anything_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="a table cell cannot hold this text"):
        cells.encode(text)
    with pytest.raises(ValueError, match="several lines"):
        splice("| a |", [Edit(Place(2, 3, "a", cell=True), text)])


@given(WIDE, WIDE, st.integers(1, 9), st.integers(1, 9), st.sampled_from("<>^"))
def test_a_cell_keeps_its_width_if_the_new_text_fits_and_grows_alone_if_not(
    old: str, new: str, lead: int, behind: int, side: str
) -> None:
    lead = 1 if side == "<" else lead
    row = f"| x |{' ' * lead}{old}{' ' * behind}| y |"
    start = row.index("|", 2) + 1 + lead
    place = Place(start, start + len(old), old, cell=True, room=Room(side, lead, behind))
    after = splice(row, [Edit(place, new)])
    free = cells.width(old) + behind - 1 + (0 if side == "<" else lead - 1)
    grown = cells.width(after) - cells.width(row)
    assert grown == max(cells.width(new) - free, 0)
    assert after.startswith("| x |")
    assert after.endswith("| y |")
    assert splice(after, inverse(row, [Edit(place, new)])) == row


TRAPS = {
    "byte order mark": "^\ufeff",
    "mixed line ends": r"(?s)(?=.*\r\n)(?=.*\r(?!\n))(?=.*(?<!\r)\n)",
    "tabs": r"\t",
    "wide characters": "監視を",
    "combining characters": "a\u0308",
    "from right to left": "أضف",
    "zero width": "\u200d.*\u200b",
    "odd breaks": "\x0b.*\x0c.*\x85.*\u2028",
    "a quote in a quote": r"(?m)^> > \S",
    "a list in a list": r"(?m)^  - a detail(?:\r\n|\r|\n)    - and more",
    "a table in a list entry": r"(?m)^  \| ?(?:Action|--)",
    "a table in a quote": r"(?m)^> (?:> )?\| ?(?:Action|--)",
    "a quote in a list entry": r"(?m)^  > - \[ \]",
    "code in a list entry": r"(?m)^  ```",
    "an escaped pipe": r"\\\|",
    "an emoji of several code points": "👩\u200d👩\u200d👧.*🇫🇷.*👍🏽",
    "a damaged text": "âœ…",
    "front matter": r"^\ufeff?---[\r\n]",
    "no line end at the end": r"[^\r\n]\Z",
    "HTML": "<b>HTML</b> &amp; more<br>here",
}


@pytest.fixture(scope="module")
def generated() -> list[str]:
    return [document(random.Random(seed)) for seed in range(400)]


@pytest.mark.parametrize("trap", TRAPS)
def test_generated_documents_hold_every_trap(trap: str, generated: list[str]) -> None:
    held = sum(bool(re.search(TRAPS[trap], text)) for text in generated)
    assert held >= 8, f"{held} of {len(generated)} documents hold {trap}"


@given(st.integers(0, 10_000))
def test_new_padding_changes_nothing_but_blanks_and_dashes(seed: int) -> None:
    text = document(random.Random(seed))
    items = read_document("a.md", text, shipped()).items
    after = realign(text, items)
    assert re.sub(r"[ \t-]", "", after) == re.sub(r"[ \t-]", "", text)
    again = read_document("a.md", after, shipped())
    assert [(item.title, item.status, item.due, item.owners) for item in again.items] == [
        (item.title, item.status, item.due, item.owners) for item in items
    ]
    assert realign(after, again.items) == after


@given(st.integers(0, 10_000))
def test_new_places_change_no_item(seed: int) -> None:
    text = document(random.Random(seed))
    library = read.read(Pages(text), Options(add_columns=True, add_boxes=True))
    before = read_document("postmortems/page.md", text, shipped())
    (after,) = library.documents.values()
    assert [(item.title, item.line, item.due, item.owners, item.tickets) for item in after.items] == [
        (item.title, item.line, item.due, item.owners, item.tickets) for item in before.items
    ]
    assert len(library.bases["postmortems/page.md"]) >= len(text)


@given(NAME)
def test_a_name_from_a_tracker_reads_back_as_itself_on_one_line(name: str) -> None:
    meant = said_owners.meant(name)
    written = said_owners.escaped(said_owners.cleaned(name))
    assert not re.search(r"[\r\n\u200b\u202e]", written)
    if shipped().is_placeholder(meant) or not re.search(r"[^\W_]", meant) or meant.startswith("@"):
        return  # refused: whatever stands for nobody is no name
    assert owners.read(written, shipped()) == (meant,)
    if not re.search(r"\\$|\\\|", written):  # no cell can hold that
        assert owners.read(cells.decode(cells.encode(written)), shipped()) == (meant,)


@pytest.mark.parametrize("language", range(len(headers.shipped())))
def test_new_columns_speak_the_language_of_their_table(language: int) -> None:
    words = headers.shipped()[language]
    text = (
        f"## Action items\n\n| {words[Field.TITLE][0]} | {words[Field.OWNERS][0]} |\n|---|---|\n| Do it now | ann |\n"
    )
    library = read.read(Pages(text), Options(add_columns=True))
    (document_,) = library.documents.values()
    (base,) = library.bases.values()
    (table,) = (block for block in parse(base).blocks if isinstance(block, Table))
    found = [cell.text.value.casefold() for cell in table.header.cells]
    assert found[2:] == [words[Field.STATUS][0].casefold(), words[Field.TICKET][0].casefold()]
    assert {Field.STATUS, Field.TICKET} <= set(document_.items[0].stated)
    made = show.edit(NAME_OF_PAGE, 0, Field.STATUS, "done", library, Options(), FITTING)
    assert made is not None
    assert made.edit.value.casefold() == shipped().tongues[language][Status.DONE][0].casefold()
