"""Which quotations and citations does a memo hold? Also one written by hand: “…”, „…”, «…», '…', a block of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from navo_qa.cite.manuscript import Note, Paragraph
from navo_qa.cite.papers import find_papers
from navo_qa.cite.wording import lowered, words

MIN_WORDS = 3  # fewer between quotation marks is a term, not a quotation

_LONGEST = 4  # paragraphs that a quotation may run through

_PAIRS = {"“": "”“", "„": "”“", "«": "»", "»": "«", "‘": "’", "‚": "’‘", "‹": "›"}
_OPENING = re.compile(r"(?:(?<=\s)|^)[“„«](?=\w)")
_NOT_CLOSED = re.compile(r"['’‘](?:s|t|n|m|k|ie)\b|['’‘]\d\d\b")  # 's avonds, 't, '45; Word makes ‘s of it
_TRIES = 20  # marks of a kind in a paragraph that nothing closes
_DOTS = re.compile(r"\.{3}|\. \. \.")
_MARK = re.compile(r"\[((?:[^\[\]\n]|\n(?!\s*\n)){0,300}?@(?:[^\[\]\n]|\n(?!\s*\n)){1,900})\]")
_KEY = re.compile(r"(?<![\w.\\])-?@(?:\{([^{}\n]{1,300})\}|([^\s,;{}\[\]]{1,300}))")
_ATTRIBUTION = re.compile(r"\s*(?:[—–]|--?\s)")
_LINK = re.compile(r"/d/([^\s?#)\]>\"]{1,300})(?:\?[^\s#)\]>\"]*)?(?:#(\d{1,9})-(\d{1,9}))?")
_DIGEST = re.compile(r"[?&]sha256=([0-9a-f]{64})")
_LETTER = re.compile(
    r"\b(?:brief|kamerbrief|letter)\b[^.;:()“”\"]{0,120}?\b(?:van|of|d\.d\.)\s+"
    r"(?P<date>\d{1,2}\s+[a-z]{3,9}\s+(?:19|20)\d\d)",
    re.IGNORECASE,
)
PAGES = re.compile(r"\)?[,;]?\s*\(?\b(?:pp|p|blz|pag|pages?|pagina(?:'s)?)\b\.?\s*(\d{1,5})(?:\s?[-–]\s?(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation in a memo: what it names, where, and the page it gives. `start` counts in its paragraph.

    sha256: of the text that a link was made to.
    """

    form: Literal["mark", "paper", "link", "title", "letter"]
    named: str
    text: str
    start: int
    end: int
    pages: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks, [start, end) of its paragraph, and the citations that go with it."""

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...] = ()


def quotations(paragraph: Paragraph) -> list[tuple[str, int, int]]:
    """Return each quotation's text and stretch, the outermost marks only."""
    if paragraph.quoted:
        text = _MARK.sub("", paragraph.text).strip(" \n—–-")
        stripped = re.sub(r"\s*(?:\((?:[^()]|\([^()]*\))*\)|[—–-]{1,2}\s*[^\n.]{3,120})\s*$", "", text) or text
        source = stripped if len(words(stripped)) >= MIN_WORDS and find_papers(text[len(stripped) :]) else text
        return [(source, 0, len(paragraph.text))] if len(words(source)) >= MIN_WORDS else []
    return [found for found in _quoted(paragraph.text) if len(words(found[0])) >= MIN_WORDS]


def joined(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, those joined that a quotation runs through: it opens in one and closes in a later one.

    "— Kamerstuk 28 676, nr. 499" below a block of quotation becomes a note to it.
    """
    found: list[Paragraph] = []
    at = 0
    while at < len(paragraphs):
        paragraph, at = paragraphs[at], at + 1
        if paragraph.quoted and found and found[-1].quoted and _ATTRIBUTION.match(paragraph.text):
            before = found[-1]
            note = Note(len(before.text), paragraph.text)
            found[-1] = replace(before, notes=(*before.notes, note, *paragraph.notes))
            continue
        opening = "" if paragraph.quoted else _left_open(paragraph.text)
        for more in range(at, min(at + _LONGEST, len(paragraphs)) if opening else at):
            after = opening + paragraphs[more].text
            end = _closing(after, 0, _PAIRS[opening])
            if _OPENING.search(after, 1, end if end > 0 else len(after)):
                break
            if end > 0:
                for part in paragraphs[at : more + 1]:
                    paragraph = paragraph.followed_by(part)
                at = more + 1
                break
        found.append(paragraph)
    return found


def mentions(paragraph: Paragraph, titles: dict[str, str]) -> list[Mention]:
    """Return the citations of a paragraph and its footnotes in order; a footnote's stand where its mark stands.

    titles: the titles that the memo names, lower case, and their documents' ids.
    """
    found = list(_mentions(paragraph.text, titles))
    for note in paragraph.notes:
        for made in _mentions(note.text, titles):
            at = note.anchor
            found.append(replace(made, start=at, end=at))
    return sorted(found, key=lambda mention: mention.start)


def _quoted(text: str) -> Iterator[tuple[str, int, int]]:
    at = 0
    unclosed: Counter[str] = Counter()
    while at < len(text):
        character = text[at]
        if (character in _PAIRS or character in "\"'") and unclosed[character] < _TRIES and _opens(text, at):
            end = _closing(text, at, _PAIRS.get(character, character))
            if end > 0:
                yield text[at + 1 : end], at, end + 1
                at = end
            else:
                unclosed[character] += 1
        at += 1


def _left_open(text: str) -> str:
    """Return the typographic mark that the text opens and does not close, else ""."""
    at = max(text.rfind(mark) for mark in "“„«")
    if at < 0 or not _opens(text, at) or _closing(text, at, _PAIRS[text[at]]) > 0:
        return ""
    # “ closes „ in Dutch.
    return "" if text[at] == "“" and "„" in text[:at] else text[at]


def _opens(text: str, at: int) -> bool:
    before, rest = text[at - 1 : at], at + 1
    if text[at] in "“„«" and (not before or before.isspace() or before in "([") and text[rest : rest + 1].isspace():
        rest += 1  # « tekst »
    after = text[rest : rest + 1]
    if before.isalnum() or not after.strip() or after in ").,;" and not _DOTS.match(text, rest):
        return False
    return text[at] not in "'’‘" or not _NOT_CLOSED.match(text, at)


def _closing(text: str, at: int, marks: str) -> int:
    """Return where the quotation that opens at `at` closes, -1 where it does not."""
    depth = 0
    for i in range(at + 1, len(text)):
        if text[i] == text[at] and text[at] not in marks and text[at] not in "\"'":
            depth += not _NOT_CLOSED.match(text, i)
        elif text[i] in marks:
            if marks[0] in "'’":
                # An apostrophe inside a word, or before one, closes nothing.
                if text[i + 1 : i + 2].isalnum() or text[i - 1].isspace():
                    continue
            elif text[i] in '"“' and text[i - 1].isspace() and text[i + 1 : i + 2].isalnum():
                continue
            if depth == 0:
                return i
            depth -= 1
    return -1


def _mentions(text: str, titles: dict[str, str]) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for mark in _MARK.finditer(text):
        keys = list(_KEY.finditer(mark[1]))
        for number, key in enumerate(keys):
            after = mark[1][key.end() : keys[number + 1].start() if number + 1 < len(keys) else len(mark[1])]
            named = (key[1] or key[2]).rstrip(".:,")
            start = mark.start(1) + key.start()
            yield Mention("mark", named, mark[0], start, mark.end(), _pages(after.split(";")[0]))
        taken.append(mark.span())
    for link in _LINK.finditer(text):
        span = (int(link[2]), int(link[3])) if link[2] else None
        digest = _DIGEST.search(link[0])
        yield Mention("link", unquote(link[1]), link[0], *link.span(), span=span, sha256=digest[1] if digest else None)
        taken.append(link.span())
    for paper in find_papers(text):
        if not any(start <= paper.start < end for start, end in taken):
            pages = _pages(f"p. {paper.pages}") if paper.pages else _pages(text[paper.end : paper.end + 20])
            yield Mention("paper", paper.normal, text[paper.start : paper.end], paper.start, paper.end, pages)
    lower = on_one_line(lowered(text))
    for title in sorted(titles, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", lower) if title in lower else ():
            at, end = match.span()
            if not any(start <= at < stop for start, stop in taken):
                yield Mention("title", titles[title], text[at:end], at, end, _pages_near(text, end))
                taken.append((at, end))
    for letter in _LETTER.finditer(text):
        if not any(start <= letter.start() < end + 60 for start, end in taken):
            yield Mention("letter", letter["date"], letter[0], *letter.span(), _pages_near(text, letter.end()))


def on_one_line(text: str) -> str:
    """Return the text, as long as it was, with a plain space for each line's end, tab and space that does not break."""
    return text.translate({ord(space): " " for space in "\n\t\u00a0"})


def _pages(text: str) -> tuple[int, int] | None:
    match = PAGES.match(text.strip() and text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def _pages_near(text: str, at: int) -> tuple[int, int] | None:
    """Return the page that follows a title, with at most a date between: "…, brief van 23 mei 2025, p. 2"."""
    after = re.split(r"[;\n“„«]|\.\s+[A-Z]", text[at : at + 120])[0]
    match = PAGES.search(after)
    return (int(match[1]), int(match[2] or match[1])) if match else None
