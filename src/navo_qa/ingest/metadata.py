"""What does a report say of itself? Title, kind, meeting, its days and place, the letter's date, its references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from navo_qa.cite.papers import named_papers
from navo_qa.ingest.days import WEEKDAY, Days, find_days
from navo_qa.ingest.papers import head
from navo_qa.text.blocks import Normalised
from navo_qa.text.language import Language, language
from navo_qa.text.sentences import sentences
from navo_qa.types import Kind

_KINDS = (
    (Kind.AGENDA, re.compile(r"\b(?:geannoteerde agenda|annotated agenda|agenda)\b", re.IGNORECASE)),
    (Kind.REPORT, re.compile(r"\b(?:\w*verslag|\w*rapport(?:age)?|report|minutes|notulen|feitenoverzicht)\b", re.I)),
    (Kind.LETTER, re.compile(r"\b(?:(?:kamer|verzamel|aanbiedings|beleids)?brief|letter)\b", re.IGNORECASE)),
)
_OF_MEETING = re.compile(r"\b(?:verslag|report|minutes|notulen|feitenoverzicht|agenda)\b", re.IGNORECASE)
_SALUTATION = re.compile(
    r"\b(?:bied(?:en)? (?:ik|wij) u|geachte (?:voorzitter|heer|mevrouw)|dear (?:mr|mrs|ms|madam|sir))\b", re.I
)
_SUBJECT = re.compile(r"(?m)^(?:Betreft|Onderwerp|Subject)\b[ \t]*:?(?:[ \t]*\|)?\s{1,4}(?P<title>[^\n]{8,250})$")
_DATELINE = re.compile(
    r"^(?:(?:datum|date|dagtekening|vastgesteld):?(?: \|)? |['‘’]?[^\W\d][\w' -]{2,30}, )", re.IGNORECASE
)
_MEETING = re.compile(
    r"bijeenkomst|vergader|ministeri(?:[eëé]l|al)|meeting|\w*FMM\b|\braad\b|\btop\b|summit|council|conferen|overleg|werksessie|diner",
    re.IGNORECASE,
)
_HAPPENS = re.compile(
    r"\b(?:vond|vonden|vindt|vinden|plaats|plaatsvind\w*|plaatsvond|bijeen\w*|gehouden|verslag|agenda|"
    r"took place|takes? place|was held|were held|will be held|held|met|meet|convened)\b",
    re.IGNORECASE,
)
_OF_A_PAPER = re.compile(r"(?:kamerstuk|motie|brief|letter|nr\.|besluit|verordening|wet)[^.;()]{0,80}$", re.IGNORECASE)
_NAME = r"(?P<place>[A-ZÀ-Þ][\w'’-]+(?: (?:aan|am|de|den|la|los|san|new)?\s?[A-ZÀ-Þ][\w'’-]+){0,2})"
_PLACES = (
    re.compile(rf"\bplaats (?:in|te) {_NAME}"),
    re.compile(
        rf"\b(?:gehouden|bijeen|bijeengekomen|took place|takes place|held|met|meeting|convened) (?:in|te) {_NAME}"
    ),
    re.compile(rf"\bin {_NAME} (?:plaats|gehouden|bijeen)"),
    re.compile(rf"\b(?:in|te) {_NAME}(?=,? (?:(?:op|van|on) )?(?:\d|[a-z]+dag ))"),
    re.compile(rf"\bte {_NAME}"),
)
_PLACE_OF_TITLE = re.compile(rf", {_NAME}(?=,? \d)")  # "Report of the Defence Ministers Meeting, Brussels, 12 February"
_NO_PLACE = re.compile(r"(?:NAVO|NATO|EU|VN|Nederland|Oekra|Europ|Rusland|Buitenlandse|Kamer|Januar|Mei|Juni)")
_LEAD = re.compile(
    r"(?:(?:feitenoverzicht|beknopt verslag|verslag|geannoteerde agenda|annotated agenda|agenda|report|minutes|"
    r"kamerbrief|brief|rapport|summary)\b(?:\s+(?:van|voor|of|inzake|over|on|for|bij|from))?(?:\s+(?:de|het|een|the|a)\b)?\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(rf"[\s,(]*(?:\b(?:gehouden|held|van|op|of|on|d\.d\.|in|te|{WEEKDAY})\b[\s,]*)*$", re.IGNORECASE)
# The first turn in a debate: of which days somebody speaks there says nothing of its own.
_TURN = re.compile(r"(?m)^(?:De (?:heer|voorzitter)|Het lid|Mevrouw|Minister|Staatssecretaris)\b[^\n:.]{0,80}:(?=\s|$)")
_OPENING = 8  # paragraphs
_LONGEST_OPENING = 6000
_LETTERHEAD = 1500
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a text says of itself; None or empty where it is silent."""

    title: str
    kind: Kind
    language: Language
    meeting: str | None = None
    meeting_start: date | None = None
    meeting_end: date | None = None
    place: str | None = None
    letter_date: date | None = None
    references: tuple[str, ...] = ()


def read_metadata(read: Normalised, name: str) -> Metadata:
    """Return what the text says of itself. name: the file's, the title where the text has none."""
    text = read.text
    title, after = _title(read, name)
    opening = _TURN.split(text[after : after + _LONGEST_OPENING])[0].split("\n\n")[:_OPENING]
    letter = text[:after].split("\n\n") + opening
    kind = _kind(title, letter)
    letter_date = _letter_date(letter[:_OPENING], alone=kind is Kind.OTHER)
    meeting_start, meeting_end = _meeting_days(title, letter, opening, letter_date, name)
    place = _place(title, opening)
    return Metadata(
        title=title,
        kind=kind,
        language=language(text),
        meeting=_meeting(title, place),
        meeting_start=meeting_start,
        meeting_end=meeting_end,
        place=place,
        letter_date=letter_date,
        references=named_papers(text),
    )


def title_of_name(name: str) -> str:
    """Return a file's name as a title: "mijn_verslag  2025" -> "mijn verslag 2025"."""
    return re.sub(r"[\s_]+", " ", name).strip() or name


def _title(read: Normalised, name: str) -> tuple[str, int]:
    """Return the title, and where the text goes on after it.

    A heading that names a kind of document, a letter's subject, the head of a Kamerstuk, the first heading, a first
    line that names a kind of document, the name.
    """
    text = read.text
    heading = next((heading for heading in read.headings if heading.level == 1), None)
    heading = heading or next((heading for heading in read.headings if heading.start == 0), None)
    titled = text[heading.start : heading.end] if heading else ""
    if heading is None or not any(pattern.search(titled) for _, pattern in _KINDS):
        subject = _SUBJECT.search(text[:_LETTERHEAD])
        if subject and _SALUTATION.search(text[: _LETTERHEAD + _LONGEST_OPENING]):
            return subject["title"].strip(), subject.end()
        if (printed := head(text)) and printed.title:
            return printed.title, printed.end
    first = text.split("\n\n", 1)[0]
    if heading is None and len(first) <= _LONGEST_TITLE and _LEAD.match(first) and first[-1] not in ".,:;":
        return first, len(first)
    return (titled, heading.end) if heading else (title_of_name(name), 0)


def _kind(title: str, letter: list[str]) -> Kind:
    named = [(match.start(), kind) for kind, pattern in _KINDS if (match := pattern.search(title))]
    if named:
        return min(named)[1]
    return Kind.LETTER if any(_SALUTATION.search(paragraph) for paragraph in letter[:_OPENING]) else Kind.OTHER


def _letter_date(paragraphs: list[str], *, alone: bool) -> date | None:
    """Return the day of a line such as "Den Haag, 23 mei 2025".

    alone: whether a line that is nothing but a day counts too; under the title of a report it may be the meeting's.
    """
    for paragraph in paragraphs:
        lead = _DATELINE.match(paragraph)
        if len(paragraph) < 80 and (lead or alone):
            for days in find_days(paragraph):
                dated = days.dated()
                start = lead.end() if lead else 0
                if days.start == start and days.end == len(paragraph.rstrip(". ")) and dated:
                    return dated[0]
    return None


def _meeting_days(
    title: str, letter: list[str], opening: list[str], letter_date: date | None, name: str
) -> tuple[date, date] | tuple[None, None]:
    """Return the meeting's first and last day: the title's, else those of the first sentence that tells it happened."""
    of_meeting = _MEETING.search(title) or _OF_MEETING.search(title)
    candidates = [(title, days) for days in find_days(title)] if of_meeting else []
    candidates += [found for found in _told(opening)] or [found for found in _told(letter)]
    years = [days.year for _, days in candidates if days.year]
    year = years[0] if years else letter_date.year if letter_date else _year_in(title) or _year_in(name)
    for _, days in candidates:
        dated = days.dated(year) if days.year or not letter_date else _nearest(days, letter_date)
        if dated:
            return dated
    return None, None


def _nearest(days: Days, letter_date: date) -> tuple[date, date] | None:
    """Return days without a year in the year that brings them nearest to the letter: "15 december jl." in January."""
    dated = (days.dated(letter_date.year + years) for years in (-1, 0, 1))
    return min(filter(None, dated), key=lambda each: abs(each[0] - letter_date), default=None)


def _told(paragraphs: list[str]) -> Iterator[tuple[str, Days]]:
    for paragraph in paragraphs:
        if len(paragraph) < 80 and _DATELINE.match(paragraph):
            continue
        for start, end in sentences(paragraph):
            sentence = paragraph[start:end]
            if _MEETING.search(sentence) and _HAPPENS.search(sentence):
                for days in find_days(sentence):
                    if not _OF_A_PAPER.search(sentence[: days.start]):
                        yield sentence, days


def _year_in(text: str) -> int | None:
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    return int(found[0]) if found else None


def _meeting(title: str, place: str | None) -> str | None:
    """Return the meeting that a title names: "Verslag van de Raad Algemene Zaken van 3 juni 2024"."""
    lead = _LEAD.match(title)
    meeting = title[lead.end() :] if lead else title
    days = next(find_days(meeting), None)
    if days is not None:
        meeting = _TAIL.sub("", meeting[: days.start])
        meeting = re.sub(rf"(?:,? (?:in|te) {_NAME})?,?$", "", meeting)
        meeting = meeting.removesuffix(f", {place}")
    # A title with ";" is a Kamerstuk's head: "Europese Raad; BRIEF VAN DE MINISTER".
    return meeting.strip() if _MEETING.search(meeting) and len(meeting) < 150 and ";" not in meeting else None


def _place(title: str, opening: list[str]) -> str | None:
    # Further down, past a letterhead, only what tells of a meeting.
    later = (sentence for sentence, _ in _told(opening[4:]))
    for stretch in (title, *opening[:4], *later):
        for pattern in (*_PLACES, *([_PLACE_OF_TITLE] if stretch is title else [])):
            for match in pattern.finditer(stretch):
                place, _, rest = match["place"].partition(" de ")  # "in Den Haag de NAVO-top plaats", "Rio de Janeiro"
                if rest and not (_MEETING.search(rest) or _NO_PLACE.match(rest)):
                    place = match["place"]
                if not _NO_PLACE.match(place):
                    return place
    return None
