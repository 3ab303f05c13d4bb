"""Is this the answer? Exact match and token F1 as SQuAD defines them, on the tokens of `text/canonical.py`.

Rajpurkar et al., SQuAD, EMNLP 2016.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from navo_qa.text.canonical import is_number, tokens

SENTENCE = 60


def exact_match(given: str | None, accepted: Iterable[str]) -> float:
    """Return 1.0 where the answer's tokens equal those of an accepted answer, else 0.0."""
    return float(given is not None and any(tokens(given) == tokens(answer) for answer in accepted))


def token_f1(given: str | None, accepted: Iterable[str]) -> float:
    """Return the best F1 over the accepted answers: F1 = 2PR / (P + R) over the bags of tokens; 0.0 for no answer."""
    if given is None:
        return 0.0
    return max((_f1(tokens(given), tokens(answer)) for answer in accepted), default=0.0)


def is_right(given: str | None, accepted: Iterable[str], *, at_evidence: bool) -> bool:
    """Return whether a reader would accept the answer.

    Either its F1 with an accepted answer is at least one half and no number of that is lacking ("3 april 2025" shares
    two tokens of three with "4 april 2025" and is wrong); or it is cut from the evidence, holds an accepted answer
    whole and has at most 60 tokens: a sentence that says it.
    """
    if given is None:
        return False
    there = tokens(given)
    return any(
        (_f1(there, wanted) >= 0.5 and not Counter(filter(is_number, wanted)) - Counter(filter(is_number, there)))
        or (at_evidence and len(there) <= SENTENCE and holds(there, wanted))
        for wanted in map(tokens, accepted)
    )


def holds(there: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Return whether the wanted tokens stand side by side among those there."""
    n = len(wanted)
    return n > 0 and any(there[i : i + n] == wanted for i in range(len(there) - n + 1))


def _f1(given: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    common = sum((Counter(given) & Counter(wanted)).values())
    return 2 * common / (len(given) + len(wanted)) if common else 0.0
