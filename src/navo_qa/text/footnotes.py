"""Takes footnotes out of running text: each mark leaves a held place, each note's text moves behind the body.

    Word's leftovers      "brief.[footnoteRef:1] [1: Kamerstuk 28676, nr. 499]"
    a page's foot         "geleverd.1" ... "1 Kamerstuk 28 676, nr. 434"
    Markdown              "brief.[^1]" ... "[^1]: Kamerstuk 28676, nr. 499"

A mark without a note, and a note without a mark, stay what they were: text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from navo_qa.text.aligned import AlignedText, Piece
from navo_qa.text.blocks import MARK, PLACES, Note

_WORD_MARK = re.compile(r"\[(?:foot|end)note(?:Ref)?:([0-9]{1,5}|[ivxlc]{1,8}|\*{1,3})\]", re.IGNORECASE)
_WORD_NOTE = re.compile(r"\[([0-9]{1,5}|[ivxlc]{1,8}|\*{1,3}): ", re.IGNORECASE)
_MARKDOWN_MARK = re.compile(r"\[\^([^\s\[\]]{1,40})\](?!:)")
_MARKDOWN_NOTE = re.compile(r"(?m)^ {0,3}\[\^([^\s\[\]]{1,40})\]: ?")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGIT = rf"(?:[0-9]{{1,3}}|[{_SUPERSCRIPTS}]{{1,3}})"
_PAGE_MARK = re.compile(
    rf"(?:(?<=[^\W\d_][.,;:!?)\]\"”’»])({_DIGIT})(?=\s|$)"
    rf"|(?<=[^\W\d_A-Z][^\W\d_A-Z][^\W\d_A-Z][^\W\d_A-Z])({_DIGIT})(?=[\s.,;:)]|$))"
)
_PAGE_NOTE = re.compile(rf"(?m)^ ?({_DIGIT})(?:[.)]? +(?=[^\W\d_]|[\"'“‘(])|(?<=[{_SUPERSCRIPTS}])(?=[^\W\d_]))")
_REFERRING = re.compile(
    r"(?:kamerst|zie |vgl|tk |stcrt|stb|handelingen|https?:|bron|see |cf\b|ibid|idem|publicatieblad|pb )", re.IGNORECASE
)
_FARTHEST = 20_000  # characters between a mark and the foot of its page
_LONGEST_NOTE = 20  # lines


Stretch: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """A footnote: the stretches of its mark, of its note with all that goes with it, and of the note's words."""

    label: str
    mark: Stretch
    note: Stretch
    words: Stretch


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text of which [0, end) is the body, with a MARK for each note; the notes' pieces lie behind it."""

    text: AlignedText
    end: int
    notes: tuple[Note, ...]


def extract(source: AlignedText, *, markdown: bool = False) -> Extracted:
    """Return the text with its footnotes taken out of the running text."""
    text = source.text
    found, repeated = _pairs(_WORD_MARK.finditer(text), list(_word_notes(text)), before=True)
    if markdown:
        more = _pairs(_MARKDOWN_MARK.finditer(text), list(_markdown_notes(text)), before=False)
        found, repeated = found + more[0], repeated + more[1]
    else:
        found += _page_foot(text)
    found = _apart([each for each in found if not _combines(text, each.mark[1])])
    return _moved(source, found, repeated)


def _moved(source: AlignedText, found: list[_Found], repeated: list[Stretch]) -> Extracted:
    """Return the text with marks held, repeated marks cut, and the notes' words behind the body."""
    cuts = [(*each.mark, MARK) for each in found] + [(*each.note, "") for each in found]
    cuts += [(start, end, "") for start, end in repeated if not _combines(source.text, end)]
    pieces: list[Piece] = []
    done = length = 0
    for start, end, place in sorted(cuts):
        if start >= done:
            pieces += ((done, start), place)
            length += start - done + len(place)
            done = end
    pieces.append((done, len(source.text)))
    length += len(source.text) - done
    notes: list[Note] = []
    at = length
    for each in found:
        pieces.append(each.words)
        notes.append(Note(each.label, tuple(_flat(source.text[slice(*each.words)], at))))
        at += each.words[1] - each.words[0]
    return Extracted(source.assemble(pieces), length, tuple(notes))


def _flat(words: str, offset: int) -> Iterator[Piece]:
    """Yield a note's lines as pieces with a space between."""
    for line in re.finditer(r"[^\n]+", words):
        yield offset + line.start(), offset + line.end()
        yield " "


def _apart(found: list[_Found]) -> list[_Found]:
    """Return the footnotes in the order of their marks, without those that lie in one another."""
    stretches = sorted((*stretch, i) for i, each in enumerate(found) for stretch in (each.mark, each.note))
    overlapping: set[int] = set()
    reached, holder = -1, -1
    for start, end, i in stretches:
        if start < reached:
            overlapping |= {i, holder}
        if end > reached:
            reached, holder = end, i
    return sorted((each for i, each in enumerate(found) if i not in overlapping), key=lambda each: each.mark)


def _combines(text: str, at: int) -> bool:
    """Return whether the character there would combine with what stands before a mark."""
    return at < len(text) and unicodedata.combining(text[at]) != 0


def _pairs(
    marks: Iterator[re.Match[str]], notes: list[tuple[str, Stretch, Stretch]], *, before: bool
) -> tuple[list[_Found], list[Stretch]]:
    """Return each note with the last free mark of its label (before it), and the other marks of those labels."""
    by_label: dict[str, list[Stretch]] = defaultdict(list)
    for match in marks:
        by_label[match[1]].append(match.span())
    found: list[_Found] = []
    used: set[Stretch] = set()
    for label, note, words in notes:
        free = by_label.get(label, [])
        i = bisect_left(free, note) - 1 if before else 0
        if 0 <= i < len(free) and free[i] not in used:
            used.add(free[i])
            found.append(_Found(label, free[i], note, words))
    noted = {each.label for each in found}
    return found, [stretch for label in noted for stretch in by_label[label] if stretch not in used]


def _word_notes(text: str) -> Iterator[tuple[str, Stretch, Stretch]]:
    closing = _brackets(text)
    for match in _WORD_NOTE.finditer(text):
        end = closing.get(match.start())
        if end is not None and end - match.end() < _LONGEST_NOTE * 200:
            yield match[1], (match.start(), end + 1), (match.end(), end)


def _brackets(text: str) -> dict[int, int]:
    """Return where each bracket that is closed is closed."""
    opened: list[int] = []
    closing: dict[int, int] = {}
    for match in re.finditer(r"[\[\]]", text):
        if match[0] == "[":
            opened.append(match.start())
        elif opened:
            closing[opened.pop()] = match.start()
    return closing


def _markdown_notes(text: str) -> Iterator[tuple[str, Stretch, Stretch]]:
    for match in _MARKDOWN_NOTE.finditer(text):
        end = _line_end(text, match.end())
        for _ in range(_LONGEST_NOTE):
            if not text.startswith("\n ", end) or _line_end(text, end + 1) == end + 2:
                break
            end = _line_end(text, end + 1)
        yield match[1], (match.start(), end), (match.end(), end)


def _page_foot(text: str) -> list[_Found]:
    """Return the notes at a page's foot: numbered on, after a blank line or referring, with a mark above."""
    candidates = list(_PAGE_NOTE.finditer(text))
    if not candidates:
        return []
    marks: dict[int, list[Stretch]] = defaultdict(list)
    for match in _PAGE_MARK.finditer(text):
        marks[_number(match[1] or match[2])].append(match.span())
    width = _width(text)
    firsts = {match.start() for match in candidates}
    found: list[_Found] = []
    number, foot = 0, -1
    for match in candidates:
        at, label = match.start(), _number(match[1])
        if label not in (number + 1, 1) or not _stands_alone(text, match, foot, width):
            continue
        above = marks[label]
        i = bisect_left(above, (at, at)) - 1
        if i < 0 or at - above[i][0] > _FARTHEST:
            continue
        number, foot = label, _note_end(text, at, width, firsts)
        found.append(_Found(str(label), above[i], (at, foot), (match.end(), foot)))
    return found


def _stands_alone(text: str, note: re.Match[str], foot: int, width: int) -> bool:
    """Return whether the line is a note and no wrapped line or numbered heading: what is above it says so."""
    start = note.start()
    if start == foot + 1 or _REFERRING.match(text, note.end()):
        return True
    if note[0].rstrip()[-1] in ".)":
        return False
    above = text[max(0, start - 400) : start].rstrip(" ").removesuffix("\n").rsplit("\n", 1)[-1].strip(f" {PLACES}")
    return not above or not text[note.end()].islower() and (above[-1] in '.!?:”"' or len(above) < 0.8 * width)


def _note_end(text: str, start: int, width: int, firsts: set[int]) -> int:
    """Return where a note ends: it goes on in the next line only where its own is full."""
    end = _line_end(text, start)
    for _ in range(_LONGEST_NOTE):
        following = _line_end(text, end + 1)
        is_short = end - start < 0.8 * width or width > 200
        is_indented = text.startswith(" ", end + 1) and text[start] != " "
        if is_short or is_indented or end + 1 in firsts or not text[end + 1 : following].strip(f" {PLACES}"):
            break
        start, end = end + 1, following
    return end


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _width(text: str) -> int:
    """Return what a full line of the text holds: nine in ten lines hold less."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _number(label: str) -> int:
    return int("".join(str(unicodedata.digit(digit)) for digit in label))
