"""Reads saved e-mail: the letter attached to it, the message attached where no letter is, else the message itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from navo_qa.errors import FileProblem, UnreadableFile
from navo_qa.ingest.decode import decode
from navo_qa.ingest.docx import read_docx
from navo_qa.ingest.html import read_html
from navo_qa.ingest.md import read_md
from navo_qa.ingest.official import read_official
from navo_qa.ingest.pdf import read_pdf
from navo_qa.ingest.reading import ReadFile, Reading
from navo_qa.ingest.txt import read_txt

# The formats a letter is attached in, the likeliest first.
_LETTERS: Mapping[str, ReadFile] = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".xml": read_official,
    ".html": read_html,
    ".htm": read_html,
    ".md": read_md,
    ".txt": read_txt,
}
_MOST_PARTS = 200
_FOOTER = re.compile(r"ATT\d{1,9}\.(?:txt|html?)", re.IGNORECASE)  # what Exchange makes of a disclaimer


def read_eml(content: bytes, path: Path) -> Reading:
    """Return the letter attached to a message, else the message attached, else the message itself.

    The day it was sent is no letter's date.

    Raises UnreadableFile where it is no message, the letter's own problem where no letter attached can be read.
    """
    try:
        message = message_from_bytes(content, policy=policy.default)
        letters = list(_letters(message))
        forwarded = next((part for part in message.walk() if part.get_content_type() == "message/rfc822"), None)
        told = message if forwarded is None or letters else forwarded.get_content()
        subject = " ".join(str(told.get("subject", "")).split())
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError) as error:
        raise UnreadableFile(path, f"damaged e-mail: {error}") from error
    if not message.keys():
        raise UnreadableFile(path, "damaged e-mail: it has no headers")
    problem: FileProblem | None = None
    for name, letter in letters:
        try:
            # By the attachment's name in the message's folder: it is never opened or written there.
            reading = _LETTERS[Path(name).suffix.lower()](letter, path.parent / f"{path.name} ({Path(name).name})")
        except FileProblem as error:
            problem = problem or error
            continue
        if reading.normalised.text:
            return _titled(reading, subject)
    if problem:
        raise UnreadableFile(path, f"its attachment: {problem}") from problem
    return _titled(_body(told, path), subject)


def _letters(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each attachment in a letter's format, the likeliest letter first."""
    found: list[tuple[int, str, bytes]] = []
    for number, part in enumerate(message.walk()):
        name = part.get_filename() or ""
        ending = Path(name).suffix.lower()
        if number < _MOST_PARTS and ending in _LETTERS and not part.is_multipart() and not _FOOTER.fullmatch(name):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append((list(_LETTERS).index(ending), name, content))
    for _, name, content in sorted(found, key=lambda letter: (letter[0], -len(letter[2]))):
        yield name, content


def _body(message: EmailMessage, path: Path) -> Reading:
    """Return the message's own text, plain before HTML."""
    for wanted, read in (("plain", read_txt), ("html", read_html)):
        part = message.get_body(preferencelist=(wanted,))
        content = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(content, bytes):
            continue
        try:
            text = content.decode(part.get_content_charset() or "utf-8")
        except (LookupError, UnicodeDecodeError):
            text = decode(content, path)
        return read(codecs.BOM_UTF8 + text.encode(), path)  # whatever a page in it announces of itself
    raise UnreadableFile(path, "an e-mail with neither a letter nor a text")


def _titled(reading: Reading, subject: str) -> Reading:
    """Return the reading with the subject as its title where the letter has none."""
    if reading.normalised.headings or reading.properties.get("title") or not subject:
        return reading
    return Reading(reading.normalised, {**reading.properties, "title": subject})
