"""From a document to the passages that are searched and shown: by heading, paragraph and sentence, offsets exact.

A passage starts at a heading or a paragraph and ends at a sentence's end. Paragraphs are counted from 1 as a reader
counts them: headings and footnotes are no paragraphs. A footnote stays with the paragraph that cites it. A table stays
whole where a passage holds it, with what stands above it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from navo_qa.text.dates import MONTH_NAMES
from navo_qa.text.sentences import sentences
from navo_qa.text.tables import heads, is_row, spelled
from navo_qa.types import Document, Heading, Passage

CHUNKER_VERSION = "4"

_MONTHS = MONTH_NAMES["nl"]
_ASKED = re.compile(r"^(?:Vraag|Vragen|Questions?) \d", re.MULTILINE)
_SPEAKER = re.compile(
    r"(?:De (?:heer|voorzitter)|Het lid|Mevrouw|Minister|Staatssecretaris|Mr|Mrs|Ms|The Chair)\b[^\n:]*:"
)
_CAPTION = 200  # characters of the longest caption
_ANSWER = re.compile(r"(?:Antwoord(?:en)?|Answers?)(?: op vra\w+)? \d")


@dataclass(frozen=True, slots=True)
class Chunking:
    """How long passages are, in characters: filled to about `target`, to `max` where that keeps a paragraph whole.

    sentence: a single sentence longer than this is split, at the separators of langchain-text-splitters.
    """

    target: int = 800
    max: int = 900
    min: int = 250
    sentence: int = 2000

    def __post_init__(self) -> None:
        if not 0 <= self.min <= self.target <= self.max <= self.sentence or self.target < 1:
            raise ValueError(f"a chunking needs 0 <= min <= target <= max <= sentence, got {self}")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is never split: sentences, or a footnote. `opens`: a heading's chain, which starts a passage.

    paragraph: the number of the paragraph it is of; None for headings and footnotes.
    bare: whether it holds no letter, as an item's number alone over its title: it goes with what follows.
    """

    start: int
    end: int
    paragraph: int | None
    opens: bool = False
    note: bool = False
    bare: bool = False


def chunk(document: Document, chunking: Chunking | None = None) -> list[Passage]:
    """Return the passages of a document in order; each character that is no space is in exactly one of them."""
    chunking = chunking or Chunking()
    spans: list[tuple[int, int, int | None]] = []
    sections = _sections(_tables(list(_units(document, chunking)), document.text, chunking))
    for section in _turns(_exchanges(sections, document.text, chunking), document.text, chunking):
        spans += _packed(section, chunking)
    return list(_passages(document, spans))


def context(document: Document, passage: Passage) -> str:
    """Return what is indexed for a passage besides its slice: title, meeting, place, dates, and its heading.

    A passage that begins in the middle of a table has the table's head too.
    `"Verslag van de informele NAVO-ministeriële | Antalya, 14 en 15 mei 2025 | Verhoging defensie-uitgaven"`
    """
    title = document.title.strip()
    meeting = document.meeting if document.meeting and document.meeting.lower() not in title.lower() else None
    where = ", ".join(
        part for part in (document.place, written_dates(document.meeting_start, document.meeting_end)) if part
    )
    heading = passage.heading if passage.heading and not passage.text.startswith(passage.heading) else None
    parts = (title, meeting, where, heading if heading != title else None, head_above(document, passage))
    return " | ".join(part for part in parts if part)


def head_above(document: Document, passage: Passage) -> str | None:
    """Return the head of the table that the passage begins in the middle of, if it does."""
    head = heads(document).get(passage.start)
    return document.text[slice(*head)] if head else None


def passage_sentences(passage: Passage) -> list[tuple[int, int]]:
    """Return the spans of the sentences in the passage's text, headings left out; a bare heading is one sentence."""
    heading = passage.heading or ""
    spans = sentences(passage.text)
    said = [(start, end) for start, end in spans if passage.text[start:end] not in heading]
    return said or spans


def spoken_texts(document: Document, passage: Passage) -> list[str]:
    """Return what is encoded for each sentence of a passage: its heading, then the sentence.

    A table's row says what its cells stand for: `"Team: Naam: Jelle van Elburg; Rol: Projectleider"`.
    """
    heading = f"{passage.heading}: " if passage.heading else ""
    spans = passage_sentences(passage)
    said = zip((passage.text[start:end] for start, end in spans), row_heads(document, passage, spans), strict=True)
    return [heading + (spelled(head, text) if head else text) for text, head in said]


def row_heads(document: Document, passage: Passage, spans: Iterable[tuple[int, int]]) -> list[str | None]:
    """Return for each of a passage's sentences the head of the table that it is a row of, if it is one."""
    found = (heads(document).get(passage.start + start) for start, _ in spans)
    return [document.text[slice(*head)] if head else None for head in found]


def written_dates(start: date | None, end: date | None) -> str:
    """Return the days of a meeting as Dutch writes them: "14 en 15 mei 2025", "31 mei en 1 juni 2023"."""
    if start is None:
        return ""
    last = f"{(end or start).day} {_MONTHS[(end or start).month - 1]} {(end or start).year}"
    if end is None or end == start:
        return last
    link = "en" if (end - start).days == 1 else "tot en met"
    if start.year != end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} {start.year} {link} {last}"
    return (
        f"{start.day} {link} {last}"
        if start.month == end.month
        else f"{start.day} {_MONTHS[start.month - 1]} {link} {last}"
    )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the blocks that empty lines part, headings and footnotes among them."""
    start = 0
    for block in text.split("\n\n"):
        if block.strip():
            yield start, start + len(block)
        start += len(block) + 2


def _units(document: Document, chunking: Chunking) -> Iterator[list[Unit]]:
    """Yield the units of each paragraph, of each chain of headings and of each footnote."""
    headings = {heading.start for heading in document.headings}
    notes = {note.start for note in document.footnotes}
    number = 0
    for start, end in paragraphs(document.text):
        if start in headings:
            yield [Unit(start, end, None, opens=True)]
        elif start in notes:
            yield [Unit(*span, None, note=True) for span in _sentences(document.text, start, end, chunking)]
        else:
            number += 1
            bare = _is_bare(document.text[start:end])
            yield [Unit(*span, number, bare=bare) for span in _sentences(document.text, start, end, chunking)]


def _sentences(text: str, start: int, end: int, chunking: Chunking) -> Iterator[tuple[int, int]]:
    for left, right in sentences(text, start, end):
        if right - left <= chunking.sentence:
            yield left, right
        else:
            yield from _split(text, left, right, chunking.max)


def _tables(blocks: Sequence[list[Unit]], text: str, chunking: Chunking) -> list[list[Unit]]:
    """Return the blocks, the rows of a table in one where a passage holds them all, with a caption that fits."""
    made: list[list[Unit]] = []
    table: list[list[Unit]] = []
    for block in [*blocks, None]:
        if block and (_is_row(block, text) or table and block[0].note):
            table.append(block)
            continue
        if len(table) > 1 and _length(table[0], table[-1]) <= chunking.max:
            caption = made[-1:] if made and _is_caption(made[-1], text) else []
            if caption and _length(caption[0], table[-1]) <= chunking.max:
                table.insert(0, made.pop())
            made.append([unit for row in table for unit in row])
        else:
            made += table
        table = []
        if block:
            made.append(block)
    return made


def _is_row(block: Sequence[Unit], text: str) -> bool:
    return not block[0].opens and not block[0].note and is_row(text[block[0].start : block[-1].end])


def _is_caption(block: Sequence[Unit], text: str) -> bool:
    """Return whether a paragraph is short enough to say what the table below it is of."""
    written = text[block[0].start : block[-1].end]
    return not block[0].opens and not block[0].note and len(written) <= _CAPTION and not _is_row(block, text)


def _sections(blocks: Sequence[list[Unit]]) -> Iterator[list[list[Unit]]]:
    """Yield a heading, or headings with nothing between, and the paragraphs below it."""
    section: list[list[Unit]] = []
    for block in blocks:
        bare = all(unit.bare for part in section for unit in part)
        if block[0].opens and section and not section[-1][0].opens and not bare:
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _exchanges(sections: Iterable[list[list[Unit]]], text: str, chunking: Chunking) -> Iterator[list[list[Unit]]]:
    """Yield the sections, written questions in one with their answer where a passage holds them all.

    "Vraag 3", "Vraag 4" and "Antwoord 3 en 4": an answer is not understood without what was asked.
    """
    asked: list[list[list[Unit]]] = []
    for section in sections:
        heading = "".join(text[block[0].start : block[0].end] + "\n" for block in section if block[0].opens)
        if asked and _ANSWER.match(heading) and section[-1][-1].end - asked[0][0][0].start <= chunking.max:
            yield from _joined([*asked, section])
            asked = []
        elif _ASKED.search(heading):
            asked.append(section)
        else:
            yield from (*asked, section)
            asked = []
    yield from asked


def _turns(sections: Iterable[list[list[Unit]]], text: str, chunking: Chunking) -> Iterator[list[list[Unit]]]:
    """Yield the sections, the turns of speakers that follow each other in one where a passage holds them all.

    "De heer Bos (VVD):", "Minister Ten Hove:": what is said in reply is not understood without what was said before.
    """
    said: list[list[list[Unit]]] = []
    for section in sections:
        above = [text[block[0].start : block[0].end] for block in section if block[0].opens]
        if not (above and _names_speaker(above[-1])):
            yield from _joined(said)
            yield section
            said = []
        elif said and (len(above) > 1 or section[-1][-1].end - said[0][0][0].start > chunking.max):
            yield from _joined(said)
            said = [section]
        else:
            said.append(section)
    yield from _joined(said)


def _names_speaker(heading: str) -> bool:
    return bool(_SPEAKER.fullmatch(heading.strip()))


def _joined(sections: Sequence[list[list[Unit]]]) -> Iterator[list[list[Unit]]]:
    """Yield several sections as one of a single block, a lone one as it is."""
    if len(sections) == 1:
        yield sections[0]
    elif sections:
        yield [[unit for section in sections for block in section for unit in block]]


def _packed(section: Sequence[list[Unit]], chunking: Chunking) -> Iterator[tuple[int, int, int | None]]:
    """Yield the spans of a section's passages, with the number of the first paragraph in each.

    A paragraph is added whole while it fits; one that is too long is shared out evenly, sentence by sentence.
    """
    passage: list[Unit] = []
    for block in section:
        if passage and not _fits(passage, block, chunking):
            yield _span(passage)
            passage = []
        if _length(passage, block) <= chunking.max or block[0].note:
            passage += block
            continue
        for unit, share in zip(block, _shares(passage, block, chunking), strict=True):
            if passage and share and not passage[-1].opens:
                yield _span(passage)
                passage = []
            passage.append(unit)
    if passage:
        yield _span(passage)


def _fits(passage: Sequence[Unit], block: Sequence[Unit], chunking: Chunking) -> bool:
    """Return whether the block may go on the passage: a note always, a paragraph while there is room.

    A table that a passage of its own holds is not broken up to fill a short one.
    """
    length = _length(passage, block)
    if block[0].note:
        return length <= 2 * chunking.max
    table = length > chunking.max >= _length((), block) and block[0].paragraph != block[-1].paragraph
    if passage[-1].opens or _length(passage, ()) < chunking.min and not table:
        return True
    return length <= chunking.max and (
        _length(passage, ()) < chunking.target - chunking.min or length <= chunking.target
    )


def _shares(passage: Sequence[Unit], block: Sequence[Unit], chunking: Chunking) -> Iterator[bool]:
    """Yield for each unit whether a new passage starts at it, so that the passages come out about even."""
    first = passage[0].start if passage else block[0].start
    total = block[-1].end - first
    parts = max(1, -(-total // chunking.target))
    if parts > 1 and total / (parts - 1) <= chunking.max * 0.95:
        parts -= 1
    size, start, done = total / parts, first, 0
    for unit in block:
        middle = (unit.start + unit.end) / 2 - first
        starts = middle > (done + 1) * size or unit.end - start > chunking.max
        starts = starts and unit.start > start
        if starts:
            start = unit.start
            done = max(done + 1, int((unit.start - first + size / 4) // size))
        yield starts


def _length(passage: Sequence[Unit], block: Sequence[Unit]) -> int:
    units = [*passage[:1], *passage[-1:], *block[:1], *block[-1:]]
    return units[-1].end - units[0].start if units else 0


def _span(passage: Sequence[Unit]) -> tuple[int, int, int | None]:
    number = next((unit.paragraph for unit in passage if unit.paragraph is not None), None)
    return passage[0].start, passage[-1].end, number


def _passages(document: Document, spans: Sequence[tuple[int, int, int | None]]) -> Iterator[Passage]:
    starts, over = [heading.start for heading in document.headings], _over_speakers(document)
    pages = [page.start for page in document.pages]
    number = 1
    for start, end, paragraph in spans:
        number = paragraph or number
        i = bisect_right(pages, start) - 1
        yield Passage(
            id=_id(document, start, end),
            document_id=document.id,
            start=start,
            end=end,
            text=document.text[start:end],
            paragraph=number,
            page=document.pages[i].number if i >= 0 else None,
            heading=_heading(document, starts, over, start, end),
        )


def _heading(document: Document, starts: Sequence[int], over: Sequence[int], start: int, end: int) -> str | None:
    """Return the last heading of the chain that the passage opens with, else the nearest above it.

    A passage of several speakers' turns has none of their names as its heading, but what stands above them all.
    """
    i = bisect_right(starts, start) - 1
    if i + 1 < len(starts) and starts[i + 1] < end and _is_bare(document.text[start : starts[i + 1]]):
        i, start = i + 1, starts[i + 1]
    headings: tuple[Heading, ...] = document.headings
    while (
        i >= 0 and i + 1 < len(headings) and headings[i].start >= start and headings[i + 1].start == headings[i].end + 2
    ):
        i += 1
    if i >= 0 and i + 1 < len(headings) and headings[i + 1].start < end:
        i = over[i]
    return document.text[headings[i].start : headings[i].end] if i >= 0 else None


def _over_speakers(document: Document) -> list[int]:
    """Return for each heading itself, for a speaker's name the last heading before it that is none, -1 without one."""
    over: list[int] = []
    for i, heading in enumerate(document.headings):
        speaks = _names_speaker(document.text[heading.start : heading.end])
        over.append((over[-1] if over else -1) if speaks else i)
    return over


def _is_bare(text: str) -> bool:
    return not any(map(str.isalpha, text))


def _id(document: Document, start: int, end: int) -> str:
    digest = hashlib.sha256(f"{document.sha256} {start} {end}".encode()).hexdigest()
    return f"{document.id}-{digest[:12]}"


def _split(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of an overlong sentence, at the separators of langchain-text-splitters, in exact spans.

    Its own offsets go wrong where parts overlap or lose their space, so that nothing is stripped and the parts are
    counted off against the text.
    """
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=["\n", "; ", ": ", ", ", " "],
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        strip_whitespace=False,
    )
    at = start
    for part in splitter.split_text(text[start:end]):
        if not text.startswith(part, at):
            break
        for left, right in _cut(text, at, at + len(part), size):
            yield from _stripped(text, left, right)
        at += len(part)
    for left, right in _cut(text, at, end, size):
        yield from _stripped(text, left, right)


def _cut(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield [start, end) in stretches of at most `size`, never between a letter and its accent."""
    while end - start > size:
        right = start + size
        while right > start + size - 32 and (unicodedata.combining(text[right]) or text[right] in "\u200d\ufe0f"):
            right -= 1
        yield start, right
        start = right
    if end > start:
        yield start, end


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inner = text[start:end].strip()
    if inner:
        left = start + text[start:end].index(inner[0])
        yield left, left + len(inner)
