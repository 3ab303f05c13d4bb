"""Is what a memo quotes and cites so? One finding for each quotation, citation and cited sentence.

verbatim        the words stand there, in the source that is cited, or none is cited
other-source    the words stand there, but in another document, or on another page
altered         nearly so: the difference is shown word by word
figure          as altered, and only figures or dates differ
not-found       no document has words like these
unknown-source  a citation names a source that the collection does not hold
supported       a sentence in one's own words: its figures, dates and names stand in what it cites
unsupported     as supported, but some of them do not
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from navo_qa.cite.cited import Cited, Owners, fits, narrowest, outside, source_of
from navo_qa.cite.cuts import around, longest_of, parts_of
from navo_qa.cite.facts import Fact, is_figure, missing
from navo_qa.cite.manuscript import Paragraph
from navo_qa.cite.quotations import Mention, joined, mentions, on_one_line, quotations
from navo_qa.cite.shelf import Place, Shelf, difference
from navo_qa.cite.wording import find, words
from navo_qa.cite.works import work
from navo_qa.errors import NotFound
from navo_qa.text.dates import find_dates
from navo_qa.text.sentences import sentences
from navo_qa.types import Document, Passage


class Verdict(StrEnum):
    """What was found of a quotation, citation or sentence."""

    VERBATIM = "verbatim"
    OTHER_SOURCE = "other-source"
    ALTERED = "altered"
    FIGURE = "figure"
    NOT_FOUND = "not-found"
    UNKNOWN_SOURCE = "unknown-source"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


SOUND = frozenset({Verdict.VERBATIM, Verdict.SUPPORTED})
_TODAY = date(1900, 1, 1)  # a memo names whole dates, nothing relative
_SHA256 = re.compile(r"\(sha256 [0-9a-f]{8,64}\)")  # as a list of sources has it
_COMMON = 4  # so few words may stand in more places than the shelf looks at
_BLOCK = 6  # words that a block of quotation without marks has at least
_ALIKE = 0.8  # of its words stand in a row in a document


@dataclass(frozen=True, slots=True)
class Finding:
    """One quotation, citation or sentence of a memo, and what the collection says of it.

    place: where the words stand, or what comes nearest. difference: (tag, source, memo), empty where they are the same.
    """

    verdict: Verdict
    text: str
    line: int | None = None
    page: int | None = None
    cited: tuple[str, ...] = ()
    place: Place | None = None
    difference: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[Fact, ...] = ()
    note: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.verdict in SOUND


class Verifier:
    """Checks memos against a collection; `passage` looks one up by its id and raises NotFound.

    earlier: those of the shelf's documents that were replaced, each with the id that it had; a citation may mean them.
    """

    def __init__(
        self, shelf: Shelf, passage: Callable[[str], Passage], earlier: Sequence[tuple[Document, str]] = ()
    ) -> None:
        self._shelf = shelf
        self._passage = passage
        self._by_id = {document.id: document for document in shelf.documents}
        self._earlier = {document.id for document, _ in earlier}
        self._had = {(had, document.sha256): document for document, had in earlier}
        self._papers: dict[str, list[Document]] = {}
        for document in shelf.documents:
            if (paper := work(document).paper) is not None:
                self._papers.setdefault(paper.normal, []).append(document)

    def verify(self, paragraphs: Sequence[Paragraph]) -> list[Finding]:
        """Return the findings in the order of the memo."""
        paragraphs = joined(paragraphs)
        titles = self._titles(paragraphs)
        findings: list[Finding] = []
        for number, paragraph in enumerate(paragraphs):
            cited = [self._resolve(mention) for mention in mentions(paragraph, titles)]
            if cited and self._is_block(paragraph):
                paragraph = replace(paragraph, quoted=True)
            if paragraph.quoted and not cited and number + 1 < len(paragraphs):
                after = [self._resolve(mention) for mention in mentions(paragraphs[number + 1], titles)]
                cited = [one for one in after if one.mention.start < 4]
            findings += self._paragraph(paragraph, cited, titles)
        return findings

    def _is_block(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph that may be a block of quotation is one: by its words, as it bears no marks of one."""
        if not paragraph.maybe_quoted or paragraph.quoted or quotations(paragraph):
            return False
        block = quotations(replace(paragraph, quoted=True))
        if not block or len(words(block[0][0])) < _BLOCK:
            return False
        near = self._shelf.near(block[0][0])
        return bool(self._stands(block[0][0])) or near is not None and near.similarity >= _ALIKE

    def _titles(self, paragraphs: Sequence[Paragraph]) -> dict[str, str]:
        texts = [p.text for p in paragraphs] + [note.text for p in paragraphs for note in p.notes]
        whole = "\n".join(map(on_one_line, texts)).lower()
        known = {" ".join(document.title.split()).lower(): document.id for document in reversed(self._shelf.documents)}
        return {title: document_id for title, document_id in known.items() if len(title) > 15 and title in whole}

    def _resolve(self, mention: Mention) -> Cited:
        if mention.form in ("mark", "link", "title"):
            try:
                passage = self._passage(mention.named) if mention.form == "mark" else None
            except NotFound:
                passage = None
            if passage is not None:
                return Cited(mention, (self._by_id[passage.document_id],), (passage.start, passage.end))
            document = self._had.get((mention.named, mention.sha256 or "")) or self._by_id.get(mention.named)
            return Cited(mention, (document,) if document else (), mention.span)
        if mention.form == "paper":
            return Cited(mention, tuple(self._papers.get(mention.named, ())))
        named = find_dates(mention.named, _TODAY)
        sent = [
            d
            for d in self._shelf.documents
            if d.letter_date and named and named[0].covers(d.letter_date, d.letter_date)
        ]
        return Cited(mention, tuple(sent))

    def _paragraph(self, paragraph: Paragraph, cited: list[Cited], titles: dict[str, str]) -> Iterator[Finding]:
        # A title between quotation marks names a source and quotes nothing; nor do quotation marks in a title.
        named = [(one.mention.start, one.mention.end) for one in cited if one.mention.form == "title"]
        quoted = [
            (text, start, end)
            for text, start, end in quotations(paragraph)
            if " ".join(text.split()).lower() not in titles and not any(a <= start and end <= b for a, b in named)
        ]
        owners = Owners(paragraph.text, cited, [(start, end) for _, start, end in quoted])
        for number, (text, start, _) in enumerate(quoted):
            own = outside(text, cited) if paragraph.quoted else owners.of(number)
            yield self._quotation(paragraph, text, start, own)
        for one in cited:
            if not one.documents and one.mention.form in ("mark", "link"):
                yield self._finding(Verdict.UNKNOWN_SOURCE, paragraph, one.mention.text, one.mention.start, [one])
        if not paragraph.quoted:
            yield from self._sentences(paragraph, cited, owners)

    def _quotation(self, paragraph: Paragraph, text: str, start: int, cited: list[Cited]) -> Finding:
        known = narrowest([one for one in cited if one.documents])
        found = self._stands(text)
        if not found and len(words(longest_of(parts_of(text) or [text]))) <= _COMMON:
            found = self._in_cited(text, known)
        if not found:
            return self._changed(paragraph, text, start, cited)
        right = [place for place in found if any(fits(place, one) for one in known)]
        if known and not right:
            right = [place for place in self._in_cited(text, known) if any(fits(place, one) for one in known)]
        if known and not right:
            place = next((p for p in found if any(p.document in one.documents for one in known)), found[0])
            return self._finding(Verdict.OTHER_SOURCE, paragraph, text, start, cited, place=place)
        unheld = [one.mention.form for one in cited if not one.documents and one.mention.form in ("paper", "letter")]
        place = (right or found)[0]
        own = work(place.document)
        if not known and ("paper" in unheld and own.paper or "letter" in unheld and own.letter_date):
            return self._finding(Verdict.OTHER_SOURCE, paragraph, text, start, cited, place=place)
        note = "not-in-collection" if unheld and not known else None
        if note is None and place.document.id in self._earlier:
            note = "earlier-version"
        return self._finding(Verdict.VERBATIM, paragraph, text, start, cited, place=place, note=note)

    def _stands(self, text: str) -> list[Place]:
        """Return where the quotation stands; what an ellipsis or brackets leave out may be there."""
        if whole := self._shelf.exact(text):
            return sorted(whole, key=lambda place: place.document.id in self._earlier)  # the text of now first
        parts = parts_of(text)
        return around(parts, self._shelf.exact(longest_of(parts))) if parts and parts[0] != text else []

    def _in_cited(self, text: str, cited: list[Cited]) -> list[Place]:
        """Return where the quotation stands in the documents that are cited, also where its words stand all over."""
        documents = {document.id: document for one in cited for document in one.documents}
        parts = parts_of(text) or [text]
        longest = longest_of(parts)
        return around(parts, [Place(d, start, end) for d in documents.values() for start, end in find(longest, d.text)])

    def _changed(self, paragraph: Paragraph, text: str, start: int, cited: list[Cited]) -> Finding:
        parts = parts_of(text)
        if len(parts) > 1:
            near = [(part, self._shelf.exact(part), self._shelf.near(part)) for part in parts if len(words(part)) > 2]
            if near and all(exact for _, exact, _ in near):
                place = near[0][1][0]
                return self._finding(Verdict.ALTERED, paragraph, text, start, cited, place=place, note="joined")
            for part, exact, best in near:
                if not exact and best:
                    return self._differs(paragraph, text, start, cited, best.place, part)
        best = self._shelf.near(text)
        if best is None:
            return self._finding(Verdict.NOT_FOUND, paragraph, text, start, cited)
        if best.parts > 1:
            return self._finding(Verdict.ALTERED, paragraph, text, start, cited, place=best.place, note="joined")
        return self._differs(paragraph, text, start, cited, best.place, text)

    def _differs(
        self, paragraph: Paragraph, text: str, start: int, cited: list[Cited], place: Place, part: str
    ) -> Finding:
        shown = difference(part, place.text)
        changed = [(source, memo) for tag, source, memo in shown if tag != "equal"]
        figure = bool(changed) and all(
            (not source or is_figure(source)) and (not memo or is_figure(memo)) for source, memo in changed
        )
        verdict = Verdict.FIGURE if figure and any(s and m for s, m in changed) else Verdict.ALTERED
        return self._finding(verdict, paragraph, text, start, cited, place=place, shown=tuple(shown))

    def _sentences(self, paragraph: Paragraph, cited: list[Cited], owners: Owners) -> Iterator[Finding]:
        """Check each sentence in one's own words that ends in a citation."""
        spans = [
            (start, end)
            for start, end in sentences(paragraph.text, tables=False)
            if words(_without(paragraph.text, start, end, [one.mention for one in owners.between(start, end)]))
        ]
        for number, (start, end) in enumerate(spans):
            limit = spans[number + 1][0] if number + 1 < len(spans) else len(paragraph.text) + 1
            own = [one for one in owners.between(start, limit) if one.documents]
            if not own or owners.quotes(start, end):
                continue
            sentence = _without(paragraph.text, start, end, [one.mention for one in own])
            if len(words(sentence)) < 4:
                continue
            source = "\n".join(source_of(one) for one in own)
            days = tuple(
                day
                for one in own
                for d in one.documents
                for day in (d.letter_date, d.meeting_start, d.meeting_end)
                if day is not None
            )
            lacking = tuple(missing(sentence, source, days))
            verdict = Verdict.UNSUPPORTED if lacking else Verdict.SUPPORTED
            yield self._finding(verdict, paragraph, " ".join(sentence.split()), start, own, lacking=lacking)

    def _finding(
        self,
        verdict: Verdict,
        paragraph: Paragraph,
        text: str,
        start: int,
        cited: list[Cited],
        *,
        place: Place | None = None,
        shown: tuple[tuple[str, str, str], ...] = (),
        lacking: tuple[Fact, ...] = (),
        note: str | None = None,
    ) -> Finding:
        named = tuple(dict.fromkeys(one.mention.text.replace("*", "") for one in cited))
        line = paragraph.line_of(start)
        return Finding(verdict, " ".join(text.split()), line, paragraph.page, named, place, shown, lacking, note)


def _without(text: str, start: int, end: int, own: list[Mention]) -> str:
    sentence = text[start:end]
    for mention in sorted(own, key=lambda one: -one.start):
        if mention.form == "mark":
            sentence = sentence.replace(mention.text, " ")
        elif mention.end > mention.start:
            sentence = sentence.replace(mention.text, " ")
    sentence = _SHA256.sub(" ", sentence)
    return re.sub(r",?\s*(?:p|pp|blz)\.\s*\d+(?:\s?[-–]\s?\d+)?", " ", sentence)
