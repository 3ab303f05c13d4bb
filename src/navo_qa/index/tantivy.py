"""Tantivy: which passages hold the words of a question, or words that say the same?

BM25 over a body field (the passage) and a context field (its document's title, meeting and dates, its heading).
Text is analysed here and handed over as terms; tantivy's query parser never sees what a user wrote.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np

from navo_qa.errors import DamagedIndex
from navo_qa.index.base import Rows, Scores
from navo_qa.index.clauses import Alternative, Clause, Expander, Weights
from navo_qa.index.words import Words
from navo_qa.text.analyse import Analyser, Compounds, tokens
from navo_qa.text.lexicon import lexicon

HEAP = 128_000_000  # bytes of the writer; one thread, so that rows keep their order
LEXICON_COUNT = 5  # what a word of the lexicon counts beside its occurrences in the corpus
RANGES = 64  # stretches of allowed rows from which on a filter is a set of rows
SIFTED = 10_000  # hits that are read and sifted rather than that many rows looked up
WORDS = "words.npy"  # those of the corpus
PARTS = "parts.npy"  # those that a compound may be made of
ENGLISH = "english.npy"  # those that are stemmed as English


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed for a row: the passage's text, its context, its language and its id."""

    text: str
    context: str = ""
    language: Literal["nl", "en"] = "nl"
    passage_id: str = ""


class TantivyIndex:
    """A folder of terms on disk, read through memory maps."""

    def __init__(self, folder: Path, weights: Weights | None = None) -> None:
        """Open the folder. Raises DamagedIndex."""
        import tantivy

        self._folder = folder
        self.weights = weights or Weights()
        with self._guarded(), _lockable(folder) as place:
            index = tantivy.Index.open(str(place))
            index.config_reader("Manual")
            index.reload()
            self._schema = index.schema
            self._searcher = index.searcher()
            self._passages = int(self._searcher.num_docs)
        self.words, self._parts, self._english = (Words.open(folder / name) for name in (WORDS, PARTS, ENGLISH))
        self._expander: Expander | None = None
        self._sums = lru_cache(maxsize=4096)(self._sum)

    @classmethod
    def build(
        cls, folder: Path, entries: Callable[[], Iterable[Entry]], progress: Callable[[int], None] = lambda _: None
    ) -> TantivyIndex:
        """Write the index of the entries, row by row, into an empty folder, and return it.

        entries: called twice, first for the words by which compounds are parted, then for the terms.
        Raises OSError where the disk takes no more.
        """
        import tantivy

        counts = Counter(word for entry in entries() for word in _words(entry))
        parts = _parts(counts)
        analyser, compounds = Analyser(lexicon().english), Compounds(lambda word: parts.get(word, 0))
        with _writing():
            writer = tantivy.Index(_schema(), path=str(folder)).writer(heap_size=HEAP, num_threads=1)
        for row, entry in enumerate(entries()):
            document = tantivy.Document()
            document.add_integer("row", row)
            document.add_text("passage", entry.passage_id)
            for field, text in (("body", entry.text), ("context", entry.context)):
                terms = (analyser.terms(token, compounds.split, entry.language) for token in tokens(text))
                document.add_text(field, " ".join(term for found in terms for term in found))
            with _writing():
                writer.add_document(document)
            progress(row + 1)
        with _writing():
            writer.commit()
            writer.wait_merging_threads()
        for name, each in ((WORDS, counts), (PARTS, parts), (ENGLISH, dict.fromkeys(lexicon().english, 1))):
            Words.of(each).save(folder / name)
        (folder / ".tantivy-writer.lock").unlink(missing_ok=True)
        return cls(folder)

    def weighing(self, weights: Weights) -> TantivyIndex:
        """Return the same index, searched with other weights."""
        other = copy.copy(self)
        other.weights, other._expander = weights, None
        other._sums = lru_cache(maxsize=4096)(other._sum)
        return other

    def __len__(self) -> int:
        return self._passages

    def search(self, text: str, k: int, rows: Rows | None = None) -> tuple[Scores, Rows]:
        """Return the k best rows for the question, score descending, then row ascending; see LexicalIndex."""
        k = min(k, len(self))
        clauses = self.clauses(text)
        if not k or not clauses or (rows is not None and not len(rows)):
            return np.empty(0, np.float32), np.empty(0, np.int64)
        rows = None if rows is None else np.unique(rows)
        with self._guarded():
            if rows is not None and _scattered(rows) and k * len(self) < SIFTED * len(rows):
                return self._sifted(self._query(clauses, None), k, rows)
            return self._ranked(self._query(clauses, rows), k)

    def clauses(self, text: str) -> list[Clause]:
        """Return what the question is searched as: weighted terms, in clauses of alternatives."""
        if self._expander is None:
            analyser, compounds = Analyser(self._english), Compounds(self._parts.count)
            self._expander = Expander(
                analyser, compounds, self.words, lexicon(), lru_cache(65_536)(self._frequency), len(self), self.weights
            )
        with self._guarded():
            return self._expander.clauses(text)

    def passage_ids(self) -> Iterator[tuple[int, str]]:
        """Yield each row with the id of its passage, in tantivy's own order; for checking a folder."""
        import tantivy

        with self._guarded():
            for _, place in self._searcher.search(tantivy.Query.all_query(), max(1, len(self)), count=False).hits:
                yield self._searcher.fast_field_values("row", [place])[0], self._searcher.doc(place)["passage"][0]

    def _ranked(self, query: Any, k: int) -> tuple[Scores, Rows]:  # noqa: ANN401 - tantivy's own
        hits = self._searcher.search(query, k, count=False).hits
        scores = np.array([score for score, _ in hits], np.float32)
        found = np.array(self._searcher.fast_field_values("row", [place for _, place in hits]), np.int64)
        order = np.lexsort((found, -scores))
        return scores[order], found[order]

    def _sifted(self, query: Any, k: int, rows: Rows) -> tuple[Scores, Rows]:  # noqa: ANN401
        """Return the k best among many scattered rows, by asking for more and more of all rows."""
        depth = min(len(self), 2 * k * len(self) // len(rows) + k)
        while True:
            scores, found = self._ranked(query, depth)
            inside = np.isin(found, rows)
            if inside.sum() >= k or len(found) < depth or depth == len(self):
                return scores[inside][:k], found[inside][:k]
            depth = min(len(self), 4 * depth)

    def _frequency(self, term: str) -> int:
        return int(self._searcher.doc_freq("body", term)) or int(self._searcher.doc_freq("context", term))

    def _query(self, clauses: list[Clause], rows: Rows | None) -> Any:  # noqa: ANN401
        import tantivy

        best = [
            tantivy.Query.disjunction_max_query([self._sums(alternative) for alternative in clause], self.weights.tie)
            for clause in clauses
        ]
        query = _any(best)
        if rows is None:
            return query
        must = tantivy.Occur.Must
        allowed = tantivy.Query.const_score_query(self._allowed(rows), 0.0)
        return tantivy.Query.boolean_query([(must, query), (must, allowed)])

    def _sum(self, alternative: Alternative) -> Any:  # noqa: ANN401
        from tantivy import Query

        fields = (("body", 1.0), ("context", self.weights.context))
        return _any(
            [
                Query.boost_query(Query.term_query(self._schema, field, term, "freq"), weight * share)
                for term, weight in alternative
                for field, share in fields
                if share
            ]
        )

    def _allowed(self, rows: Rows) -> Any:  # noqa: ANN401
        from tantivy import FieldType, Query

        if _scattered(rows):
            return Query.term_set_query(self._schema, "row", rows.tolist())
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
        return _any(
            [Query.range_query(self._schema, "row", FieldType.Integer, int(run[0]), int(run[-1])) for run in runs]
        )

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except DamagedIndex:
            raise
        except (ValueError, OSError, KeyError, IndexError) as error:
            raise DamagedIndex(self._folder.parent, f"{self._folder.name} cannot be read ({error})") from error
        except BaseException as error:
            # Rust's panics arrive as a BaseException of their own; what is not one is not ours.
            if type(error).__name__ != "PanicException":
                raise
            raise DamagedIndex(self._folder.parent, f"{self._folder.name} cannot be read") from error


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        # The writer's thread dies of a full disk, and only says that it died.
        raise OSError(f"the words' index could not be written: {error}") from error


def _schema() -> Any:  # noqa: ANN401
    import tantivy

    builder = tantivy.SchemaBuilder()
    for field in ("body", "context"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("row", indexed=True, fast=True)
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _scattered(rows: Rows) -> bool:
    """Return whether ascending rows are more than a handful of stretches."""
    return int((np.diff(rows) > 1).sum()) >= RANGES


def _any(queries: list[Any]) -> Any:  # noqa: ANN401
    from tantivy import Occur, Query

    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _words(entry: Entry) -> Iterator[str]:
    for text in (entry.text, entry.context):
        for token in tokens(text):
            if not token.number and not token.stop:
                yield token.whole
                yield from token.parts


def _parts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return what a compound may be made of: the lexicon's words, and the corpus's from four letters on."""
    parts = {word: count for word, count in counts.items() if len(word) > 3}
    for word in lexicon().dutch:
        parts[word] = parts.get(word, 0) + LEXICON_COUNT
    return parts


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """Yield the folder to open: itself, or links to its files where tantivy could not lock a file beside them."""
    if os.access(folder, os.W_OK) or not folder.is_dir():
        yield folder
        return
    # Tantivy's watcher may take the lock once more while the links are removed.
    with TemporaryDirectory(prefix="navo-qa-", ignore_cleanup_errors=True) as place:
        for file in folder.iterdir():
            (Path(place) / file.name).symlink_to(file.absolute())
        yield Path(place)
