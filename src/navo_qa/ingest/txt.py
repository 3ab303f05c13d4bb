"""Reads plain text."""

from __future__ import annotations

from pathlib import Path

from navo_qa.ingest.decode import decode
from navo_qa.ingest.reading import Reading
from navo_qa.text.normalise import normalise


def read_txt(content: bytes, path: Path) -> Reading:
    """Return the text of a plain text file. Raises BinaryFile or UnreadableFile."""
    return Reading(normalise(decode(content, path)))
