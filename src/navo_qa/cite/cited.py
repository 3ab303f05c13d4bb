"""Which citation of a memo goes with which quotation, and does a place fit what it names?"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from navo_qa.cite.quotations import Mention
from navo_qa.cite.shelf import Place
from navo_qa.types import Document

_FAR = 400  # characters from a quotation to the citation that goes with it
_TOGETHER = 4  # quotations that may share the citation after the last of them
_STOP = re.compile(r"[.!?]\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation stands for: the documents it may mean, the stretch of a passage, the pages it gives."""

    mention: Mention
    documents: tuple[Document, ...]
    span: tuple[int, int] | None = None


class Owners:
    """Which of a paragraph's citations goes with which of its quotations."""

    def __init__(self, text: str, cited: list[Cited], quoted: list[tuple[int, int]]) -> None:
        self._text, self._cited, self._quoted = text, cited, quoted
        self._starts = [one.mention.start for one in cited]
        self._openings = [start for start, _ in quoted]

    def of(self, number: int) -> list[Cited]:
        """Return the citations of a quotation: those that follow it in its sentence, else the one before it."""
        start, end = self._quoted[number]
        before = self._before(number)
        after = self._after(number)
        # "Kamerstuk 28 676, nr. 5 zegt „…”, Kamerstuk 28 676, nr. 6 zegt „…”": each stands before what it says.
        told = before and self._runs_on(before[0].mention.end, start)
        if after and not (
            told and self._in_running_text(after[0].mention) and self._in_running_text(before[0].mention)
        ):
            return after
        return before or after

    def between(self, start: int, end: int) -> list[Cited]:
        """Return the citations that start in [start, end)."""
        return self._cited[bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)]

    def quotes(self, start: int, end: int) -> bool:
        """Return whether a quotation stands in [start, end)."""
        last = bisect.bisect_left(self._openings, end) - 1
        return last >= 0 and self._quoted[last][1] > start

    def _before(self, number: int) -> list[Cited]:
        opening = self._quoted[number - 1][1] if number else 0
        own = self.between(opening, self._quoted[number][0])
        named = {document.id for one in own[-1:] for document in one.documents}
        return [one for one in own if one is own[-1] or any(document.id in named for document in one.documents)]

    def _after(self, number: int) -> list[Cited]:
        """Return the citations of the first place after the quotation; "„…” en „…” [@x]" have one between them."""
        end = self._quoted[number][1]
        for _ in range(_TOGETHER):
            number += 1
            limit = self._quoted[number][0] if number < len(self._quoted) else len(self._text) + 1
            if not self._runs_on(end, limit, to_citation=True):
                return []
            if own := self.between(end, limit):
                first = own[0].mention
                return [
                    one
                    for one in own
                    if one.mention.start <= max(first.end, first.start) + 3 or one.mention.text == first.text
                ]
            if number >= len(self._quoted):
                return []
            end = self._quoted[number][1]
        return []

    def _runs_on(self, start: int, end: int, *, to_citation: bool = False) -> bool:
        """Whether no sentence ends in [start, end), or before the first citation there."""
        if to_citation and (own := self.between(start, end)):
            end = own[0].mention.start
        between = self._text[start : min(end, start + _FAR + 1)]
        return len(between) <= _FAR and not _STOP.search(between)

    def _in_running_text(self, mention: Mention) -> bool:
        """Whether it is a part of the sentence: no mark, no footnote, not in brackets."""
        if mention.form in ("mark", "link") or mention.start == mention.end:
            return False
        opening = self._text.rfind("(", 0, mention.start)
        return opening < 0 or ")" in self._text[opening : mention.start]


def outside(text: str, cited: list[Cited]) -> list[Cited]:
    """Return the citations but for the papers that a block of quotation itself speaks of."""
    marks = ("mark", "link")
    return [
        one
        for one in cited
        if one.mention.form in marks or one.mention.start == one.mention.end or one.mention.text not in text
    ]


def narrowest(cited: list[Cited]) -> list[Cited]:
    """Return the citations but for those without a page of a document that another one cites by its page."""
    exact = {document.id for one in cited if one.mention.pages or one.span for document in one.documents}
    return [
        one
        for one in cited
        if one.mention.pages or one.span or any(document.id not in exact for document in one.documents)
    ]


def fits(place: Place, cited: Cited) -> bool:
    """Whether the place is what the citation names; a page counts only where the document has pages."""
    if all(place.document.id != document.id for document in cited.documents):
        return False
    if cited.span and not (place.start < cited.span[1] and cited.span[0] < place.end):
        return False
    pages = cited.mention.pages
    if pages is None or not place.document.pages:
        return True
    last = next((page.number for page in place.document.pages if page.start < place.end <= page.end), place.page)
    return place.page is None or pages[0] <= (last or place.page) and place.page <= pages[1]


def source_of(cited: Cited) -> str:
    """Return what the citation points at: the passage, the page, or the whole document."""
    if cited.span:
        return "\n".join(document.text[slice(*cited.span)] for document in cited.documents)
    pages = cited.mention.pages
    kept = []
    for document in cited.documents:
        own = [p for p in document.pages if pages and pages[0] <= p.number <= pages[1]]
        kept += [document.text[page.start : page.end] for page in own] or [document.text]
    return "\n".join(kept)
