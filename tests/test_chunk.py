"""Tests of chunk.py."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.chunk import Chunking, chunk, context, spoken_texts, written_dates
from navo_qa.ingest import read_corpus
from navo_qa.ingest.md import parse_markdown
from navo_qa.text.normalise import Normalised, normalise
from navo_qa.text.sentences import sentences
from navo_qa.types import Document, Kind, Passage, sha256
from strategies import prose, texts

SEEDS = Path(__file__).parents[1] / "../shared/seeds"
CORPUS = Path(__file__).parents[1] / "corpus"


def document(read: Normalised, **known: object) -> Document:
    fields: dict[str, object] = {
        "id": "verslag", "title": "Titel", "kind": Kind.REPORT, "language": "nl", "text": read.text,
        "sha256": sha256(read.text), "source": "bron", "file": "verslag.txt", "file_sha256": "0" * 64,
        "headings": read.headings, "footnotes": read.footnotes, "pages": read.pages, "alignment": read.alignment,
    }  # fmt: skip
    return Document(**{**fields, **known})  # type: ignore[arg-type]


def check(whole: Document, passages: list[Passage]) -> None:
    """Slices equal the text, come in order, do not overlap, and leave out nothing but space."""
    edges = [0]
    for passage in passages:
        assert whole.text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        edges += [passage.start, passage.end]
    edges.append(len(whole.text))
    assert all(before <= after for before, after in pairwise(edges))
    assert not "".join(whole.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()
    assert len({passage.id for passage in passages}) == len(passages)
    assert all(passage.document_id == whole.id and passage.id.startswith(f"{whole.id}-") for passage in passages)


@given(texts(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_text(raw: str, markdown: bool) -> None:
    """Of any document, every character that is no space is in exactly one passage."""
    read = parse_markdown(raw).normalised if markdown else normalise(raw)
    whole = document(read)
    check(whole, chunk(whole))


@given(prose(300), st.sampled_from([Chunking(), Chunking(60, 90, 20, 120), Chunking(1, 1, 0, 1)]))
@settings(max_examples=150, deadline=None)
def test_sentences_stay_whole(raw: str, chunking: Chunking) -> None:
    """A passage ends where a sentence does, unless that one sentence is longer than any may be."""
    whole = document(normalise(raw))
    passages = chunk(whole, chunking)
    check(whole, passages)
    ends = {end for start, end in sentences(whole.text)}
    long = [span for span in sentences(whole.text) if span[1] - span[0] > chunking.sentence]
    for passage in passages:
        assert passage.end in ends or any(start < passage.end < end for start, end in long)


def sentence(number: int, length: int = 100) -> str:
    return f"Zin {number} gaat over " + "w" * (length - 18) + "."


def passages_of(raw: str, **known: object) -> list[Passage]:
    whole = document(parse_markdown(raw).normalised, **known)
    passages = chunk(whole)
    check(whole, passages)
    return passages


def test_short_paragraphs_are_joined() -> None:
    """Short paragraphs share a passage, and are counted as a reader counts them."""
    passages = passages_of("\n\n".join(sentence(i, 200) for i in range(9)))
    assert [passage.paragraph for passage in passages] == [1, 4, 7]
    assert all(500 <= len(passage.text) <= 900 for passage in passages)


def test_long_paragraphs_are_shared_out() -> None:
    """A long paragraph gives passages of about one length, each of whole sentences."""
    passages = passages_of(" ".join(sentence(i) for i in range(20)))
    lengths = [len(passage.text) for passage in passages]
    assert len(passages) == 3 and max(lengths) - min(lengths) <= 110 and {p.paragraph for p in passages} == {1}


def test_headings_open_passages() -> None:
    """A heading starts a passage with the text below it, and is never the end of another; a chain stays together."""
    raw = f"# Titel\n\n## Een\n\n{sentence(1)}\n\n## Twee\n\n{sentence(2)}\n\n{sentence(3)}\n\n## Leeg"
    passages = passages_of(raw)
    assert [passage.text.split("\n\n")[0] for passage in passages] == ["Titel", "Twee", "Leeg"]
    assert [passage.heading for passage in passages] == ["Een", "Twee", "Leeg"]
    assert [passage.paragraph for passage in passages] == [1, 2, 2]


def test_a_number_alone_goes_with_what_follows() -> None:
    """An item's number over its title is no passage of its own, and its passage has the title as its heading."""
    (passage,) = passages_of(f"10\n\n# Havens\n\n{sentence(1)}")
    assert passage.text.startswith("10\n\nHavens\n\n") and passage.heading == "Havens"
    assert [found.heading for found in passages_of(f"## Kop\n\n10\n\n## Twee\n\n{sentence(1)}")] == ["Kop", "Twee"]


def test_written_questions_stay_with_their_answer() -> None:
    """Several questions answered together are one passage with it; where all do not fit, each stands alone."""
    asked = f"### Vraag 1\n\n{sentence(1)}\n\n### Vraag 2\n\n{sentence(2)}\n\n### Antwoord 1 en 2\n\n"
    short, after = f"{asked}{sentence(3)}", f"\n\n### Vraag 3\n\n{sentence(5)}\n\n## Slot\n\n{sentence(6)}"
    first, *rest = passages_of(short + after)
    assert first.text.startswith("Vraag 1") and first.text.endswith(sentence(3))
    assert [passage.heading for passage in (first, *rest)] == ["Vraag 1", "Vraag 3", "Slot"]
    long = " ".join(sentence(number) for number in range(10, 18))
    assert [passage.text.split("\n")[0] for passage in passages_of(asked + long)][:3] == [
        "Vraag 1", "Vraag 2", "Antwoord 1 en 2",
    ]  # fmt: skip


def test_turns_of_speakers_stand_together() -> None:
    """Short turns are one passage, under what stands above them all; a turn that does not fit opens the next one."""
    turns = f"## Zorg\n\n### Mevrouw Bos (VVD):\n\n{sentence(1)}\n\n### Minister Ten Hove:\n\n{sentence(2)}\n\n"
    long = " ".join(sentence(number) for number in range(10, 17))
    first, second, *rest = passages_of(f"{turns}### De heer Roos (SP):\n\n{long}\n\n## Slot\n\n{sentence(3)}")
    assert first.text.startswith("Zorg\n\nMevrouw Bos (VVD):") and first.text.endswith(sentence(2))
    assert second.text.startswith("De heer Roos (SP):")
    assert [passage.heading for passage in (first, second, *rest)][:2] == ["Zorg", "De heer Roos (SP):"]
    assert rest[-1].heading == "Slot"
    assert passages_of("### Mevrouw Bos:\n\nJa.\n\n### De heer Roos:\n\nNee.")[0].heading is None
    assert [found.heading for found in passages_of("### Doel:\n\nEen.\n\n### Kosten:\n\nTwee.")] == ["Doel:", "Kosten:"]


def test_heading_of_later_passages() -> None:
    """A passage further down has the nearest heading above it."""
    passages = passages_of("## Kop\n\n" + " ".join(sentence(i) for i in range(20)))
    assert {passage.heading for passage in passages} == {"Kop"} and len(passages) == 3
    assert [passage.heading for passage in passages_of("Los.\n\n## Kop\n\nTekst.")] == [None, "Kop"]


def test_footnotes_stay() -> None:
    """A footnote is in the passage of the paragraph that cites it, also where that gets a little long."""
    raw = "\n\n".join(" ".join(sentence(10 * i + j) for j in range(8)) + f"[^{i}]" for i in range(3))
    raw += "".join(f"\n\n[^{i}]: Kamerstuk 28 676, nr. {i}, " + "n" * 120 for i in range(3))
    passages = passages_of(raw)
    assert [passage.text.count("Kamerstuk") for passage in passages] == [1, 1, 1]
    assert [passage.paragraph for passage in passages] == [1, 2, 3]


def test_overlong_sentence() -> None:
    """Only a sentence that no reader would call one is split, at spaces where it has them."""
    words = "woord " * 1000
    passages = passages_of(words)
    assert all(len(passage.text) <= 900 and passage.text.endswith("woord") for passage in passages)
    assert all(len(passage.text) <= 900 for passage in passages_of("x" * 5000))
    accents = passages_of("x\u0323\u0307" * 2000)
    assert not any(passage.text[0] in "\u0323\u0307" for passage in accents)


def test_pages() -> None:
    """A passage is on the page where it starts; a format without pages gives none."""
    read = normalise("\f".join("\n\n".join(sentence(10 * i + j, 400) for j in range(2)) + "\n" for i in range(3)))
    assert [passage.page for passage in chunk(document(read))] == [1, 2, 3]
    assert passages_of("Tekst.")[0].page is None


def test_ids() -> None:
    """An id depends on the document's text, its id and the place, and on nothing else."""
    read = normalise("\n\n".join(sentence(i, 300) for i in range(9)))
    ids = [passage.id for passage in chunk(document(read))]
    assert ids == [passage.id for passage in chunk(document(read, title="Anders", place="Oslo"))]
    assert not set(ids) & {passage.id for passage in chunk(document(read, sha256="f" * 64))}
    assert all(len(each.rsplit("-", 1)[1]) == 12 for each in ids)


@pytest.mark.parametrize("sizes", [(0, 0, 0, 0), (700, 600, 100, 2000), (700, 900, 800, 2000), (700, 900, 100, 800)])
def test_chunking_is_checked(sizes: tuple[int, int, int, int]) -> None:
    """Sizes that contradict one another are refused."""
    with pytest.raises(ValueError, match="min <= target <= max <= sentence"):
        Chunking(*sizes)


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2025, 5, 14), date(2025, 5, 15), "14 en 15 mei 2025"),
        (date(2023, 5, 31), date(2023, 6, 1), "31 mei en 1 juni 2023"),
        (date(2025, 12, 3), date(2025, 12, 3), "3 december 2025"),
        (date(2025, 12, 3), None, "3 december 2025"),
        (date(2025, 6, 24), date(2025, 6, 26), "24 tot en met 26 juni 2025"),
        (date(2024, 12, 31), date(2025, 1, 1), "31 december 2024 en 1 januari 2025"),
        (None, None, ""),
    ],
)
def test_written_dates(start: date | None, end: date | None, written: str) -> None:
    """Days are written as Dutch writes them."""
    assert written_dates(start, end) == written


def test_context() -> None:
    """What is indexed besides the slice: title, meeting, place and days, and a heading that is not in the slice."""
    known = {
        "meeting": "iFMM",
        "place": "Antalya",
        "meeting_start": date(2025, 5, 14),
        "meeting_end": date(2025, 5, 15),
    }
    whole = document(parse_markdown("## Kop\n\n" + " ".join(sentence(i) for i in range(20))).normalised, **known)
    first, second, _ = chunk(whole)
    assert context(whole, first) == "Titel | iFMM | Antalya, 14 en 15 mei 2025"
    assert context(whole, second) == "Titel | iFMM | Antalya, 14 en 15 mei 2025 | Kop"
    assert context(document(normalise("Tekst.")), chunk(document(normalise("Tekst.")))[0]) == "Titel"


@pytest.mark.parametrize(
    "raw",
    [
        "a" * 300_000,
        "A. " * 60_000,
        "woord[^1] " * 20_000 + "\n\n[^1]: x",
        "# a\n" * 20_000,
        "[^1]\n\n" * 5_000 + "[^1]: x\n" * 5_000,
        "# Vraag 1\n\nWie?\n\n" * 20_000,
        "# De heer Bos:\n\nJa.\n\n" * 20_000,
    ],
    ids=range(7),
)
def test_hostile(raw: str) -> None:
    """Time is linear in the length."""
    whole = document(parse_markdown(raw).normalised)
    began = time.process_time()
    check(whole, chunk(whole))
    assert time.process_time() - began < 8


@pytest.mark.parametrize("folder", [CORPUS, SEEDS], ids=["corpus", "seeds"])
def test_real_reports(folder: Path) -> None:
    """In the reports a passage is 400 to 900 characters on average, and no heading ends one."""
    if not folder.is_dir():
        pytest.skip("the real reports lie beside the repository, not in it")
    for whole in read_corpus([folder]):
        assert isinstance(whole, Document)
        passages = chunk(whole)
        check(whole, passages)
        assert 400 <= sum(len(passage.text) for passage in passages) / len(passages) <= 900
        assert max(len(passage.text) for passage in passages) <= 1000
        ends = {heading.end for heading in whole.headings}
        assert not ends & {passage.end for passage in passages}


def test_a_table_stays_whole_with_its_caption() -> None:
    """Where a passage holds it; what does not fit before it ends the passage before."""
    rows = ["Fonds | 2026 | 2027", *(f"Fonds nummer {i} voor steun | {i},5 | {i},7" for i in range(12))]
    above = " ".join(["De minister lichtte de begroting van het fonds toe."] * 12)
    whole = document(
        parse_markdown("\n\n".join([above, "Tabel 1: bedragen", *rows, "Daarna sprak de raad."])).normalised
    )
    parts = chunk(whole)
    check(whole, parts)
    (table,) = [part for part in parts if "Fonds | 2026" in part.text]
    assert table.text.startswith("Tabel 1: bedragen\n\nFonds | 2026") and rows[-1] in table.text
    assert table.paragraph == 2


def test_rows_far_down_a_table_know_its_head() -> None:
    """A passage in the middle of a long table has the head in its context; its rows are encoded with it."""
    rows = ["Land | Toezegging | Datum", *(f"Land nummer {i} | EUR {i} mln. | 3 mei 2027" for i in range(60))]
    whole = document(parse_markdown("\n\n".join(rows)).normalised)
    first, *others = chunk(whole)
    check(whole, [first, *others])
    assert others and not context(whole, first).endswith(rows[0])
    assert all(context(whole, part).endswith(f"Titel | {rows[0]}") for part in others)
    said = spoken_texts(whole, others[-1])[-1]
    assert said == "Land: Land nummer 59; Toezegging: EUR 59 mln.; Datum: 3 mei 2027"


def test_a_table_is_not_broken_up_to_fill_a_short_passage() -> None:
    """Where it fits one of its own; a footnote in it stays in it."""
    rows = [
        "Fonds | Stand | Jaar",
        *(f"Fonds nummer {i} voor steun aan het land | loopt | {2000 + i}" for i in range(14)),
    ]
    rows[0] = "| Fonds | Stand[^1] | Jaar |\n|---|---|---|\n" + "\n".join(f"| {row} |" for row in rows[1:])
    above = "De minister lichtte de begroting van het fonds toe. " * 4
    whole = document(parse_markdown(f"{above}\n\n{rows[0]}\n\n[^1]: In mei.\n").normalised)
    parts = chunk(whole)
    check(whole, parts)
    assert [rows[-1] in part.text and "nummer 0 " in part.text for part in parts] == [False, True]
    assert "[1] In mei." in parts[1].text
