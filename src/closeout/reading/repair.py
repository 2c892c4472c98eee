"""Damaged text: UTF-8 that was once decoded as something else, read as it was meant; the document's bytes stay."""

from __future__ import annotations

import re

_CODECS = ("latin-1", "mac_roman")  # the narrower first: `Ã¶` is `ö`, and no comma below
_GOES_ON = "[\x80-\xbf €‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"  # what Windows-1252 shows for bytes 80 to BF; A0 may be a blank
_DOS = (
    "[ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐]"  # the same bytes as code page 437 shows them
)
# a whole sequence of UTF-8 as Windows-1252 and Latin-1, then as Mac Roman, then as code page 437 show it
_DAMAGE = re.compile(
    f"[Â-ß]{_GOES_ON}|[à-ï]{_GOES_ON}{{2}}|[ð-ô]{_GOES_ON}{{3}}|‚[ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü]|[√¬][^\\w\\s]|\uf8ffü"
    f"|[┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀]{_DOS}|[ßΓπΣσµτΦΘΩδ∞φε∩]{_DOS}{{2}}|[≡±≥≤⌠]{_DOS}{{3}}"
)


def repaired(text: str) -> str:
    """Return the text as it was meant; the same text if it is not damaged, or cannot be repaired for certain."""
    if text.isascii():
        return text
    for codec in _CODECS:
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    if not _DAMAGE.search(text):
        return text
    from ftfy import fix_encoding  # noqa: PLC0415 - costs more to import than most documents to read

    return fix_encoding(text)


def damaged_like(text: str, sample: str) -> str | None:
    """Return `text` damaged in the way that `sample` is; the same text if the sample is whole, None if it cannot be."""
    meant = repaired(sample)
    if meant == sample:
        return text
    for codec in ("cp1252", *_CODECS):  # where it may be either, the one that leaves no control characters
        try:
            if meant.encode("utf-8").decode(codec) == sample:
                return text.encode("utf-8").decode(codec)
        except UnicodeError:
            continue
    return text if text.isascii() else None
