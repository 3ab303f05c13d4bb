"""Parses XML that may be hostile: no entity is expanded, nothing outside the file is opened, size is bounded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from navo_qa.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_TAGS = 1_000_000  # of a file: what bounds the time and the memory that it takes

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def parse_xml(content: bytes, path: Path, most_tags: int = MOST_TAGS) -> _Element:
    """Return the root of an XML file. Raises UnreadableFile, also for one of more tags, or that declares entities."""
    from lxml import etree

    refuse_too_many(content.count(b"<"), path, most_tags)
    plain = content.replace(b"\0", b"") if content[:4].count(0) else content  # UTF-16 and UTF-32 spell with zeros
    if _ENTITY.search(plain):
        raise UnreadableFile(path, "its XML declares entities, which no report needs and none are expanded")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(path, f"damaged XML: {str(error).splitlines()[0][:120]}") from error
    return root


def refuse_too_many(tags: int, path: Path, most: int = MOST_TAGS) -> None:
    """Return where there are no more tags than any report has. Raises UnreadableFile."""
    if tags > most:
        raise UnreadableFile(path, f"holds over {most / 1e6:.0f} million tags, which no report does")


def local(element: _Element) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
