"""Which weights to ship: the last, their moving average, or a mix with the weights before contrast, by dev scores."""

import logging
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from loop import Score
from model import Encoder

log = logging.getLogger("recipe")
State = Mapping[str, Tensor]


def choose(encoder: Encoder, out: Path, score: Score) -> str:
    """Write chosen.pt, the candidate of most worth on dev, load it into the encoder, and return its name."""
    before, last, average = (
        torch.load(out / name, map_location="cpu", weights_only=True)
        for name in ("distilled.pt", "contrast.pt", "contrast.average.pt")
    )
    candidates = {"last": last, "average": average, "average, a quarter distilled": mix(average, before, 0.25)}
    found = {}
    for name, state in candidates.items():
        encoder.network.load_state_dict(state)
        figures = score(encoder)
        found[name] = worth(figures)
        log.info("%s: %.4f %s", name, found[name], figures)
    best = max(found, key=found.__getitem__)
    encoder.network.load_state_dict(candidates[best])
    torch.save(dict(candidates[best]), out / "chosen.pt")
    log.info("chosen: %s", best)
    return best


def mix(state: State, other: State, share: float) -> State:
    """Return (1 − share) · state + share · other. Wortsman et al., CVPR 2022."""
    return {name: torch.lerp(value, other[name], share) for name, value in state.items()}


def worth(figures: Mapping[str, float]) -> float:
    """Return one figure of dev scores: a hundredth of MRR or bitext accuracy weighs as one point of Spearman."""
    sts = [value / 100 for name, value in figures.items() if name.startswith("sts")]
    shares = [value for name, value in figures.items() if name.startswith(("bitext", "mrr"))]
    return sum(sts) + sum(shares)
