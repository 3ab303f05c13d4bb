"""A reader with more layers, which reads as it did until it is trained on: copies that at first change nothing.

    python embeddings/recipe/deepen_reader.py WEIGHTS.pt DEEPER.pt --after 3 5

After each layer named (from 0) comes a copy of it whose two outputs are nought and whose norms undo what they take off,
on average over tokens of the field's passages. What the copies add is learnt. Chen et al., Net2Net, ICLR 2016.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from data import HERE, split_records
from reading import Reading, asked_of_records
from readnet import Sheets, layers_of, network, padded

BUNDLED = HERE.parent / "navo-minilm-nl-en"
LAYER = "bert.encoder.layer."
SAMPLE = 64  # questions whose tokens are measured


def deepened(state: dict[str, Tensor], after: list[int], spread: dict[int, tuple[float, float]]) -> dict[str, Tensor]:
    """Return the state dict with a copy after each layer named.

    spread: mean and standard deviation over dimensions of what each of these layers gives, averaged over tokens.
    """
    made = {name: value for name, value in state.items() if not name.startswith(LAYER)}
    number = 0
    for old in range(layers_of(state)):
        own = {n.removeprefix(f"{LAYER}{old}."): v for n, v in state.items() if n.startswith(f"{LAYER}{old}.")}
        made |= {f"{LAYER}{number}.{name}": value for name, value in own.items()}
        number += 1
        if old in after:
            made |= {f"{LAYER}{number}.{name}": value for name, value in _silent(own, *spread[old]).items()}
            number += 1
    return made


def _silent(own: dict[str, Tensor], mean: float, deviation: float) -> dict[str, Tensor]:
    """Return a copy of a layer that gives about what it is given."""
    copy = {name: value.clone() for name, value in own.items()}
    for part in ("attention.output", "output"):
        copy[f"{part}.dense.weight"].zero_()
        copy[f"{part}.dense.bias"].zero_()
        copy[f"{part}.LayerNorm.weight"].fill_(deviation)
        copy[f"{part}.LayerNorm.bias"].fill_(mean)
    return copy


def spread_of(state: dict[str, Tensor], encoder: Path, records: Path) -> dict[int, tuple[float, float]]:
    """Return of each layer the mean and standard deviation over dimensions of its output, averaged over tokens."""
    net = network(encoder, layers=layers_of(state))
    net.load_state_dict(state)
    asked = asked_of_records(split_records(records).dev)[:SAMPLE]
    readings = [Reading(a.versions[0], a.texts[:1], a.answers[:1], a.answerable) for a in asked]
    sheets = [sheet for group in Sheets(encoder).lay(readings) for sheet in group]
    ids, mask, types, _ = padded(sheets)
    with torch.no_grad():
        hidden = net.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types, output_hidden_states=True
        ).hidden_states[1:]
    real = mask.bool()
    return {
        n: (float(h[real].mean(-1).mean()), float(h[real].std(-1, unbiased=False).mean())) for n, h in enumerate(hidden)
    }


def main(arguments: list[str] | None = None) -> None:
    """Write the deeper weights to the path named on the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("weights", type=Path)
    made.add_argument("deeper", type=Path)
    made.add_argument("--after", type=int, nargs="+", required=True)
    made.add_argument("--encoder", type=Path, default=BUNDLED)
    made.add_argument("--records", type=Path, default=HERE / "data")
    options = made.parse_args(arguments)
    state = torch.load(options.weights, map_location="cpu", weights_only=True)
    torch.save(deepened(state, options.after, spread_of(state, options.encoder, options.records)), options.deeper)


if __name__ == "__main__":
    main()
