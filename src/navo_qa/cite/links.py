"""Permanent links to a passage: `/d/{document_id}?sha256=…&q=…&h=…#{start}-{end}`.

The fragment says where, the hash in which text, `q` how the passage opens and closes, and `h` is a digest of all of its
words, so that a text that has changed can still show where the words are now, and whether they are the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from rapidfuzz import fuzz

from navo_qa.cite.wording import ENDS, QUOTES, find, squeeze
from navo_qa.types import Document

_WORDS = 6  # of the opening and the closing
_NEAREST = 80.0  # of 100: under this the words are not there any more
_LONGEST = 2_000
_FURTHEST = 20_000  # characters from its opening to its closing
_DOTS = " … "


@dataclass(frozen=True, slots=True)
class Link:
    """A passage by its document, the hash of its text and its stretch; `quote` opens and closes as the passage did.

    digest: of the passage's words; without it only a quote that is whole can be told to be the same.
    """

    document_id: str
    sha256: str | None = None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: whether the text has changed since it was made, and the words stand there as they did."""

    start: int | None
    end: int | None
    changed: bool
    verbatim: bool


def link(document: Document, start: int, end: int) -> str:
    """Return the link to [start, end) of the document's text as it is now."""
    text = document.text[start:end]
    query = urlencode({"sha256": document.sha256, "q": outline(text), "h": _digest(text)}, quote_via=quote)
    return f"/d/{quote(document.id, safe='')}?{query}#{start}-{end}"


def read_link(url: str) -> Link | None:
    """Return what a link says; None where it is none."""
    parts = urlsplit(url)
    if not parts.path.startswith("/d/") or len(parts.path) == 3:
        return None
    query = parse_qs(parts.query)
    stretch = re.fullmatch(r"(\d{1,9})-(\d{1,9})", parts.fragment)
    start, end = (int(stretch[1]), int(stretch[2])) if stretch else (None, None)
    first = {name: values[0] for name, values in query.items()}
    return Link(unquote(parts.path[3:]), first.get("sha256"), first.get("q"), start, end, first.get("h"))


def outline(passage: str) -> str:
    """Return the passage's first and last words; a short one is whole."""
    own = passage.split()
    if len(own) <= 2 * _WORDS + 2:
        return " ".join(own)
    return " ".join(own[:_WORDS]) + _DOTS + " ".join(own[-_WORDS:])


def follow(link: Link, document: Document) -> Target:
    """Return where the link's words stand in the document's text, though that may have changed since."""
    changed = link.sha256 is not None and link.sha256 != document.sha256
    length = len(document.text)
    if not changed:
        right = link.start is not None and link.end is not None and 0 <= link.start < link.end <= length
        return Target(link.start, link.end, False, True) if right else Target(None, None, False, False)
    if not link.quote:
        return Target(None, None, True, False)
    opening, _, closing = link.quote[:_LONGEST].partition(_DOTS)
    for start, end in find(opening, document.text):
        if not closing:
            return Target(start, end, True, True)
        if ends := [end + last for _, last in find(closing, document.text[end : end + _FURTHEST])]:
            same = next((last for last in ends if _digest(document.text[start:last]) == link.digest), None)
            return Target(start, same or ends[0], True, same is not None)
    near = fuzz.partial_ratio_alignment(opening, document.text, score_cutoff=_NEAREST)
    if near is None or near.dest_start == near.dest_end:
        return Target(None, None, True, False)
    after = find(closing, document.text[near.dest_end : near.dest_end + _FURTHEST]) if closing else []
    return Target(near.dest_start, near.dest_end + (after[0][1] if after else 0), True, False)


def _digest(passage: str) -> str:
    return hashlib.sha256(squeeze(passage.strip(ENDS + QUOTES)).strip(ENDS).encode()).hexdigest()[:12]
