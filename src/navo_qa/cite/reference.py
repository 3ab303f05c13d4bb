"""Reads Kamerstuk references in their many spellings: "28 676, nr. 493", "21501-20, nr. 2206", "36 850, nr. X-2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUFFIX = r"(?:[ -](?:\d{1,3}|[IVXLC]{1,6}[A-Z]?|[A-Z]{1,2})(?![\w.]))?"
_DOSSIER = rf"(?:\d{{2}}[ \u00a0.-]?\d{{3}}){_SUFFIX}"
_NUMBER = r"(?:[IVXLC]{1,6}-)?\d{1,5}[A-Z]?\b"
_NO_DOSSIER = r"(?![ -]?\d|[ ][A-Z]|,?[ ]n[ro])"
_AND = r"(?:,| en| and|;)[ ]+"
_LIST = re.compile(
    rf"(?<![\w.,-])(?P<dossiers>{_DOSSIER}(?:{_AND}{_DOSSIER}){{0,6}})"
    rf",?[ ]+(?:nrs?|nos?)\.?[ ]*(?P<numbers>{_NUMBER}(?:(?:,| en| and)[ ]+{_NUMBER}{_NO_DOSSIER}){{0,20}})"
)
_ONE_DOSSIER = re.compile(r"(?P<first>\d{2})[ \u00a0.-]?(?P<last>\d{3})(?:[ -](?P<suffix>\d{1,3}|[A-Z]{1,7})\b)?")
_ONE_NUMBER = re.compile(r"(?:[IVXLC]{1,6}-)?\d{1,5}[A-Z]?")


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

    `"Kamerstukken 22 054 en 36 045, nr. 390" -> ["22054, nr. 390", "36045, nr. 390"]`
    """
    found: list[Reference] = []
    for match in _LIST.finditer(text):
        for dossier in _ONE_DOSSIER.finditer(match["dossiers"]):
            digits = dossier["first"] + dossier["last"]
            for number in _ONE_NUMBER.findall(match["numbers"]):
                found.append(Reference(*match.span(), digits, dossier["suffix"], number))
    return found
