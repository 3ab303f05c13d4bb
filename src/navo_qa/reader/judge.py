"""Which stretch is the answer, and how likely is it right? Two small learned combinations of what speaks for each.

P(c) = exp(w·f(c)) / (1 + sum over all stretches of exp(w·f)); the 1 stands for "no answer". The one that is expected to
share most with the answer is chosen: minimum Bayes risk, Kumar and Byrne, HLT-NAACL 2004.
The chance that it is right is sigmoid(v·g), g what SURETY names. `eval/fit_reader.py` fits both on dev questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navo_qa.errors import UnknownReader
from navo_qa.vectors import inner

FILE = "reader.json"
FIRST = (
    "bias", "span", "relevance", "margin", "fits", "typed", "exact", "likeness", "overlap", "terms", "terms_before",
    "asks", "repeated", "retrieval", "first_document", "length", "named", "elsewhere", "digits", "absent_names",
    "absent_figures",
)  # fmt: skip
# Seen where a sentence is read after the one before it.
CLOSER = ("paired", "paired_best", "paired_relevance")
SIGNS = (*FIRST, *CLOSER)
RANKING = ("retrieval", "relevance", "span", "first_document", "answer")
UNLIKELY = -6.0  # the least that a passage's likeliest answer counts
SHARED = 3  # power of the token F1 that a stretch shares with another: half the words count for little
OF_CHOICE = ("span", "relevance", "paired", "paired_relevance", "retrieval", "first_document")  # signs as they are
SURETY = ("bias", "share", "mass", "best_paired_relevance", *OF_CHOICE)

Floats = NDArray[np.float64]


class Judge(BaseModel):
    """Weights of the signs of a stretch, of a passage and of a choice, and the threshold that ships.

    first: weights of the signs by which sentences are picked for a second look.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    first: dict[str, float]
    weights: dict[str, float]
    ranking: dict[str, float]
    surety: dict[str, float]
    threshold: float = Field(ge=0, le=1)

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Return the judge beside a network. Raises UnknownReader where its file cannot be read."""
        try:
            judge = cls.model_validate(json.loads((folder / FILE).read_text("utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            raise UnknownReader(str(folder), f"{FILE} cannot be read ({str(error).splitlines()[0]})") from error
        named = (judge.first, FIRST), (judge.weights, SIGNS), (judge.ranking, RANKING), (judge.surety, SURETY)
        if any(set(weights) != set(names) for weights, names in named):
            raise UnknownReader(str(folder), f"{FILE} has weights for other signs than this version reads")
        return judge

    @property
    def looks_closer(self) -> bool:
        """Whether it weighs what is seen of sentences read again."""
        return any(self.weights[name] for name in CLOSER)

    def first_logits(self, signs: Floats) -> Floats:
        """Return how likely each stretch looks before the second look, float64 (n, len(FIRST)) -> (n,)."""
        return np.asarray(inner(signs, np.array([self.first[name] for name in FIRST])), float)

    def logits(self, signs: Floats) -> Floats:
        """Return w·f for rows of signs, float64 (n, len(SIGNS)) -> (n,)."""
        return np.asarray(inner(signs, np.array([self.weights[name] for name in SIGNS])), float)

    def worth(self, signs: Floats, agreement: Floats) -> Floats:
        """Return how much of the answer each stretch is expected to be, float64 (n,), 0 to 1; the highest is chosen.

        signs: float64 (n, len(SIGNS)). agreement: float64 (n, n), token F1 of two that overlap or say the same, else 0.
        """
        return np.asarray(inner(agreement**SHARED, shares(self.logits(signs))), float)

    def chance(self, signs: Floats, chosen: int, agreement: Floats) -> float:
        """Return the chance that the chosen one of the stretches that compete is right.

        signs: float64 (n, len(SIGNS)). agreement: float64 (n,), that of each with the chosen one.
        """
        weights = np.array([self.surety[name] for name in SURETY])
        return float(1 / (1 + np.exp(-(self.signs_of_choice(signs, chosen, agreement) @ weights))))

    def signs_of_choice(self, signs: Floats, chosen: int, agreement: Floats) -> Floats:
        """Return what speaks for the choice, in the order of SURETY; agreement as in `chance`."""
        share = shares(self.logits(signs))
        found = (
            1.0,
            _log_odds(float(share[chosen])),
            _log_odds(float(share @ agreement)),
            signs[:, SIGNS.index("paired_relevance")].max(),
            *(signs[chosen, SIGNS.index(name)] for name in OF_CHOICE),
        )
        return np.array(found, float)

    def order(self, signs: Floats) -> Floats:
        """Return the score to rank passages by, float64 (n, len(RANKING)) -> (n,)."""
        return np.asarray(inner(signs, np.array([self.ranking[name] for name in RANKING])), float)


def with_answers(signs: Floats, logits: Floats, passages: Sequence[int]) -> Floats:
    """Return the passages' signs, float64 (m, len(RANKING) - 1), with the logit of the likeliest stretch in each.

    logits: float64 (n,), one a stretch; passages: the number of its passage.
    """
    best = np.full(len(signs), UNLIKELY)
    np.maximum.at(best, np.array(passages, int), logits)
    return np.concatenate([signs, best[:, None]], axis=1)


def shares(logits: Floats) -> Floats:
    """Return P of each stretch, float64 (n,) -> (n,)."""
    top = max(0.0, float(logits.max(initial=0.0)))
    weight = np.exp(logits - top)
    return np.asarray(weight / (np.exp(-top) + weight.sum()))


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))
