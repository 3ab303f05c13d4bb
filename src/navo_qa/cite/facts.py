"""Which figures, dates and names does a sentence state, and which of them does a passage not hold?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from navo_qa.text.dates import MONTHS, DateMention, find_dates
from navo_qa.text.lexicon import lexicon

_UNITS = {
    **dict.fromkeys(("miljoen", "mln", "million", "m"), 1e6),
    **dict.fromkeys(("miljard", "mld", "billion", "bn"), 1e9),
    **dict.fromkeys(("duizend", "thousand"), 1e3),
    **dict.fromkeys(("procent", "percent", "%"), 1.0),
}
_NUMBER = re.compile(
    r"(?<![\w.,-])(?P<digits>\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?![\d])"
    r"(?:\s?(?P<unit>miljoen|miljard|mln|mld|million|billion|bn|duizend|thousand|procent|percent|%)(?!\w))?",
    re.IGNORECASE,
)
_SPELLED = {
    word: float(value)
    for value, forms in enumerate(
        "nul zero|een one|twee two|drie three|vier four|vijf five|zes six|zeven seven|acht eight|negen nine|tien ten|"
        "elf eleven|twaalf twelve|dertien thirteen|veertien fourteen|vijftien fifteen|zestien sixteen|"
        "zeventien seventeen|achttien eighteen|negentien nineteen|twintig twenty".split("|")
    )
    for word in forms.split()
} | {"eenendertig": 31.0, "tweeëndertig": 32.0, "dertig": 30.0, "thirty": 30.0, "honderd": 100.0, "hundred": 100.0}
_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[A-ZÀ-Þ]?[\w'’]+)*(?:\s+(?:(?:van|de|der|den|of|the|and|en)\s+){0,2}[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[\w'’]+)*)*"
)
_FIGURE = re.compile(r"\d")
_NO_NAMES = frozenset(
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday "
    "sunday eur euro usd kamerstuk kamerstukken handelingen aanhangsel brief bijlage p de het een the a an in".split()
) | set(MONTHS)
_EARLIEST = date(1900, 1, 1)  # "last December" says no date that a passage could hold


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure, date or name as the sentence writes it."""

    kind: Literal["figure", "date", "name"]
    text: str


def missing(sentence: str, passage: str, known: tuple[date, ...] = ()) -> list[Fact]:
    """Return the facts of the sentence that the passage does not hold, in order; in Dutch and English.

    known: dates that the source bears, though its text need not say them.
    """
    dates = [mention for mention in find_dates(sentence, _EARLIEST) if _says(mention)]
    rest = sentence
    for mention in dates:
        rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    source_dates = find_dates(passage, _EARLIEST)
    found = [
        Fact("date", sentence[mention.start : mention.end].strip())
        for mention in dates
        if not any(_agrees(mention, other) for other in source_dates)
        and not any(mention.covers(day, day) and mention.year for day in known)
    ]
    held = {value for value, _ in figures(passage)} | {_SPELLED[w] for w in _fold(passage).split() if w in _SPELLED}
    held |= {float(day) for mention in source_dates for day in (*mention.days, mention.year or 0)}
    found += [Fact("figure", text) for value, text in figures(rest) if value not in held]
    folded = _fold(passage)
    found += [Fact("name", name) for name in names(rest) if not _holds(folded, name)]
    return found


def figures(text: str) -> list[tuple[float, str]]:
    """Return each figure's value and how it is written: "EUR 1,6 miljard" -> (1.6e9, "1,6 miljard")."""
    return [
        (_value(match["digits"]) * _UNITS[(match["unit"] or "%").lower()], match[0]) for match in _NUMBER.finditer(text)
    ]


def names(text: str) -> Iterator[str]:
    """Yield the names: words with a capital that opens no sentence, and abbreviations wherever they stand."""
    for match in _NAME.finditer(text):
        name = match[0].rstrip("'’")
        opening = not re.search(r"[\w,;:)]\s*[(\"“‘'„]?$", text[: match.start()])
        own = name.split()
        while own and (own[0].lower() in _NO_NAMES or opening and not own[0].isupper() and len(own) < 2):
            own, opening = own[1:], False
        if own and (len(own[0]) > 1):
            yield " ".join(own)


def is_figure(words: str) -> bool:
    """Return whether the words are nothing but figures, dates and their units."""
    own = [word for word in _fold(words).split() if word]
    return bool(own) and all(
        _FIGURE.search(word) or word in _SPELLED or word in _UNITS or word in MONTHS or word in (".", ",", "eur", "€")
        for word in own
    )


def _value(digits: str) -> float:
    parts = re.split(r"[.,  ]", digits)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts))
    if len(parts) > 2:
        return float("".join(parts[:-1]) + "." + parts[-1])
    return float(".".join(parts))


def _says(mention: DateMention) -> bool:
    return bool(mention.days and mention.first or mention.first and mention.year or mention.year)


def _agrees(wanted: DateMention, other: DateMention) -> bool:
    if wanted.year and other.year and wanted.year != other.year:
        return False
    if wanted.year and not other.year and not wanted.days:
        return False
    if wanted.first and not wanted.first <= (other.first or 0) <= (wanted.last or 0):
        return False
    return not wanted.days or set(wanted.days) <= set(_filled(other.days))


def _filled(days: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(range(min(days), max(days) + 1)) if days else ()


def _holds(folded: str, name: str) -> bool:
    """Whether the passage has the name, or its parts, or what the lexicon calls it in the other language."""
    own = _fold(name)
    if own in folded:
        return True
    others = [*lexicon().translate(own.split(), "nl"), *lexicon().translate(own.split(), "en")]
    if any(_fold(other) in folded for other in others):
        return True
    parts = [part for part in own.split() if len(part) > 3]
    if len(own.split()) < 2 or not parts:
        return False
    return all(part in folded or any(_fold(o) in folded for o in _other(part)) for part in parts)


def _other(word: str) -> list[str]:
    return [*lexicon().translate([word], "nl"), *lexicon().translate([word], "en")]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return re.sub(r"[^\w\s.,%€]", " ", "".join(c for c in plain if not unicodedata.combining(c)))
