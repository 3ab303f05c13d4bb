"""Which sort of thing does a question ask for, and where does a text hold things of that sort?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from navo_qa.cite.papers import find_papers, named_papers
from navo_qa.text.abbreviations import spelled_out
from navo_qa.text.dates import MONTHS


class Sort(StrEnum):
    """Sorts of things that patterns find for certain."""

    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    NUMBER = "number"
    DATE = "date"
    REFERENCE = "reference"
    PERSON = "person"


_ASKS = (
    (Sort.REFERENCE, r"kamerstuk\w*|parliamentary papers?|dossier(?:nummer|number)?|paper number"),
    (Sort.PERCENTAGE, r"percentage|procent|percent|welk (?:deel|aandeel)|what (?:share|proportion)|how large a part"),
    (Sort.AMOUNT, r"hoeveel (?:\w+ ){0,3}?(?:geld|euro|miljoen|miljard)|(?:welk|hoe groot) (?:\w+ ){0,2}?bedrag\w*"
     r"|bedrag|budget|how much (?:money|funding)|what (?:amount|sum)|which (?:amount|sum)|hoe duur|amount"),
    (Sort.DATE, r"wanneer|welke (?:datum|dag|dagen|maand)|when|(?:what|which) (?:date|dates|day|days|month)|datum"
     r"|datums|per wanneer|hoe laat|dates?"),
    (Sort.PERSON, r"wie|wiens|who|whom|whose|hoe heet(?:te)? de \w+minister|naam van de|name of the"),
    (Sort.NUMBER, r"hoeveel|how (?:many|much|large|big)|hoe ?groot|aantal|number of|met z'n hoevelen"),
)  # fmt: skip
_REACH = 40  # characters of an amount or date that a cut one may lack
_ASKS_FOR = tuple((sort, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for sort, pattern in _ASKS)

_LONG_FORM = re.compile(
    r"\bvoluit\b|\bafkorting\b|\b(?:volledige|hele|full|complete)\b.{0,20}?\b(?:naam|name|titel|title)\b|\bletters\b"
    r"|\bsta(?:at|an)\b.*\bvoor\b|\bstands? for\b|\bspel(?:l|led|t|ling)? (?:out|uit)\b|\bspell\b.*\bout\b"
    r"|\bbetekent?\b|\babbreviation\b|\bacronym\b|\bshort for\b|\blong form\b|\bin full\b",
    re.IGNORECASE,
)
_SPELLED = (
    r"(?:(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:twintig|dertig|veertig|vijftig|zestig"
    r"|zeventig|tachtig|negentig|honderd)|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien"
    r"|vijftien|zestien|zeventien|achttien|negentien|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|hundred"
)
_DIGITS = r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_SCALE = r"(?:\s?(?:miljoen|miljard|biljoen|mln|mld|million|billion|trillion|bn|duizend|thousand)\b\.?)"
_CURRENCY = r"(?:euro(?:'s|s)?\b|EUR\b|USD\b|GBP\b|dollars?\b|[€$£])"
_PERCENT = r"(?:\s?%|\s?(?:procent|percent|per cent|pct)\b)"
_MONTH = "|".join(sorted((name for name in MONTHS if len(name) > 3 or name in ("mei", "may")), key=len, reverse=True))
_WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+"
_DAY = (
    rf"(?:{_WEEKDAY})?(?:\d{{1,2}}(?:\s*(?:,|-|–|en|and|tot en met|t/m|to)\s*(?:{_WEEKDAY})?\d{{1,2}})*"
    rf"(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})|(?:{_MONTH})\s+\d{{1,2}}(?:\s*(?:-|–|and|to)\s*\d{{1,2}})?(?!\d))(?:,?\s+(?:19|20)\d\d)?"
)
_WHICH_REPORT = re.compile(
    r"\b(?:welke?|which|what)\s+(?:\w+\s+)?(?:reports?|verslag\w*|brie(?:f|ven)|letters?|documente?n?|documents?|stuk(?:ken)?"
    r"|agenda'?s?|nota'?s?)\b",
    re.IGNORECASE,
)
_NO_PERSON = (
    r"Zaken|Buitenlandse|Binnenlandse|Europese|Verenigde|Staten|Koninkrijk|Kamers?|Raad|Unie|Commissie|Minist\w+|Secretaris"
    r"|Tweede|Eerste|Top|Foreign|Affairs|European|United|States|Kingdom|Nations|Naties|Council|Union|Commission|Secretary"
    r"|General|Summit|Meeting|Package|Fund|Parliamentary|Papers?|House|Representatives|Kamerstuk\w*|Defen[cs]\w+|NAVO|NATO"
)
_NAME = rf"(?!(?:{_NO_PERSON})\b)[A-ZÀ-Þ][\w'’]+(?:-[A-ZÀ-Þ][\w'’]+)*"
_SURNAME = rf"(?:(?:van|de|den|der|ter|ten|von|bin|al|el|le|la|'t)\s){{0,2}}(?:{_NAME}|[A-ZÀ-Þ](?!\w))"
_STANDS_ALONE = re.compile(rf"(?:{_MONTH}|(?:19|20)\d\d)$", re.IGNORECASE)
_FINDS = {
    Sort.AMOUNT: re.compile(
        rf"{_CURRENCY}\s?(?:{_DIGITS}){_SCALE}?|(?:{_DIGITS}){_SCALE}?\s?{_CURRENCY}|(?:{_DIGITS}){_SCALE}",
        re.IGNORECASE,
    ),
    Sort.PERCENTAGE: re.compile(rf"(?<![\w.,])(?:{_DIGITS}){_PERCENT}", re.IGNORECASE),
    Sort.NUMBER: re.compile(rf"(?<![\w.,-])(?:(?:{_DIGITS}){_SCALE}?(?![\w%])|(?:{_SPELLED}))\b", re.IGNORECASE),
    Sort.PERSON: re.compile(
        rf"(?<![\w.])(?:(?:[A-ZÀ-Þ]\.\s?)+{_SURNAME}|{_NAME}(?:\s{_SURNAME}){{1,3}})(?![\w-])"
    ),
    Sort.DATE: re.compile(
        rf"\b{_DAY}(?:\s+(?:en|and|tot en met|t/m|to)\s+{_DAY})?|\b(?:{_MONTH})\s+(?:19|20)\d\d\b"
        rf"|(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d)", re.IGNORECASE
    ),
}  # fmt: skip


def asked_for(question: str) -> Sort | None:
    """Return the sort of thing that the question asks for, None where any may answer.

    `"Hoeveel euro kost het?" -> AMOUNT`; `"How many allies?" -> NUMBER`, which amounts and percentages fit too.
    A question that names a paper itself does not ask for one.
    """
    sort = next((sort for sort, pattern in _ASKS_FOR if pattern.search(question)), None)
    return None if sort is Sort.REFERENCE and named_papers(question) else sort


def stretches(sort: Sort, text: str) -> Iterator[tuple[int, int]]:
    """Yield where the text holds things of the sort, [start, end)."""
    if sort is Sort.REFERENCE:
        yield from ((paper.start, paper.end) for paper in find_papers(text))
        return
    sorts = (Sort.AMOUNT, Sort.PERCENTAGE, Sort.NUMBER) if sort is Sort.NUMBER else (sort,)
    seen: set[tuple[int, int]] = set()
    for each in sorts:
        for match in _FINDS[each].finditer(text):
            if match.span() not in seen:
                seen.add(match.span())
                yield match.span()


def fits(sort: Sort | None, text: str) -> float:
    """Return 1 where the text holds the sort of thing asked for, -1 where it does not, 0 where any will do."""
    if sort is None:
        return 0.0
    return 1.0 if next(stretches(sort, text), None) else -1.0


def several(sort: Sort | None, text: str) -> bool:
    """Return whether the text holds more than one figure or date of the sort asked for: an answer is one of them."""
    if sort is None or sort in (Sort.PERSON, Sort.REFERENCE):
        return False
    found = sorted(stretches(sort, text))
    return any(start >= found[0][1] for start, _ in found[1:])


def exactly(question: str, text: str) -> list[tuple[int, int]]:
    """Return where the text holds for certain what is asked, [start, end).

    That is the long form of an abbreviation, or the paper that the question names, where it asks which report does.
    """
    found = []
    if _LONG_FORM.search(question):
        words = set(re.findall(r"\w+(?:[-/&]\w+)*", question.casefold()))
        found += [(start, end) for short, start, end in spelled_out(text) if short.casefold() in words]
    if (named := set(named_papers(question))) and _WHICH_REPORT.search(question):
        found += [
            (paper.start, paper.end)
            for paper in find_papers(text)
            if named.intersection(named_papers(text[paper.start : paper.end]))
        ]
    return found


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return [start, end) stretched over the amount, percentage or date that it cuts through.

    The month or the year of a date may stand alone: `"2023"` stays, `"15 en 16"` becomes `"15 en 16 juni 2023"`.
    """
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    for sort in (Sort.AMOUNT, Sort.PERCENTAGE, Sort.DATE):
        for match in _FINDS[sort].finditer(text, low, high):
            first, last = match.span()
            inside = first <= start and end <= last
            if inside and sort is Sort.DATE and _STANDS_ALONE.search(text[start:end]):
                continue
            if inside or first < start < last < end or start < first < end < last:
                start, end = min(start, first), max(end, last)
    return start, end


def expected(question: str, text: str) -> float:
    """Return `fits` for the sort that the question asks for."""
    return fits(asked_for(question), text)
