"""Where does a sentence end? Dutch and English, with the abbreviations, numbers and initials of official reports."""

from __future__ import annotations

import re
from bisect import bisect_right

from navo_qa.text.dates import MONTHS
from navo_qa.text.tables import row_spans

# Never the last word of a sentence: what follows belongs to it, whatever its case.
_GOES_ON = frozenset(
    """
    nr nrs no nos dhr mevr mw mej drs mr mrs ms ir ing prof dr ds st mgr bijv bv vgl zgn z.g zg resp ca o.a o.m m.n
    m.b.t i.h.k.v i.v.m i.p.v i.c.m i.t.t i.s.m i.o.v t.a.v t.b.v t.g.v t.o.v t.n.v t.w t.h.v t/m d.d dd d.w.z d.m.v
    n.a.v c.q p blz pag art artt par lid. hfst vs e.g i.e cf incl excl m.u.v m.i.v m.m.v m.a.w jhr gen lt kol kapt col
    capt sgt adm maj hon rev sen rep gov w.o o.l.v o.b.v o.g.v a.h.v p/a tel red min max fig tab vol ed eds approx
    jan feb mrt apr jun jul aug sep sept okt oct nov dec u.d v.w.b b.v zogen inz secr plv fa ong
    """.split()
)
# May be the last word: then a capital follows.
_MAY_END = frozenset(
    "jl a.s mln mld c.s e.d enz etc jr sr e.a e.v n.chr v.chr e.o bc ad inc ltd co corp n.v p.m a.m i.o m.v".split()
)
# After a letter with a stop ("plan B. De minister") only these open a sentence; "W.B. Hoekstra" is a name.
_OPENERS = frozenset(
    """
    aan als bij binnen daar daarbij daarna daarnaast daarom dat de deze die dit door een en er er's het hierbij hierna
    hij hoe ik in is maar met na naar net niet nu of om onder ook op over sinds te tegen ten tenslotte tevens tijdens
    toch tot uit van vanaf verder volgens voor voorts waar want wat we wel wij zij zo zoals
    a after although an and as at but by during for from he however if in it its moreover on our she since some such
    that the their then there these they this those to under we what when where while with you
    """.split()
)
_END = re.compile(
    r"(?P<stop>[.!?…]+)[\"'’”»)\]]*(?=(?P<space>\s+|$))|(?P<gap>\n[^\S\n]*\n)|(?P<glued>[.!?])(?=[A-Z][a-z])"
)
_GLUED_BEFORE = re.compile(r"(?:^|\s)[(\"“‘]?[^\W\d_][a-zà-ÿ'’\-]{2,40}$")
_TOKEN = re.compile(r"[^\s(\[{\"“„‘«]*$")
_NEXT = re.compile(r"[\"'“„‘«(\[–—-]*\s*([\w'’]+)?")
_INITIALS = re.compile(
    r"(?:[^\W\d_]\.){0,8}[^\W\d_a-zà-ÿ]$|(?:[A-Z][a-z]{0,2}\.){1,6}[A-Z][a-z]?$|(?:Th|Ch|Ph|Tj|IJ|Ij|Kh|Yu)$"
)
_LONGEST_TOKEN = 60


def sentences(text: str, start: int = 0, end: int | None = None, *, tables: bool = True) -> list[tuple[int, int]]:
    """Return the spans of the sentences of text[start:end], in order, without the space around them.

    Every character that is no space is in exactly one span. An empty line always ends a sentence. A table's row is one,
    unless `tables` is False, for texts in which bars mean nothing.
    `"EUR 250 mln. aan PURL. Ook ..." -> ["EUR 250 mln. aan PURL.", "Ook ..."]`
    """
    end = len(text) if end is None else end
    rows = row_spans(text, start, end) if tables else []
    spans: list[tuple[int, int]] = []
    first = start
    for match in _END.finditer(text, start, end):
        if match.lastgroup == "gap" or _ends(text, match, first, end) and not _within(rows, match.start()):
            first = _add(spans, text, first, match.start() if match["gap"] else match.end())
    _add(spans, text, first, end)
    return spans


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    i = bisect_right(spans, at, key=lambda span: span[0])
    return i > 0 and at < spans[i - 1][1]


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> int:
    stretch = text[start:end]
    inner = stretch.strip()
    if inner:
        left = start + len(stretch) - len(stretch.lstrip())
        spans.append((left, left + len(inner)))
    return end


def _ends(text: str, match: re.Match[str], first: int, end: int) -> bool:
    """Return whether the stop ends the sentence that starts at first."""
    at = match.start()
    low = max(first, at - _LONGEST_TOKEN)
    if match["glued"]:
        return bool(_GLUED_BEFORE.search(text[low:at]))
    after = text[match.end() : min(end, match.end() + 80)].lstrip()
    if not after:
        return True
    opening = _NEXT.match(after)
    word = (opening[1] if opening else None) or ""
    if word[:1].islower() or not word and after[0] in ",;:":
        return False
    if match["stop"] != "." or match.end() > at + 1:
        return match["stop"] != "." or not _is_abbreviation(_token(text, low, at), word, closed=True)
    return not _is_abbreviation(_token(text, low, at), word, closed=False) and not _is_number(
        text, low, at, first, word
    )


def _token(text: str, low: int, at: int) -> str:
    found = _TOKEN.search(text[low:at])
    return found[0] if found else ""


def _is_abbreviation(token: str, word: str, *, closed: bool) -> bool:
    """Return whether the token's stop is its own. closed: a quote or bracket follows the stop."""
    lower = token.lower()
    if lower in _MAY_END or closed and lower in _GOES_ON:
        return False
    if lower in _GOES_ON:
        return not (lower in ("no", "min", "max", "ed") and word.lower() in _OPENERS and not closed)
    if _INITIALS.match(token):
        return word.lower() not in _OPENERS
    return False


def _is_number(text: str, low: int, at: int, first: int, word: str) -> bool:
    """Return whether the stop belongs to a number that opens a list or a date: "1. Inleiding", "1. Juni"."""
    token = _token(text, low, at)
    if not token[:1].isalnum() or len(token) > 8 or not (token.replace(".", "").isdigit() or len(token) == 1):
        return False
    return not text[first : at - len(token)].strip(" \n([") or token.isdigit() and word.lower() in MONTHS
