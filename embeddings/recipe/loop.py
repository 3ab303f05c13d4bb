"""A training run: schedule, optimiser, log, checkpoints to resume from, and the moving average of the weights."""

import json
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from model import Encoder, Halved

log = logging.getLogger("recipe")
Score = Callable[[Encoder], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how fast: whichever of steps and minutes ends first; rates of embeddings and layers."""

    minutes: float | None
    steps: int | None
    embeddings_rate: float
    layers_rate: float
    warmup: int = 100
    save_minutes: float = 4.0
    score_minutes: float = 8.0
    average: float = 0.99
    seed: int = 0


class Run:
    """One stage's training of an encoder, cut off and resumed at will."""

    def __init__(self, stage: str, encoder: Encoder, out: Path, pace: Pace) -> None:
        self.stage, self.encoder, self.out, self.pace = stage, encoder, out, pace
        self.half = Halved(encoder.network)
        encoder.trained = self.half.copy
        self.opt = optimiser(encoder.network, pace.embeddings_rate, pace.layers_rate)
        self.average = {name: value.detach().clone() for name, value in encoder.network.state_dict().items()}
        self.step, self.seconds, self.passes = 0, 0.0, 0
        self.saved = self.scored = 0.0
        self.losses: list[float] = []
        self.last = time.monotonic()

    @property
    def progress(self) -> float:
        """The share of the run that is done, 1 at its end."""
        by_step = self.step / self.pace.steps if self.pace.steps else 0.0
        by_time = self.seconds / 60 / self.pace.minutes if self.pace.minutes else 0.0
        return min(1.0, max(by_step, by_time))

    def advance(self, loss: Tensor) -> None:
        """Take one clipped step: linear warm-up, then cosine down to zero."""
        rate = min(1.0, (self.step + 1) / self.pace.warmup) * 0.5 * (1 + math.cos(math.pi * self.progress))
        for group in self.opt.param_groups:
            group["lr"] = group["base"] * rate
        loss.backward()  # type: ignore[no-untyped-call]
        self.half.collect()
        nn.utils.clip_grad_norm_(self.encoder.network.parameters(), 1.0)
        self.opt.step()
        self.opt.zero_grad(set_to_none=True)
        self.half.refresh()
        self._average()
        self.losses.append(loss.item())
        now = time.monotonic()
        self.step, self.seconds, self.last = self.step + 1, self.seconds + now - self.last, now
        if self.step % 50 == 0:
            self.record({"loss": sum(self.losses) / len(self.losses)})
            self.losses.clear()

    def tend(self, score: Score, extra: dict[str, Tensor] | None = None) -> None:
        """Save and score where their minutes have passed; a scored network leaves its average as a snapshot."""
        if self.seconds - self.saved > 60 * self.pace.save_minutes:
            self.save(extra)
        if self.seconds - self.scored > 60 * self.pace.score_minutes:
            self.scored = self.seconds
            self.record(score(self.encoder))
            torch.save(self.average, self.out / f"{self.stage}-{self.step}.pt")

    def record(self, figures: dict[str, float]) -> None:
        """Append one line to log.jsonl: stage, step, minutes, and losses or dev scores."""
        line: dict[str, object] = {"stage": self.stage, "step": self.step, "minutes": round(self.seconds / 60, 2)}
        line |= {name: round(value, 4) for name, value in figures.items()}
        log.info("%s", line)
        with (self.out / "log.jsonl").open("a", encoding="utf8") as stream:
            stream.write(json.dumps(line) + "\n")

    def save(self, extra: dict[str, Tensor] | None = None) -> None:
        """Write all that a resumed run needs, atomically."""
        self.saved = self.seconds
        state: dict[str, object] = {"step": self.step, "seconds": self.seconds, "passes": self.passes}
        state |= {"network": self.encoder.network.state_dict(), "opt": self.opt.state_dict()}
        state |= {"average": self.average, "extra": extra or {}}
        part = self.out / f"{self.stage}.part"
        torch.save(state, part)
        part.replace(self.out / f"{self.stage}.state")

    def resume(self) -> dict[str, Tensor]:
        """Take up a saved run where there is one; return what was saved beside it."""
        path = self.out / f"{self.stage}.state"
        if not path.exists():
            return {}
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.encoder.network.load_state_dict(state["network"])
        self.half.refresh()
        self.opt.load_state_dict(state["opt"])
        self.average = {name: value.to(self.average[name].device) for name, value in state["average"].items()}
        self.step, self.seconds, self.passes = int(state["step"]), float(state["seconds"]), int(state["passes"])
        self.saved = self.scored = self.seconds
        log.info("%s resumed at step %d, %.1f minutes", self.stage, self.step, self.seconds / 60)
        return dict(state["extra"])

    def finish(self, path: Path, score: Score) -> None:
        """Write the last weights to `path` and their moving average beside it, with their dev scores."""
        torch.save(self.encoder.network.state_dict(), path)
        self.record(score(self.encoder))
        torch.save(self.average, path.with_suffix(".average.pt"))

    def _average(self) -> None:
        decay = min(self.pace.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for name, value in self.encoder.network.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - decay)


def optimiser(network: nn.Module, embeddings: float, layers: float) -> torch.optim.AdamW:
    """Return AdamW with its own learning rate for the word embeddings, which move most."""
    named = list(network.named_parameters())
    words = [p for n, p in named if "word_embeddings" in n]
    rest = [p for n, p in named if "word_embeddings" not in n]
    groups = [{"params": words, "lr": embeddings, "base": embeddings}, {"params": rest, "lr": layers, "base": layers}]
    return torch.optim.AdamW(groups, weight_decay=0.0, fused=True)
