"""The bilingual lexicon: which Dutch words say what an English one says, and the other way round?

`lexicon.tsv` was written for this project: dutch, english|english…, part of speech, tags.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from navo_qa.text.analyse import STOP_WORDS, fold, stems, tokens

Language = Literal["nl", "en"]

LONGEST = 5  # words of the longest phrase looked up
_NEAR = 3  # letters by which entries are put together, so that few need to be stemmed for a lookup
_MANY = 4  # Dutch words that share a gloss; where more do, it is too vague to make synonyms


class Lexicon:
    """Translations and synonyms of words and phrases; stems are compared, so that inflections match."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._dutch: list[str] = []
        self._glosses: list[list[str]] = []
        self._near: dict[str, dict[str, list[tuple[str, int]]]] = {"nl": defaultdict(list), "en": defaultdict(list)}
        self._sharing: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            dutch, glosses = line.split("\t", 2)[:2]
            self._dutch.append(dutch)
            self._glosses.append(glosses.split("|"))
            self._near["nl"][dutch[:_NEAR]].append((dutch, number))
            for gloss in self._glosses[-1]:
                self._near["en"][gloss[:_NEAR]].append((gloss, number))
                self._sharing[gloss].append(number)
        self._phrases = functools.lru_cache(maxsize=4096)(self._by_stem)

    @functools.cached_property
    def dutch(self) -> frozenset[str]:
        """Return the folded Dutch words, those of phrases and compounds with a hyphen each by itself."""
        return frozenset(" ".join(self._dutch).replace("-", " ").split())

    @functools.cached_property
    def english(self) -> frozenset[str]:
        """Return the folded words that are English and not Dutch."""
        english = {word for glosses in self._glosses for gloss in glosses for word in gloss.split()}
        only = sorted(english - self.dutch - STOP_WORDS)
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
            return list(dict.fromkeys(gloss for number in numbers for gloss in self._glosses[number]))
        return list(dict.fromkeys(self._dutch[number] for number in numbers))

    def synonyms(self, words: Sequence[str]) -> list[str]:
        """Return the Dutch words that share an English gloss with these Dutch words: "uitgave" -> "besteding"."""
        numbers = self._entries(words, "nl")
        glosses = dict.fromkeys(gloss for number in numbers for gloss in self._glosses[number])
        shared = (other for gloss in glosses if len(self._sharing[gloss]) <= _MANY for other in self._sharing[gloss])
        return list(dict.fromkeys(self._dutch[other] for other in shared if other not in numbers))

    def _entries(self, words: Sequence[str], language: Language) -> list[int]:
        if not words:
            return []
        return self._phrases(words[0][:_NEAR], language).get(" ".join(stems(words, language)), [])

    def _by_stem(self, beginning: str, language: Language) -> dict[str, list[int]]:
        """Return the entries that begin so by their stems; those whose first gloss it is come first."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for phrase, number in self._near[language].get(beginning, []):
            key = " ".join(stems(_words(phrase), language))
            rank = 0 if language == "nl" else self._glosses[number].index(phrase)
            found[key].append((rank, number))
        return {key: list(dict.fromkeys(number for _, number in sorted(ranked))) for key, ranked in found.items()}


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon that ships, read once."""
    text = files("navo_qa.text").joinpath("lexicon.tsv").read_text("utf-8")
    return Lexicon([fold(line) for line in text.splitlines()])


@functools.cache
def fingerprint() -> str:
    """Return a name for the lexicon's contents, which decide how words are stemmed and parted."""
    return sha256(files("navo_qa.text").joinpath("lexicon.tsv").read_bytes()).hexdigest()[:12]


def _words(phrase: str) -> list[str]:
    """Return the folded words of a phrase, hyphens joined, stop words left out unless there is nothing else."""
    found = list(tokens(phrase))
    return [token.whole for token in found if not token.stop] or [token.whole for token in found]
