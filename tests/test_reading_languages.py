"""Every language reads its own page; a new one is one file of words, and no line of Python."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from closeout.domain.item import Item
from closeout.reading.document import read
from closeout.reading.vocabulary import Vocabulary, extended, languages, shipped

FOLDER = files("closeout.reading.vocabulary")
LANGUAGES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))
# heading, then the header of a table (what, who, until when, how it stands), then a date and a state
PAGES = {
    "de": ("Folgemaßnahmen", "Maßnahme|Verantwortlich|Fällig am|Stand", "15. Juni 2026", "in Arbeit"),
    "en": ("Follow-up work", "Action|Owner|Due date|Status", "June 15, 2026", "In progress"),
    "es": ("Próximos pasos", "Acción|Responsable|Fecha límite|Estado", "15 de junio de 2026", "En curso"),
    "fr": ("Actions correctives", "Action|Responsable|Échéance|Statut", "15 juin 2026", "En cours"),
    "id": ("Rencana tindak lanjut", "Tindakan|Penanggung jawab|Tenggat|Status", "15 Juni 2026", "Sedang dikerjakan"),
    "it": ("Azioni correttive", "Azione|Responsabile|Scadenza|Stato", "15 giugno 2026", "In corso"),
    "ja": ("再発防止策（恒久対応）", "対策|担当者|期限|状況", "2026年6月15日", "対応中"),
    "ko": ("재발 방지 대책", "조치 사항|담당자|기한|상태", "2026년 6월 15일", "진행 중"),
    "nb": ("Videre oppfølging", "Tiltak|Ansvarlig|Frist|Status", "15. juni 2026", "Pågår"),
    "nl": ("Vervolgacties", "Actie|Eigenaar|Einddatum|Voortgang", "15 juni 2026", "Mee bezig"),
    "pl": ("Działania naprawcze", "Działanie|Właściciel|Termin|Stan", "15 czerwca 2026", "W trakcie"),
    "pt": ("Plano de ação", "Ação|Responsável|Prazo|Situação", "15 de junho de 2026", "Em andamento"),
    "ru": ("План действий", "Действие|Ответственный|Срок|Статус", "15 июня 2026", "В работе"),
    "sv": ("Uppföljning", "Åtgärd|Ansvarig|Klart senast|Status", "15 juni 2026", "Pågående"),
    "tr": ("ALINACAK AKSİYONLAR", "Aksiyon|Sorumlu|Son tarih|Durum", "15 Haziran 2026", "Devam ediyor"),
    "uk": ("Подальші кроки", "Дія|Відповідальний|Термін|Стан", "15 червня 2026", "У роботі"),
    "vi": ("Các hành động tiếp theo", "Công việc|Người phụ trách|Hạn chót|Trạng thái", "15/06/2026", "Đang thực hiện"),
    "zh": ("【后续改进措施】", "措施|负责人|截止日期|状态", "2026年6月15日", "进行中"),
}


def items(text: str, vocabulary: Vocabulary | None = None) -> tuple[Item, ...]:
    return read("postmortems/a.md", text, vocabulary or shipped()).items


def page(heading: str, header: str, due: str, status: str) -> str:
    columns = header.replace("|", " | ")
    return f"# X\n\n## {heading}\n\n| {columns} |\n|---|---|---|---|\n| Zig zag | Ann | {due} | {status} |\n"


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_languages_file_holds_what_the_schema_says(name: str) -> None:
    schema = json.loads((FOLDER / "schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(tomllib.loads((FOLDER / name).read_text("utf-8")))


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_column_of_notes_or_links_is_no_finding_in_any_language(name: str) -> None:
    words = tomllib.loads((FOLDER / name).read_text("utf-8"))["remarks"]["words"]
    heading, header, due, status = PAGES[name.removesuffix(".toml")]
    for word in (*words, words[0].upper(), f"{words[0]} / {words[-1]}"):
        text = page(heading, header, due, status).replace(" |\n", f" | {word} |\n", 1).replace("---|\n", "---|---|\n")
        assert [one.code for one in read("a.md", text, shipped()).findings] == [], word
    text = page(heading, header, due, status).replace(" |\n", " | Blast radius |\n", 1).replace("---|\n", "---|---|\n")
    assert [one.code for one in read("a.md", text, shipped()).findings] == ["unread-column"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_page_in_every_language(name: str) -> None:
    (found,) = items(page(*PAGES[name.removesuffix(".toml")]))
    assert (found.title, found.owners, found.due, found.status) == ("Zig zag", ("Ann",), "2026-06-15", "in_progress")


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_has_happened_is_no_follow_up_in_any_language(name: str) -> None:
    words = tomllib.loads((FOLDER / name).read_text("utf-8"))
    for heading in words["not-regions"]["phrases"]:
        assert items(f"# X\n\n## {heading}\n\n- [ ] Zig zag\n") == (), heading
    for heading in words["regions"]["explicit"]:
        assert len(items(f"# X\n\n## {heading}\n\n- [ ] Zig zag\n")) == 1, heading


@pytest.mark.parametrize("heading", ["ACOES CORRETIVAS", "Ações corretivas:", "3.1 **Ações** corretivas 🚀"])
def test_accents_capitals_numbers_and_signs_do_not_matter(heading: str) -> None:
    assert len(items(f"# X\n\n## {heading}\n\n- Zig zag\n")) == 1


def test_a_new_language_is_one_file() -> None:
    words = """
    [regions]
    explicit = ["blorp zix"]
    [columns]
    title = ["gnarf"]
    due = ["whenzo"]
    status = ["howzo"]
    [status]
    done = ["fizzed"]
    """
    text = page("2. Blorp-zix", "Gnarf|Owner|Whenzo|Howzo", "2026-06-15", "FIZZED")
    assert items(text) == ()
    english = (FOLDER / "en.toml").read_text("utf-8")
    (found,) = items(text, languages.of([english, words]))
    assert (found.title, found.due, found.status) == ("Zig zag", "2026-06-15", "done")


def test_a_teams_own_words_come_from_its_configuration() -> None:
    own = extended(("Blorp zix",), {"title": ("gnarf",), "due": ("whenzo",)}, {"done": ("fizzed",)})
    (found,) = items(page("Blorp zix", "Gnarf|Owner|Whenzo|Status", "2026-06-15", "Fizzed"), own)
    assert (found.title, found.due, found.status) == ("Zig zag", "2026-06-15", "done")


def test_where_two_languages_clash_english_wins() -> None:
    assert shipped().tongues[0] == languages.of([(FOLDER / "en.toml").read_text("utf-8")]).tongues[0]


def test_the_words_that_every_start_reads_are_those_of_the_languages_files() -> None:
    assert shipped() == languages.of(languages.texts()), "Run `make docs` and commit"
