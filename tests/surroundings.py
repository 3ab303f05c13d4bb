"""Passages and what stands around them, for tests of readers."""

from __future__ import annotations

from collections.abc import Mapping

from navo_qa.chunk import passage_sentences
from navo_qa.encode import HashingEncoder
from navo_qa.reader import Sentences, Surroundings
from navo_qa.types import Hit, Passage


def hit(text: str, start: int = 100, heading: str | None = None, document: str = "d", rank: int = 1) -> Hit:
    """A hit on a passage that starts somewhere in its document."""
    passage = Passage(f"{document}-{rank}", document, start, start + len(text), text, 1, heading=heading)
    return Hit(passage, 1.0 / rank, rank)


def around(contexts: Mapping[str, str] | None = None, named: Mapping[str, float] | None = None) -> Surroundings:
    """What is known without an index: sentences encoded on the spot, a context by document id."""
    encoder = HashingEncoder()

    def sentences(passage: Passage) -> Sentences:
        found = passage_sentences(passage)
        return found, encoder.encode_passages([passage.text[start:end] for start, end in found])

    def above(passage: Passage) -> list[str | None]:
        return [None for _ in passage_sentences(passage)]

    return Surroundings(
        sentences,
        above,
        lambda passage: (contexts or {}).get(passage.document_id, ""),
        lambda _: dict(named or {}),
        encoder,
    )
