"""The whole path: what is answered is there, what is not there is not answered."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from navo_qa.build import build
from navo_qa.chunk import Chunking, _units
from navo_qa.encode import HashingEncoder
from navo_qa.errors import DamagedIndex, EncoderMismatch, IndexNotFound, NoDocuments, NotFound
from navo_qa.pipeline import Pipeline, citation, matching_encoder
from navo_qa.types import Query, Span, sha256
from pdf_files import Put, pdf
from tabled_answers import HEAD, ROW, cell, tabled_index

QUESTIONS = [
    "Hoeveel trok Nederland in december 2025 uit voor PURL?",
    "Who hosted the dinner in Antalya?",
    "Waar is de volgende NAVO-top?",
    "defensie uitgaven bbp",
]


@pytest.fixture(scope="module", params=["corpus", "seeds"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline over the shipped corpus, and one over the real reports."""
    folder = request.getfixturevalue("seeds") if request.param == "seeds" else Path(__file__).parents[1] / "corpus"
    index = tmp_path_factory.mktemp("whole")
    build([folder], index, HashingEncoder())
    return Pipeline.open(index, reader="sentences")


def test_slices_equal_texts(whole: Pipeline) -> None:
    """For every document and passage: the slice is the text, and nothing of the document is lost."""
    for document in whole.documents():
        assert sha256(document.text) == document.sha256
        passages = whole.snapshot.collection.passages_of(document.id)
        assert all(document.text[p.start : p.end] == p.text for p in passages)
        covered = "".join(p.text for p in passages)
        assert "".join(covered.split()) == "".join(document.text.split())


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_verbatim(whole: Pipeline, question: str) -> None:
    """Every citation quotes its document at its offsets, with the document's hash."""
    answer = replace_threshold(whole, 0.0).ask(Query(question))
    assert answer.text is not None and answer.citations
    for made in answer.citations:
        document = whole.document(made.document_id)
        assert document.text[made.start : made.end] == made.quote == answer.text
        assert made.sha256 == document.sha256


def test_a_cell_is_told_with_its_head(tmp_path: Path) -> None:
    """The row is its sentence, the head stands in the same document; silence keeps both with what came nearest."""
    pipeline, answer = cell(tabled_index(tmp_path))
    (document,) = pipeline.documents()
    assert answer.sentence is not None and answer.sentence.quote == ROW
    assert answer.head is not None and document.text[slice(*answer.head)] == HEAD
    silent = answer.withheld(None)
    assert silent.head is None and silent.nearest is not None and silent.nearest.head == answer.head
    asked = replace_threshold(pipeline, 0.0).ask("Kamer najaar")
    assert asked.sentence is not None and "najaar" in asked.sentence.quote and asked.head is None
    pipeline.snapshot.close()


def test_silence_is_a_value(hashed: Pipeline) -> None:
    """Under the threshold there is no text and no citation, and the passages are still shown."""
    answer = replace_threshold(hashed, 1.0).ask("Wat kost een visvergunning in Groenland?")
    assert answer.text is None and answer.citations == () and answer.hits


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Three reports, one a year, that say the same of another amount; the last two agree."""
    corpus = tmp_path_factory.mktemp("years")
    for year, amount in ((2023, "EUR 20 miljoen"), (2024, "EUR 35 miljoen"), (2025, "EUR 35 miljoen")):
        text = f"Nederland droeg {amount} bij aan het fonds voor mijnenjagers. Er was een diner."
        front = f"---\nid: fonds-{year}\nmeeting_start: {year}-06-02\n---\n\n# Verslag van de raad van {year}\n\n"
        (corpus / f"fonds-{year}.md").write_text(front + text + "\n", "utf-8")
    index = tmp_path_factory.mktemp("years-index")
    build([corpus], index, HashingEncoder())
    return Pipeline.open(index, reader="sentences", threshold=0.05)


def test_the_latest_report_answers_and_the_others_are_shown(years: Pipeline) -> None:
    """Without a date: the last amount, who agrees cited too, and what was said before beside it."""
    answer = years.ask("Hoeveel droeg Nederland bij aan het fonds voor mijnenjagers?")
    assert [made.document_id for made in answer.citations] == ["fonds-2025", "fonds-2024"]
    assert [each.citations[0].document_id for each in answer.also] == ["fonds-2023"]
    assert answer.also[0].date is not None and answer.also[0].date.year == 2023
    assert all(years.document(each.document_id).text[each.start : each.end] == each.quote for each in answer.citations)


def test_a_date_in_the_question_picks_the_report(years: Pipeline) -> None:
    """Asked about 2023, the report of 2023 answers."""
    answer = years.ask("Hoeveel droeg Nederland in juni 2023 bij aan het fonds voor mijnenjagers?")
    assert answer.citations[0].document_id == "fonds-2023"


def test_silence_tells_what_came_nearest(years: Pipeline) -> None:
    """What was too unsure to give is kept apart, cited and dated, and is no answer."""
    answer = replace_threshold(years, 1.0).ask("Hoeveel droeg Nederland bij aan het fonds voor mijnenjagers?")
    assert answer.text is None and not answer.citations and not answer.also and answer.sentence is None
    assert answer.nearest is not None and answer.nearest.citations and answer.nearest.date is not None
    assert answer.nearest.confidence == answer.confidence


def test_the_passage_of_the_answer_is_among_those_shown(years: Pipeline) -> None:
    """However few are asked for."""
    answer = years.ask(Query("Hoeveel droeg Nederland bij aan het fonds voor mijnenjagers?", 1))
    assert len(answer.hits) == 1 and answer.hits[0].passage.id == answer.citations[0].passage_id
    assert answer.hits[0].rank == 1


def test_an_answer_stands_in_its_sentence(years: Pipeline) -> None:
    """The sentence is a verbatim stretch around the answer."""
    answer = years.ask("Hoeveel droeg Nederland bij aan het fonds voor mijnenjagers?")
    assert answer.sentence is not None
    assert answer.sentence.start <= answer.citations[0].start < answer.citations[0].end <= answer.sentence.end
    assert answer.sentence.quote.startswith("Nederland droeg") and answer.sentence.quote.endswith("mijnenjagers.")


def test_an_answer_says_its_language_and_times(hashed: Pipeline) -> None:
    """The question's language and the milliseconds of each step."""
    assert [hashed.ask(question).language for question in QUESTIONS[:2]] == ["nl", "en"]
    timings = hashed.ask(QUESTIONS[0]).timings_ms
    assert timings["total"] >= max(timings["retrieve"], timings["read"]) > 0


def test_a_span_outside_every_passage_is_never_cited(hashed: Pipeline) -> None:
    """A citation that is not grounded is refused."""
    hits = hashed.search("UCAP")
    with pytest.raises(DamagedIndex):
        hashed.cite(Span(hits[0].passage.document_id, 10**6, 10**6 + 5, 1.0), hits)
    passage = replace(hits[0].passage, text="iets anders")
    with pytest.raises(DamagedIndex):
        citation(hashed.document(passage.document_id), passage)


def test_a_citation_names_the_page_and_the_paragraph_of_its_words(tmp_path: Path) -> None:
    """One passage over four pages: words on the third are on page 3, in the third paragraph."""
    said = ["over schepen.", "over havens.", "over walvissen.", "over dijken."]
    (tmp_path / "verslag.pdf").write_bytes(pdf([[Put(72, 700, f"De minister sprak {what}")] for what in said]))
    build([tmp_path / "verslag.pdf"], tmp_path / "index", HashingEncoder())
    pipeline = Pipeline.open(tmp_path / "index", reader="sentences")
    document = pipeline.document("verslag")
    (passage,) = pipeline.snapshot.collection.passages_of("verslag")
    start = document.text.index("walvissen")
    made = citation(document, passage, start, start + len("walvissen"))
    assert (made.quote, made.page, made.paragraph) == ("walvissen", 3, 3)
    assert (citation(document, passage).page, citation(document, passage).paragraph) == (1, 1)
    pipeline.snapshot.close()


def test_pages_and_paragraphs_are_counted_as_passages_count_them(whole: Pipeline) -> None:
    """A whole passage's are its own; any other words' are those of their paragraph."""
    for document in whole.documents():
        passages = whole.snapshot.collection.passages_of(document.id)
        for passage in passages:
            made = citation(document, passage)
            assert (made.page, made.paragraph) == (passage.page, passage.paragraph)
        numbered = [unit for block in _units(document, Chunking()) for unit in block if unit.paragraph is not None]
        for unit in numbered[::7]:
            home = next(passage for passage in passages if passage.start <= unit.start < passage.end)
            assert citation(document, home, unit.start, unit.end).paragraph == unit.paragraph


def test_another_encoder_is_refused(hashed_index: Path) -> None:
    """The message names both and says what to do."""
    with pytest.raises(EncoderMismatch, match=r'built with "hashing-256" \(256\), opened with "hashing-64" \(64\)'):
        Pipeline.open(hashed_index, "hashing-64")


def test_another_version_of_the_encoder_is_refused(hashed: Pipeline) -> None:
    """An index made before the encoder was trained on says so, and what to do."""
    manifest = hashed.snapshot.manifest
    older = manifest.model_copy(update={"encoder": manifest.encoder.model_copy(update={"fingerprint": "older"})})
    with pytest.raises(EncoderMismatch, match=r'another version of "hashing-256" than this one; build it again'):
        matching_encoder(replace(hashed.snapshot, manifest=older), None)


def test_no_index_and_no_documents_are_told_apart(tmp_path: Path) -> None:
    """A folder without an index, and a corpus without documents."""
    with pytest.raises(IndexNotFound, match="navo-qa build"):
        Pipeline.open(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoDocuments, match="no readable document"):
        build([tmp_path / "empty"], tmp_path / "index", HashingEncoder())


def test_unknown_ids_are_not_found(hashed: Pipeline) -> None:
    """Documents and passages that are not there."""
    with pytest.raises(NotFound):
        hashed.document("geen")
    with pytest.raises(NotFound):
        hashed.passage("geen")


def test_many_threads_get_the_same_answers(hashed: Pipeline) -> None:
    """One pipeline serves parallel questions."""
    wanted = [hashed.ask(question).citations for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert [answer.citations for answer in pool.map(hashed.ask, QUESTIONS)] == wanted


def test_an_open_pipeline_survives_its_folder(tmp_path: Path, hashed_index: Path) -> None:
    """Readers keep what they opened, also when later builds remove the folder."""
    copy = tmp_path / "index"
    shutil.copytree(hashed_index, copy)
    pipeline = Pipeline.open(copy, reader="sentences")
    before = pipeline.ask(QUESTIONS[0]).citations
    shutil.rmtree(copy)
    assert pipeline.ask(QUESTIONS[0]).citations == before


def replace_threshold(pipeline: Pipeline, threshold: float) -> Pipeline:
    """The same pipeline with another threshold."""
    return Pipeline(
        pipeline.snapshot, pipeline.encoder, settings=pipeline.settings, threshold=threshold, network=pipeline.network
    )
