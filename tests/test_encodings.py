"""Documents that are no UTF-8: read with a stated guess, written back byte for byte only where that was configured."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import pytest

from closeout import compose, settings
from closeout.domain.outcome import Outcome
from closeout.engine.sync import sync
from closeout.errors import ConfigurationError, Exit
from closeout.repositories.decoding import decode, text_encoding
from closeout.repositories.pages import read_page
from golden_pages import FOLDER

NOW = datetime.datetime(2026, 5, 3, 10, tzinfo=datetime.UTC)
PAGE = "postmortems/a.md"
TEXT = "# Ausfall\n\n## Maßnahmen\n\n| Maßnahme | Zuständig | Fällig | Stand | Ticket |\n|---|---|---|---|---|\n"
TEXT += "| Überwachung für die Datenbank einführen | Jürgen | 2026-06-15 | offen | |\n| Handbuch prüfen | Änne | 2026-06-15 | offen | |\n"
# what people wrote such pages in, by the language of their words
SAVED = {
    "de": ("windows-1252", "latin-1", "mac-roman"),
    "en": (),
    "es": ("windows-1252", "latin-1", "mac-roman"),
    "fr": ("windows-1252", "mac-roman"),
    "id": (),
    "it": ("windows-1252", "mac-roman"),
    "ja": ("shift_jis", "euc-jp"),
    "ko": ("euc-kr",),
    "nb": ("windows-1252", "latin-1", "mac-roman"),
    "nl": ("windows-1252",),
    "pl": ("windows-1250",),
    "pt": ("windows-1252", "mac-roman"),
    "ru": ("koi8-r", "windows-1251"),
    "sv": ("windows-1252", "latin-1", "mac-roman"),
    "tr": ("windows-1254",),
    "uk": ("windows-1251",),
    "vi": (),
    "zh": ("gb18030", "gbk"),
}
CASES = [(language, codec) for language, codecs in SAVED.items() for codec in (*codecs, "utf-16-le", "utf-16-be")]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / PAGE).parent.mkdir()
    return tmp_path


def synced(root: Path, *encodings: str) -> Outcome:
    flags = {"reading": {"encodings": encodings}}
    run = compose.run(root, settings.load(root, flags), NOW)
    return sync(run.world, run.options)


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_a_page_of_every_language_is_read_from_what_people_saved_it_in(language: str, codec: str) -> None:
    text = (FOLDER / f"language-{language}/before.md").read_text("utf-8")
    raw = ("\ufeff" if codec.startswith("utf-16") else "") + text
    found = decode(raw.encode(codec))
    assert found.text.removeprefix("\ufeff") == text
    assert found.guess
    assert found.text.encode(found.encoding) == raw.encode(codec)


@pytest.mark.parametrize("codec", ["windows-1252", "mac-roman", "utf-16-le"])
def test_a_guess_is_stated_and_nothing_is_written(repository: Path, codec: str) -> None:
    mark = "\ufeff" if codec == "utf-16-le" else ""
    raw = (mark + TEXT).encode(codec)
    (repository / PAGE).write_bytes(raw)
    outcome = synced(repository)
    assert len(outcome.results) == 2
    assert not outcome.errors
    (told,) = [one for one in outcome.findings if one.code == "encoding"]
    assert f"was read as {codec.removesuffix('-le')}, which is a guess" in told.message
    assert (repository / PAGE).read_bytes() == raw
    assert synced(repository).plan.empty
    assert (repository / PAGE).read_bytes() == raw


@pytest.mark.parametrize(
    ("configured", "codec"),
    [("windows-1252", "windows-1252"), ("mac-roman", "mac-roman"), ("utf-16", "utf-16-le"), ("UTF-16", "utf-16-be")],
)
def test_a_configured_encoding_is_written_back_byte_for_byte(repository: Path, configured: str, codec: str) -> None:
    mark = "\ufeff" if codec.startswith("utf-16") else ""
    (repository / PAGE).write_bytes((mark + TEXT).replace("\n", "\r\n").encode(codec))
    outcome = synced(repository, configured)
    assert not outcome.errors
    assert "encoding" not in {one.code for one in outcome.findings}
    after = (repository / PAGE).read_bytes().decode(codec)
    for number in (1, 2):
        start = after.index(f"[#{number}](../.closeout/issues/")
        after = after[:start] + after[after.index(")", start) + 1 :].lstrip(" ")
    rows = [line.replace("| |", "||").replace("|  |", "||") for line in after.split("\r\n")]
    assert rows == [line.replace("| |", "||") for line in (mark + TEXT).split("\n")]
    assert synced(repository, configured).plan.empty


def test_an_owner_whom_the_encoding_cannot_say_is_a_finding_and_the_page_stays(repository: Path) -> None:
    (repository / PAGE).write_bytes(TEXT.encode("windows-1252"))
    synced(repository, "windows-1252")
    before = (repository / PAGE).read_bytes()
    issue = next(path for path in (repository / ".closeout/issues").iterdir() if "Jürgen" in path.read_text("utf-8"))
    issue.write_text(issue.read_text("utf-8").replace("Jürgen", "Łukasz", 1), encoding="utf-8")
    outcome = synced(repository, "windows-1252")
    assert not outcome.errors
    assert "no-words" in {one.code for one in outcome.findings}
    assert (repository / PAGE).read_bytes() == before


@pytest.mark.parametrize(
    "raw",
    [
        "Größe und Länge ".encode() + b"\xff",
        b"bad \xff byte",
        b"\x89PNG\r\n\x1a\x80\x81\x99" * 20,
        b"\xff\xfea",
        b"\xff\xfe\0\0a\0\0\0",
    ],
    ids=["damaged UTF-8", "one odd byte", "a picture", "half a UTF-16", "UTF-32"],
)
def test_what_is_no_text_is_not_guessed(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"is not UTF-8|NUL|begins as UTF-16"):
        decode(raw)


def test_what_does_not_come_back_the_same_is_not_taken_from_the_configuration() -> None:
    raw = "注意 ".encode("cp932") + b"\x87\x90"  # two codes of one sign: NEC's becomes JIS's
    assert raw.decode("cp932").encode("cp932") != raw
    assert decode(raw * 9, ["cp932"]).guess


@pytest.mark.parametrize("name", ["rot13", "base64", "cp037", "utf-99", "", "punycode", "undefined"])
def test_what_is_no_encoding_of_texts_is_exit_2(name: str, tmp_path: Path) -> None:
    assert not text_encoding(name)
    with pytest.raises(ConfigurationError, match="no encoding of texts"):
        settings.load(tmp_path, {"reading": {"encodings": [name]}})


def test_a_file_whose_name_is_no_utf_8_is_told(tmp_path: Path) -> None:
    page = read_page(tmp_path, b"a\xff.md".decode("utf-8", "surrogateescape"))
    assert "its name is no UTF-8" in page.error


def test_the_command_line_tells_the_guess(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from closeout.__main__ import main

    monkeypatch.chdir(repository)
    (repository / PAGE).write_bytes(TEXT.encode("windows-1252"))
    for arguments in (["check", "--format", "json"], ["explain", f"{PAGE}:7"]):
        monkeypatch.setattr("sys.argv", ["closeout", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        out = capsys.readouterr().out
        if arguments[0] == "check":
            assert end.value.code == Exit.FINDINGS
            assert json.loads(out)["findings"][0]["code"] == "encoding"
        else:
            assert "encoding: windows-1252, which is a guess" in out
            assert "title: 'Überwachung" in out
