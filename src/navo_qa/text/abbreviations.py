"""Abbreviations and where a text spells them out: "Ukraine Comprehensive Assistance Package (UCAP)".

The matching of letters is Schwartz and Hearst's (PSB 2003): from the last letter of the short form backwards, its first
at the start of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORT = r"(?:(?=\w*[A-Z]\w*[A-Z])[A-Za-z][A-Za-z0-9]{1,9}(?:[-/&][A-Za-z0-9]{1,6})?|[A-Z]-[A-Z]{2,6})"
_ABBREVIATION = re.compile(rf"(?<![\w-]){_SHORT}(?![\w-])")
# "de Kustwacht Noord (hierna: KN)", "het Fonds Grote Havens, het FGH, …"
_HEREAFTER = re.compile(
    r"(?:(?:hierna|verder|voortaan|hereafter|hereinafter|henceforth)(?: te noemen)?|kortweg|afgekort(?: als| tot)?"
    r"|in short)(?:: ?| )",
    re.IGNORECASE,
)
_APPOSED = re.compile(rf", (?:het|de|the|kortweg|oftewel|ofwel|or(?: the)?|afgekort) (?P<short>{_SHORT})(?=[,.;])")
_BRACKETED = re.compile(r"\(([^()]{2,120})\)")
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[.!?:;]\s+|\n")  # what no long form crosses
_LINKS = frozenset("aan de der en for het in of op the to van voor and".split())
_MARKS = "“”\"'‘’„«»"


def spelled_out(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each abbreviation that the text explains in brackets, and where its long form stands, [start, end).

    Also the other way about, `"PURL (Prioritised Ukraine Requirements List)"`, both in brackets, with a comma, and
    where the short form follows between commas, `"het Fonds Grote Havens, het FGH, betaalt"`.
    """
    for match in _APPOSED.finditer(text):
        if (start := _by_initials(match["short"], text[: match.start()])) is not None:
            yield match["short"], start, match.start()
    for match in _BRACKETED.finditer(text):
        inner = match[1].strip()
        named = _HEREAFTER.sub("", inner, count=1).strip(_MARKS)
        before = text[: match.start()].rstrip().rstrip(_MARKS)
        long, comma, short = inner.rpartition(", ")
        if comma and _ABBREVIATION.fullmatch(short):
            low, end = match.start(1), match.start(1) + len(long)
            if (start := _begin(short, text[:end], low)) == low:
                yield short, start, end
        elif _ABBREVIATION.fullmatch(named):
            letters = sum(c.isalnum() for c in named)
            words = list(_WORD.finditer(before))[-min(letters + 5, letters * 2) :]
            low = words[0].start() if words else len(before)
            if (start := _begin(named, before, low)) is not None:
                yield named, start, len(before)
        elif words := list(_WORD.finditer(before)):
            short = before[words[-1].start() :].strip(f"{_MARKS},;:")
            low = match.start(1)
            if _ABBREVIATION.fullmatch(short) and (start := _begin(short, text[: match.end(1)].rstrip(), low)) == low:
                yield short, start, match.end(1)


def _by_initials(short: str, text: str) -> int | None:
    """Return where the words that end the text begin whose initials are the short form; None where they are not."""
    letters = [c for c in short if c.isalnum()]
    start = None
    for word in reversed(list(_WORD.finditer(text, max(0, len(text) - 200)))):
        if letters and word[0][0] == letters[-1]:
            letters.pop()
            start = word.start()
        elif not letters or word[0].casefold() not in _LINKS:
            break
    return start if not letters else None


def _begin(short: str, text: str, low: int) -> int | None:
    """Return where the long form that ends the text begins, at `low` or later; None where the letters do not fit.

    It begins at no link: "Vereniging van Grote Havens (VGH)" not at "van", unless there is no other word.
    """
    low = max([low, *(stop.end() for stop in _SENTENCE.finditer(text, low))])
    at = len(text)
    first, *letters = (c for c in short.casefold() if c.isalnum())
    for letter in reversed(letters):
        at -= 1
        while at >= low and text[at].casefold() != letter:
            at -= 1
        if at < low:
            return None
    starts = [i for i in range(at - 1, low - 1, -1) if text[i].casefold() == first and _opens(text, i)]
    begin = next((i for i in starts if text[i:].split(None, 1)[0] not in _LINKS), starts[0] if starts else None)
    if begin is None:
        return None
    return begin if " " in text[begin:] or len(text) - begin > len(short) + 3 else None


def _opens(text: str, at: int) -> bool:
    """Return whether a word starts there."""
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "-")
