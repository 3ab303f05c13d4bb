"""The words' index finds a passage however the question spells it, and only among the rows allowed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.errors import DamagedIndex
from navo_qa.index.tantivy import Entry, TantivyIndex

PASSAGES = [
    "De bondgenoten bespraken de defensie-uitgaven: 3,5% van het BBP in 2035.",
    "De kosten van het hoofdkwartier stegen met 35% ten opzichte van vorig jaar.",
    "Oekraïne krijgt 1,6 miljard euro aan steun, zoals gemeld in Kamerstuk 28 676, nr. 493.",
    "De defensieproductiecapaciteit in Europa moet omhoog.",
    "Tijdens de NAVO-top werd gesproken over afschrikking en verdediging.",
    "De Hoge Vertegenwoordiger lichtte het gezamenlijke sanctiepakket toe.",
    "Wateroverlast in de polder leidde tot schade aan gewassen.",
]
CONTEXTS = ["Verslag Antalya | 14 en 15 mei 2025"] * 3 + ["Verslag Oslo | 31 mei en 1 juni 2023"] * 4


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    pairs = zip(PASSAGES, CONTEXTS, strict=True)
    entries = [Entry(text, context, "nl", f"p{row}") for row, (text, context) in enumerate(pairs)]
    entries.append(Entry("The allies agreed on targets for ammunition stockpiles.", "Report Vilnius", "en", "p7"))
    return TantivyIndex.build(tmp_path_factory.mktemp("lexical"), lambda: entries)


def first(index: TantivyIndex, question: str) -> int | None:
    rows = index.search(question, 3)[1]
    return int(rows[0]) if len(rows) else None


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("defensieuitgaven", 0),
        ("defensie uitgaven", 0),
        ("defensie-uitgaven", 0),
        ("Hoeveel procent is 3.5 percent?", 0),
        ("een stijging van 35 procent", 1),
        ("oekraine", 2),
        ("Oekraïense steun aan OEKRAÏNE", 2),
        ("28676", 2),
        ("kamerstuk 28.676 nr 493", 2),
        ("1.6 billion", 2),
        ("capaciteit voor productie", 3),
        ("productiecapaciteit", 3),
        ("Wie was in Oslo over afschrikking?", 4),
    ],
)
def test_spellings_find_the_passage(index: TantivyIndex, question: str, row: int) -> None:
    """Diacritics, numbers, hyphens and compounds in any spelling find the passage."""
    assert first(index, question) == row


@pytest.mark.parametrize(
    ("question", "row"),
    [("bondgentoen", 0), ("afschriking", 4), ("Okeraïne", 2), ("wateroverlsat", 6), ("sanctiepaket", 5)],
)
def test_typos_are_forgiven(index: TantivyIndex, question: str, row: int) -> None:
    """A word that the corpus does not hold is taken for the one spelt most alike."""
    assert first(index, question) == row


def test_short_words_and_numbers_are_not_corrected(index: TantivyIndex) -> None:
    """A word under five letters and a number must be right."""
    assert first(index, "tip") is None and first(index, "28677") is None and first(index, "4,5%") is None


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What did they say about defence spending?", 0),
        ("GDP", 0),
        ("NATO summit", 4),
        ("deterrence", 4),
        ("High Representative", 5),
        ("defence production capacity", 3),
        ("flooding damage to crops", 6),
        ("What happened in May 2025?", 0),
        ("bondgenoten munitievoorraden", 7),
    ],
)
def test_the_other_language_finds_the_passage(index: TantivyIndex, question: str, row: int) -> None:
    """An English question finds a Dutch passage, a Dutch question an English one."""
    assert first(index, question) == row


def test_the_word_itself_beats_its_synonyms(index: TantivyIndex) -> None:
    """A passage with the word asked for comes before one with a synonym only."""
    scores, rows = index.search("kosten", 5)
    assert rows[0] == 1 and (scores[1:] < scores[0]).all()


@pytest.mark.parametrize(
    "question",
    ["", " ", "?", "de het een", '"', '"NAVO', "(NAVO", "NAVO)", "NAVO AND", "OR", "NOT NAVO", "body:NAVO", "row:1",
     "[a TO b]", "*", "NAVO~2^9", "\\", "+-&&||!(){}[]^\"~*?:\\/", "NAVO\0top", "\0", "\ud800", "🚢 NAVO",
     "x" * 100_000, "NAVO " * 20_000, " ".join(f"woord{n}" for n in range(20_000)), "а" * 60,
     "漢字 NAVO", "'; DROP TABLE passages"],
)  # fmt: skip
def test_hostile_questions(index: TantivyIndex, question: str) -> None:
    """No question is a query in another language; each gives rows in order, or none."""
    scores, rows = index.search(question, 5)
    assert len(rows) == len(set(rows.tolist())) <= 5 and (np.diff(scores) <= 0).all() and (scores > 0).all()
    assert ("NAVO" not in question) or 4 in rows or "xxx" in question


def test_long_questions_are_cut(index: TantivyIndex) -> None:
    """A question of twenty thousand words becomes a bounded number of clauses."""
    assert len(index.clauses(" ".join(PASSAGES) * 1000)) < 150


@given(
    words=st.lists(st.sampled_from(" ".join(PASSAGES).split()), min_size=1, max_size=5),
    allowed=st.lists(st.integers(0, 7), max_size=8),
    k=st.integers(1, 8),
)
@settings(max_examples=60, deadline=None)
def test_filtered_search_is_search_filtered(index: TantivyIndex, words: list[str], allowed: list[int], k: int) -> None:
    """The k best among the rows allowed are the first k of all rows that are allowed, with the same scores."""
    question = " ".join(words)
    scores, rows = index.search(question, len(index))
    inside = np.isin(rows, allowed)
    filtered_scores, filtered_rows = index.search(question, k, np.array(allowed, np.int64))
    assert filtered_rows.tolist() == rows[inside][:k].tolist()
    np.testing.assert_allclose(filtered_scores, scores[inside][:k], rtol=1e-5)


def test_many_scattered_rows_can_be_allowed(tmp_path: Path) -> None:
    """A filter of more stretches than a handful gives the same as one of few; equal scores go by row."""
    index = TantivyIndex.build(tmp_path, lambda: (Entry(f"defensie {n % 7}", passage_id=str(n)) for n in range(500)))
    odd = np.arange(1, 500, 2)
    assert index.search("defensie", 20, odd)[1].tolist() == odd[:20].tolist()
    assert index.search("defensie", 20)[1].tolist() == list(range(20))
    assert index.search("defensie", 3, np.array([400, 2, 2]))[1].tolist() == [2, 400]
    scores, rows = index.search("defensie 3", 500)
    for few in (odd, np.arange(0, 500, 3), np.arange(10, 500, 7)):
        for k in (1, 20, 400):
            assert index.search("defensie 3", k, few)[1].tolist() == [row for row in rows if row in few][:k]


def test_a_folder_opens_again(index: TantivyIndex, tmp_path: Path) -> None:
    """What was written is found by another object, whose folder may vanish meanwhile; rows keep their passages."""
    entries = [Entry("De top in Ankara", passage_id="a"), Entry("De top in Vilnius", passage_id="b")]
    TantivyIndex.build(tmp_path, lambda: entries)
    opened = TantivyIndex(tmp_path)
    assert "meta.json" in {file.name for file in tmp_path.iterdir()}
    for file in tmp_path.iterdir():
        file.unlink()
    assert opened.search("Vilnius", 2)[1].tolist() == [1]
    assert dict(opened.passage_ids()) == {0: "a", 1: "b"}


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    """A folder without its files says that it is damaged."""
    with pytest.raises(DamagedIndex):
        TantivyIndex(tmp_path)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    """No passages, no hits."""

    def none() -> Iterator[Entry]:
        yield from ()

    assert TantivyIndex.build(tmp_path, none).search("NAVO", 3)[1].tolist() == []
