"""Which stretch is the answer, and how likely is it right? A small learned combination of what speaks for each.

P(c) = exp(w·f(c)) / (1 + sum over all stretches of exp(w·f)); the 1 stands for "no answer". The chance given is
sigmoid(a·logit P(c) + b), fitted so that it means what it says. `eval/fit_reader.py` fits both on dev questions.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navo_qa.errors import UnknownReader

FILE = "reader.json"
SIGNS = (
    "bias", "span", "relevance", "leading", "margin", "fits", "typed", "spelled", "similarity", "likeness",
    "overlap", "terms", "repeated", "retrieval", "length", "english", "named", "elsewhere", "digits",
    "absent_names", "absent_figures",
)  # fmt: skip
RANKING = ("retrieval", "relevance", "span")

Floats = NDArray[np.float64]


class Judge(BaseModel):
    """Weights of the signs of a stretch and of a passage, the calibration, and the threshold that ships."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    weights: dict[str, float]
    ranking: dict[str, float]
    slope: float = Field(gt=0)
    offset: float
    threshold: float = Field(ge=0, le=1)

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Return the judge beside a network. Raises UnknownReader where its file cannot be read."""
        try:
            judge = cls.model_validate(json.loads((folder / FILE).read_text("utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            raise UnknownReader(str(folder), f"{FILE} cannot be read ({str(error).splitlines()[0]})") from error
        if set(judge.weights) != set(SIGNS) or set(judge.ranking) != set(RANKING):
            raise UnknownReader(str(folder), f"{FILE} has weights for other signs than this version reads")
        return judge

    def logits(self, signs: Floats) -> Floats:
        """Return w·f for rows of signs, float64 (n, len(SIGNS)) -> (n,)."""
        return np.asarray(signs @ np.array([self.weights[name] for name in SIGNS]))

    def chances(self, logits: Floats) -> Floats:
        """Return the calibrated chance of each of the stretches that compete, float64 (n,)."""
        if not len(logits):
            return logits
        top = max(0.0, float(logits.max()))
        weight = np.exp(logits - top)
        share = weight / (np.exp(-top) + weight.sum())
        odds = np.log(np.clip(share, 1e-9, 1 - 1e-9) / np.clip(1 - share, 1e-9, 1))
        return np.asarray(1 / (1 + np.exp(-(self.slope * odds + self.offset))))

    def order(self, signs: Floats) -> Floats:
        """Return the score to rank passages by, float64 (n, len(RANKING)) -> (n,)."""
        return np.asarray(signs @ np.array([self.ranking[name] for name in RANKING]))
