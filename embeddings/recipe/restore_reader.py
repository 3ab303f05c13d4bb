"""The shipped reader's weights as train_reader.py takes them, so that training goes on from there on another machine.

    python embeddings/recipe/restore_reader.py WEIGHTS.pt [--model embeddings/navo-reader-nl-en]

What int8 rounded off is lost (a hundredth of a weight or less); a few steps mend it.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from data import HERE
from readnet import network

BUNDLED = HERE.parent / "navo-minilm-nl-en"


def restored(model: Path, encoder: Path = BUNDLED) -> dict[str, Tensor]:
    """Return the state dict of the reader in `model`; `encoder` gives the shape."""
    held = {t.name: numpy_helper.to_array(t) for t in onnx.load(model / "onnx" / "model_int8.onnx").graph.initializer}
    state = network(encoder).state_dict()
    found: dict[str, np.ndarray] = {}
    for prefix in sorted({name.removesuffix(".int8") for name in held if name.endswith(".int8")} - {"words"}):
        weight = _widened(held[f"{prefix}.int8"], held[f"{prefix}.scale"])
        if prefix.endswith(".qkv"):
            base = f"bert.{prefix.removesuffix('.qkv')}.attention.self"
            for side, part, bias in zip(
                ("query", "key", "value"), np.split(weight, 3), np.split(held[f"{prefix}.bias"], 3), strict=True
            ):
                found[f"{base}.{side}.weight"], found[f"{base}.{side}.bias"] = part, bias
        elif prefix.endswith(".intermediate"):
            found[f"bert.{prefix}.dense.weight"], found[f"bert.{prefix}.dense.bias"] = weight, held[f"{prefix}.bias"]
        else:
            base = f"bert.{prefix}"
            found[f"{base}.weight"], found[f"{base}.bias"] = weight, held[f"{prefix}.bias"]
            norm = base.removesuffix(".dense") + ".LayerNorm"
            short = prefix.removesuffix(".dense")
            found[f"{norm}.weight"], found[f"{norm}.bias"] = held[f"{short}.norm.weight"], held[f"{short}.norm.bias"]
    for side in ("weight", "bias"):
        found[f"bert.embeddings.LayerNorm.{side}"] = held[f"embeddings.{side}"]
    found["bert.embeddings.word_embeddings.weight"] = held["words.int8"].astype(np.float32) * held["words.scale"]
    found["bert.embeddings.position_embeddings.weight"] = held["positions.table"]
    found["bert.embeddings.token_type_embeddings.weight"] = held["types.table"]
    found |= {"span.weight": held["span.matrix"].T, "span.bias": held["span.bias"]}
    found |= {"relevance.weight": held["relevance.matrix"].T, "relevance.bias": held["relevance.bias"]}
    if missing := set(state) - set(found):
        sys.exit(f"{model} lacks {sorted(missing)}: it is of another version of the recipe")
    for name, value in found.items():
        state[name].copy_(torch.from_numpy(np.array(value)))
    return state


def _widened(blocks: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Undo graph.quantise: float32 (out, in) of uint8 (out, blocks, block) and scales (out · blocks)."""
    out = blocks.shape[0]
    return ((blocks.astype(np.float32) - 128) * scales.reshape(out, -1, 1)).reshape(out, -1)


def main() -> None:
    """Write the weights to the path named on the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("weights", type=Path)
    made.add_argument("--model", type=Path, default=HERE.parent / "navo-reader-nl-en")
    made.add_argument("--encoder", type=Path, default=BUNDLED)
    options = made.parse_args()
    torch.save(restored(options.model, options.encoder), options.weights)


if __name__ == "__main__":
    main()
