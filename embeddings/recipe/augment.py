"""More pairs from what there is: short pairs in a row, words in lists, and English texts glossed word by word.

The sentence pairs are short and about few things; dictionary and English passages know the words that they lack. A
gloss keeps the English order: no good Dutch, but its words stand in a context that the teacher reads well.
"""

import random
import re
from collections.abc import Iterator, Sequence

import numpy as np

from align import align
from data import Pair, sentence_spans
from measures import Encode
from model import Floats

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PLAIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}")
SHORT = 60  # characters; a longer pair stands alone
LIST = 5
PHRASE = 3  # words of the longest phrase looked up
OFTEN = 5  # sentence pairs a word must be in before their alignment is believed
LEAST = 0.15  # probability of a translation from sentence pairs
ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))


def in_rows(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Return every short pair once, two or three in a row as one text, as paragraphs have them."""
    short = [p for p in pairs if len(p.english) < SHORT and p.english[-1:] in ".!?" and p.dutch[-1:] in ".!?"]
    return [_joined("row", group, " ") for group in _groups(short, (2, 3), rng)]


def in_lists(words: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Return every dictionary entry once, five in a list: a word costs a fifth of a text of its own."""
    return [_joined("list", group, ", ") for group in _groups(words, (LIST,), rng)]


def sentences(passages: Sequence[str]) -> list[str]:
    """Return the distinct sentences of passages, 40 to 400 characters each, in order."""
    found = (" ".join(text[a:b].split()) for text in passages for a, b in sentence_spans(text))
    return [s for s in dict.fromkeys(found) if 40 <= len(s) <= 400]


class Gloss:
    """An English text with words put in Dutch, and where each of its parts went."""

    def __init__(self, english: str, parts: Sequence[tuple[int, int, str]] = ()) -> None:
        self.english, self.parts = english, list(parts)

    def put(self, start: int, end: int, dutch: str) -> None:
        """Put `dutch` in the place of english[start:end], which is right of all that was put before."""
        self.parts.append((start, end, dutch))

    @property
    def dutch(self) -> str:
        """The text as it reads now."""
        out, at = [], 0
        for start, end, dutch in self.parts:
            out += [self.english[at:start], dutch]
            at = end
        return "".join([*out, self.english[at:]])

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Return where english[start:end] stands in `dutch`, widened to whole words and phrases that were put."""
        return self._place(start, False), self._place(end, True)

    def _place(self, at: int, behind: bool) -> int:
        shift = 0
        for a, b, dutch in self.parts:
            if a < at < b:
                return a + shift + (len(dutch) if behind else 0)
            if b > at:
                break
            shift += len(dutch) - (b - a)
        return at + shift


class Glossary:
    """Dutch for English words and phrases: a dictionary, and what sentence pairs tell of frequent words (Model 1)."""

    def __init__(self, pairs: Sequence[Pair], words: Sequence[Pair], encode: Encode) -> None:
        """encode: gives the vectors by which a word's senses are told apart, those of the network to be trained."""
        self.phrases: dict[tuple[str, ...], dict[str, float]] = {}
        for pair in words:
            key = tuple(_words(pair.english))
            if 1 <= len(key) <= PHRASE and PLAIN.fullmatch(pair.dutch):
                self.phrases.setdefault(key, {}).setdefault(pair.dutch, 0.0)
        for english, dutch, probability in _frequent([*pairs, *words]):
            self.phrases.setdefault((english,), {})[dutch] = probability
        found = list(dict.fromkeys(dutch for choices in self.phrases.values() for dutch in choices))
        self.row = {dutch: i for i, dutch in enumerate(found)}
        self.vectors = encode(found)

    def gloss(self, text: str, vector: Floats) -> Gloss | None:
        """Return the text with its words put in Dutch; names and numbers stay. None where under 60% has a translation.

        vector: float32 (dim,), the teacher's of the text: of several senses the nearest and most usual is taken.
        """
        spans = list(WORD.finditer(text))
        found = Gloss(text)
        known, i = 0, 0
        while i < len(spans):
            size, choices = self._choices([m.group().lower() for m in spans[i : i + PHRASE]])
            if choices:
                dutch = max(choices, key=lambda c: choices[c] + float(self.vectors[self.row[c]] @ vector))
                found.put(spans[i].start(), spans[i + size - 1].end(), dutch)
                known += size
            i += size
        return found if known >= 0.6 * len(spans) else None

    def _choices(self, words: list[str]) -> tuple[int, dict[str, float]]:
        for size in range(len(words), 1, -1):
            if found := self.phrases.get(tuple(words[:size])):
                return size, found
        forms = (words[0], *_lemmas(words[0]))
        return 1, next((found for form in forms if (found := self.phrases.get((form,)))), {})


def glossed(texts: Sequence[str], vectors: Floats, glossary: Glossary) -> list[Pair]:
    """Return a pair for each text that could be glossed; vectors: the teacher's, float32 (len(texts), dim)."""
    found = (glossary.gloss(text, vector) for text, vector in zip(texts, vectors, strict=True))
    return [Pair("gloss", gloss.english, gloss.dutch) for gloss in found if gloss]


def _frequent(pairs: Sequence[Pair]) -> Iterator[tuple[str, str, float]]:
    """Yield English words seen often in sentence pairs with each likely Dutch one and p(dutch | english)."""
    number: dict[str, int] = {}
    rows = [
        [[number.setdefault(w, len(number)) for w in dict.fromkeys(_words(side))] for side in (p.english, p.dutch)]
        for p in pairs
    ]
    word = list(number)
    found = align([r[0] for r in rows], [r[1] for r in rows], len(number))
    for row in np.flatnonzero(found.seen >= OFTEN):
        span = slice(found.start[row], found.start[row + 1])
        for k in np.flatnonzero(found.probability[span] > LEAST):
            yield word[row], word[found.english[span][k]], float(found.probability[span][k])


def _words(text: str) -> list[str]:
    return [m.group().lower() for m in WORD.finditer(text)]


def _lemmas(word: str) -> Iterator[str]:
    yield from (word[: -len(end)] + base for end, base in ENDINGS if word.endswith(end) and len(word) > len(end) + 2)


def _groups(pairs: Sequence[Pair], sizes: Sequence[int], rng: random.Random) -> Iterator[list[Pair]]:
    order = rng.sample(list(pairs), len(pairs))
    while order:
        size = rng.choice(sizes)
        yield order[-size:]
        del order[-size:]


def _joined(source: str, group: Sequence[Pair], between: str) -> Pair:
    return Pair(source, between.join(p.english for p in group), between.join(p.dutch for p in group))
