"""How far a document's text is from another tool's text of the same file: the share of characters to edit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from navo_qa.ingest import read_file
from navo_qa.ingest.pdf import read_pdf
from navo_qa.text.blocks import Normalised
from navo_qa.types import Document

DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "documents"
_RULES = re.compile(r"^[\s\-+=:|_]+$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[-•●○▪◦■·oO]|\d{1,2}[.)]|[a-z][.)]|\(?[ivx]{1,4}[.)])\s+", re.MULTILINE)


def documents(ending: str) -> list[Path]:
    """Return the real files of an ending; the test is skipped where they are absent."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the real documents (../shared/data/documents) are not beside this checkout")
    return sorted(DOCUMENTS.glob(f"*{ending}"))


def tool(*command: str) -> str:
    """Return what another tool prints; the test is skipped where it is not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed; scripts/system-packages.sh installs it")
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def bare(text: str) -> str:
    """Return the text without what a layout adds: bullets, rules, bars, marks of notes, white space."""
    text = _BULLET.sub("", _RULES.sub("", text.replace("\u00ad", "")))
    return re.sub(r"[\s|]|\[\w{1,4}\]", "", text)


def parts(document: Document) -> tuple[str, str]:
    """Return the running text and the footnotes without their labels."""
    body: list[str] = []
    notes: list[str] = []
    done = 0
    for note in sorted(document.footnotes, key=lambda note: note.start):
        body.append(document.text[done : note.start])
        notes.append(document.text[note.start : note.end].split("] ", 1)[-1])
        done = note.end
    return "".join([*body, document.text[done:]]), "\n\n".join(notes)


def error_rate(ours: str, theirs: str) -> float:
    """Return the edits from one bare text to the other, over the length of the other."""
    ours, theirs = bare(ours), bare(theirs)
    return Levenshtein.distance(ours, theirs) / max(1, len(theirs))


def rate(path: Path) -> float:
    """Return a file's error rate: a PDF's against pdftotext, a Word file's against pandoc.

    What we leave out as running heads is left out of pdftotext's text too; our notes are
    at the foot of their page.
    """
    if path.suffix == ".docx":
        theirs = tool("pandoc", "-f", "docx", "-t", "plain", "--wrap=none", "--track-changes=accept", str(path))
        return error_rate("\n\n".join(parts(read_file(path))), theirs)
    reading = read_pdf(path.read_bytes(), path)
    theirs = tool("pdftotext", "-enc", "UTF-8", str(path), "-")
    for margin in reading.properties["margins"].split("\n"):
        line = r"\s*".join(map(re.escape, margin.split()))
        theirs = re.sub(rf"(?m)^\s*{line}\s*$", "", theirs, count=1)
    return error_rate(_plain(_by_page(reading.normalised)), _plain(re.sub(r"[-\u00ad]\n+", "", theirs)))


def _plain(text: str) -> str:
    return re.sub(r"(?m)^\s*\d{1,2}\s*$", "", text).replace("-", "")


def _by_page(read: Normalised) -> str:
    """Return each page's running text, then its notes without labels."""
    body: dict[int, str] = {}
    notes: dict[int, str] = {}
    for page in read.pages:
        done = page.start
        for note in sorted(read.footnotes, key=lambda note: note.start):
            start, end = max(note.start, page.start), min(note.end, page.end)
            if start < end:
                body[page.number] = body.get(page.number, "") + read.text[done:start]
                text = read.text[start:end].split("] ", 1)[-1] if start == note.start else read.text[start:end]
                notes[page.number] = notes.get(page.number, "") + "\n\n" + text
                done = end
        body[page.number] = body.get(page.number, "") + read.text[done : page.end]
    return "\n\n".join(body[number] + notes.get(number, "") for number in sorted(body))
