"""Evaluate an exported model beside its teacher and BM25: one table in Markdown, the same figures in JSON.

    python embeddings/recipe/evaluate.py --model embeddings/navo-minilm-nl-en --data ../shared/data

Writes evaluation.md and evaluation.json into the model folder, and the table into its README.md between the markers
`<!-- figures -->` and `<!-- /figures -->`.
"""

import argparse
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import torch

import measures
from data import HERE, Record, Split, split_records
from export import OnnxEncoder
from measures import Encode
from model import Encoder, Floats, teacher

log = logging.getLogger("recipe")
Figures = dict[str, float]


def main() -> None:
    """Parse the command line and evaluate."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--model", type=Path, required=True)
    made.add_argument("--data", type=Path, required=True, help="folder with eval/")
    made.add_argument("--records", type=Path, default=HERE / "data")
    made.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = made.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    evaluate(options.model, options.data, options.records, options.threads)


def evaluate(model: Path, data: Path, records: Path, threads: int) -> dict[str, Figures]:
    """Measure every encoder, write the table and the figures, and return them by encoder."""
    torch.set_num_threads(threads)
    split = split_records(records, extra=False)
    ours, old = OnnxEncoder(model, threads), teacher()
    reference, full = partial(old.encode, exact=True), transformer(model)
    found = {"navo-minilm-nl-en, int8": quality(ours.encode, data / "eval", split)}
    found["the same in float32"] = quality(full, data / "eval", split)
    found["all-MiniLM-L6-v2"] = quality(reference, data / "eval", split)
    for name, encode in (("navo-minilm-nl-en, int8", ours.encode), ("the same in float32", full)):
        found[name] |= measures.retention(encode, reference, data / "eval")
    found["navo-minilm-nl-en, int8"]["cosine with float32"] = closeness(ours.encode, full, split)
    found["BM25, Dutch stemmer"] = lexical(split)
    found["navo-minilm-nl-en, int8"] |= speed(ours, old, split) | cold(model)
    write(found, model)
    return found


def remember(encode: Encode) -> Encode:
    """Return the encoder with a memory: both halves search the same passages."""
    kept: dict[str, Floats] = {}

    def look_up(texts: Sequence[str]) -> Floats:
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        if missing:
            kept.update(zip(missing, encode(missing), strict=True))
        return np.stack([kept[text] for text in texts])

    return look_up


def quality(encode: Encode, folder: Path, split: Split) -> Figures:
    """Return bitext, STS, probes, and retrieval of both held-out halves among all passages."""
    encode = remember(encode)
    figures = measures.bitext(encode, folder) | measures.sts(encode, folder) if folder.exists() else {}
    figures |= measures.probes(encode, HERE / "probe.tsv")
    for half, asked, others in (("dev", split.dev, split.test), ("test", split.test, split.dev)):
        scores = measures.retrieval(encode, asked, [*others, *split.train])
        figures |= {f"{half} {name}": value for name, value in scores.items()}
    return figures


def transformer(model: Path) -> Encode:
    """Return the encoder as sentence-transformers loads it."""
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model), device="cpu")
    return lambda texts: np.asarray(loaded.encode(list(texts), show_progress_bar=False), np.float32)


def closeness(ours: Encode, full: Encode, split: Split) -> float:
    """Return the least cosine between int8 and float32 vectors over the test half's passages."""
    texts = [r.dutch_passage for r in split.test] + [q.english for r in split.test for q in r.questions]
    return float((ours(texts) * full(texts)).sum(1).min())


def lexical(split: Split) -> Figures:
    """Return BM25's retrieval scores: words stemmed as Dutch, in questions of both languages."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("dutch")

    def words(texts: Sequence[str]) -> list[list[str]]:
        return [stemmer.stemWords(re.findall(r"\w+", text.lower())) for text in texts]

    def ranks(asked: list[Record], others: list[Record], english: bool) -> measures.Ranks:
        index = bm25s.BM25()
        index.index(words([r.dutch_passage for r in [*asked, *others]]), show_progress=False)
        gold = [i for i, r in enumerate(asked) for _ in r.questions]
        queries = words([q.english if english else q.dutch for r in asked for q in r.questions])
        scores = np.stack([index.get_scores(query) for query in queries])
        own = scores[np.arange(len(gold)), gold][:, None]
        ties = (scores == own).sum(1) - 1
        return np.asarray((scores > own).sum(1) + ties)

    figures: Figures = {}
    for half, asked, others in (("dev", split.dev, split.test), ("test", split.test, split.dev)):
        for leg, english in (("nl", False), ("en", True)):
            rank = ranks(asked, [*others, *split.train], english)
            figures |= {f"{half} mrr {leg}": measures.mrr(rank), f"{half} ndcg {leg}": measures.ndcg(rank)}
    return figures


def speed(ours: OnnxEncoder, old: Encoder, split: Split) -> Figures:
    """Return texts per second on 400 Dutch passages and their questions, best of three turns taken alternately."""
    records = split.train[:400]
    texts = [r.dutch_passage for r in records] + [q.dutch for r in records for q in r.questions]
    question = records[0].questions[0].dutch
    best = {"onnx": 1e9, "torch": 1e9}
    for _ in range(3):
        best["onnx"] = min(best["onnx"], _seconds(lambda: ours.encode(texts)))
        best["torch"] = min(best["torch"], _seconds(lambda: old.encode(texts, exact=True)))
    single = min(_seconds(lambda: ours.encode([question])) for _ in range(20))
    rates = {f"texts/s {name}": len(texts) / seconds for name, seconds in best.items()}
    return rates | {"speed against teacher": best["torch"] / best["onnx"], "one question, ms": 1000 * single}


def cold(model: Path) -> Figures:
    """Return wall seconds of fresh processes: ours to the first vector; `import sentence_transformers` alone."""
    ours = (
        "import onnxruntime as o, numpy as n, tokenizers as t;"
        f"k = t.Tokenizer.from_file({str(model / 'tokenizer.json')!r}).encode('Wat besloot de Raad?').ids;"
        f"s = o.InferenceSession({str(model / 'onnx/model_int8.onnx')!r}, providers=['CPUExecutionProvider']);"
        "s.run(None, {'input_ids': n.array([k]), 'attention_mask': n.ones((1, len(k)), n.int64)})"
    )
    return {
        "cold start, s": min(_process(ours) for _ in range(3)),
        "import sentence_transformers, s": min(_process("import sentence_transformers") for _ in range(2)),
    }


def table(found: dict[str, Figures]) -> str:
    """Return the figures as a Markdown table, a row a measure, a column an encoder."""
    rows = list(dict.fromkeys(name for figures in found.values() for name in figures))
    lines = ["| measure | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    for row in rows:
        cells = (_shown(figures.get(row)) for figures in found.values())
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(found: dict[str, Figures], model: Path) -> None:
    """Write evaluation.md, evaluation.json, and the table into README.md where it has the markers."""
    today = datetime.now(tz=UTC).date().isoformat()
    text = f"Measured on {today} by `python embeddings/recipe/evaluate.py`.\n\n{table(found)}\n"
    (model / "evaluation.md").write_text(text, encoding="utf8")
    rounded = {name: {k: round(v, 4) for k, v in figures.items()} for name, figures in found.items()}
    kept = json.dumps({"date": today, "figures": rounded}, indent=2, ensure_ascii=False)
    (model / "evaluation.json").write_text(kept + "\n", encoding="utf8")
    card = model / "README.md"
    if card.exists():
        start, end = "<!-- figures -->", "<!-- /figures -->"
        pattern = re.compile(f"{re.escape(start)}.*{re.escape(end)}", re.DOTALL)
        filled = pattern.sub(lambda _: f"{start}\n{text}{end}", card.read_text(encoding="utf8"))
        card.write_text(filled, encoding="utf8")
    log.info("\n%s", text)


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 2 else f"{value:.1f}"


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _process(code: str) -> float:
    return _seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True))  # noqa: S603


if __name__ == "__main__":
    main()
