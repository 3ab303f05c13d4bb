"""Writes catalogue.csv: what was found of each document, to be corrected by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from navo_qa.errors import CatalogueError, FileProblem, NoDocuments
from navo_qa.ingest import READERS, read_file
from navo_qa.ingest.catalogue import CATALOGUE, FORMULA, CatalogueRow, read_catalogue
from navo_qa.ingest.walk import passed_over
from navo_qa.types import Document


def write_catalogues(folder: Path, *, update: bool = False) -> Iterator[Path | FileProblem]:
    """Write a catalogue in the folder and in each below it that holds documents; yield each, and each file's problem.

    update: where a catalogue stands already, keep its rows as they are and add the files it lacks.
    Raises CatalogueError for one that stands already, unless `update`; NoDocuments.
    """
    written = 0
    for place in (folder, *sorted(path for path in folder.rglob("*") if path.is_dir() and not _hidden(path, folder))):
        files = sorted(path for path in place.iterdir() if path.is_file() and path.suffix.lower() in READERS)
        files = [path for path in files if not passed_over(path)]
        if not files:
            continue
        path = place / CATALOGUE
        if path.exists() and not update:
            raise CatalogueError(path, 1, "stands there already; give --update to add the files that it lacks")
        rows = dict(read_catalogue(path)) if path.exists() else {}
        documents: list[Document] = []
        for file in files:
            if file.name not in rows and file.stem not in rows:
                try:
                    documents.append(read_file(file))
                except FileProblem as problem:
                    yield problem
        _write(path, catalogue_csv(documents, list(rows.values())))
        written += 1
        yield path
    if not written:
        raise NoDocuments([str(folder)], list(READERS))


def catalogue_csv(documents: Sequence[Document], rows: Sequence[CatalogueRow] = ()) -> str:
    """Return a catalogue of rows as they are and of documents as they were read, which `read_catalogue` reads back."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(CatalogueRow.model_fields), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(_cells(row.model_dump(mode="json", exclude_none=True)))
    for document in documents:
        writer.writerow(_cells(_described(document)))
    return file.getvalue()


def _described(document: Document) -> dict[str, object]:
    paper = document.paper
    known = {name: getattr(document, name, None) for name in CatalogueRow.model_fields}
    known |= {name: getattr(paper, name) for name in paper.__dataclass_fields__}
    known["found"] = "; ".join(f"{name}: {where}" for name, where in document.found)
    return known


def _cells(known: dict[str, object]) -> dict[str, str]:
    return {name: _cell(value) for name, value in known.items() if value is not None}


def _cell(value: object) -> str:
    """Return the value as text, an apostrophe before what a spreadsheet would take for a formula."""
    text = "; ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8")
    except OSError as error:
        raise CatalogueError(path, 1, f"cannot be written ({error.strerror})") from error
