"""Which words of a passage are the question's? For marking, not for ranking."""

from __future__ import annotations

import re

from navo_qa.text.analyse import analyse

_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*%?")


def matches(question: str, text: str) -> list[tuple[int, int]]:
    """Return the stretches of the text whose stems the question has, in order.

    `matches("Welke steun?", "De bondgenoten steunen") -> [(15, 22)]`
    """
    asked = set(analyse(question))
    return [match.span() for match in _WORD.finditer(text) if asked.intersection(analyse(match[0]))]
