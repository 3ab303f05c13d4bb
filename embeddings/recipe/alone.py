"""A question put to single sentences, as the reader's second look puts it: each by itself under its title."""

import random
from collections.abc import Sequence

from data import sentence_spans
from reading import Reading, Text

OTHERS = 4  # sentences beside the one that answers

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
    chosen = [s for s in cut if any(s[0] <= a and b <= s[1] for a, b in spans)] if spans else clear
    if not chosen:
        return reading
    first = rng.choice(chosen)
    found: list[tuple[Text, Answers]] = [(_only(own, first), _moved(spans, first))]
    beside = [s for s in clear if s != first]
    found += [(_only(own, s), ()) for s in rng.sample(beside, min(len(beside), OTHERS - len(reading.texts) + 1))]
    for text in reading.texts[1:]:
        found.append((_only(text, rng.choice(sentence_spans(text.passage))), ()))
    return Reading(reading.question, *(tuple(side) for side in zip(*found, strict=True)), reading.answerable)  # type: ignore[arg-type]


def _only(text: Text, sentence: tuple[int, int]) -> Text:
    return Text(text.context, text.passage[slice(*sentence)])


def _moved(spans: Sequence[tuple[int, int]], sentence: tuple[int, int]) -> Answers:
    start, end = sentence
    return tuple((a - start, b - start) for a, b in spans if start <= a and b <= end)


def _touched(sentence: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(a < sentence[1] and b > sentence[0] for a, b in spans)
