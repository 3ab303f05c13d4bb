"""A passage's source as a memo names it; the form follows what is known, nothing is invented."""

from __future__ import annotations

from typing import Literal

from navo_qa.text.dates import MONTH_NAMES
from navo_qa.types import Citation, Document

Language = Literal["nl", "en"]

_WORDS = {
    "nl": {"letter": "brief van", "page": "p.", "paragraph": "alinea"},
    "en": {"letter": "letter of", "page": "p.", "paragraph": "para."},
}


def plain(document: Document, citation: Citation, language: Language) -> str:
    """Return title, letter date, page and paragraph, as far as they are known.

    `"Verslag van de bijeenkomst in Antalya, brief van 23 mei 2025, alinea 5"`
    """
    words = _WORDS[language]
    parts = [document.title]
    if document.letter_date:
        day = document.letter_date
        parts.append(f"{words['letter']} {day.day} {MONTH_NAMES[language][day.month - 1]} {day.year}")
    if citation.page is not None:
        parts.append(f"{words['page']} {citation.page}")
    parts.append(f"{words['paragraph']} {citation.paragraph}")
    return ", ".join(parts)
