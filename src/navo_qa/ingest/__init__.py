"""How does a file become a Document? One reader a format; metadata from the catalogue, else from the text."""

from __future__ import annotations

from navo_qa.ingest.corpus import Copy, Found, Register, read_corpus, read_files, tasks_of
from navo_qa.ingest.document import READERS, read_file, read_task
from navo_qa.ingest.walk import files

__all__ = [
    "READERS",
    "Copy",
    "Found",
    "Register",
    "files",
    "read_corpus",
    "read_file",
    "read_files",
    "read_task",
    "tasks_of",
]
