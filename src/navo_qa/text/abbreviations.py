"""Abbreviations and where a text spells them out: "Ukraine Comprehensive Assistance Package (UCAP)".

The matching of letters is Schwartz and Hearst's (PSB 2003): from the last letter of the short form backwards, its first
at the start of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATION = re.compile(r"(?<![\w-])(?=\w*[A-Z]\w*[A-Z])[A-Za-z][A-Za-z0-9]{1,9}(?:[-/&][A-Za-z0-9]{1,6})?(?![\w-])")
_BRACKETED = re.compile(r"\(([^()]{2,120})\)")
_WORD = re.compile(r"\S+")


def spelled_out(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each abbreviation that the text explains in brackets, and where its long form stands, [start, end).

    Also the other way about, `"PURL (Prioritised Ukraine Requirements List)"`, and both in brackets, with a comma.
    """
    for match in _BRACKETED.finditer(text):
        inner = match[1].strip()
        before = text[: match.start()].rstrip()
        long, comma, short = inner.rpartition(", ")
        if comma and _ABBREVIATION.fullmatch(short):
            low, end = match.start(1), match.start(1) + len(long)
            if (start := _begin(short, text[:end], low)) == low:
                yield short, start, end
        elif _ABBREVIATION.fullmatch(inner):
            letters = sum(c.isalnum() for c in inner)
            words = list(_WORD.finditer(before))[-min(letters + 5, letters * 2) :]
            low = words[0].start() if words else len(before)
            if (start := _begin(inner, before, low)) is not None:
                yield inner, start, len(before)
        elif words := list(_WORD.finditer(before)):
            short = before[words[-1].start() :].strip("“”\"'‘’„,;:")
            low = match.start(1)
            if _ABBREVIATION.fullmatch(short) and (start := _begin(short, text[: match.end(1)].rstrip(), low)) == low:
                yield short, start, match.end(1)


def _begin(short: str, text: str, low: int) -> int | None:
    """Return where the long form that ends the text begins, at `low` or later; None where the letters do not fit."""
    at = len(text)
    letters = [c for c in short.casefold() if c.isalnum()]
    for n, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= low and (
            text[at].casefold() != letter or (n == 0 and at > 0 and (text[at - 1].isalnum() or text[at - 1] == "-"))
        ):
            at -= 1
        if at < low:
            return None
    return at if " " in text[at:] or len(text) - at > len(short) + 3 else None
