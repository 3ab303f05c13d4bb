"""Retrieval: the filters hold, the modes differ, the named meeting comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import (
    EmptyQuestion,
    InvalidCharacter,
    InvalidDates,
    InvalidTopK,
    QueryError,
    QuestionTooLong,
    UnknownFilter,
)
from navo_qa.pipeline import Pipeline
from navo_qa.retrieve import RetrievalSettings, named_documents
from navo_qa.types import Filters, Kind, Mode, Query

OSLO, DECEMBER = "verslag-ifmm-oslo-2023", "verslag-fmm-brussel-2025-12"
APRIL, AGENDA, MAY = "verslag-fmm-brussel-2025-04", "agenda-ifmm-antalya-2025", "verslag-ifmm-antalya-2025"


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_ranks_from_one(hashed: Pipeline, mode: Mode) -> None:
    """Ranks count from 1, scores fall, no passage comes twice, and each leg asked says its score."""
    hits = hashed.search(Query("steun aan Oekraïne via UCAP", 20, mode))
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert all(a.score >= b.score for a, b in zip(hits, hits[1:], strict=False))
    assert len({hit.passage.id for hit in hits}) == 20
    legs = {"dense", "lexical"} if mode is Mode.HYBRID else {mode.value}
    assert all(set(hit.scores) == legs for hit in hits)


@pytest.mark.parametrize(
    ("question", "document_id"),
    [
        ("Welk bedrag ging in mei 2025 naar UCAP?", MAY),
        ("How much went to UCAP in December 2025?", DECEMBER),
        ("bijdrage UCAP Oslo", OSLO),
        ("What did ministers discuss on 3 and 4 April 2025?", APRIL),
        ("afgelopen december defensie-uitgaven", DECEMBER),
        ("Wie was gastheer op 31 mei 2023?", OSLO),
    ],
)
def test_the_meeting_named_comes_first(hashed: Pipeline, question: str, document_id: str) -> None:
    """A date, a month or a place in the question prefers the documents of that meeting."""
    allowed = {document_id, AGENDA} if document_id == MAY else {document_id}
    assert hashed.search(question)[0].passage.document_id in allowed


def test_a_preference_is_no_filter(hashed: Pipeline) -> None:
    """Other documents follow, and a date that no meeting has prefers none."""
    named = hashed.search(Query("Welk bedrag ging in mei 2025 naar UCAP?", 30))
    assert len({hit.passage.document_id for hit in named}) > 2
    listings = hashed.snapshot.collection.listings()
    assert named_documents("Wat werd in 1999 besloten?", listings, date(2026, 11, 21)) == []


def test_a_place_named_in_either_language(hashed: Pipeline) -> None:
    """Brussels names what met in Brussel; two named things name a document more surely than one."""
    listings = hashed.snapshot.collection.listings()
    today = date(2026, 11, 21)
    assert {found.id for found, _ in named_documents("What was said in Brussels?", listings, today)} == {
        APRIL,
        DECEMBER,
    }
    gains = {found.id: gain for found, gain in named_documents("Brussels, December 2025", listings, today)}
    assert gains[DECEMBER] == 1.0 > gains[APRIL]
    assert named_documents("Wat zei Noorwegen?", listings, today) == []
    for asked in (
        "Antalya: wie was gastheer?",
        "wie was gastheer (Antalya)",
        "Antalya; gastheer",
        "‘Antalya’",
        "Antalya's gastheer",
    ):
        assert {found.id for found, _ in named_documents(asked, listings, today)} == {MAY, AGENDA}, asked


@pytest.mark.parametrize(
    "spelling",
    ["28676, nr. 493", "28 676 nr 493", "28.676, nr.493", "kst-28676-493", "Kamerstukken II 2024/25, 28 676, nr. 493"],
)
def test_a_paper_named_in_any_spelling(tmp_path: Path, spelling: str) -> None:
    """The report that refers to a Kamerstuk comes first, though neighbours name its dossier and numbers like it."""
    for number in range(480, 500):
        text = f"De minister verwijst naar de brief over de top (Kamerstuk 28 676, nr. {number}).\n\nNa 493 dagen."
        (tmp_path / f"verslag-{number}.txt").write_text(text, "utf-8")
    build([tmp_path], tmp_path / "index", HashingEncoder(256))
    pipeline = Pipeline.open(tmp_path / "index")
    found = pipeline.search(f"Welk verslag gaat over {spelling}?")
    assert found[0].passage.document_id == "verslag-493" and "nr. 493" in found[0].passage.text
    listings = pipeline.snapshot.collection.listings()
    assert [each.id for each, _ in named_documents(spelling, listings, date(2026, 11, 21))] == ["verslag-493"]
    assert named_documents("nr. 493 van 28 676 stuks", listings, date(2026, 11, 21)) == []


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(date_from=date(2025, 12, 1)), {DECEMBER}),
        (Filters(date_to=date(2023, 12, 31)), {OSLO}),
        (Filters(date_from=date(2025, 4, 1), date_to=date(2025, 4, 30)), {APRIL}),
        (Filters(kinds=(Kind.AGENDA,)), {AGENDA}),
        (Filters(document_ids=(OSLO, MAY)), {OSLO, MAY}),
        (Filters(as_of=date(2025, 4, 30)), {OSLO, APRIL}),
        (Filters(kinds=(Kind.LETTER,)), set()),
    ],
)
@pytest.mark.parametrize("mode", list(Mode))
def test_filters_hold(hashed: Pipeline, filters: Filters, documents: set[str], mode: Mode) -> None:
    """Only documents that pass come back, and every passage of them can."""
    hits = hashed.search(Query("defensie-uitgaven bondgenoten NAVO Nederland", 100, mode, filters))
    assert {hit.passage.document_id for hit in hits} == documents


def test_diversity_caps_each_document(hashed: Pipeline) -> None:
    """At most so many passages of one document, and the best of each first."""
    hits = hashed.search(Query("steun aan Oekraïne", 10, per_document=2))
    ids = [hit.passage.document_id for hit in hits]
    assert len(hits) == 10 and max(map(ids.count, ids)) == 2
    best = hashed.search(Query("steun aan Oekraïne", 1))[0]
    assert hits[0].passage == best.passage


@pytest.mark.parametrize("fusion", ["scores", "rrf"])
def test_a_leg_without_weight_changes_nothing(hashed: Pipeline, fusion: str) -> None:
    """Hybrid with one weight at zero ranks as the other leg does."""
    alone = replace(RetrievalSettings(), fusion=fusion, dense=0.0, lexical=1.0, preference=0.0)  # type: ignore[arg-type]
    hybrid = hashed.with_retrieval(alone).search(Query("UCAP winter medisch", 5))
    lexical = hashed.with_retrieval(alone).search(Query("UCAP winter medisch", 5, Mode.LEXICAL))
    assert lexical and [hit.passage.id for hit in hybrid][: len(lexical)] == [hit.passage.id for hit in lexical]


def test_the_lexicon_can_be_left_out(hashed: Pipeline) -> None:
    """An English word finds its Dutch translation through the lexicon, and not without it."""
    query = Query("ammunition", 5, Mode.LEXICAL)
    assert any("munitie" in hit.passage.text for hit in hashed.search(query))
    without = hashed.with_retrieval(replace(RetrievalSettings(), lexicon=False)).search(query)
    assert all("munitie" not in hit.passage.text or not hit.scores["lexical"] for hit in without)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (Query(""), EmptyQuestion),
        (Query(" \n\t?!…"), EmptyQuestion),
        (Query("x" * 100_000), QuestionTooLong),
        (Query("wat\0"), InvalidCharacter),
        (Query("wat \ud800"), InvalidCharacter),
        (Query("wat", 0), InvalidTopK),
        (Query("wat", 10_000), InvalidTopK),
        (Query("wat", per_document=0), InvalidTopK),
        (Query("wat", filters=Filters(document_ids=("geen",))), UnknownFilter),
        (Query("wat", filters=Filters(date_from=date(2025, 2, 1), date_to=date(2025, 1, 1))), InvalidDates),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(hashed: Pipeline, query: Query, error: type[QueryError]) -> None:
    """One clear sentence of the right kind."""
    with pytest.raises(error) as raised:
        hashed.search(query)
    assert len(str(raised.value).splitlines()) == 1


@given(text=st.text(min_size=1, max_size=80), k=st.integers(1, 100))
@settings(deadline=None, max_examples=80)
def test_any_question_gets_passages_or_a_query_error(hashed: Pipeline, text: str, k: int) -> None:
    """Quotes, brackets, operators, any script: at most k hits, each a slice of its document."""
    try:
        hits = hashed.search(Query(text, k))
    except QueryError:
        return
    assert len(hits) <= k
    for hit in hits:
        assert hashed.document(hit.passage.document_id).text[hit.passage.start : hit.passage.end] == hit.passage.text
