"""Which weights to ship: a greedy soup of the snapshots, by dev scores.

Contrast soon knows its training passages by heart; the mean of an early, a late and an untouched network less so: it
finds unseen ones better.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from loop import Score
from model import Encoder

log = logging.getLogger("recipe")
State = Mapping[str, Tensor]


def choose(encoder: Encoder, out: Path, score: Score) -> list[str]:
    """Write chosen.pt, the soup of most worth on dev, and return the names of its ingredients.

    Greedy soup: best first, each further snapshot stays if the mean with it scores higher. Wortsman et al., ICML 2022.
    Snapshots: distilled.pt and every contrast*.pt in `out` (runs of other seeds may be copied there).
    """
    paths = [out / "distilled.pt", *sorted(out.glob("contrast*.pt"))]
    states = {path.stem: torch.load(path, map_location="cpu", weights_only=True) for path in paths}
    alone = {name: tasted(encoder, state, name, score) for name, state in states.items()}
    order = sorted(alone, key=lambda name: -alone[name])
    soup, best = [order[0]], alone[order[0]]
    for name in order[1:]:
        mixed = mean([states[other] for other in [*soup, name]])
        value = tasted(encoder, mixed, " + ".join([*soup, name]), score)
        if value > best:
            soup, best = [*soup, name], value
    chosen = mean([states[name] for name in soup])
    encoder.network.load_state_dict(chosen)
    torch.save(dict(chosen), out / "chosen.pt")
    log.info("chosen: %s", " + ".join(soup))
    return soup


def tasted(encoder: Encoder, state: State, name: str, score: Score) -> float:
    """Return the worth of one set of weights on dev."""
    encoder.network.load_state_dict(state)
    figures = score(encoder)
    log.info("%s: %.4f %s", name, worth(figures), {key: round(value, 4) for key, value in figures.items()})
    return worth(figures)


def mean(states: Sequence[State], shares: Sequence[float] | None = None) -> State:
    """Return the mean of networks, weighted by their shares if given."""
    shares = shares or [1.0] * len(states)
    total = sum(shares)
    return {
        name: sum(state[name].float() * (share / total) for state, share in zip(states, shares, strict=True))
        for name in states[0]
    }  # type: ignore[return-value]


def worth(figures: Mapping[str, float]) -> float:
    """Return one figure of dev scores: a hundredth of MRR or bitext accuracy weighs as one point of Spearman."""
    sts = [value / 100 for name, value in figures.items() if name.startswith("sts")]
    shares = [value for name, value in figures.items() if name.startswith(("bitext", "mrr"))]
    return sum(sts) + sum(shares)
