"""Spans to one answer: from which document, who else says so, and who said otherwise?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from navo_qa.reader.base import Found
from navo_qa.text.canonical import tokens

RECENT = 0.9  # share of the surest answer's chance that a later document's needs to be given instead
OTHER = 0.5  # share of the chosen answer's chance that a differing one needs to be shown beside it

Said = Callable[[Found], str]
Dated = Callable[[str], date | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """The span to give and its chance; spans of other documents that say the same, and those that say otherwise."""

    span: Found
    chance: float
    same: tuple[Found, ...] = ()
    other: tuple[Found, ...] = ()


def choose(found: Sequence[Found], said: Said, dated: Dated, threshold: float, *, named: bool) -> Choice | None:
    """Return the choice among spans, likeliest first; None where there is none.

    said: a span's words. dated: a document's date. named: whether the question names a date or a meeting, so that the
    surest span stands; otherwise the latest document whose answer is nearly as sure is preferred, and earlier ones that
    differ are shown beside it, latest first.
    """
    if not found:
        return None
    firsts: dict[str, Found] = {}
    for each in found:
        firsts.setdefault(each.span.document_id, each)
    top = found[0]
    rivals = [f for f in firsts.values() if f.alone >= max(threshold, RECENT * top.alone)]
    chosen = top if named else max([top, *rivals], key=lambda f: (dated(f.span.document_id) or date.min, f is top))
    chance = top.span.score if chosen is top else max(chosen.span.score, min(top.span.score, chosen.alone))
    least = max(threshold, OTHER * chosen.alone)
    rest = [f for f in firsts.values() if f is not firsts[chosen.span.document_id] and f.alone >= least]
    words = _whatever_order(said(chosen))
    same = tuple(f for f in rest if _whatever_order(said(f)) == words)
    other = {_whatever_order(said(f)): f for f in reversed(rest) if _whatever_order(said(f)) != words}
    latest = sorted(other.values(), key=lambda f: dated(f.span.document_id) or date.min, reverse=True)
    return Choice(chosen, chance, same, tuple(latest))


def _whatever_order(answer: str) -> tuple[str, ...]:
    """Return the answer's tokens, sorted: "Piri en Paternotte" says what "Paternotte en Piri" says."""
    return tuple(sorted(tokens(answer)))


_SEVERAL = re.compile(
    r"\b(?:welke|wie|wat zijn|noem|which|who|what are|name the|list|lijst|landen|countries|onderwerpen|topics)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*,\s*(?:en\s+|and\s+|alsmede\s+)?|\s+(?:en|and|alsmede|as well as)\s+")
_AND = re.compile(r"\b(?:en|and|alsmede|as well as)\b")
_LONGEST = 8  # words of a member of a list


def members(question: str, quote: str) -> list[tuple[int, int]]:
    """Return the members of an answer that is an enumeration, [start, end) in the quote; none where it is none.

    `"Welke landen?", "China, Iran en Belarus" -> [(0, 5), (7, 11), (15, 22)]`
    """
    if not _SEVERAL.search(question):
        return []
    between = list(_BETWEEN.finditer(quote))
    if not between or not _AND.search(between[-1][0]):  # "Kari Berg, de minister" is no list
        return []
    cuts = [match.span() for match in between]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(quote)]
    found = list(zip(starts, ends, strict=True))
    fit = all(start < end and len(quote[start:end].split()) <= _LONGEST for start, end in found)
    return found if fit and len(found) > 1 else []
