"""Which of two documents is a newer version of the other, and what becomes of the older?

A document that was replaced leaves the rows that are searched and stays in the collection, with its passages, under an
id of its own, `verslag@2f1d9712d87c`: the id that it had and the start of its text's SHA-256. So what was cited from it
can be shown and checked for as long as the document that replaced it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from navo_qa.cite.wording import hashed_words
from navo_qa.types import Document, Kind, Paper

_MARK = re.compile(
    r"(?<![^\W_])(?<!(?<!\d)\d{5}[ -])(?<!(?<!\d)\d\d \d{3} )"  # "36600-V-12" is nr. 12 of the budget's chapter V
    r"v(?:ersie|ersion)?[ ._-]?(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})(?![\d.]*\d|[^\W_])"
    r"|\((?P<copy>\d{1,3})\)$",
    re.IGNORECASE,
)
_MEETINGS = (Kind.REPORT, Kind.AGENDA)
_SKETCH = 128  # fingerprints of a text that are compared
_SHARED = 4  # of them that are looked up
_ALIKE = 0.3  # of the runs of three words: versions of one paper share more, a paper and its annex less
_SAME = 0.85  # texts that share more are versions whatever they are called

_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))

Work = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a document besides its text: enough to tell versions of one work."""

    id: str
    sha256: str
    kind: Kind
    letter_date: date | None
    meeting: str | None
    meeting_start: date | None
    place: str | None
    paper: Paper
    sketch: frozenset[int]
    replaces: str | None = None

    @classmethod
    def of(cls, document: Document, replaces: str | None = None) -> Card:
        """Return the card of a document."""
        d = document
        return cls(
            d.id,
            d.sha256,
            d.kind,
            d.letter_date,
            d.meeting,
            d.meeting_start,
            d.place,
            d.paper,
            _sketch(d.text),
            replaces,
        )

    @property
    def key(self) -> tuple[str, str]:
        """The id and the text's hash."""
        return self.id, self.sha256

    def works(self) -> Iterator[Work]:
        """Yield what may name the work that this is a version of: its id, number, meeting, name, or text."""
        yield "id", self.id
        yield "name", version_of_name(self.id)[0]
        if self.paper.dossier and self.paper.number:
            yield "paper", self.paper.chamber, self.paper.dossier, self.paper.number, self.kind
        if self.kind in _MEETINGS and self.meeting_start:
            yield "meeting", self.kind, self.meeting_start, self.meeting, self.place
        for fingerprint in sorted(self.sketch)[:_SHARED]:
            yield "text", fingerprint

    def same(self, other: Card, work: Work) -> bool:
        """Return whether another card that has this work too is a version of it."""
        if work[0] == "id":
            return True
        if work[0] == "name":
            return version_of_name(self.id)[1] != version_of_name(other.id)[1]
        if work[0] != "text":
            return resemblance(self, other) >= _ALIKE
        papers = {(card.paper.dossier, card.paper.number) for card in (self, other) if card.paper.number}
        meetings = {card.meeting_start for card in (self, other) if card.meeting_start}
        return len(papers) < 2 and len(meetings) < 2 and resemblance(self, other) >= _SAME


@dataclass(frozen=True, slots=True)
class Version:
    """A document that was replaced: the id that it is kept under, the one it had, and of what replaced it."""

    id: str
    document_id: str
    sha256: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two documents that look like versions of one work, and why the older has not been replaced."""

    id: str
    other: str
    why: str

    def __str__(self) -> str:
        return f'"{self.id}" and "{self.other}" look like versions of one document; {self.why}'


@dataclass(frozen=True, slots=True)
class Decision:
    """Which documents are searched and which are kept as earlier versions: (id, sha256) to the id that replaces it."""

    replaced: Mapping[tuple[str, str], str]
    doubts: tuple[Doubt, ...]


def version_id(document_id: str, sha256: str) -> str:
    """Return the id that an earlier version is kept under: "verslag@2f1d9712d87c"."""
    return f"{document_id}@{sha256[:12]}"


def version_of_name(name: str) -> tuple[str, tuple[int, ...] | None]:
    """Return a name without its version, and the version: "v2.1_-_Plan" -> ("plan", (2, 1)); "brief (2)" has (2,)."""
    match = _MARK.search(name)
    rest = name[: match.start()] + name[match.end() :] if match else name
    base = " ".join(re.findall(r"\w+", rest.replace("_", " "))).casefold()
    if match is None or not base:
        return " ".join(re.findall(r"\w+", name.replace("_", " "))).casefold(), None
    return base, tuple(int(part) for part in (match["number"] or match["copy"]).split("."))


def newer(a: Card, b: Card, known: frozenset[tuple[str, str]] = frozenset()) -> Card | None:
    """Return the newer of two versions, None where nothing tells.

    By the version in their names, else by the dates of the letters, else the one that is not `known` from before.
    """
    (base_a, version_a), (base_b, version_b) = version_of_name(a.id), version_of_name(b.id)
    if base_a == base_b and version_a != version_b:
        return a if (version_a or ()) > (version_b or ()) else b
    if a.letter_date and b.letter_date and a.letter_date != b.letter_date:
        return a if a.letter_date > b.letter_date else b
    old_a, old_b = a.key in known, b.key in known
    return None if old_a == old_b else b if old_a else a


def decide(
    cards: Sequence[Card],
    kept: Iterable[Version],
    known: frozenset[tuple[str, str]],
    replace: bool | None,
    among: frozenset[tuple[str, str]] | None = None,
) -> Decision:
    """Return which of the documents are replaced by which.

    kept: what an earlier build replaced, which stays so unless `replace` is False. known: (id, sha256) of what was
    searched before. replace: whether newer versions replace older ones; None only where a catalogue says so, or an
    earlier build did. among: the documents of which one must be of each two that are compared; None for all.
    """
    by_id: dict[str, list[Card]] = {}
    for card in cards:
        by_id.setdefault(card.id, []).append(card)
    replaced: dict[tuple[str, str], str] = {}
    doubts: list[Doubt] = []
    for version in kept if replace is not False else ():
        key = (version.document_id, version.sha256)
        others = [card for card in by_id.get(version.replaced_by, ()) if card.key != key]
        if others and any(card.sha256 == version.sha256 for card in by_id.get(version.document_id, ())):
            replaced[key] = version.replaced_by
    for card in cards:
        for older in by_id.get(card.replaces or "", ()):
            if older.sha256 != card.sha256:
                replaced[older.id, older.sha256] = card.id
    for older, newest in _pairs(cards, replaced):
        if among is not None and not {older.key, newest.key} & among:
            continue
        if replace:
            first = newer(older, newest, known)
            if first is None:
                doubts.append(
                    Doubt(older.id, newest.id, "nothing tells which is newer: say it in catalogue.csv (replaces)")
                )
            else:
                last = newest if first is older else older
                replaced[last.id, last.sha256] = first.id
        elif older.id != newest.id:
            doubts.append(
                Doubt(older.id, newest.id, "both are searched; build with --replace to keep the newer for that")
            )
    return Decision(_without_circles(replaced), tuple(doubts))


def resolve(document_id: str, replaced_by: Mapping[str, str], present: Iterable[str]) -> str | None:
    """Return the id of the present document that stands at the end of a chain of replacements, None for none."""
    here, seen = frozenset(present), set[str]()
    while document_id not in here:
        if document_id in seen or document_id not in replaced_by:
            return None
        seen.add(document_id)
        document_id = replaced_by[document_id]
    return document_id


def resemblance(a: Card, b: Card) -> float:
    """Return which share of their runs of three words two texts have in common, estimated.

    |smallest of both and in both| / |smallest of both|. Broder, On the resemblance and containment of documents, 1997.
    """
    smallest = set(sorted(a.sketch | b.sketch)[:_SKETCH])
    return len(smallest & a.sketch & b.sketch) / max(1, len(smallest))


def _pairs(cards: Sequence[Card], replaced: Mapping[tuple[str, str], str]) -> Iterator[tuple[Card, Card]]:
    """Yield two versions of one work that are both searched, each card with at most one before it."""
    last: dict[Work, Card] = {}
    for card in cards:
        if card.key in replaced:
            continue
        works = tuple(card.works())
        for work in works:
            other = last.get(work)
            if other is not None and other.key not in replaced and card.same(other, work):
                yield other, card
                break
        if card.key not in replaced:
            last |= dict.fromkeys(works, card)


def _sketch(text: str) -> frozenset[int]:
    """Return the smallest fingerprints of the text's runs of three words."""
    ids, _, _ = hashed_words(text)
    if len(ids) < 3:
        return frozenset(ids.tolist())
    with np.errstate(over="ignore"):
        runs = (ids[:-2] * _ODD[0]) ^ (ids[1:-1] * _ODD[1]) ^ (ids[2:] * _ODD[2])
        runs *= _ODD[0]
    runs ^= runs >> np.uint64(31)
    return frozenset(np.unique(runs)[:_SKETCH].tolist())


def _without_circles(replaced: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Return the replacements without the last of each circle: a catalogue may say that each replaces the other."""
    found: dict[tuple[str, str], str] = {}
    for key, by in replaced.items():
        following = {document_id: other for (document_id, _), other in found.items() if other != document_id}
        at, steps = by, 0
        while at in following and at != key[0] and steps <= len(following):
            at, steps = following[at], steps + 1
        if by == key[0] or at != key[0]:
            found[key] = by
    return found
