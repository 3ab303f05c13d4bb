"""The vocabulary counts its words and finds those spelt alike."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.errors import DamagedIndex
from navo_qa.index.words import Words

CORPUS = {"bondgenoten": 12, "bondgenoot": 3, "oekraine": 9, "uitgaven": 5, "uitgave": 2, "top": 1, "café": 1}


def distance(a: str, b: str) -> int:
    """Return the optimal string alignment distance by its definition."""
    table = [[i + j if not i * j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@pytest.mark.parametrize(
    ("typo", "word"),
    [("bondgentoen", "bondgenoten"), ("bondgenotn", "bondgenoten"), ("oekriane", "oekraine"), ("eokraine", "oekraine"),
     ("uitgavenn", "uitgaven"), ("xuitgaven", "uitgaven")],
)  # fmt: skip
def test_one_edit_is_found(typo: str, word: str) -> None:
    """A letter more, less, other or swapped, at the start too, still finds the word, the nearest first."""
    assert Words.of(CORPUS).similar(typo, 1)[0] == (word, 1)


@given(st.dictionaries(st.text("abcdez", min_size=1, max_size=7), st.integers(1, 9)), st.text("abcdez", max_size=7))
def test_similar_words_are_all_found(counts: dict[str, int], word: str) -> None:
    """The filter by letters and length loses no word within the distance."""
    found = Words.of(counts).similar(word, 1, most=len(counts) + 1)
    assert {near for near, _ in found} == {near for near in counts if distance(word, near) <= 1}


def test_counts_survive_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that were saved count what they counted; a word that is not there counts 0, a monstrous one too."""
    Words.of(CORPUS).save(tmp_path / "words.npy")
    words = Words.open(tmp_path / "words.npy")
    assert words.count("top") == 1  # by the file
    monkeypatch.setattr("navo_qa.index.words._OFTEN", 2)
    assert words.count("zebra") == 0 and words.count("café") == 1  # by the file, and by a dictionary from now on
    (tmp_path / "words.npy").write_bytes(b"")
    assert {word: words.count(word) for word in CORPUS} == CORPUS and len(words) == len(CORPUS)
    assert words.count("zebra") == words.count("a") == words.count("x" * 10_000) == words.count("\ud800") == 0
    (tmp_path / "words.npy").write_bytes(b"no array")
    with pytest.raises(DamagedIndex):
        Words.open(tmp_path / "words.npy")
