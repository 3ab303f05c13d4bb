"""Spans to one answer: from which document, who else says so, and who said otherwise?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from navo_qa.reader.base import Found
from navo_qa.text.canonical import tokens

RECENT = 0.75  # share of the surest answer's chance that a later document's needs to be given instead; 0.7 loses on dev
OTHER = 0.5  # share of the chosen answer's chance that a differing one needs to be shown beside it

Said = Callable[[Found], str]
Dated = Callable[[str], date | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """The span to give and its chance; spans of other documents that say the same, and those that say otherwise."""

    span: Found
    chance: float
    same: tuple[Found, ...] = ()
    other: tuple[Found, ...] = ()


def choose(found: Sequence[Found], said: Said, dated: Dated, threshold: float, *, named: bool) -> Choice | None:
    """Return the choice among spans, likeliest first; None where there is none.

    said: a span's words. dated: a document's date. named: whether the question names a date or a meeting, so that the
    surest span stands; otherwise the latest document whose answer is nearly as sure is preferred, and earlier ones that
    differ are shown beside it, latest first.
    """
    if not found:
        return None
    firsts: dict[str, Found] = {}
    for each in found:
        firsts.setdefault(each.span.document_id, each)
    top = found[0]
    rivals = [f for f in firsts.values() if f.alone >= max(threshold, RECENT * top.alone)]
    chosen = top if named else max([top, *rivals], key=lambda f: (dated(f.span.document_id) or date.min, f is top))
    chance = top.span.score if chosen is top else max(chosen.span.score, min(top.span.score, chosen.alone))
    least = max(threshold, OTHER * chosen.alone)
    rest = [f for f in firsts.values() if f is not firsts[chosen.span.document_id] and f.alone >= least]
    words = _whatever_order(said(chosen))
    same = tuple(f for f in rest if _whatever_order(said(f)) == words)
    other = {_whatever_order(said(f)): f for f in reversed(rest) if _whatever_order(said(f)) != words}
    latest = sorted(other.values(), key=lambda f: dated(f.span.document_id) or date.min, reverse=True)
    return Choice(chosen, chance, same, tuple(latest))


def _whatever_order(answer: str) -> tuple[str, ...]:
    """Return the answer's tokens, sorted: "Piri en Paternotte" says what "Paternotte en Piri" says."""
    return tuple(sorted(tokens(answer)))


_SEVERAL = re.compile(
    r"\b(?:welke|wie|wat (?:zijn|waren)|noem|which|who|what (?:are|were)|name the|list|lijst|landen|countries"
    r"|onderwerpen"
    r"|topics|bedragen|amounts|percentages)\b",
    re.IGNORECASE,
)
_ONE_ASKED = re.compile(
    r"\b(?:(?:which|what)\s+(?:\w+\s+)?(?:country|state|nation|ally|partner|city|place|organi[sz]ation|institution"
    r"|agency"
    r"|company|party|minister|ministry|department|committee|member|person|fund|mission|operation|exercise|programme"
    r"|support)"
    r"|welke\s+(?:\w+e\s+)?(?:stad|plaats|organisatie|instelling|onderneming|partij|minister|bondgenoot|commissie"
    r"|persoon"
    r"|missie|operatie|oefening|steun))\b(?!\s+or\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[,;]\s+(?:(?:en|and|alsook|alsmede|evenals|as well as)\s+)?|\s+(?:en|and|&|alsook|alsmede|evenals|as well as)\s+"
    r"|(?<=\w)\s+als\s+"
)
_AND = re.compile(r"\b(?:en|and|alsook|alsmede|evenals|as well as)\b|&")
_BOTH = re.compile(r"(?:both|zowel)\s+", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\([^()]*\)|\b(?:Bosni\w+ (?:en|and) Herzegovina|Trinidad (?:en|and) Tobago|Antigua (?:en|and) Barbuda"
    r"|S[aã]o Tom[eé] (?:en|and) Pr[ií]ncipe|Saint Kitts (?:en|and) Nevis|Groot-Brittannië en Noord-Ierland"
    r"|Great Britain and Northern Ireland|Economische Zaken en \w+|Justitie en Veiligheid|Justice and Security"
    r"|Binnenlandse Zaken en Koninkrijksrelaties|Buitenlandse (?:Zaken en )?Handel en \w+|Buitenlandse Zaken en Handel"
    r"|Infrastructuur en Waterstaat|Infrastructure and Water Management|Landbouw, \w+(?:, \w+)? en \w+"
    r"|Volksgezondheid, Welzijn en Sport|Health, Welfare and Sport|Onderwijs, Cultuur en Wetenschap"
    r"|Education, Culture and Science|Sociale Zaken en Werkgelegenheid|Social Affairs and Employment|Asiel en Migratie"
    r"|Asylum and Migration|Klimaat en \w+|Climate and \w+|Economic Affairs and \w+|(?:Foreign )?Trade and Development"
    r"|Veiligheid en Samenwerking in Europa|Security and Co-?operation in Europe|Co-?operation and Development"
    r"|Samenwerking en Ontwikkeling|Rode Kruis en (?:de )?Rode Halve Maan|Red Cross and Red Crescent)\b"
    # What one minister is of, and what one authority is for.
    r"|\b(?:[Mm]inister(?:ie)?|[Mm]inistry|[Ss]taatssecretaris|[Ss]tate [Ss]ecretary) (?:van|voor|of|for)"
    r" [A-Z]\w+ (?:en|and) [A-Z]\w+|\b(?:Autoriteit|Inspectie|Dienst) [A-Z]\w+ en [A-Z]\w+"
)
_LEANS = re.compile(r"(?:-|\b(?:aan|bij|door|in|met|naar|om|op|over|uit|van|voor|at|by|for|from|in|of|on|to|with))$")
_ROLE = re.compile(
    r"(?:de |the )?(?:\w*minister|premier|president|staatssecretaris|secretar|voorzitter|chair)", re.IGNORECASE
)
_ADJECTIVE = re.compile(r"[a-zà-ÿ]+(?:e|al|ic|ary|ive)")
_LONGEST = 8  # words of a member of a list
_TOO_LONG = 1000  # characters of an answer that is looked at for members


def members(question: str, quote: str) -> list[tuple[int, int]]:
    """Return the members of an answer that is an enumeration, [start, end) in the quote; none where it is none.

    `"Welke landen?", "China, Iran en Belarus" -> [(0, 5), (7, 11), (15, 22)]`; "Bosnië en Herzegovina" is one,
    "lucht- en raketverdediging" too, and who is asked for one country gets one.
    """
    if len(quote) > _TOO_LONG or not _SEVERAL.search(question) or _ONE_ASKED.search(question):
        return []
    cuts = _cuts(quote)
    both = _BOTH.match(quote)
    starts = [both.end() if both else 0, *(end for _, end in cuts)]
    found = list(zip(starts, [*(start for start, _ in cuts), len(quote)], strict=True))
    said = [quote[start:end] for start, end in found]
    fit = all(0 < len(each.split()) <= _LONGEST for each in said) and not any(each.isdigit() for each in said)
    return found if fit and len(found) > 1 and _enumerates(said, quote[slice(*cuts[-1])]) else []


def _cuts(quote: str) -> list[tuple[int, int]]:
    """Return where the members of an enumeration are parted, [start, end), but not within what is one name."""
    together = [match.span() for match in _TOGETHER.finditer(quote)]
    both = bool(_BOTH.match(quote))
    return [
        match.span()
        for match in _BETWEEN.finditer(quote)
        if not any(start < match.end() and match.start() < end for start, end in together)
        and not _LEANS.search(quote[max(0, match.start() - 12) : match.start()])
        and (both or match[0].strip() != "als")
    ]


def _enumerates(said: list[str], last: str) -> bool:
    """Return whether the members, the last two parted by `last`, are of one kind.

    "Kari Berg, de minister" and "politieke en militaire steun" are no lists; "Noorwegen, Zweden, Finland" is.
    """
    if any(_ROLE.match(each) for each in said[1:]) and not _ROLE.match(said[0]):
        return False
    first, second = said[0], said[1].split()
    if len(said) == 2 and len(second) > 1 and _ADJECTIVE.fullmatch(first) and _ADJECTIVE.fullmatch(second[0]):
        return False
    names = len(said) > 2 and all(each[0].isupper() and len(each.split()) < 4 for each in said)
    return bool(_AND.search(last)) or last.strip() == "als" or names
