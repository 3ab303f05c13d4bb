"""Fit the sentence reader's weights on the dev questions, and show what each threshold would give.

    python eval/fit_sentences.py CORPUS=GOLD [CORPUS=GOLD …]

Prints the weights for `reader/sentences.py`, and for dev and test the share of answerable questions answered, of
answers in a sentence of the evidence, and of unanswerable questions met with silence. The test split is shown, never
fitted. Another encoder, or another space of the same, wants other weights.
"""

from __future__ import annotations

import sys
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression

from navo_qa.build import build
from navo_qa.encode import load_encoder
from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.relevance import overlaps
from navo_qa.pipeline import Pipeline
from navo_qa.reader import SentenceReader
from navo_qa.reader.sentences import Signs, Weights
from navo_qa.types import Query

THRESHOLDS = (0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)

# A question's sentences: signs (n, 4), whether each overlaps the evidence (n,), and whether there is any evidence.
Read = tuple[np.ndarray, np.ndarray, bool]


def read(corpus: Path, questions: Path, split: str) -> list[Read]:
    """Return what the reader sees of each question of the split."""
    with TemporaryDirectory() as folder:
        build([corpus], Path(folder), load_encoder())
        pipeline = Pipeline.open(Path(folder), reader="sentences")
        documents = {document.id: document for document in pipeline.documents()}
        reader = pipeline.reader
        assert isinstance(reader, SentenceReader)  # noqa: S101
        found = []
        for question in evidence.questions(gold.read(questions), documents, split):
            seen = list(reader.signs(question.text, pipeline.search(Query(question.text))))
            right = [overlaps(start, end, document_id, question.evidence) for document_id, start, end, _ in seen]
            signs = np.array([astuple(each) for *_, each in seen]).reshape(-1, len(Signs.__slots__))
            found.append((signs, np.array(right, bool), bool(question.evidence)))
    return found


def fit(reads: list[Read]) -> LogisticRegression:
    """Return the logistic combination of the signs that tells right sentences from others."""
    signs, right = (np.concatenate([read[i] for read in reads]) for i in (0, 1))
    return LogisticRegression(C=10, max_iter=5000).fit(signs, right)


def table(name: str, model: LogisticRegression, reads: list[Read]) -> list[str]:
    """Return a line a threshold."""
    best = [
        (chances.max(), right[chances.argmax()])
        for signs, right, _ in reads
        for chances in [model.predict_proba(signs)[:, 1]]
    ]
    known = np.array([answerable for *_, answerable in reads])
    chances, right = np.array([chance for chance, _ in best]), np.array([hit for _, hit in best])
    lines = []
    for threshold in THRESHOLDS:
        given = chances >= threshold
        lines.append(
            f"{name} {threshold:.2f}: answered {given[known].mean():.3f}, right {right[known & given].mean():.3f}, "
            f"silent {1 - given[~known].mean():.3f}, of all answers right {(right & known)[given].mean():.3f}"
        )
    return lines


def main() -> None:
    """Fit on dev, show dev and test."""
    sets = [tuple(map(Path, argument.split("=", 1))) for argument in sys.argv[1:]]
    dev, test = ([each for corpus, file in sets for each in read(corpus, file, split)] for split in ("dev", "test"))
    model = fit(dev)
    weights = Weights(*(round(float(value), 2) for value in (*model.coef_[0], model.intercept_[0])))
    sys.stdout.write("\n".join([str(weights), *table("dev", model, dev), *table("test", model, test), ""]))


if __name__ == "__main__":
    main()
