"""Which words of a passage are the question's? For marking, not for ranking."""

from __future__ import annotations

import functools
import re
from collections.abc import Container

from navo_qa.text.analyse import analyse, tokens
from navo_qa.text.language import language
from navo_qa.text.lexicon import Language, lexicon

_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*%?")
_TRANSLATIONS = 5  # of a word; those further down the lexicon are too far from it to be marked


def matches(question: str, text: str) -> list[tuple[int, int]]:
    """Return the stretches of the text whose stems the question has, in order.

    `matches("Welke steun?", "De bondgenoten steunen") -> [(15, 22)]`
    """
    return _holding(frozenset(analyse(question)), text)


def translated_matches(question: str, text: str) -> list[tuple[int, int]]:
    """Return those of `matches`, and the words that the lexicon has for the question's in the other language.

    `translated_matches("Which allies?", "De bondgenoten steunen") -> [(3, 14)]`
    """
    return _holding(_in_both(question), text)


def _holding(asked: Container[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(text) if any(stem in asked for stem in _stems(match[0]))]


@functools.lru_cache(maxsize=65_536)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(analyse(word))


@functools.lru_cache(maxsize=256)
def _in_both(question: str) -> frozenset[str]:
    spoken: Language = "en" if language(question) == "en" else "nl"
    words = [token.whole for token in tokens(question) if not token.stop and not token.number]
    said = [other for word in words for other in lexicon().translate([word], spoken)[:_TRANSLATIONS]]
    return frozenset(analyse(question)).union(*(analyse(other) for other in said if " " not in other))
