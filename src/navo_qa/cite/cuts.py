"""What a quotation leaves out: "(…)", and words in brackets that stand for others."""

from __future__ import annotations

import re

from navo_qa.cite.shelf import Place
from navo_qa.cite.wording import clean, find, words

_DOTS = r"(?:…|\.{3,}|\.\s\.\s\.)"
_GAP = re.compile(rf"\s*[\[(]\s*(?:{_DOTS}|\.\.)\s*[\])]\s*|\s*{_DOTS}\s*")
_INSERTED = re.compile(r"\[(?P<letter>\w)\](?=\w)|\s*\[[^\[\]]{1,120}\]\s*")
_LONGEST_GAP = 2_500  # characters that an ellipsis may stand for


def around(parts: list[str], places: list[Place]) -> list[Place]:
    """Return those of the places of the longest part that the other parts stand before and after, with these."""
    longest = parts.index(longest_of(parts))
    found = []
    for place in places:
        first, last = place.start, place.end
        for part in reversed(parts[:longest]):
            window = max(0, first - _LONGEST_GAP)
            at = find(part, place.document.text[window:first])
            first = window + at[-1][0] if at else -1
            if first < 0:
                break
        for part in parts[longest + 1 :] if first >= 0 else ():
            at = find(part, place.document.text[last : last + _LONGEST_GAP])
            if not at:
                first = -1
                break
            last += at[0][1]
        if first >= 0:
            found.append(Place(place.document, first, last))
    return found


def stretch_of(quote: str, text: str) -> tuple[int, int] | None:
    """Return the stretch of the text that a quotation is of; None where a part of it stands there twice or never."""
    places = [find(part, text) for part in parts_of(quote)]
    if not places or any(len(found) != 1 for found in places):
        return None
    return min(found[0][0] for found in places), max(found[0][1] for found in places)


def longest_of(parts: list[str]) -> str:
    """Return the longest of the parts, which says most of where a quotation is from."""
    return max(parts, key=len)


def parts_of(text: str) -> list[str]:
    """Return what stands between the ellipses and the words in brackets; "[h]et" is "het"."""
    joined = _INSERTED.sub(lambda match: match["letter"] or " … ", _GAP.sub(" … ", clean(text)))
    return [part for part in _GAP.split(joined) if words(part)]
