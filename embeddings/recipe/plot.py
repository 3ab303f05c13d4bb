"""Plots of log.jsonl: losses by minute, dev scores by minute, one panel a stage."""

import json
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402  # the backend is chosen first
from matplotlib.figure import Figure  # noqa: E402

Series = dict[str, list[tuple[float, float]]]
SCORES = ("bitext", "sts", "mrr")


def plot(path: Path, folder: Path) -> list[Path]:
    """Write losses.png and scores.png of the log at `path` into `folder`; return their paths."""
    stages: dict[str, Series] = defaultdict(lambda: defaultdict(list))
    for text in path.read_text(encoding="utf8").splitlines():
        line = json.loads(text)
        for name, value in line.items():
            if name == "loss" or name.startswith(SCORES):
                stages[line["stage"]][name].append((line["minutes"], value))
    losses = {stage: {"loss": series["loss"]} for stage, series in stages.items() if "loss" in series}
    return [_losses(losses, folder / "losses.png"), _scores(stages, folder / "scores.png")]


def _losses(stages: dict[str, Series], path: Path) -> Path:
    figure, axes = plt.subplots(1, max(1, len(stages)), figsize=(5 * max(1, len(stages)), 3.5), squeeze=False)
    for axis, (stage, series) in zip(axes[0], stages.items(), strict=False):
        axis.plot(*zip(*series["loss"], strict=True))
        axis.set(title=stage, xlabel="minutes", ylabel="loss, mean of 50 steps")
    return _save(figure, path)


def _scores(stages: dict[str, Series], path: Path) -> Path:
    figure, axes = plt.subplots(len(SCORES), max(1, len(stages)), figsize=(5 * max(1, len(stages)), 8), squeeze=False)
    for column, (stage, series) in enumerate(stages.items()):
        for row, prefix in enumerate(SCORES):
            axis = axes[row][column]
            for name, points in series.items():
                if name.startswith(prefix):
                    axis.plot(*zip(*points, strict=True), marker="o", label=name)
            axis.set(title=f"{stage}: {prefix} (dev)", xlabel="minutes")
            if axis.lines:
                axis.legend()
    return _save(figure, path)


def _save(figure: Figure, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path
