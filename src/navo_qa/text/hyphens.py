"""What becomes of a word broken at a line's end: "bondge-" + "noten" is one word, "NAVO-" + "Top" keeps its hyphen."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:-\w+)*")
_LEFT = re.compile(r"[\w’'-]*\w(?= ?[-\u2010]$)")
_RIGHT = re.compile(r"[^\W_][\w’']*(?:-[\w’']+)*")
_LINKS = frozenset("en of and or tot".split())
# First parts that Dutch and English write with a hyphen; the others only before these openings.
_PREFIXES = frozenset("niet anti oud semi pseudo quasi vice non".split())
_SOME = {
    "ex": ("minister", "president", "premier", "collega", "vriend", "partner", "leider", "militair"),
    "pro": ("west", "actie", "europe", "russ", "oekra", "democrat", "navo", "nato"),
}
# A link that a line cannot hold breaks after one of these or before one; what follows is no word of the sentence.
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"«»“”]*$", re.IGNORECASE)
_LINK_PART = re.compile(r"[%&=?#/_]|\S*[\w%][./?=&%#_-]+\w")
_LONGEST_LINK = 400  # characters on a line
_SMALL = frozenset("aan het in met om op over te tot uit van voor by in of on the to up".split())


def link_goes_on(left: str, right: str) -> bool:
    """Return whether a link that ends the line goes on in the next: "https://" + "www.navo.nl/top"."""
    if not _LINK.search(left[-_LONGEST_LINK:]):
        return False
    return right[:1] in tuple("%&=?#/_") or left[-1] in "/_=&?%#" and bool(_LINK_PART.match(right[:80]))


class Hyphens:
    """Mends broken words by what else the text holds."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: frozenset[str] | None = None

    def between(self, left: str, right: str) -> str:
        """Return what stands between the lines in place of a final hyphen: "", "-" or "- ".

        left: a line that ends in a hyphen after a word; right: the line after it.
        """
        if _LINK.search(left[-_LONGEST_LINK:]):
            return "-"
        first, second = _LEFT.search(left[-80:]), _RIGHT.match(right[:80])
        if first is None or second is None:
            return "- "
        if left.endswith((" -", " \u2010")):
            return "" if self._is_broken(first[0], second[0]) else " - "
        if second[0].lower() in _LINKS:
            return "- "
        return "-" if self._keeps_hyphen(first[0], second[0]) else ""

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        head = first.rsplit("-", 1)[-1]
        known = self._known()
        if first[-1].isdigit() or second[0].isdigit():
            return True
        if f"{head}{second}".lower() in known:
            return False
        if f"{head}-{second}".lower() in known or f"{first}-{second}".lower() in known:
            return True
        if second[0].isupper():
            return not (second.isupper() and head.isupper() and len(head) > 4)
        return self._is_first_part(head, second)

    def _is_first_part(self, head: str, second: str) -> bool:
        lower = head.lower()
        if head.isupper() or lower in _PREFIXES or lower in _SOME and second.lower().startswith(_SOME[lower]):
            return True
        return "-" in second and second.split("-", 1)[0].lower() in _SMALL

    def _is_broken(self, first: str, second: str) -> bool:
        """Return whether "bes -" + "te" is a broken "beste" and no dash: the halves are no words, the whole is."""
        known = self._known()
        return f"{first}{second}".lower() in known and second[0].islower()

    def _known(self) -> frozenset[str]:
        """Return the words of the text, those with hyphens whole; a broken half counts as a word, a whole is one."""
        if self._words is None:
            self._words = frozenset(_WORD.findall(self._text.lower()))
        return self._words
