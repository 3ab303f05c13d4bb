"""Reads plain text."""

from __future__ import annotations

from pathlib import Path

from navo_qa.ingest.decode import decode, refuse_long
from navo_qa.ingest.reading import Reading
from navo_qa.text.normalise import normalise


def read_txt(content: bytes, path: Path) -> Reading:
    """Return the text of a plain text file. Raises BinaryFile, TooLarge or UnreadableFile."""
    refuse_long(content, path)
    return Reading(normalise(decode(content, path)))
