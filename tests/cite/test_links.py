"""Tests of cite/links.py: a link leads to its words, also after the text has changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.cite.links import Target, follow, link, outline, read_link
from navo_qa.pipeline import Pipeline
from navo_qa.types import Document, Kind, sha256


def document(text: str, document_id: str = "d") -> Document:
    """A document with that text."""
    return Document(document_id, "T", Kind.REPORT, "nl", text, sha256(text), "", "", "")


@given(
    st.text(min_size=1, max_size=40).filter(lambda name: name.isprintable()), st.integers(0, 50), st.integers(51, 99)
)
def test_a_link_is_read_back(name: str, start: int, end: int) -> None:
    """Whatever the document is called."""
    made = document("woord " * 30, name)
    read = read_link(link(made, start, end))
    assert read is not None and (read.document_id, read.sha256, read.start, read.end) == (name, made.sha256, start, end)
    assert follow(read, made) == Target(start, end, False, True)


def test_an_old_link_shows_where_the_words_are_now(hashed: Pipeline) -> None:
    """Moved words are found, altered ones nearly, lost ones not."""
    old = hashed.documents()[0]
    passage = hashed.snapshot.collection.passages_of(old.id)[2]
    read = read_link(link(old, passage.start, passage.end))
    assert read is not None
    moved = document("Een nieuwe inleiding.\n\n" + old.text, old.id)
    target = follow(read, moved)
    assert target.changed and target.verbatim and target.start is not None
    assert moved.text[target.start : target.end].strip(".") == passage.text.strip(".")
    first = passage.text.split()[1]
    middle = passage.text.split()[len(passage.text.split()) // 2]
    target = follow(read, document(moved.text.replace(middle, middle + "x", 99), old.id))
    assert target.changed and not target.verbatim and target.start is not None
    target = follow(read, document(moved.text.replace(first, first + "x", 99), old.id))
    assert target.changed and not target.verbatim and target.start is not None
    assert follow(read, document("Iets heel anders.")) == Target(None, None, True, False)


@pytest.mark.parametrize("url", ["", "/", "/d/", "/v1/d/x", "javascript:alert(1)", "/d"])
def test_what_is_no_link(url: str) -> None:
    """None, no error."""
    assert read_link(url) is None


@pytest.mark.parametrize("fragment", ["", "#x", "#5", "#9-3", "#0-999999", "#-1-2", "#<script>"])
def test_a_stretch_outside_the_text_is_none(fragment: str) -> None:
    """The document opens without a mark."""
    read = read_link(f"/d/d{fragment}")
    assert read is not None and follow(read, document("kort")) == Target(None, None, False, False)


def test_the_outline_of_a_passage() -> None:
    """A short passage is whole, a long one opens and closes."""
    assert outline("een twee drie") == "een twee drie"
    assert outline(" ".join(map(str, range(30)))) == "0 1 2 3 4 5 … 24 25 26 27 28 29"
