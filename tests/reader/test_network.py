"""The bundled network: offsets that hold, the same answer alone as in a batch, no text that breaks it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.errors import UnknownReader
from navo_qa.reader import ReaderChoice, SpanReader, bundled_folder, load_network
from navo_qa.reader.network import MODEL, OnnxNetwork
from surroundings import around, hit

PASSAGE = (
    "Nederland trok in juni EUR 250 miljoen uit voor munitie, tegenover EUR 90 miljoen een jaar eerder. "
    "De minister van Buitenlandse Zaken van Noorwegen, Kari Solberg, was gastheer van het diner in Bergen."
)


@pytest.fixture(scope="module")
def network() -> OnnxNetwork:
    """The network that ships."""
    loaded = load_network(ReaderChoice("navo-reader"))
    assert loaded is not None and isinstance(loaded[0], OnnxNetwork)
    return loaded[0]


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    """The reader that ships, without an index around it."""
    loaded = load_network(ReaderChoice("navo-reader"))
    assert loaded is not None
    return SpanReader(*loaded, around({"other": "Verslag van een visserijraad | 3 mei 2019"}))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Hoeveel geld trok Nederland uit voor munitie?", "EUR 250 miljoen"),
        ("How much money did the Netherlands make available for ammunition?", "EUR 250 miljoen"),
        ("Wie was gastheer van het diner?", "Kari Solberg"),
    ],
)
def test_it_reads_both_languages(reader: SpanReader, question: str, answer: str) -> None:
    """The span of a plain fact, from a Dutch and an English question."""
    best = reader.read(question, [hit(PASSAGE)]).spans[0].span
    assert answer in PASSAGE[best.start - 100 : best.end - 100]
    assert best.end - best.start <= len(answer) + 30


def test_the_passage_that_answers_is_ranked_first(reader: SpanReader) -> None:
    """Reranking looks at what is said, not at who came first; every passage stays."""
    hits = [hit("De raad sprak over quota voor kabeljauw en haring.", document="other"), hit(PASSAGE, rank=2)]
    found = reader.read("Wie was gastheer van het diner in Bergen?", hits)
    assert [each.rank for each in found.hits] == [1, 2]
    assert found.hits[0].passage == hits[1].passage
    assert all(0 <= each.scores["rerank"] <= 1 for each in found.hits)


def test_a_batch_changes_nothing(network: OnnxNetwork) -> None:
    """A passage read alone and among longer ones gets the same logits."""
    alone = network.look("Wie was gastheer?", [("", PASSAGE)])[0]
    among = network.look("Wie was gastheer?", [("", PASSAGE * 3), ("Titel", PASSAGE), ("", PASSAGE), ("", "Kort.")])[2]
    assert np.allclose(alone.start, among.start, atol=0.05) and np.allclose(alone.end, among.end, atol=0.05)
    assert abs(alone.relevance - among.relevance) < 0.05 and (alone.places == among.places).all()


@pytest.mark.parametrize("text", ["", " ", "👩‍🚀" * 40, "北约外长会议", "word " * 5000, "\udcff half", "a" * 3000])
def test_no_text_breaks_it(network: OnnxNetwork, text: str) -> None:
    """Empty, other scripts, far too long: a look without NaN, with places inside the text."""
    (look,) = network.look("Wat werd besloten?", [("Verslag", text)])
    assert np.isfinite(look.start).all() and np.isfinite(look.end).all() and np.isfinite(look.relevance)
    assert len(look.start) == len(look.end) == len(look.places)
    assert not len(look.places) or look.places.max() <= len(text)


def test_a_long_question_leaves_room_for_the_passage(network: OnnxNetwork) -> None:
    """A question of 2,000 characters is cut, not the passage away."""
    (look,) = network.look("Wat " * 500, [("", PASSAGE)])
    assert len(look.places) > 20


words = st.sampled_from(
    "De minister EUR 35 mln. trok uit (in mei 2025) Kamerstuk 28 676, nr. 1 “citaat” é ß 👍 Oekraïne".split()
)


@given(text=st.lists(words, min_size=1, max_size=40).map(" ".join), question=st.lists(words, min_size=1, max_size=6))
@settings(deadline=None, max_examples=15)
def test_spans_lie_in_their_passage(reader: SpanReader, text: str, question: list[str]) -> None:
    """Offsets are exact, chances are chances, and there is no space at a span's ends."""
    for found in reader.read(" ".join(question), [hit(text, 50)]).spans:
        span = found.span
        assert 50 <= span.start < span.end <= 50 + len(text)
        quote = text[span.start - 50 : span.end - 50]
        assert quote == quote.strip() and 0 <= span.score <= 1 and 0 <= found.alone <= 1


def test_no_reader_of_that_name(tmp_path: Path) -> None:
    """A name that is nowhere, a damaged model, a folder without its judge: one sentence each."""
    with pytest.raises(UnknownReader, match="nowhere-at-all"):
        load_network(ReaderChoice("nowhere-at-all"))
    folder = bundled_folder()
    assert folder is not None
    (tmp_path / "onnx").mkdir()
    (tmp_path / MODEL).write_bytes(b"no model")
    shutil.copy(folder / "tokenizer.json", tmp_path)
    with pytest.raises(UnknownReader, match="damaged"):
        load_network(ReaderChoice(str(tmp_path)))
    shutil.copy(folder / MODEL, tmp_path / MODEL)
    with pytest.raises(UnknownReader, match=r"reader\.json cannot be read"):
        load_network(ReaderChoice(str(tmp_path)))
