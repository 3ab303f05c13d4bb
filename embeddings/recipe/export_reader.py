"""The trained reader as a folder: ONNX with int8 weights, and its tokenizer; nothing else is needed to run it.

python embeddings/recipe/export_reader.py WEIGHTS.pt --model embeddings/navo-reader-nl-en
"""

import argparse
import shutil
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer

import graph
from data import HERE
from export import HEADS
from readnet import LIMIT

BUNDLED = HERE.parent / "navo-minilm-nl-en"


def export(weights: Path, encoder: Path, folder: Path, precision: graph.Precision = "int8") -> None:
    """Write onnx/model_int8.onnx (or onnx/model.onnx) and tokenizer.json; what else is in the folder is left alone."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    state = torch.load(weights, map_location="cpu", weights_only=True)
    model = graph.build_reader({name: value.float().numpy() for name, value in state.items()}, HEADS, precision)
    onnx.save(model, folder / "onnx" / ("model_int8.onnx" if precision == "int8" else "model.onnx"))
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LIMIT, strategy="only_second")
    tokenizer.save(str(folder / "tokenizer.json"))
    if not (folder / "LICENSE").exists() and (encoder / "LICENSE").exists():
        shutil.copy(encoder / "LICENSE", folder / "LICENSE")


def main(arguments: list[str] | None = None) -> None:
    """Export the weights named on the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("weights", type=Path)
    made.add_argument("--encoder", type=Path, default=BUNDLED, help="where the tokenizer is")
    made.add_argument("--model", type=Path, default=HERE.parent / "navo-reader-nl-en")
    made.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    options = made.parse_args(arguments)
    export(options.weights, options.encoder, options.model, options.precision)


if __name__ == "__main__":
    main()
