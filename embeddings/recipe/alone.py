"""A question put to single sentences, as the reader's second look puts it: by themselves or after the one before."""

import random
from collections.abc import Sequence

from data import ROW, sentence_spans
from reading import Reading, Text

OTHERS = 4  # sentences beside the one that answers
PAIRED = 0.5  # share of readings whose sentences come with the one before them

Answers = tuple[tuple[int, int], ...]


def by_sentence(reading: Reading, rng: random.Random) -> Reading:
    """Return the reading with a sentence in place of each passage, and others of the passage that was its own.

    The sentence that holds an answer is one; those that hold part of one, or repeat one, are none. A reading whose
    answers all cross a sentence's end comes back as it is.
    """
    own, spans = reading.texts[0], reading.answers[0]
    cut = sentence_spans(own.passage)
    held = {own.passage[a:b].casefold() for a, b in spans}
    clear = [s for s in cut if not _touched(s, spans) and not any(h in own.passage[slice(*s)].casefold() for h in held)]
    answering = [s for s in cut if any(s[0] <= a and b <= s[1] for a, b in spans)]
    chosen = answering if spans else clear
    if not chosen:
        return reading
    paired = rng.random() < PAIRED
    first = rng.choice(chosen)
    beside = [s for s in clear if s != first]
    others = rng.sample(beside, min(len(beside), OTHERS - len(reading.texts) + 1))
    found: list[tuple[Text, Answers]] = []
    for sentence in (first, *others):
        whole = _with_what_precedes(own.passage, sentence, cut, {*clear, *answering}) if paired else sentence
        found.append((_only(own, whole), _moved(spans, whole)))
    for text in reading.texts[1:]:
        cut = sentence_spans(text.passage)
        sentence = rng.choice(cut)
        whole = _with_what_precedes(text.passage, sentence, cut, set(cut)) if paired else sentence
        found.append((_only(text, whole), ()))
    return Reading(reading.question, *(tuple(side) for side in zip(*found, strict=True)), reading.answerable)  # type: ignore[arg-type]


def _with_what_precedes(
    passage: str, sentence: tuple[int, int], cut: Sequence[tuple[int, int]], fit: set[tuple[int, int]]
) -> tuple[int, int]:
    """Return the sentence with the one before it, a row with its table so far and what stands above that; as far back
    as there is one that is fit to be read.
    """
    row = ROW in passage[slice(*sentence)]
    first = at = cut.index(sentence)
    while first and cut[first - 1] in fit and (first == at or row and ROW in passage[slice(*cut[first])]):
        first -= 1
    return cut[first][0], sentence[1]


def _only(text: Text, sentence: tuple[int, int]) -> Text:
    return Text(text.context, text.passage[slice(*sentence)])


def _moved(spans: Sequence[tuple[int, int]], sentence: tuple[int, int]) -> Answers:
    start, end = sentence
    return tuple((a - start, b - start) for a, b in spans if start <= a and b <= end)


def _touched(sentence: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(a < sentence[1] and b > sentence[0] for a, b in spans)
