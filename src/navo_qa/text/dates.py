"""Which dates does a question name? Whole or in part, in both languages: "14 en 15 mei 2025", "last December"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

MONTH_NAMES = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_SHORT = ("jan", "feb", "mrt mar", "apr", "", "jun", "jul", "aug", "sept sep", "okt oct", "nov", "dec")
# Every spelling of a month, lower case, and its number.
MONTHS = {
    name: number
    for number, names in enumerate(zip(MONTH_NAMES["nl"], MONTH_NAMES["en"], _SHORT, strict=True), start=1)
    for name in " ".join(names).lower().split()
}
SEASONS = {
    "voorjaar": (3, 5), "lente": (3, 5), "spring": (3, 5), "zomer": (6, 8), "summer": (6, 8),
    "najaar": (9, 11), "herfst": (9, 11), "autumn": (9, 11),
}  # fmt: skip
# What stands before a year alone: "eind 2025", "mid-2026", "first half of 2027".
_PARTS = (
    (r"begin(?:ning)?|early|start", 1, 4), (r"medio|mid|halverwege", 5, 8), (r"einde?|end|late", 10, 12),
    (r"(?:eerste|1e|first) (?:kwartaal|quarter)|Q1", 1, 3), (r"(?:tweede|2e|second) (?:kwartaal|quarter)|Q2", 4, 6),
    (r"(?:derde|3e|third) (?:kwartaal|quarter)|Q3", 7, 9),
    (r"(?:vierde|4e|fourth|laatste|last) (?:kwartaal|quarter)|Q4", 10, 12), (r"(?:eerste|first) (?:helft|half)", 1, 6),
    (r"(?:tweede|second) (?:helft|half)", 7, 12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as far as it was named: any of year, months and days may be open.

    first/last: month numbers, equal for one month, None where only a year was named.
    days: day numbers in `first`; empty where only the month was named.
    relative: "last December": the latest one before today is meant.
    """

    start: int
    end: int
    year: int | None = None
    first: int | None = None
    last: int | None = None
    days: tuple[int, ...] = ()
    relative: bool = False

    def covers(self, start: date, end: date) -> bool:
        """Return whether the stretch of days [start, end] has a day that the mention allows."""
        year = self.year or start.year
        if self.first is None or self.last is None:
            return start.year <= year <= end.year
        if self.days:
            named = (date(year, self.first, day) for day in self.days if _is_date(year, self.first, day))
            return any(start <= day <= end for day in named)
        return any(
            (day.year, day.month) == (year, month) for day in (start, end) for month in range(self.first, self.last + 1)
        )

    @property
    def certainty(self) -> float:
        """How surely the mention singles out a meeting, from 0 to 1: a day 1.0, month and year 0.9, either 0.5."""
        if self.days:
            return 1.0 if self.year else 0.8
        return 0.9 if self.first and (self.year or self.relative) else 0.5


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DAYS = r"\d{1,2}(?:\s*(?:,|-|–|/|en|and|&|tot en met|tot|t/m|to)\s*\d{1,2}){0,4}"
_AND = r"\s*(?:,|en|of|and|or|&|-|–|/|tot en met|tot|t/m|to)\s*"
_BLANK = r"\s+"
_LAST = r"afgelopen|vorige?|laatste|last|past|previous"
_PATTERN = re.compile(
    rf"""\b(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)
    | (?P<numeric>\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR})
    | (?P<last>(?:{_LAST})\s+)?
      (?:(?P<days>{_DAYS})(?:st|nd|rd|th|e)?\s+(?:of\s+)?)?
      (?P<month>{_MONTH})\b\.?
      (?:\s+(?P<after>{_DAYS})(?:st|nd|rd|th)?(?!\d))?
      (?:,?\s+(?:van\s+)?(?:of\s+)?(?P<year>{_YEAR})\b)?
      (?P<jl>\s+(?:jl|jongstleden)\b)?
    | (?P<season>{"|".join(SEASONS)})(?:\s+(?:van|of)?\s*(?P<season_year>{_YEAR}))?
    | (?:{"|".join(rf"(?P<part{i}>{words})" for i, (words, *_) in enumerate(_PARTS)).replace(" ", _BLANK)})
      (?:-|\s+(?:van\s+(?:het\s+jaar\s+)?|of\s+)?)(?P<part_year>{_YEAR})\b(?!-\d)
    | (?P<year_shift>vorig\s+jaar|last\s+year|dit\s+jaar|this\s+year)
    | (?<!nr\.\ )(?<!no\.\ )(?<!esolutie\ )(?<!esolution\ )(?<!EUR\ )(?<!€\ )
      (?P<only_year>{_YEAR})(?![\d,.]*\d)(?!\s+(?:miljoen|million|euro))
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def find_dates(text: str, today: date) -> list[DateMention]:
    """Return the dates that the text names, in order.

    `"Wat is er in mei 2025 toegezegd?" -> [DateMention(10, 18, year=2025, first=5, last=5)]`
    """
    found = (_mention(match, today) for match in _PATTERN.finditer(text))
    mentions = [mention for mention in found if mention is not None]
    for i in range(len(mentions) - 1, 0, -1):  # "31 mei en 1 juni 2023", "april en mei 2025": the year counts for both
        before, after = mentions[i - 1], mentions[i]
        alike = before.first and after.first and bool(before.days) == bool(after.days)
        if alike and not before.year and not before.relative and re.fullmatch(_AND, text[before.end : after.start]):
            mentions[i - 1] = replace(before, year=after.year)
    return mentions


def latest(mention: DateMention, ends: list[date], today: date) -> DateMention:
    """Return a relative mention with the year of the latest of these days that it covers, up to today."""
    years = [end.year for end in ends if end <= today and mention.covers(end, end)]
    if not mention.relative or mention.year or not years:
        return mention
    return replace(mention, year=max(years))


def _mention(match: re.Match[str], today: date) -> DateMention | None:
    start, end = match.span()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return _whole(start, end, year, month, day)
    if match["numeric"]:
        day, month, year = map(int, re.split(r"[-/.]", match["numeric"]))
        return _whole(start, end, year, month, day)
    if match["season"]:
        first, last = SEASONS[match["season"].lower()]
        year_named = match["season_year"]
        return DateMention(start, end, int(year_named), first, last) if year_named else None
    if match["part_year"]:
        (first, last), *_ = [months for i, (_, *months) in enumerate(_PARTS) if match[f"part{i}"]]
        return DateMention(start, end, int(match["part_year"]), first, last)
    if match["year_shift"]:
        back = match["year_shift"].lower().startswith(("vorig", "last"))
        return DateMention(start, end, today.year - back)
    if match["only_year"]:
        return DateMention(start, end, int(match["only_year"]))
    return _month(match)


def _month(match: re.Match[str]) -> DateMention | None:
    named = match["month"]
    month = MONTHS[named.lower().rstrip(".")]
    days = tuple(int(day) for day in re.findall(r"\d+", match["days"] or match["after"] or ""))
    year = int(match["year"]) if match["year"] else None
    relative = bool(match["last"] or match["jl"])
    # "may" is a verb and "mar", "jun", "sep" are half words unless a day, a year or a capital says otherwise.
    alone = not (days or year or relative)
    if alone and (named.lower() == "may" or len(named) <= 3) and not (named == "May" and match.start()):
        if named.lower() != "mei":
            return None
    return DateMention(match.start(), match.end(), year, month, month, days, relative)


def _whole(start: int, end: int, year: int, month: int, day: int) -> DateMention | None:
    return DateMention(start, end, year, month, month, (day,)) if _is_date(year, month, day) else None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
