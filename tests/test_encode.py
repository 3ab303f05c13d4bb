"""Encoders: unit vectors in order, whatever the text; each loaded by its name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.encode import (
    ENGLISH,
    Encoder,
    EncoderChoice,
    HashingEncoder,
    Prompts,
    SentenceTransformerEncoder,
    bundled_folder,
    known_prompts,
    load_encoder,
)
from navo_qa.errors import UnknownEncoder

ODD_TEXTS = ["", " ", "gewoon", "woord " * 10_000, "😀🇳🇱", "Привет мир", "e\u0301", "\ud800", "a" * 5_000, "\0"]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real sentence-transformers model of two small layers, made here: random weights, true code path."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny")
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789:"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")  # noqa: S106
    fast.model_max_length = 64
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    bert = BertModel(BertConfig(vocab_size=len(pieces), **shape))
    bert.save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[transformer, Pooling(32), Normalize()], device="cpu").save(str(folder / "model"))
    return folder / "model"


def encoders() -> list[str]:
    """The encoders that this checkout can load without a network."""
    return ["hashing", ENGLISH, *(["navo-minilm"] if bundled_folder() else [])]


@pytest.fixture(scope="session", params=encoders())
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Each encoder that comes with an installation."""
    return load_encoder(str(request.param))


def test_vectors_have_unit_length_whatever_the_text(encoder: Encoder) -> None:
    """Empty, very long, emoji, another script, half a surrogate pair: a vector, never NaN."""
    vectors = encoder.encode_passages(ODD_TEXTS)
    assert vectors.shape == (len(ODD_TEXTS), encoder.dim) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    """Nothing in, nothing out, of the right width."""
    assert encoder.encode_passages([]).shape == (0, encoder.dim)


def test_order_and_batches_do_not_matter(encoder: Encoder) -> None:
    """A text has one vector, alone or among texts of other lengths."""
    texts = ["De bondgenoten kwamen bijeen.", "x", "Hoeveel? " * 60, "Nederland kondigde steun aan.", ""]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.min((together * alone).sum(axis=1)) > 0.99


def test_a_fingerprint_stays(encoder: Encoder) -> None:
    """Loading again gives the same fingerprint, so that an index opens tomorrow."""
    assert load_encoder(encoder.name).fingerprint == encoder.fingerprint


def test_hashing_sees_shared_words() -> None:
    """More shared words and trigrams, nearer vectors."""
    a, b, c = HashingEncoder().encode_passages(["steun aan oekraïne", "meer steun aan oekraïne", "visserij op zee"])
    assert a @ b > 0.7 > 0.4 > a @ c


def test_a_model_folder_loads_with_prompts(tiny: Path) -> None:
    """Prompts go before queries and passages, and change the fingerprint."""
    plain = load_encoder(str(tiny))
    prompted = load_encoder(EncoderChoice(str(tiny), prompts=Prompts("query: ", "passage: ")))
    np.testing.assert_allclose(prompted.encode_queries(["steun"]), plain.encode_queries(["query: steun"]), atol=1e-5)
    np.testing.assert_allclose(
        prompted.encode_passages(["steun"]), plain.encode_passages(["passage: steun"]), atol=1e-5
    )
    assert prompted.fingerprint != plain.fingerprint


def test_vectors_equal_sentence_transformers(tiny: Path) -> None:
    """The encoder adds nothing of its own to what the library gives."""
    from sentence_transformers import SentenceTransformer

    texts = ["steun aan oekraine", "top in ankara"]
    ours = load_encoder(str(tiny)).encode_passages(texts)
    theirs = SentenceTransformer(str(tiny), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_model_can_be_cut_to_fewer_dimensions(tiny: Path) -> None:
    """NAME@16 keeps the first 16 dimensions, at unit length."""
    cut, whole = load_encoder(f"{tiny}@16"), load_encoder(str(tiny))
    first = whole.encode_passages(["steun"])[:, :16]
    assert cut.dim == 16
    np.testing.assert_allclose(cut.encode_passages(["steun"]), first / np.linalg.norm(first), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", Prompts("query: ", "passage: ")),
        ("intfloat/e5-base-v2", Prompts("query: ", "passage: ")),
        ("nomic-ai/nomic-embed-text-v1.5", Prompts("search_query: ", "search_document: ")),
        ("BAAI/bge-m3", Prompts()),
        ("sentence-transformers/all-MiniLM-L6-v2", Prompts()),
    ],
)
def test_prompts_of_models_whose_folders_do_not_say_them(name: str, prompts: Prompts) -> None:
    """E5 collapses without its prefixes."""
    assert known_prompts(name) == prompts


@pytest.mark.parametrize("name", ["nobody/nothing", "./nowhere", "/etc", "hashing-0", "a b c", "x" * 5_000, "@", "a@b"])
def test_an_unknown_encoder_is_one_clear_sentence(name: str) -> None:
    """No hub is asked and no traceback of a library shown."""
    with pytest.raises(UnknownEncoder, match="cannot be loaded") as raised:
        load_encoder(name)
    assert len(str(raised.value).splitlines()) == 1 and len(str(raised.value)) < 600


@pytest.mark.parametrize("name", ["hashing", "navo-minilm"])
def test_the_default_path_imports_no_torch(name: str) -> None:
    """Encoding by the bundled model or none at all needs neither torch nor transformers."""
    if name == "navo-minilm" and not bundled_folder():
        pytest.skip("the bundled model is not in this checkout")
    code = (
        f"import sys; from navo_qa.encode import load_encoder; load_encoder({name!r}).encode_queries(['steun']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.lists(st.text(), max_size=4))
@settings(deadline=None, max_examples=50)
def test_hashing_takes_any_text(texts: list[str]) -> None:
    """Any string has a vector of unit length."""
    vectors: Any = HashingEncoder(64).encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(len(texts)), atol=1e-5)


def test_the_class_is_the_one_named(tiny: Path) -> None:
    """A folder of sentence-transformers is loaded by sentence-transformers."""
    assert isinstance(load_encoder(str(tiny)), SentenceTransformerEncoder)
