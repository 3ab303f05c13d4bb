"""Which sort of thing does a question ask for, and where does a text hold things of that sort?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from navo_qa.cite.papers import find_papers
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
_ASKS_FOR = tuple((sort, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for sort, pattern in _ASKS)

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
_FINDS = {
    Sort.AMOUNT: re.compile(
        rf"{_CURRENCY}\s?(?:{_DIGITS}){_SCALE}?|(?:{_DIGITS}){_SCALE}?\s?{_CURRENCY}|(?:{_DIGITS}){_SCALE}",
        re.IGNORECASE,
    ),
    Sort.PERCENTAGE: re.compile(rf"(?<![\w.,])(?:{_DIGITS}){_PERCENT}", re.IGNORECASE),
    Sort.NUMBER: re.compile(rf"(?<![\w.,-])(?:(?:{_DIGITS}){_SCALE}?(?![\w%])|(?:{_SPELLED}))\b", re.IGNORECASE),
    Sort.PERSON: re.compile(
        r"(?<![\w.])[A-ZÀ-Þ][\w'’]+(?:-[A-ZÀ-Þ][\w'’]+)*(?:\s(?:(?:van|de|den|der|ter|ten|von|bin|al|el|le|la)\s){0,2}"
        r"[A-ZÀ-Þ][\w'’]*(?:-[A-ZÀ-Þ][\w'’]+)*){1,3}"
    ),
    Sort.DATE: re.compile(
        rf"\b{_DAY}(?:\s+(?:en|and|tot en met|t/m|to)\s+{_DAY})?|\b(?:{_MONTH})\s+(?:19|20)\d\d\b"
        rf"|(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d)", re.IGNORECASE
    ),
}  # fmt: skip


def asked_for(question: str) -> Sort | None:
    """Return the sort of thing that the question asks for, None where any may answer.

    `"Hoeveel euro kost het?" -> AMOUNT`; `"How many allies?" -> NUMBER`, which amounts and percentages fit too.
    """
    return next((sort for sort, pattern in _ASKS_FOR if pattern.search(question)), None)


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


def expected(question: str, text: str) -> float:
    """Return `fits` for the sort that the question asks for."""
    return fits(asked_for(question), text)
