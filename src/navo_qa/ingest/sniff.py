"""What is a file that somebody sent? By what it holds; its name decides only between formats that are plain text."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

from navo_qa.ingest.decode import wide

_HEAD = 4_096  # bytes looked at
_MOST_MEMBERS = 10_000  # of a zip file
_LONGEST = 120  # bytes of a name without its ending
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)
_HEADER = re.compile(r"^(?:from|to|cc|subject|date|received|return-path|mime-version|message-id|content-type): ?", re.I)
_HTML = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
_MARKED = re.compile(r"\s*<(?:\?xml|!--|!doctype|[a-z][\w:.-]*[\s/>])", re.IGNORECASE)
_PLAIN = (".txt", ".md")
_SAME = {".text": ".txt", ".markdown": ".md", ".htm": ".html", ".jpeg": ".jpg", ".tiff": ".tif"}


def ending_of(content: bytes, name: str) -> str | None:
    """Return the ending of the format that the bytes are in, None where no reader reads it.

    `ending_of(b"%PDF-1.7...", "brief.docx") -> ".pdf"`
    """
    head = content[:_HEAD]
    if b"%PDF-" in head[:1_024]:
        return ".pdf"
    for magic, ending in _MAGIC:
        if head.startswith(magic):
            return ending
    if head.startswith(b"PK"):
        return ".docx" if _is_word(content) else None
    text = _text(head)
    return None if text is None else _of_text(text, name)


def safe_name(name: str, ending: str) -> str:
    """Return a name that stays in its folder: `"../../etc/Brief?1.exe", ".pdf" -> "Brief_1.pdf"`."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    stem = PurePosixPath(last).stem if PurePosixPath(last).suffix else last
    shown = "".join(c if c.isprintable() and c not in '/:*?"<>|' else "_" for c in stem).strip(" .~$")
    short = shown.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").strip(" .") or "document"
    # What a folder's reader passes over, or reads as something else than a document.
    reserved = short.lower() in ("readme", "catalogue", "metadata") or short.lower().endswith(".metadata")
    return f"{short}{'-document' if reserved else ''}{ending}"


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return len(names) <= _MOST_MEMBERS and "word/document.xml" in names


def _text(head: bytes) -> str | None:
    """Return the bytes as text as far as telling formats needs it, None where they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    if encoding := wide(head):
        return head.decode(encoding, "ignore")
    if b"\0" in head or sum(byte < 9 or 13 < byte < 27 for byte in head) > len(head) // 100:
        return None
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _of_text(text: str, name: str) -> str:
    named = PurePosixPath(name.lower()).suffix
    named = _SAME.get(named, named)
    if named == ".eml" and re.match(r"[\w-]+:", text):
        return named
    if named in _PLAIN and not _HTML.match(text.lstrip()):
        return named
    if _MARKED.match(text):
        return ".html" if _HTML.search(text) or named == ".html" else ".xml"
    lines = text.splitlines()[:8]
    if len([line for line in lines if _HEADER.match(line)]) >= 2 and _HEADER.match(lines[0]):
        return ".eml"
    return ".html" if named == ".html" else ".txt"
