"""The bilingual lexicon: which Dutch words say what an English one says, and the other way round?

`lexicon.tsv` was written for this project: dutch, english|english…, part of speech, tags.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import islice, pairwise
from typing import Literal

from navo_qa.text.analyse import STOP_WORDS, fold, stems, tokens

Language = Literal["nl", "en"]

LONGEST = 5  # words of the longest phrase looked up
_NEAR = 3  # letters that an inflected word keeps, so that few entries need to be stemmed for a lookup
_OFTEN = 24  # lookups after which all entries are stemmed at once, which takes as long as some 25 of them
_MANY = 4  # Dutch words that share a gloss; where more do, it is too vague to make synonyms


class Lexicon:
    """Translations and synonyms of words and phrases; stems are compared, so that inflections match.

    The text is searched as it is, and what was found is kept: nothing is parsed before it is asked for, until so much
    is that all of it is parsed.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        pairs = [line.split("\t", 2) for line in lines]
        self._dutch = [pair[0] for pair in pairs]
        self._glosses = [pair[1] for pair in pairs]
        self._columns = {"nl": _Column(self._dutch), "en": _Column(self._glosses)}
        self._looked = {"nl": 0, "en": 0}
        self._near = functools.lru_cache(maxsize=4096)(self._by_stem)
        self._all = functools.cache(self._by_beginning)
        self._sharing = functools.lru_cache(maxsize=4096)(self._with_gloss)

    @functools.cached_property
    def dutch(self) -> frozenset[str]:
        """Return the folded Dutch words, those of phrases and compounds with a hyphen each by itself."""
        return frozenset(" ".join(self._dutch).replace("-", " ").split())

    @functools.cached_property
    def english(self) -> frozenset[str]:
        """Return the folded words that are English and not Dutch."""
        only = sorted(set(" ".join(self._glosses).replace("|", " ").split()) - self.dutch - STOP_WORDS)
        same = set(stems(self.dutch))
        return frozenset(word for word, dutch_stem in zip(only, stems(only), strict=True) if dutch_stem not in same)

    def translate(self, words: Sequence[str], language: Language) -> list[str]:
        """Return what these words say in the other language, likeliest first; none where the lexicon is silent.

        words: one folded word, or a phrase of several, of that language.
        """
        if list(words) == ["may"]:  # the analyser passes on the month alone
            return ["mei"]
        numbers = self._entries(words, language)
        if language == "nl":
            return list(dict.fromkeys(gloss for number in numbers for gloss in self._glosses[number].split("|")))
        return list(dict.fromkeys(self._dutch[number] for number in numbers))

    def synonyms(self, words: Sequence[str]) -> list[str]:
        """Return the Dutch words that share an English gloss with these Dutch words: "uitgave" -> "besteding"."""
        numbers = self._entries(words, "nl")
        found: dict[str, None] = {}
        for gloss in dict.fromkeys(gloss for number in numbers for gloss in self._glosses[number].split("|")):
            sharing = self._sharing(gloss)
            if len(sharing) <= _MANY:
                found |= dict.fromkeys(self._dutch[number] for number in sharing if number not in numbers)
        return list(found)

    def longest(self, word: str, language: Language) -> int:
        """Return how many words the longest phrase has that begins with this folded word; 0 where none does."""
        (stem,) = stems([word], language)
        return self._near(word[:_NEAR], language).longest.get(stem, 0)

    def _entries(self, words: Sequence[str], language: Language) -> list[int]:
        if not words:
            return []
        return self._near(words[0][:_NEAR], language).numbers.get(" ".join(stems(words, language)), [])

    @functools.cached_property
    def _by_gloss(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for gloss, number in self._columns["en"].phrases():
            found[gloss].append(number)
        return found

    def _with_gloss(self, gloss: str) -> list[int]:
        if self._looked["nl"] > _OFTEN:
            return self._by_gloss.get(gloss, [])
        return [number for phrase, number in self._columns["en"].starting(gloss + "|") if phrase == gloss]

    def _by_stem(self, beginning: str, language: Language) -> _Stems:
        """Return the entries that begin so by their stems; those whose first gloss it is come first."""
        self._looked[language] += 1
        if self._looked[language] > _OFTEN and len(beginning) == _NEAR:
            return self._all(language).get(beginning, _Stems({}, {}))
        return self._stemmed(self._columns[language].starting(beginning), language)

    def _by_beginning(self, language: Language) -> dict[str, _Stems]:
        """Return for every beginning of _NEAR letters what `_by_stem` does."""
        grouped: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for phrase, number in self._columns[language].phrases():
            grouped[phrase[:_NEAR]].append((phrase, number))
        return {beginning: self._stemmed(entries, language) for beginning, entries in grouped.items()}

    def _stemmed(self, entries: Sequence[tuple[str, int]], language: Language) -> _Stems:
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for (phrase, number), key in zip(entries, _keys([phrase for phrase, _ in entries], language), strict=True):
            rank = 0 if language == "nl" else self._glosses[number].split("|").index(phrase)
            found[key].append((rank, number))
        numbers = {key: list(dict.fromkeys(number for _, number in sorted(ranked))) for key, ranked in found.items()}
        longest: dict[str, int] = {}
        for key in numbers:
            first, *others = key.split(" ")
            longest[first] = max(longest.get(first, 0), 1 + len(others))
        return _Stems(numbers, longest)


@dataclass(frozen=True, slots=True)
class _Stems:
    """Entries: the numbers of their lines by their stems, and by the first stem how many the longest has."""

    numbers: dict[str, list[int]]
    longest: dict[str, int]


class _Column:
    """Phrases, several a line with bars between, in one text that is searched for those that begin so."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = f"|{'|'.join(lines)}|"
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def phrases(self) -> Iterator[tuple[str, int]]:
        """Yield every phrase with the number of its line."""
        for number, (start, end) in enumerate(pairwise(self._starts)):
            yield from ((phrase, number) for phrase in self._text[start + 1 : end].split("|"))

    def starting(self, beginning: str) -> list[tuple[str, int]]:
        """Return the phrases that begin so, each with the number of its line."""
        found = []
        at = self._text.find(f"|{beginning}")
        while at >= 0:
            end = self._text.index("|", at + 1)
            found.append((self._text[at + 1 : end], bisect_right(self._starts, at) - 1))
            at = self._text.find(f"|{beginning}", end)
        return found


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon that ships, read once."""
    text = files("navo_qa.text").joinpath("lexicon.tsv").read_text("utf-8")
    return Lexicon([line.lower() if line.isascii() else fold(line) for line in text.splitlines()])


@functools.cache
def fingerprint() -> str:
    """Return a name for the lexicon's contents, which decide how words are stemmed and parted."""
    return sha256(files("navo_qa.text").joinpath("lexicon.tsv").read_bytes()).hexdigest()[:12]


def _keys(phrases: Sequence[str], language: Language) -> list[str]:
    """Return each phrase's stems with spaces between; all words are stemmed in one call."""
    words = [_words(phrase) for phrase in phrases]
    stemmed = iter(stems([word for each in words for word in each], language))
    return [" ".join(islice(stemmed, len(each))) for each in words]


def _words(phrase: str) -> list[str]:
    """Return the folded words of a phrase, hyphens joined, stop words left out unless there is nothing else."""
    found = list(tokens(phrase))
    return [token.whole for token in found if not token.stop] or [token.whole for token in found]
