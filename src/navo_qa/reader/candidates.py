"""From what the network says of tokens to stretches of the passage that may answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from navo_qa.reader.asked import Sort
from navo_qa.reader.network import Look
from navo_qa.reader.typed import several, stretches, whole
from navo_qa.text.sentences import sentences
from navo_qa.text.tables import cells, is_row

LONGEST = 40  # tokens of an answer
STARTS = 14  # places where an answer may start, the likeliest of a passage
KEPT = 16  # stretches of a passage by the network alone
_ABBREVIATIONS = frozenset("mln mld jl nr etc enz jr sr inc ltd corp co".split())
_LAST_WORDS = frozenset("mln mld jl a.s c.s e.a e.d enz etc jr sr".split())  # abbreviations that end a name or a list
_NO_LAST_WORDS = frozenset("o.a bijv bv m.n d.w.z t.w w.o zgn z.g e.g i.e".split())  # those that lead to what follows
_FIGURE = re.compile(r"\d[.,]\d|[A-Z]-\d")
_QUOTES = (("“„”", "”“"), ("«", "»"), ('"', '"'))
_IN_BRACKETS = re.compile(r"(?<=\w)[\s,;:]+\([^()]{1,200}\)$")
_NOTE = re.compile(r"\s?\[\d{1,3}\]$")
_OPENING, _CLOSING = "([{\"“„‘'«", ")]}\"”“’'»"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch [start, end) of the passage that was read as number `passage`; score: start plus end logit.

    typed: whether it is exactly a thing of the sort that was asked for. exact: whether a pattern finds it for certain.
    """

    passage: int
    start: int
    end: int
    score: float
    typed: bool = False
    exact: bool = False


def candidates(
    passage: int,
    text: str,
    look: Look,
    sort: Sort | None,
    exact: Sequence[tuple[int, int]] = (),
    *,
    many: bool = False,
) -> list[Candidate]:
    """Return the network's best stretches, every one of the sort asked for, and the exact ones; best first.

    Words, amounts, percentages and dates are whole. many: whether several figures or dates may be one answer.
    """
    if not len(look.start):
        return []
    found: dict[tuple[int, int], Candidate] = {}
    for start, end, score in _by_network(text, look):
        left, right = whole(text, *_tidied(text, start, end), many=many)
        if not many and several(sort, text[left:right]):
            continue
        if left < right and score > found.get((left, right), Candidate(0, 0, 0, -1e9)).score:
            found[left, right] = Candidate(passage, left, right, score)
    for left, right in (*_cells(text, found), *_without_what_is_in_brackets(text, found)):
        if (left, right) not in found and (given := score_of(look, left, right)) is not None:
            found[left, right] = Candidate(passage, left, right, given)
    for left, right in stretches(sort, text) if sort else ():
        if (given := score_of(look, left, right)) is not None:
            found[left, right] = Candidate(passage, left, right, given, typed=True)
    for left, right in exact:
        if (given := score_of(look, left, right)) is not None:
            found[left, right] = Candidate(passage, left, right, given, exact=True)
    return sorted(found.values(), key=lambda c: (-c.score, c.start, c.end))


def _cells(text: str, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the cells of tables that the stretches stand in."""
    rows = [(start, text[start:end]) for start, end in sentences(text) if is_row(text[start:end])]
    return [
        (start + left, start + right)
        for start, row in rows
        for left, right in cells(row)
        if left < right and any(a < start + right and b > start + left for a, b in found)
    ]


def _without_what_is_in_brackets(text: str, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches that end in brackets without these: `"Piri"` of "Piri (Kamerstuk 28 676, nr. 489)"."""
    cuts = ((start, _IN_BRACKETS.search(text, start, end)) for start, end in found)
    return [(start, cut.start()) for start, cut in cuts if cut and start < cut.start()]


def _by_network(text: str, look: Look) -> list[tuple[int, int, float]]:
    """Return the best spans, start and end in characters, with their scores; none crosses the end of a sentence or of a
    table's cell.
    """
    spans = []
    stops = [stop for start, end in sentences(text) for stop in _stops(text[start:end], start)]
    for i in np.argsort(-look.start, kind="stable")[:STARTS]:
        stop = next((stop for stop in stops if stop > look.places[i, 0]), len(text))
        ends = look.end[i : i + LONGEST]
        ends = ends[look.places[i : i + LONGEST, 1] <= stop]
        for j in np.argsort(-ends, kind="stable")[:3]:
            spans.append((int(look.places[i, 0]), int(look.places[i + j, 1]), float(look.start[i] + ends[j])))
    return sorted(spans, key=lambda span: -span[2])[:KEPT]


def _stops(sentence: str, start: int) -> list[int]:
    """Return where the sentence ends, or where the cells of a row do."""
    if not is_row(sentence):
        return [start + len(sentence)]
    return [start + end for _, end in cells(sentence)]


def score_of(look: Look, start: int, end: int) -> float | None:
    """Return start plus end logit of the stretch, None where the network did not read so far."""
    found = np.flatnonzero((look.places[:, 0] < end) & (look.places[:, 1] > start))
    if not len(found) or look.places[found[-1], 1] < end:
        return None
    return float(look.start[found[0]] + look.end[found[-1]])


def _tidied(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch with whole words, without space, closing marks, half brackets and a note's mark at its ends.

    `"400 man"` of "5.400 man", `"F"` of "F-16" and `"groot”"` are made whole: "5.400 man", "F-16", "groot".
    """
    while 0 < start < len(text) and _joined(text, start):
        start -= 1
    while 0 < end < len(text) and _joined(text, end):
        end += 1
    while start < end and (text[start].isspace() or text[start] in ",.;:|" + _CLOSING and text[start] not in _OPENING):
        start += 1
    for _ in range(2):  # "bijeen.[1]." ends in a stop, a note's mark and a stop
        while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:|" or _stray_stop(text, start, end)):
            end -= 1
        if note := _NOTE.search(text, start, end):
            end = note.start()
    for opening, closing in zip("([{", ")]}", strict=True):
        inner = text[start:end]
        if inner.startswith(opening) and closing not in inner:
            start += 1
        if inner.endswith(closing) and opening not in inner:
            end -= 1
        if inner.endswith(opening):
            end -= 1
    start, end = _without_half_quotes(text, start, _closed(text, start, end))
    inner = text[start:end].rstrip()
    end = start + len(inner)
    *before, word = inner.rsplit(None, 1) if inner else ("",)
    if word.lower() in _LAST_WORDS and text[end : end + 1] == ".":
        end += 1
    elif before and word.lower().rstrip(".") in _NO_LAST_WORDS:
        end = start + len(before[0].rstrip(" ,;:("))
    return start + len(inner) - len(inner.lstrip()), end


def _closed(text: str, start: int, end: int) -> int:
    """Return where the stretch ends with the bracket that closes right after it: "Berg (Zaken" of "Berg (Zaken)"."""
    for opening, closing in zip("([{", ")]}", strict=True):
        inner = text[start:end]
        if inner.count(opening) > inner.count(closing) and text[end : end + 1] == closing:
            end += 1
    return end


def _joined(text: str, at: int) -> bool:
    """Return whether the characters before and from `at` belong to one word or figure: "5.400", "F-16"."""
    if text[at - 1].isalnum() and text[at].isalnum():
        return True
    return bool(_FIGURE.match(text, at - 1) or at > 1 and _FIGURE.match(text, at - 2))


def _without_half_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without a quotation mark at an end whose other half it does not hold."""
    for opening, closing in _QUOTES:
        inner = text[start:end]
        if not inner:
            break
        if inner[0] in opening and not any(mark in inner[1:] for mark in closing):
            start += 1
        elif inner[-1] in closing and not any(mark in inner[:-1] for mark in opening):
            end -= 1
    return start, end


def _stray_stop(text: str, start: int, end: int) -> bool:
    """Return whether the last character is a stop that ends a sentence rather than an abbreviation ("mln.", "c.s.")."""
    if text[end - 1] not in ".!?…":
        return False
    word = text[start : end - 1].rsplit(None, 1)[-1] if text[start : end - 1].strip() else ""
    return not _is_abbreviation(word)


def _is_abbreviation(word: str) -> bool:
    """Return whether a stop after the word is its own."""
    parts = word.split(".")
    return word.lower() in _ABBREVIATIONS or len(parts) > 1 and all(p.isalpha() and len(p) < 4 for p in parts)
