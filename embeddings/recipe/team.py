"""Several processes that train one network together: each takes its own steps, now and then they meet in the middle.

    torchrun --nproc-per-node 2 embeddings/recipe/train_reader.py …

Two processes of one thread each outrun one of two threads wherever other programs want the cores as well. Weights are
averaged every few steps (local SGD; Stich, ICLR 2019). Without torchrun there is one process and nothing to average.
"""

import os
from collections.abc import Sequence

import torch
import torch.distributed as dist
from torch import Tensor

EVERY = 8  # steps between meetings


class Team:
    """The processes of a run; `rank` 0 logs, scores and saves."""

    def __init__(self) -> None:
        self.size = int(os.environ.get("WORLD_SIZE", "1"))
        if self.size > 1:
            dist.init_process_group("gloo")
        self.rank = dist.get_rank() if self.size > 1 else 0

    def wait(self) -> None:
        """Return once every process has come here."""
        if self.size > 1:
            dist.barrier()

    def meet(self, step: int, weights: Sequence[Tensor], seconds: float) -> float | None:
        """Average the weights where it is time to; return the seconds of the slowest then, else None."""
        if step % EVERY:
            return None
        if self.size == 1:
            return seconds
        flat = torch.cat([w.detach().flatten() for w in weights] + [torch.tensor([seconds])])
        dist.all_reduce(flat)
        flat /= self.size
        at = 0
        with torch.no_grad():
            for w in weights:
                w.copy_(flat[at : at + w.numel()].view_as(w))
                at += w.numel()
        return float(flat[-1])
