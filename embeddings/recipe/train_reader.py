"""Make the bundled reader from the bundled encoder: English questions first, then those of the field.

    python embeddings/recipe/train_reader.py --data ../shared/data --out DIR

Stages: english (SQuAD form, DATA/qa), field (RECORDS/*.jsonl, both languages). Each leaves STAGE.pt in DIR; one that
is there is skipped, one that was cut off resumes from its STAGE.state.
"""

import argparse
import json
import logging
import math
import random
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import nn

import readscore
from alone import by_sentence
from augment import Gloss, Glossary
from data import HERE, Record, Split, read_records, sentence_pairs, split_records, word_pairs
from distill import teacher_vectors
from model import Halved, restore, student
from reading import Asked, Reading, Shelf, asked_of_records, asked_of_squad, put
from readnet import ReaderNet, Sheet, Sheets, loss, network
from team import EVERY, Team

log = logging.getLogger("recipe")
BUNDLED = HERE.parent / "navo-minilm-nl-en"
STEP_TOKENS = 3072
DEV_SHARE = 11  # odd, for the languages alternate: every eleventh dev question scores a run under way
EASY = 12_000
DRAWN = 192  # questions drawn at a time, cut into batches of like length
ALONE = 0.4  # share of questions put to single sentences
NEGATIVES = (0, 1, 2, 4), (0.2, 0.4, 0.25, 0.15)  # further passages beside a question's own, and how often


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--data", type=Path, required=True, help="folder with qa/*.json in SQuAD form")
    made.add_argument("--records", type=Path, default=HERE / "data", help="folder of *.jsonl records")
    made.add_argument("--encoder", type=Path, default=BUNDLED, help="the encoder to start from")
    made.add_argument("--out", type=Path, required=True, help="working folder: checkpoints, log.jsonl")
    made.add_argument("--stages", nargs="+", default=["english", "field"])
    made.add_argument("--english-minutes", type=float, default=30.0)
    made.add_argument("--field-minutes", type=float, default=60.0)
    made.add_argument("--field-share", type=float, default=0.8, help="of the field's questions in its stage")
    made.add_argument("--often", nargs="*", default=[], help="files in RECORDS whose questions are drawn more often")
    made.add_argument("--times", type=int, default=3, help="how often these are drawn for once of the others")
    made.add_argument("--rate", type=float, default=1.5e-4)
    made.add_argument("--weights", type=Path, help="weights to begin the first stage with")
    made.add_argument("--threads", type=int, default=torch.get_num_threads())
    made.add_argument("--seed", type=int, default=0)
    return made


def main(arguments: list[str] | None = None) -> None:
    """Run the chosen stages in order."""
    options = parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    team = Team()
    torch.manual_seed(options.seed + team.rank)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    split = with_letters(split_records(options.records))
    field = Field([*split.train, *split.dev, *split.test], len(split.train), len(split.dev))
    field.train += field.of(field.train, options.records, options.often) * (options.times - 1)
    if team.rank == 0:
        glosses_of(options)  # written once, for all processes
    team.wait()
    english = english_questions(options, len(field.records))
    log.info("%d questions of the field, %d English ones", len(field.train), len(english))
    weights = options.weights
    for stage in options.stages:
        minutes, share = (
            (options.english_minutes, 0.25) if stage == "english" else (options.field_minutes, options.field_share)
        )
        net = network(options.encoder)
        if weights is not None:
            net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        Stage(stage, net, Sheets(options.encoder), options, team).train(field, english, minutes, share)
        weights = options.out / f"{stage}.pt"


def with_letters(split: Split) -> Split:
    """Return the split with one letter in seven held out as well, by its name, half for dev and half for test.

    The encoder trains on all of them; the reader needs look-alike letters that it has not read.
    """
    letters = {r.letter: zlib.crc32(r.letter.encode()) % 14 for r in split.train if r.letter}
    dev, test = ({letter for letter, number in letters.items() if number == chosen} for chosen in (0, 7))
    return Split(
        [r for r in split.train if r.letter not in dev | test],
        [*split.dev, *(r for r in split.train if r.letter in dev)],
        [*split.test, *(r for r in split.train if r.letter in test)],
    )


def english_questions(options: argparse.Namespace, first_key: int) -> list[Asked]:
    """Return the English questions, glossed in Dutch as well; of those over single sentences (QAMR), a sample."""
    found = list(asked_of_squad(options.data / "qa", first_key, glosses_of(options)))
    easy = [a for a in found if a.kind.startswith("qamr")]
    hard = [a for a in found if not a.kind.startswith("qamr")]
    return hard + random.Random(options.seed).sample(easy, min(len(easy), EASY))


def glosses_of(options: argparse.Namespace) -> dict[str, Gloss]:
    """Return glosses of English passages and questions by their text; made once, kept in glosses.jsonl.

    They need the dictionary; without one there are none. A question in one language meets its passage in the other.
    """
    path = options.out / "glosses.jsonl"
    if not path.exists():
        texts = list(dict.fromkeys(text for a in asked_of_squad(options.data / "qa", 0) for text in _texts(a)))
        made: list[Gloss | None] = []
        if texts and (options.data / "dictionary").exists():
            restore(options.encoder, options.out)
            encoder = student(options.out, options.out / "begun.pt")
            glossary = Glossary(
                sentence_pairs(options.data, options.records), word_pairs(options.data, options.records), encoder.encode
            )
            made = [glossary.gloss(*pair) for pair in zip(texts, teacher_vectors(texts, options.out), strict=True)]
        lines = (json.dumps({"english": g.english, "parts": g.parts}) for g in made if g)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf8")
    kept = (json.loads(line) for line in path.read_text(encoding="utf8").split("\n") if line)
    return {k["english"]: Gloss(k["english"], [tuple(part) for part in k["parts"]]) for k in kept}


def _texts(asked: Asked) -> tuple[str, ...]:
    return (*asked.versions, *(text.passage for text in asked.texts))


class Field:
    """The questions of the field, and the shelf of texts that negatives come from."""

    def __init__(self, records: list[Record], train: int, dev: int) -> None:
        self.records = records
        asked = asked_of_records(records)
        self.train = [a for a in asked if a.key < train]
        self.dev = [a for a in asked if train <= a.key < train + dev]
        self.test = [a for a in asked if a.key >= train + dev]
        self.shelf = Shelf(records, asked)

    def of(self, asked: list[Asked], folder: Path, names: Sequence[str]) -> list[Asked]:
        """Return those questions whose record stands in one of the named files of the folder."""
        held = {_passages(record) for name in names for record in read_records(folder / name)}
        return [a for a in asked if _passages(self.records[a.key]) in held]


def _passages(record: Record) -> tuple[str, str]:
    return record.dutch_passage, record.english_passage


class Stage:
    """One stage's run, cut off and resumed at will; its weights are averaged over steps.

    Gradients are those of a copy in bfloat16; steps are taken in float32.
    """

    def __init__(self, name: str, net: ReaderNet, sheets: Sheets, options: argparse.Namespace, team: Team) -> None:
        self.name, self.net, self.sheets, self.options, self.team = name, net, sheets, options, team
        self.half = Halved(net, "bert")
        rest = [p for n, p in net.named_parameters() if p.requires_grad and n.startswith("bert")]
        heads = [p for n, p in net.named_parameters() if not n.startswith("bert")]
        groups = [{"params": rest, "base": options.rate}, {"params": heads, "base": options.rate * 4}]
        self.opt = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01)
        self.average = {n: v.detach().clone() for n, v in net.state_dict().items()}
        self.step, self.seconds, self.saved, self.scored = 0, 0.0, 0.0, 0.0

    def train(self, field: Field, english: list[Asked], minutes: float, share: float) -> None:
        """Train until the minutes have passed; write NAME.pt (averaged weights)."""
        path = self.options.out / f"{self.name}.pt"
        if path.exists():
            return
        self._resume()
        dev = readscore.dev_readings(field.dev, field.shelf)
        rng = random.Random((self.options.seed * 1000 + self.step) * 100 + self.team.rank)
        weights = [p for p in self.net.parameters() if p.requires_grad]
        losses: list[float] = []
        last = time.monotonic()
        for groups, known in self._batches(field, english, share, rng):
            losses.append(self._advance(groups, known, self.seconds / 60 / minutes))
            now = time.monotonic()
            self.seconds, last = self.seconds + now - last, now
            if (agreed := self.team.meet(self.step, weights, self.seconds)) is None:
                continue
            self.seconds = agreed
            if self.step % (EVERY * 5) == 0:
                self._record({"loss": sum(losses) / len(losses)})
                losses.clear()
            if self.seconds > 60 * minutes:
                break
            if self.team.rank == 0 and self.seconds - self.saved > 240:
                self._save()
            if self.team.rank == 0 and self.seconds - self.scored > 1200:
                self.scored = self.seconds
                self._record(readscore.score(self.net, self.sheets, dev[::DEV_SHARE]))
                last = time.monotonic()
        if self.team.rank == 0:
            self.net.load_state_dict(self.average)
            torch.save(self.average, path)
            self._record(readscore.score(self.net, self.sheets, dev[::DEV_SHARE]))

    def _batches(
        self, field: Field, english: list[Asked], share: float, rng: random.Random
    ) -> Iterator[tuple[list[list[Sheet]], list[bool]]]:
        decks = Deck(field.train, rng), Deck(english, rng)
        while True:
            readings: list[Reading] = []
            for _ in range(DRAWN):
                if rng.random() < share or not english:
                    reading = put(decks[0].draw(), field.shelf, rng.choices(*NEGATIVES)[0], rng)
                else:
                    reading = put(decks[1].draw(), field.shelf, 0, rng)
                readings.append(by_sentence(reading, rng) if rng.random() < ALONE else reading)
            laid = self.sheets.lay(readings)
            order = sorted(range(len(laid)), key=lambda i: max(len(s.ids) for s in laid[i]))
            cut: list[list[int]] = [[]]
            for i in order:
                width = max(len(s.ids) for s in laid[i])
                if cut[-1] and width * (sum(len(laid[j]) for j in cut[-1]) + len(laid[i])) > STEP_TOKENS:
                    cut.append([])
                cut[-1].append(i)
            rng.shuffle(cut)
            for chosen in cut:
                yield [laid[i] for i in chosen], [readings[i].answerable for i in chosen]

    def _advance(self, groups: list[list[Sheet]], known: list[bool], progress: float) -> float:
        rate = min(1.0, (self.step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        for group in self.opt.param_groups:
            group["lr"] = group["base"] * rate
        value = self._differentiate(groups, known)
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.opt.step()
        self.opt.zero_grad(set_to_none=True)
        self.step += 1
        decay = min(0.995, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for name, tensor in self.net.state_dict().items():
                if tensor.is_floating_point() and "word_embeddings" not in name:
                    self.average[name].lerp_(tensor, 1 - decay)
        return value

    def _differentiate(self, groups: list[list[Sheet]], known: list[bool]) -> float:
        """Leave gradients with the network's weights; return the loss."""
        self.half.refresh()
        value = loss(self.half.copy, groups, known)
        value.backward()  # type: ignore[no-untyped-call]
        self.half.collect()
        return float(value.item())

    def _record(self, figures: dict[str, float]) -> None:
        if self.team.rank:
            return
        line: dict[str, object] = {"stage": self.name, "step": self.step, "minutes": round(self.seconds / 60, 2)}
        line |= {name: round(value, 4) for name, value in figures.items()}
        log.info("%s", line)
        with (self.options.out / "log.jsonl").open("a", encoding="utf8") as stream:
            stream.write(json.dumps(line) + "\n")

    def _save(self) -> None:
        self.saved = self.seconds
        state = {"step": self.step, "seconds": self.seconds, "net": self.net.state_dict()}
        state |= {"opt": self.opt.state_dict(), "average": self.average}
        part = self.options.out / f"{self.name}.part"
        torch.save(state, part)
        part.replace(self.options.out / f"{self.name}.state")

    def _resume(self) -> None:
        path = self.options.out / f"{self.name}.state"
        if not path.exists():
            return
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.net.load_state_dict(state["net"])
        self.opt.load_state_dict(state["opt"])
        self.average, self.step, self.seconds = state["average"], int(state["step"]), float(state["seconds"])
        self.saved = self.scored = self.seconds
        log.info("%s resumed at step %d, %.1f minutes", self.name, self.step, self.seconds / 60)


class Deck:
    """Questions dealt in random order, all of them before any returns."""

    def __init__(self, cards: list[Asked], rng: random.Random) -> None:
        self.cards, self.rng, self.left = cards, rng, list[int]()

    def draw(self) -> Asked:
        """Return the next question."""
        if not self.left:
            self.left = self.rng.sample(range(len(self.cards)), len(self.cards))
        return self.cards[self.left.pop()]


if __name__ == "__main__":
    main()
