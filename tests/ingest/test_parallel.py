"""Tests of ingest/parallel.py: the order, what goes wrong, and a reader that dies."""

from __future__ import annotations

from pathlib import Path

from navo_qa.errors import FileProblem, NeedsOcr, TooLarge, UnknownFormat, UnreadableFile
from navo_qa.ingest import read_corpus
from navo_qa.ingest.parallel import read_all
from navo_qa.types import Document
from readers import deadly


def test_the_same_in_many_processes(tmp_path: Path) -> None:
    """Two processes give what one gives, in its order, problems among it."""
    for i in range(12):
        (tmp_path / f"{i:02}.txt").write_text(f"Tekst {i}.")
    (tmp_path / "05.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "catalogue.csv").write_text("id,title\n03,Drie\n")
    one, two = (list(read_corpus([tmp_path], workers)) for workers in (1, 2))
    assert [str(each) if isinstance(each, FileProblem) else each for each in one] == [
        str(each) if isinstance(each, FileProblem) else each for each in two
    ]
    assert [type(each) for each in two].count(Document) == 12
    assert any(isinstance(each, Document) and each.title == "Drie" for each in two)


def test_a_reader_that_dies(tmp_path: Path) -> None:
    """A file that kills its reader is one line; all others are read."""
    names = ["a", "b", "dood", "c", "d"]
    for name in names:
        (tmp_path / f"{name}.txt").write_text(f"Tekst {name}.")
    found = list(read_all(deadly, [(tmp_path / f"{name}.txt", None) for name in names], 2))
    assert [outcome.path.stem for outcome in found] == names
    assert [outcome.path.stem for outcome in found if isinstance(outcome.what, UnreadableFile)] == ["dood"]
    assert "its reader died" in str(found[2].what)


def test_problems_come_home() -> None:
    """Every kind of problem survives the way from one process to another."""
    import pickle

    for problem in (TooLarge("a", 5, 3), UnknownFormat("a", [".txt"]), NeedsOcr("a", "x"), UnreadableFile("a", "x")):
        again = pickle.loads(pickle.dumps(problem))  # noqa: S301
        assert type(again) is type(problem) and str(again) == str(problem) and again.path == Path("a")
