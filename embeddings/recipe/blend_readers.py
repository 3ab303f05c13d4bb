"""Weights of several readers as one, their weighted mean, and how well it reads what was held out.

    python embeddings/recipe/blend_readers.py OUT.pt WEIGHTS.pt=2 OTHER.pt=1 [--unread extra-letters-debates.jsonl]

Networks that began from the same weights read best in the mean. Prints F1, exact match, MRR and AUC (`readscore.py`)
on the dev questions, and on those of files that none of them trained on.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

import readscore
from choose import mean
from data import HERE, split_records
from reading import Asked
from readnet import Sheets, network
from train_reader import BUNDLED, Field, with_letters


def main(arguments: list[str] | None = None) -> None:
    """Write the mean and print its scores, a JSON object a line."""
    options = parser().parse_args(arguments)
    parts = [part.rpartition("=") if "=" in part else (part, "", "1") for part in options.weights]
    states = [torch.load(path, map_location="cpu", weights_only=True) for path, _, _ in parts]
    blended = mean(states, [float(share) for *_, share in parts])
    torch.save(blended, options.out)
    net = network(options.encoder)
    net.load_state_dict(blended)
    sheets = Sheets(options.encoder)
    split = with_letters(split_records(options.records))
    field = Field([*split.train, *split.dev, *split.test], len(split.train), len(split.dev))
    for name, asked in sets(field, options).items():
        readings = readscore.dev_readings(asked[:: options.every], field.shelf)
        figures = readscore.score(net, sheets, readings)
        line = {"set": name, "questions": len(readings), **{k: round(v, 4) for k, v in figures.items()}}
        sys.stdout.write(json.dumps(line) + "\n")


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("out", type=Path)
    made.add_argument("weights", nargs="+", help="WEIGHTS.pt or WEIGHTS.pt=SHARE")
    made.add_argument("--records", type=Path, default=HERE / "data", help="folder of *.jsonl records")
    made.add_argument("--encoder", type=Path, default=BUNDLED, help="the encoder that gives the shape")
    made.add_argument("--unread", nargs="*", default=[], help="files in RECORDS that none has trained on")
    made.add_argument("--every", type=int, default=4, help="one question in so many is asked")
    return made


def sets(field: Field, options: argparse.Namespace) -> dict[str, list[Asked]]:
    """Return the questions by the name of their set: dev without the files unread, and each of these whole."""
    every = [*field.train, *field.dev, *field.test]
    files = {name: field.of(every, options.records, [name]) for name in options.unread}
    unread = {asked.key for found in files.values() for asked in found}
    return {"dev": [asked for asked in field.dev if asked.key not in unread], **files}


if __name__ == "__main__":
    main()
