"""Models of a hub as readers: real code on tiny models made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertTokenizerFast,
)

from navo_qa.errors import UnknownReader
from navo_qa.pipeline import Pipeline
from navo_qa.reader import ReaderChoice, SpanReader, load_network
from navo_qa.reader.hub import HubNetwork

TEXT = "De raad stelt een fonds van 30 miljoen euro in."


def _saved(
    folder: Path, model: type[BertForQuestionAnswering] | type[BertForSequenceClassification], **more: int
) -> Path:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789?.|,"]
    pieces += [f"##{letter}" for letter in pieces[5:]]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(pieces), "utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=512, **more,
    )  # fmt: skip
    model(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def extractive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question-answering model that knows nothing."""
    return _saved(tmp_path_factory.mktemp("hub") / "qa", BertForQuestionAnswering)


@pytest.fixture(scope="module")
def crossing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder that knows nothing."""
    return _saved(tmp_path_factory.mktemp("hub") / "cross", BertForSequenceClassification, num_labels=1)


def test_it_says_what_transformers_says(extractive: Path) -> None:
    """Logits of the passage's tokens, less the first token's: "no answer" is 0."""
    (look,) = HubNetwork(str(extractive), False, 1).look("wat?", [("", TEXT)])
    encoded = AutoTokenizer.from_pretrained(extractive)("wat?", TEXT, return_tensors="pt")
    with torch.inference_mode():
        said = BertForQuestionAnswering.from_pretrained(extractive).eval()(**encoded)
    second = encoded["token_type_ids"][0].bool()
    start = (said.start_logits[0] - said.start_logits[0, 0])[second][:-1]
    assert np.allclose(look.start, start.numpy(), atol=1e-5)
    assert TEXT[look.places[0, 0] : look.places[0, 1]] == "D"


def test_a_context_is_read_but_holds_no_answer(extractive: Path) -> None:
    """Places count in the passage alone."""
    (look,) = HubNetwork(str(extractive), False, 1).look("wat?", [("verslag oslo", TEXT)])
    assert look.places[0].tolist() == [0, 1] and look.places.max() <= len(TEXT)


def test_a_cross_encoder_gives_the_relevance(extractive: Path, crossing: Path) -> None:
    """Its raw score, for each passage."""
    from sentence_transformers import CrossEncoder

    looks = HubNetwork(f"{extractive}+{crossing}", False, 1).look("wat?", [("", TEXT), ("", "iets anders")])
    wanted = CrossEncoder(str(crossing)).predict(
        [("wat?", TEXT), ("wat?", "iets anders")], activation_fn=torch.nn.Identity()
    )
    assert np.allclose([look.relevance for look in looks], wanted.ravel(), atol=1e-4)


def test_it_answers_a_question_verbatim(extractive: Path, hashed: Pipeline) -> None:
    """The whole path with another reader: what it says stands in the document."""
    loaded = load_network(ReaderChoice(str(extractive)))
    pipeline = Pipeline(hashed.snapshot, hashed.encoder, network=loaded, threshold=0.0)
    assert isinstance(pipeline.reader, SpanReader) and pipeline.threshold == 0.0
    answer = pipeline.ask("Wie was gastheer in Antalya?")
    made = answer.citations[0]
    assert pipeline.document(made.document_id).text[made.start : made.end] == made.quote == answer.text


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    """One sentence, not a traceback."""
    with pytest.raises(UnknownReader, match="cannot be loaded"):
        load_network(ReaderChoice(str(tmp_path)))
