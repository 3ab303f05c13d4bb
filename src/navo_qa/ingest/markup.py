"""Finds what Markdown marks within a paragraph: emphasis, code, links, tags, entities, escapes."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from navo_qa.text.aligned import Edit

_TOKEN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)"
    r"|(?P<open>!?\[)"
    r"|(?P<target>\]\((?:<[^<>\n]{0,1000}>|[^\s()<>]{0,1000}(?:\([^\s()]{0,200}\)[^\s()]{0,500})?)"
    r"(?:\s+(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\)|\]\[[^\[\]\n]{0,100}\])"
    r"|(?P<close>\])"
    r"|(?P<auto><(?:https?://|mailto:)[^\s<>]{1,1000}>)"
    r"|(?P<tag></?[a-zA-Z][a-zA-Z0-9-]{0,20}(?:\s[^<>]{0,500})?/?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<emphasis>\*{1,3}|_{1,3}|~~)"
)
_BLOCK_TAG = re.compile(r"</?(?:br|p|div|td|th|tr|li|ul|ol|table|hr)\b", re.IGNORECASE)


def inline_edits(text: str, start: int, end: int) -> Iterator[Edit]:
    """Yield, in order, the edits that leave of text[start:end] what a reader of Markdown sees.

    `"**vier** [leden](https://example.org)" -> "vier leden"`; a mark without its other half stays.
    """
    found: list[Edit] = []
    brackets: list[tuple[int, int]] = []
    emphases: dict[str, list[int]] = defaultdict(list)
    codes = _code_spans(text, start, end)
    at = start
    while match := _TOKEN.search(text, at, end):
        at = match.end()
        kind = match.lastgroup
        low = match.start()
        if kind == "code":
            closing = codes.get(low)
            if closing is not None:
                found += ((low, at, ""), (closing, closing + at - low, ""))
                at = closing + at - low
        elif kind == "open":
            brackets.append(match.span())
        elif kind == "close":
            brackets and brackets.pop()
        elif kind == "target":
            if brackets:
                found += ((*brackets.pop(), ""), (low, at, ""))
        elif kind == "emphasis":
            found += _emphasis(text, match, start, end, emphases)
        else:
            found += _replaced(match)
    done = start
    for edit in sorted(found):
        if edit[0] >= done and not _combines(text, edit[1], end):
            yield edit
            done = edit[1]


def _replaced(match: re.Match[str]) -> Iterator[Edit]:
    low, high = match.span()
    if match["escape"]:
        yield low, low + 1, ""
    elif match["auto"]:
        yield low, low + 1, ""
        yield high - 1, high, ""
    elif match["tag"]:
        yield low, high, " " if _BLOCK_TAG.match(match[0]) else ""
    else:
        character = html.unescape(match[0]).replace("\u00a0", " ")
        if len(character) == 1 and character.isprintable() and not unicodedata.combining(character):
            if unicodedata.normalize("NFC", character) == character:
                yield low, high, character


def _emphasis(text: str, match: re.Match[str], start: int, end: int, opened: dict[str, list[int]]) -> Iterator[Edit]:
    """Yield the edits for a run that closes one opened before; hold one that may open."""
    low, high = match.span()
    before = text[low - 1] if low > start else " "
    after = text[high] if high < end else " "
    within_word = match[0][0] == "_" and before.isalnum() and after.isalnum()
    if not before.isspace() and opened[match[0]] and not within_word:
        first = opened[match[0]].pop()
        yield first, first + high - low, ""
        yield low, high, ""
    elif not after.isspace() and not within_word and not (match[0][0] == "_" and before.isalnum()):
        opened[match[0]].append(low)


def _code_spans(text: str, start: int, end: int) -> dict[int, int]:
    """Return where the run of backticks that closes each opening run starts."""
    latest: dict[int, int] = {}
    closing: dict[int, int] = {}
    for match in reversed(list(re.compile("`+").finditer(text, start, end))):
        length = match.end() - match.start()
        if length in latest:
            closing[match.start()] = latest[length]
        latest[length] = match.start()
    return closing


def _combines(text: str, at: int, end: int) -> bool:
    return at < end and unicodedata.combining(text[at]) != 0
