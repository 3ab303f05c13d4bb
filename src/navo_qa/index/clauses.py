"""A question to weighted terms: what else could a passage say, and how much less is that worth?

    question -> tokens -> one clause a token, and one a phrase -> alternatives -> weighted terms

A passage's score for a clause is that of its best alternative, so expansions never add up to drown the word asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from navo_qa.index.words import Words
from navo_qa.text.analyse import DUTCH_STOP, ENGLISH_STOP, STOP_WORDS, Analyser, Compounds, Token, tokens
from navo_qa.text.lexicon import Lexicon

Language = Literal["nl", "en"]
Alternative = tuple[tuple[str, float], ...]  # terms with their weights, added up
Clause = tuple[Alternative, ...]  # the best of them counts

MAX_TEXT = 4_000  # characters of a question that are read
MAX_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Weights:
    """What an expansion is worth beside the word asked for, which counts 1; chosen on the dev questions.

    Where that word is in the index, a translation or synonym counts at most `known` of it, and the parts of a compound
    together at most `parts`, however rare they are. Each further translation counts `further` of the one before.
    """

    part: float = 1.0
    parts: float = 1.2
    joined: float = 0.8
    translation: float = 0.8
    phrase: float = 1.0
    synonym: float = 0.6
    known: float = 0.8
    edit: tuple[float, float] = (0.7, 0.5)
    context: float = 0.5
    tie: float = 0.0
    further: float = 0.9
    most: int = 6  # translations or synonyms tried


@dataclass(frozen=True, slots=True)
class Expander:
    """Makes clauses with what an index knows: its words, its terms' document frequencies, the lexicon."""

    analyser: Analyser
    compounds: Compounds
    words: Words
    lexicon: Lexicon
    frequency: Callable[[str], int]  # passages that hold a term
    passages: int
    weights: Weights = Weights()
    _clause: Callable[[Token, Language], Clause] = field(init=False, repr=False, compare=False)
    _terms: Callable[[str, Language], tuple[tuple[str, ...], ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Words come again and again.
        object.__setattr__(self, "_clause", lru_cache(maxsize=4096)(self._of_word))
        object.__setattr__(self, "_terms", lru_cache(maxsize=4096)(lambda *text: tuple(self._of_translation(*text))))

    def clauses(self, text: str) -> list[Clause]:
        """Return the clauses of a question; only terms that the index holds."""
        every = list(tokens(text[:MAX_TEXT]))
        language = _language(every)
        asked = list({token.whole: token for token in every if not token.stop}.values())[:MAX_TOKENS]
        found = [self._clause(token, language) for token in asked]
        found += self._phrases(asked, language) if self.weights.phrase else []
        found += self._joined(asked) if self.weights.joined else []
        return [clause for clause in found if clause]

    def _of_word(self, token: Token, language: Language) -> Clause:
        own = self._own(token)
        if token.number:
            return self._clause_of(own, [(part,) for part in token.parts if self.frequency(part)], self.weights.part)
        found = self._clause_of(own, [self._parts(token)], self.weights.part)
        for terms, weight in self._expansions([token.whole], language):
            found += (self._weighted(terms, weight, own, self.weights.known),)
        return found or self._corrected(token)

    def _clause_of(self, own: Sequence[str], parts: Sequence[Sequence[str]], weight: float) -> Clause:
        wholes = tuple(((term, 1.0),) for term in own)
        return wholes + tuple(self._weighted(terms, weight, own, self.weights.parts) for terms in parts if terms)

    def _own(self, token: Token) -> list[str]:
        """Return the token's own terms: its stem in either language, since it may stand in a text of either."""
        stems = dict.fromkeys((self.analyser.stem(token.whole), self.analyser.stem(token.whole, "en")))
        return [term for term in stems if self.frequency(term)]

    def _parts(self, token: Token) -> list[str]:
        parts = token.parts or self.compounds.split(token.whole)
        small = [piece for part in parts for piece in (self.compounds.split(part) if token.parts else ()) or (part,)]
        stems = (self.analyser.stem(part) for part in small if part not in STOP_WORDS)
        return [term for term in stems if self.frequency(term)]

    def _expansions(self, words: list[str], language: Language) -> Iterator[tuple[Sequence[str], float]]:
        """Yield the terms of each translation and synonym with its weight."""
        spoken = self._spoken(words[0], language)
        other: Language = "nl" if spoken == "en" else "en"
        yield from self._worth(self.lexicon.translate(words, spoken), other, self.weights.translation)
        if spoken == "nl":
            yield from self._worth(self.lexicon.synonyms(words), "nl", self.weights.synonym)

    def _spoken(self, word: str, language: Language) -> Language:
        return "en" if language == "en" or self.analyser.is_english(word) else "nl"

    def _worth(self, texts: Sequence[str], language: Language, weight: float) -> Iterator[tuple[Sequence[str], float]]:
        found = [terms for text in texts[: self.weights.most] for terms in self._terms(text, language)]
        for place, terms in enumerate(found):
            yield terms, weight * self.weights.further**place / math.sqrt(len(terms))

    def _of_translation(self, text: str, language: Language) -> Iterator[tuple[str, ...]]:
        """Yield the terms of a translation, then those of its compounds' parts; all of them must be in the index."""
        found = [token for token in tokens(text) if not token.stop]
        whole = [self.analyser.stem(token.whole, language) for token in found]
        if whole and all(map(self.frequency, whole)):
            yield tuple(whole)
            return
        parts = [term for token in found for term in (self._parts(token) or self._own(token))]
        if len(parts) > 1 and len(parts) >= len(found):
            yield tuple(parts)

    def _weighted(self, terms: Sequence[str], weight: float, own: Sequence[str], most: float) -> Alternative:
        """Return the terms with their weights, together at most `most` of the word asked for if the index has that."""
        if own:
            rarity = max(self._idf(term) for term in own)
            weight *= min(1.0, most * rarity / max(sum(self._idf(term) for term in terms), 1e-9))
        return tuple((term, weight) for term in terms)

    def _idf(self, term: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)), the rarity that BM25 multiplies by. Robertson et al., TREC-3."""
        n = self.frequency(term)
        return math.log1p((self.passages - n + 0.5) / (n + 0.5))

    def _corrected(self, token: Token) -> Clause:
        """Return the terms of words spelt almost like this unknown one: one edit from 5 letters, two from 9."""
        if token.number or len(token.whole) < 5:
            return ()
        near = self.words.similar(token.whole, 1 if len(token.whole) < 9 else 2)
        best = min((edits for _, edits in near), default=0)
        chosen = [(self._own(Token(word)), self.weights.edit[edits - 1]) for word, edits in near if edits == best]
        return tuple(((term, weight),) for terms, weight in chosen for term in terms)

    def _phrases(self, asked: Sequence[Token], language: Language) -> list[Clause]:
        """Return a clause for each phrase that the lexicon knows, the longest at each place."""
        found: list[Clause] = []
        for first in range(len(asked) - 1):
            reach = self.lexicon.longest(asked[first].whole, self._spoken(asked[first].whole, language))
            for last in range(min(len(asked), first + reach), first + 1, -1):
                words = [token.whole for token in asked[first:last]]
                expansions = list(self._expansions(words, language))
                if expansions:
                    scale = self.weights.phrase
                    found.append(tuple(tuple((term, scale * weight) for term in terms) for terms, weight in expansions))
                    break
        return found

    def _joined(self, asked: Sequence[Token]) -> list[Clause]:
        """Return a clause for neighbours that the index writes as one: "defensie uitgaven" -> "defensieuitgaven"."""
        found: list[Clause] = []
        for left, right in zip(asked, asked[1:], strict=False):
            if left.number or right.number:
                continue
            for link in ("", "s"):
                term = self.analyser.stem(left.whole + link + right.whole)
                if self.frequency(term):
                    found.append((((term, self.weights.joined),),))
                    break
        return found


def _language(every: Sequence[Token]) -> Language:
    """Return the language of a question by its function words: Dutch unless more of them are English."""
    dutch = sum(token.whole in DUTCH_STOP and token.whole not in ENGLISH_STOP for token in every)
    english = sum(token.whole in ENGLISH_STOP and token.whole not in DUTCH_STOP for token in every)
    return "en" if english > dutch else "nl"
