"""Make the bundled Dutch-English encoder: vocabulary, distillation, contrast, whitening, export, evaluation, plots.

    python embeddings/recipe/train.py --data ../shared/data --out DIR

Each stage leaves its files in DIR; a stage whose result is there is skipped, one that was cut off is resumed.
"""

import argparse
import logging
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import align
import augment
import choose
import contrast
import distill
import evaluate
import export
import measures
import plot
import vocabulary
import whiten
from data import HERE, Pair, read_pairs, read_squad, sentence_pairs, split_records, word_pairs
from loop import Pace, Score
from model import Encoder, exported, restore, student, teacher

log = logging.getLogger("recipe")


def main(arguments: list[str] | None = None) -> None:
    """Run the chosen stages in order."""
    options = parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    for name in options.stages:
        log.info("stage %s", name)
        STAGES[name](options)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--data", type=Path, required=True, help="folder with parallel/, dictionary/, qa/ and eval/")
    made.add_argument("--records", type=Path, default=HERE / "data", help="folder of *.jsonl records and lexicon.tsv")
    made.add_argument("--out", type=Path, required=True, help="working folder: checkpoints, log.jsonl")
    made.add_argument("--model", type=Path, help="folder to export to; OUT/model if not given")
    made.add_argument("--begin", type=Path, help="folder of an exported model to train on with, its vocabulary kept")
    made.add_argument("--teacher", type=Path, help="exported model whose English teaches, whitened; the base if none")
    made.add_argument("--stages", nargs="+", choices=list(STAGES), default=list(STAGES))
    for stage, minutes in (("distill", 45.0), ("contrast", 40.0)):
        made.add_argument(f"--{stage}-minutes", type=float, help=f"wall minutes; {minutes:g} if no steps are given")
        made.add_argument(f"--{stage}-steps", type=int)
    made.add_argument("--rate", type=float, default=1.0, help="times the learning rates; under 1 to train on gently")
    made.add_argument("--rows", type=int, default=45_000, help="vocabulary size")
    made.add_argument("--weights", type=Path, help="weights to export; OUT/chosen.pt if not given")
    made.add_argument("--threads", type=int, default=torch.get_num_threads())
    made.add_argument("--seed", type=int, default=0)
    return made


def run_vocabulary(options: argparse.Namespace) -> None:
    """Write tokenizer.json and embeddings.npy; begun.pt as well where a model is trained on with."""
    if (options.out / "embeddings.npy").exists():
        return
    if options.begin:
        restore(options.begin, options.out)
        return
    pairs = training_pairs(options)
    squad = [text for text, _ in english_questions(options)]
    dutch = [p.dutch for p in pairs] + [p.dutch for p in pairs if p.source.startswith("domain")]
    path = options.out / "tokenizer.json"
    pieces = vocabulary.build(dutch, [*(p.english for p in pairs), *squad], path, options.rows)
    old = teacher()
    old.tokenizer.no_truncation()
    table = old.network.state_dict()["embeddings.word_embeddings.weight"].cpu().numpy()
    ours = align.types(Tokenizer.from_file(str(path)), [p.dutch for p in pairs])
    theirs = align.types(old.tokenizer, [p.english for p in pairs])
    found = align.align(ours, theirs, max(len(pieces), len(table)))
    np.save(options.out / "embeddings.npy", align.embeddings(pieces, old.tokenizer, table, found))
    log.info("vocabulary: %d English rows -> %d rows", len(table), len(pieces))


def run_distill(options: argparse.Namespace) -> None:
    """Write distilled.pt."""
    if (options.out / "distilled.pt").exists():
        return
    encoder = network(options, begun(options))
    settings = distill.Settings()
    pace = paced(settings.pace, options.distill_minutes, options.distill_steps, options)
    pairs = [*training_pairs(options), *more_pairs(options)]
    corpus = distill.Corpus(pairs, encoder, taught(options), settings.limit, options.seed)
    settings = replace(settings, pace=pace)
    distill.distill(encoder, corpus, options.out, settings, dev_score(options))


def run_contrast(options: argparse.Namespace) -> None:
    """Write contrast.pt."""
    if (options.out / "contrast.pt").exists():
        return
    encoder = network(options, options.out / "distilled.pt")
    settings = contrast.Settings()
    pace = paced(settings.pace, options.contrast_minutes, options.contrast_steps, options)
    settings = replace(settings, pace=pace)
    squad = english_questions(options)
    pairs = [*retained_pairs(options, squad), *more_pairs(options)]
    corpus = distill.Corpus(pairs, encoder, taught(options), settings.limit, options.seed)
    domain = contrast.record_groups(split_records(options.records).train)
    questions = contrast.Questions(encoder, domain, contrast.english_groups(squad), settings)
    contrast.contrast(questions, corpus, options.out, dev_score(options))


def run_choose(options: argparse.Namespace) -> None:
    """Write chosen.pt."""
    if not (options.out / "chosen.pt").exists():
        choose.choose(network(options), options.out, dev_score(options))


def run_whiten(options: argparse.Namespace) -> None:
    """Write whitening.npy."""
    if (options.out / whiten.FILE).exists():
        return
    if options.teacher:
        np.save(options.out / whiten.FILE, exported(options.teacher).matrix)
        return
    whiten.whiten(shipped(options), sentence_pairs(options.data, options.records), options.out, options.seed)


def run_export(options: argparse.Namespace) -> None:
    """Write the model folder: sentence-transformers layout and ONNX."""
    matrix = np.load(options.out / whiten.FILE)
    export.export(shipped(options), matrix, options.model or options.out / "model")


def run_evaluate(options: argparse.Namespace) -> None:
    """Write evaluation.md and evaluation.json into the model folder."""
    evaluate.evaluate(options.model or options.out / "model", options.data, options.records, options.threads)


def run_plot(options: argparse.Namespace) -> None:
    """Write losses.png and scores.png beside log.jsonl."""
    plot.plot(options.out / "log.jsonl", options.out)


def begun(options: argparse.Namespace) -> Path | None:
    """Return the weights to begin with, where a model is trained on with."""
    path = options.out / "begun.pt"
    return path if path.exists() else None


def taught(options: argparse.Namespace) -> Encoder:
    """Return the teacher, which is only asked for English."""
    return exported(options.teacher) if options.teacher else teacher()


def network(options: argparse.Namespace, weights: Path | None = None) -> Encoder:
    """Return the network to train or choose, in its teacher's space."""
    matrix = exported(options.teacher).matrix if options.teacher else None
    return student(options.out, weights, None if matrix is None else matrix.numpy())


def shipped(options: argparse.Namespace) -> Encoder:
    """Return the network with the weights that are exported."""
    return student(options.out, options.weights or options.out / "chosen.pt")


def training_pairs(options: argparse.Namespace) -> list[Pair]:
    """Return the sentence pairs to distil from, shuffled: general, domain, and words."""
    pairs = [*sentence_pairs(options.data, options.records), *word_pairs(options.data, options.records)]
    random.Random(options.seed).shuffle(pairs)
    return pairs


def more_pairs(options: argparse.Namespace) -> list[Pair]:
    """Return rows of short pairs, lists of words and glosses of English passages; made once, kept in augmented.tsv."""
    path = options.out / "augmented.tsv"
    if not path.exists():
        rng = random.Random(options.seed)
        encoder = student(options.out, begun(options))
        general = sentence_pairs(options.data, options.records)
        entries = word_pairs(options.data, options.records)
        texts = augment.sentences([text for text, _ in english_questions(options)])
        pairs = [*augment.in_rows(general, rng), *augment.in_lists(entries, rng)]
        if texts:
            glossary = augment.Glossary(general, entries, encoder.encode)
            pairs += augment.glossed(texts, distill.teacher_vectors(texts, options.out), glossary)
        path.write_text("".join(f"{p.source}\t{p.english}\t{p.dutch}\n" for p in pairs), encoding="utf8")
    return read_pairs(options.out, path.name)


def retained_pairs(options: argparse.Namespace, squad: list[tuple[str, list[str]]]) -> list[Pair]:
    """Return what contrast distils beside its questions: full sentences, domain words, and English as itself."""
    left_out = set(read_pairs(options.out, "misaligned.tsv"))
    pairs = [p for p in training_pairs(options) if p.source == "lexicon" or len(p.english) > 30]
    pairs = [p for p in pairs if p.source != "dictionary" and p not in left_out]
    asked = [q for _, questions in squad for q in questions]
    english = random.Random(options.seed).sample(asked, min(8000, len(asked)))
    return [*pairs, *(Pair("english", q, q) for q in english)]


def english_questions(options: argparse.Namespace) -> list[tuple[str, list[str]]]:
    """Return English passages, each once, with their questions; `dev-v2.0` repeats `dev-v1.1` and adds to it."""
    merged: dict[str, dict[str, None]] = {}
    for path in sorted((options.data / "qa").glob("*.json")):
        for text, asked in read_squad(path):
            merged.setdefault(text, {}).update(dict.fromkeys(asked))
    return [(text, list(asked)) for text, asked in merged.items()]


def dev_score(options: argparse.Namespace) -> Score:
    """Return the scorer for log.jsonl: FLORES dev, STS dev, and the dev half of the held-out records."""
    split, folder = split_records(options.records, extra=False), options.data / "eval"

    def score(encoder: Encoder) -> dict[str, float]:
        scores = (
            measures.bitext(encoder.encode, folder) | measures.sts(encoder.encode, folder) if folder.exists() else {}
        )
        return scores | measures.retrieval(encoder.encode, split.dev, [*split.test, *split.train], english=False)

    return score


def paced(pace: Pace, minutes: float | None, steps: int | None, options: argparse.Namespace) -> Pace:
    """Return the pace with the chosen length and rates; steps alone switch the minutes off."""
    length = minutes if minutes or steps else pace.minutes
    rates = pace.embeddings_rate * options.rate, pace.layers_rate * options.rate
    return replace(
        pace, minutes=length, steps=steps, embeddings_rate=rates[0], layers_rate=rates[1], seed=options.seed
    )


STAGES: dict[str, Callable[[argparse.Namespace], None]] = {
    "vocabulary": run_vocabulary,
    "distill": run_distill,
    "contrast": run_contrast,
    "choose": run_choose,
    "whiten": run_whiten,
    "export": run_export,
    "evaluate": run_evaluate,
    "plot": run_plot,
}

if __name__ == "__main__":
    main()
