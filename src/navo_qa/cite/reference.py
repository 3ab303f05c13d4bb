"""Reads Kamerstuk references in their many spellings: "28 676, nr. 493", "21501-20, nr. 2206", "36 850, nr. X-2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from navo_qa.text.dates import MONTH_NAMES

_SUFFIX = r"(?:[ -](?:\d{1,3}|[IVXLC]{1,6}[A-Z]?|[A-Z]{1,2})(?![\w.]))?"
_DOSSIER = rf"(?:\d{{2}}[ \u00a0.-]?\d{{3}}){_SUFFIX}"
_NUMBER = r"(?:[IVXLC]{1,6}-)?\d{1,5}[A-Z]?\b"
# "nr. 493, 26 maart 2025", "nr. 493, 3 en 4 april": a day is no number.
_MONTH = rf"(?:[ ]?(?:en|t/m|[-–])[ ]?\d{{1,2}})?[ ](?:{'|'.join(MONTH_NAMES['nl'])})\b"
_NO_DOSSIER = rf"(?![ -]?\d|[ ][A-Z]|,?[ ]n[ro]|{_MONTH})"
_AND = r"(?:,| en| and|;)[ ]+"
_NR = r"(?:stuk[ ]+(?:nr\b\.?[ ]*)?|(?:[Nn]rs?|NRS?|[Nn]os?|nummers?)\b\.?[ ]*)"
_RANGE = r"(?:[ ]t/m[ ]|[ ]tot en met[ ]|[-–])\d{1,5}\b"
# In "nr. 679, nr. 684 en 685" a number with its own "nr." follows, or one that no dossier begins with.
_NUMBERS = (
    rf"{_NUMBER}(?:{_RANGE})?"
    rf"(?:(?:,| en| and)[ ]+(?:(?:was[ ]+)?{_NR}{_NUMBER}|{_NUMBER}{_NO_DOSSIER})(?:{_RANGE})?){{0,20}}"
)
_LIST = re.compile(
    rf"(?<![\w.,-])(?P<dossiers>{_DOSSIER}(?:{_AND}{_DOSSIER}){{0,6}}),?[ ]+{_NR}(?P<numbers>{_NUMBERS})"
    rf"|(?<![\w.,-]){_NR}(?P<numbers_first>{_NUMBERS})[ ]+\((?P<dossier_last>{_DOSSIER})\)"
)
_ONE_DOSSIER = re.compile(r"(?P<first>\d{2})[ \u00a0.-]?(?P<last>\d{3})(?:[ -](?P<suffix>\d{1,3}|[A-Z]{1,7})\b)?")
_ONE_NUMBER = re.compile(rf"(?P<first>(?:[IVXLC]{{1,6}}-)?\d{{1,5}}[A-Z]?)(?P<range>{_RANGE})?")
_LONGEST_RANGE = 50


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered parliamentary paper and where a text names it; [start, end) may hold several.

    `normal` is the form to compare and link by: "28676, nr. 493", "21501-20, nr. 2206".
    """

    start: int
    end: int
    dossier: str
    suffix: str | None
    number: str

    @property
    def normal(self) -> str:
        """The reference in one spelling, without spaces in the dossier."""
        dossier = f"{self.dossier}-{self.suffix}" if self.suffix else self.dossier
        return f"{dossier}, nr. {self.number}"


def find_references(text: str) -> list[Reference]:
    """Return the references a text names, in order; each dossier with each number.

    `"Kamerstukken 22 054 en 36 045, nr. 390" -> ["22054, nr. 390", "36045, nr. 390"]`; in debates
    the number goes first:
    `"Zij krijgt nr. 726, was nr. 719 (21501-08)." -> ["21501-08, nr. 726", "21501-08, nr. 719"]`
    """
    found: list[Reference] = []
    for match in _LIST.finditer(text):
        for dossier in _ONE_DOSSIER.finditer(match["dossiers"] or match["dossier_last"]):
            digits = dossier["first"] + dossier["last"]
            for number in _numbers(match["numbers"] or match["numbers_first"]):
                found.append(Reference(*match.span(), digits, dossier["suffix"], number))
    return found


def _numbers(text: str) -> Iterator[str]:
    """Yield each number: `"4 t/m 6 en 9" -> 4, 5, 6, 9`; of what is no range the first."""
    for match in _ONE_NUMBER.finditer(text):
        yield match["first"]
        if match["range"] and match["first"].isdigit():
            first, last = int(match["first"]), int(re.sub(r"\D", "", match["range"]))
            yield from map(str, range(first + 1, min(last, first + _LONGEST_RANGE) + 1))
