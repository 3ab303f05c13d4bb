"""The collection gives back what was stored, whole, to any thread, and notices what is not."""

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.collection import Collection, CollectionWriter
from navo_qa.errors import DamagedIndex, NotFound
from navo_qa.types import Alignment, Document, Filters, Footnote, Heading, Kind, Page, Passage, Run, sha256

TEXT = "Verslag van de top\n\nDe bondgenoten bespraken 3,5% van het BBP. 🚢\n\nEn Oekraïne."


def document(name: str = "oslo", text: str = TEXT, **fields: object) -> Document:
    plain = Document(
        id=name,
        title=f"Verslag {name}",
        kind=Kind.REPORT,
        language="nl",
        text=text,
        sha256=sha256(text),
        source="https://example.org/verslag",
        file=f"{name}.md",
        file_sha256=sha256("raw" + text),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def passages(of: Document, *spans: tuple[int, int]) -> list[Passage]:
    return [
        Passage(f"{of.id}-{start}", of.id, start, end, of.text[start:end], place, heading="Kop")
        for place, (start, end) in enumerate(spans, 1)
    ]


def store(path: Path, *documents: tuple[Document, list[Passage]]) -> Collection:
    with CollectionWriter(path) as writer:
        for stored, parts in documents:
            writer.add(stored, parts, [sha256(part.id).encode()[:32] for part in parts])
    return Collection(path)


OSLO = document(
    meeting="iFMM",
    meeting_start=date(2023, 5, 31),
    meeting_end=date(2023, 6, 1),
    place="Oslo",
    letter_date=date(2023, 6, 9),
    references=("28676-438", "21501-20"),
    headings=(Heading(0, 18, 1),),
    footnotes=(Footnote("1", 30, 60, 70),),
    pages=(Page(1, 0, 40), Page(2, 40, len(TEXT))),
    alignment=Alignment((Run(0, 10, 5, 15), Run(10, 20, 20, 40))),
)
BRUSSEL = document("brussel", kind=Kind.AGENDA, meeting_start=date(2025, 4, 3), letter_date=date(2025, 3, 20))
UNDATED = document("zonder", "Los stuk tekst.", kind=Kind.OTHER)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return store(
        tmp_path / "collection.sqlite",
        (OSLO, passages(OSLO, (0, 18), (20, 62), (66, 79))),
        (BRUSSEL, passages(BRUSSEL, (20, 62))),
        (UNDATED, passages(UNDATED, (0, 15))),
    )


def test_documents_come_back_whole(collection: Collection) -> None:
    """Every field survives: dates, references, headings, footnotes, pages and the alignment to the raw file."""
    assert collection.document("oslo") == OSLO
    assert collection.document("oslo").alignment == OSLO.alignment
    assert collection.document("zonder") == UNDATED


def test_passages_by_id_row_and_document(collection: Collection) -> None:
    """A passage is found by its id, its row and its document, and is always the slice of the text."""
    assert len(collection) == 5
    assert collection.passage("oslo-20") == passages(OSLO, (0, 18), (20, 62))[1]
    assert collection.row("oslo-20") == 1
    assert [p.id for p in collection.passages([3, 1, 3])] == ["brussel-20", "oslo-20", "brussel-20"]
    assert [p.id for p in collection.passages(np.array([4, 3]))] == ["zonder-0", "brussel-20"]
    with pytest.raises(DamagedIndex, match="no row 7"):
        collection.passages([3, 7])
    assert [p.id for p in collection.passages_of("oslo")] == ["oslo-0", "oslo-20", "oslo-66"]
    for stored, parts in collection.walk():
        assert all(stored.text[part.start : part.end] == part.text for part in parts)


def test_listings_page_through_the_corpus(collection: Collection) -> None:
    """Documents are listed in the corpus's order, page after page, with the rows of their passages."""
    assert [listing.id for listing in collection.listings()] == ["oslo", "brussel", "zonder"]
    assert [listing.id for listing in collection.listings(limit=2)] == ["oslo", "brussel"]
    assert [listing.id for listing in collection.listings(after="brussel", limit=2)] == ["zonder"]
    assert collection.listings(after="zonder") == ()
    oslo = collection.listings()[0]
    assert (oslo.rows, oslo.characters) == (range(3), len(TEXT))
    assert (oslo.date, oslo.references) == (date(2023, 5, 31), OSLO.references)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), None),
        (Filters(kinds=(Kind.REPORT,)), [0, 1, 2]),
        (Filters(kinds=(Kind.AGENDA, Kind.OTHER)), [3, 4]),
        (Filters(document_ids=("zonder", "oslo")), [0, 1, 2, 4]),
        (Filters(document_ids=("nergens",)), []),
        (Filters(date_from=date(2025, 4, 3)), [3]),
        (Filters(date_from=date(2023, 6, 1), date_to=date(2023, 6, 1)), [0, 1, 2]),
        (Filters(date_from=date(2023, 6, 1)), [0, 1, 2, 3]),
        (Filters(date_to=date(2023, 5, 31)), [0, 1, 2]),
        (Filters(as_of=date(2025, 3, 20)), [0, 1, 2, 3]),
        (Filters(as_of=date(2023, 6, 8)), []),
        (Filters(kinds=(Kind.REPORT,), date_from=date(2024, 1, 1)), []),
    ],
)
def test_filters_allow_rows(collection: Collection, filters: Filters, rows: list[int] | None) -> None:
    """Filters allow the rows of the documents that pass them all; none at all allow everything."""
    found = collection.rows(filters)
    assert (None if found is None else found.tolist()) == rows


@pytest.mark.parametrize("wanted", ["", "nergens", "\ud800", "a\0b", "' OR 1=1 --", "x" * 100_000])
def test_what_is_not_there_is_not_found(collection: Collection, wanted: str) -> None:
    """An unknown id says so, whatever characters it has."""
    for look_up in (collection.document, collection.passage, collection.row, collection.passages_of):
        with pytest.raises(NotFound):
            look_up(wanted)
    with pytest.raises(NotFound):
        collection.listings(after=wanted)


def test_a_passage_that_is_no_slice_is_not_stored(tmp_path: Path) -> None:
    """Storing checks that a passage is the slice it says it is."""
    wrong = replace(passages(OSLO, (0, 18))[0], text="Verslag van de flop")
    with pytest.raises(ValueError, match="no slice"):
        store(tmp_path / "collection.sqlite", (OSLO, [wrong]))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET text = 'De bondgenoten zwegen.' WHERE id = 'oslo-20'",
        "UPDATE passages SET start = start + 1 WHERE id = 'oslo-20'",
        "UPDATE documents SET text = replace(text, '3,5%', '35%') WHERE id = 'oslo'",
        "UPDATE documents SET kind = 'roman' WHERE id = 'oslo'",
        "UPDATE documents SET alignment = x'00' WHERE id = 'oslo'",
    ],
)
def test_changed_rows_are_damage(collection: Collection, tmp_path: Path, change: str) -> None:
    """Serving checks again: whatever was changed behind our back is never served."""
    collection.close()
    path = tmp_path / "collection.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    changed = Collection(path)
    with pytest.raises(DamagedIndex):
        changed.passage("oslo-20")
    changed.close()


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_what_is_no_collection_is_damage(tmp_path: Path, content: bytes | None) -> None:
    """An empty file, another file and no file are damage, at once."""
    path = tmp_path / "collection.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedIndex):
        Collection(path)


def test_threads_share_a_collection(collection: Collection, tmp_path: Path) -> None:
    """Many threads read at once, even after the file's folder entry is gone."""
    (tmp_path / "collection.sqlite").unlink()
    found: list[list[str]] = []

    def read() -> None:
        found.extend([passage.text for passage in collection.passages(range(5))] for _ in range(50))

    workers = [threading.Thread(target=read) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 400 and all(texts == found[0] for texts in found)


@given(st.text(min_size=1, max_size=60), st.data())
@settings(max_examples=30, deadline=None)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject) -> None:
    """Any text that UTF-8 can hold comes back character by character, NUL, emoji and combining marks too."""
    cut = data.draw(st.integers(1, len(text)))
    stored = document(text=text)
    collection = store(
        tmp_path_factory.mktemp("any") / "collection.sqlite", (stored, passages(stored, (0, cut), (cut, len(text))))
    )
    assert collection.document("oslo").text == text
    assert [passage.text for passage in collection.passages([0, 1])] == [text[:cut], text[cut:]]
    collection.close()
