"""Finds the days that a report names: "14 en 15 mei 2025", "31 mei en 1 juni 2023", "3 december jl."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from navo_qa.text.dates import MONTHS

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d"
WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|e)?"
_LINK = r"(?:\s*[-–—/&]\s*|\s+(?:en|and|tot\s+en\s+met|t/m|tot|to|until|through)\s+)"
_ON = rf"(?:(?:de|the)\s+)?(?:{WEEKDAY},?\s+)?"
_PATTERN = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)
    | (?P<numeric>\d{{1,2}}(?P<between>[-/.])\d{{1,2}}(?P=between){_YEAR})
    | (?P<day>{_DAY})(?:,\s+{_DAY}){{0,5}}
      (?:\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?)?
      {_LINK}{_ON}(?P<last_day>{_DAY})\s+(?:of\s+)?(?P<last_month>{_MONTH})(?:,?\s+(?P<last_year>{_YEAR}))?
    | (?P<one_day>{_DAY})\s+(?:of\s+)?(?P<one_month>{_MONTH})(?:,?\s+(?P<one_year>{_YEAR}))?
    | (?P<us_month>{_MONTH})\s+(?P<us_day>{_DAY})(?:{_LINK}(?P<us_last_month>{_MONTH})?\s*(?P<us_last_day>{_DAY}))?
      (?:,?\s+(?P<us_year>{_YEAR}))?
    )(?![\w/]|-[^\W\d])""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Days:
    """A day or a stretch of days that a text names; `first` and `last` are (month, day), the year may be open."""

    start: int
    end: int
    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]

    def dated(self, year: int | None = None) -> tuple[date, date] | None:
        """Return the first and the last day, in the year given where none was named; None where there is no such."""
        known = self.year or year
        if known is None:
            return None
        try:
            last = date(known, *self.last)
            first = date(known - (self.first > self.last), *self.first)
        except ValueError:
            return None
        return first, last


def find_days(text: str) -> Iterator[Days]:
    """Yield the days that the text names, in order; a month or year without a day is none."""
    for match in _PATTERN.finditer(text):
        found = _numbers(match)
        if found is not None and all(1 <= month <= 12 and 1 <= day <= 31 for month, day in found[1:]):
            year, first, last = found
            yield Days(*match.span(), year=year, first=first, last=last)


def _numbers(match: re.Match[str]) -> tuple[int | None, tuple[int, int], tuple[int, int]] | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return year, (month, day), (month, day)
    if match["numeric"]:
        day, month, year = map(int, match["numeric"].split(match["between"]))
        return year, (month, day), (month, day)
    if match["last_day"]:
        last = _month(match["last_month"]), _day(match["last_day"])
        first = _month(match["month"] or match["last_month"]), _day(match["day"])
        return _year(match["last_year"]), first, last
    if match["one_day"]:
        only = _month(match["one_month"]), _day(match["one_day"])
        return _year(match["one_year"]), only, only
    month, day = _month(match["us_month"]), _day(match["us_day"])
    last_month = _month(match["us_last_month"] or match["us_month"])
    return _year(match["us_year"]), (month, day), (last_month, _day(match["us_last_day"] or match["us_day"]))


def _month(name: str) -> int:
    return MONTHS[name.lower().rstrip(".")]


def _day(number: str) -> int:
    return int(re.sub(r"\D", "", number))


def _year(number: str | None) -> int | None:
    return int(number) if number else None
