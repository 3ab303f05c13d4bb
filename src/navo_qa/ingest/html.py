"""Reads web pages: the main text, without scripts, menus, headers and footers."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING

from navo_qa.errors import UnreadableFile
from navo_qa.ingest.columns import Columns, count
from navo_qa.ingest.decode import decode
from navo_qa.ingest.flow import Flow
from navo_qa.ingest.reading import Reading
from navo_qa.ingest.xml import refuse_too_many

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEFT_OUT = frozenset(
    "script style noscript template nav footer aside button select option iframe object svg math canvas "
    "audio video picture dialog head title textarea input".split()
)
_BLOCKS = frozenset(
    "address article blockquote body caption dd div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr "
    "html li main ol p pre section summary details table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?\s*([\w-]{2,30})""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_META = {"dcterms.title": "title", "og:title": "title", "dc.title": "title", "dcterms.issued": "letter_date"}
_SITE = re.compile(r" [|•–-] [^|•–]{2,60}$")  # "Verslag | Rijksoverheid.nl"
_DEEPEST = 200


def read_html(content: bytes, path: Path) -> Reading:
    """Return the main text of a web page; nothing in it is run or fetched. Raises BinaryFile, UnreadableFile."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    text = _DECLARATION.sub("", _decoded(content, path))
    refuse_too_many(text.count("<"), path)
    if not text.strip():
        return Reading(Flow().normalised())
    try:
        root = document_fromstring(text, parser=HTMLParser(no_network=True, remove_comments=True, remove_pis=True))
    except etree.ParserError:  # nothing but comments
        return Reading(Flow().normalised())
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableFile(path, f"damaged HTML: {error}") from error
    flow = Flow()
    _Walk(flow).block(_main(root), 0)
    return Reading(flow.normalised(), _properties(root))


def _decoded(content: bytes, path: Path) -> str:
    """Return the characters, by the encoding that the page announces where it is one of Windows' or Latin."""
    if content.startswith(codecs.BOM_UTF8):
        return decode(content, path)
    announced = _CHARSET.search(content[:2048])
    name = announced[1].decode("ascii", "ignore").lower() if announced else ""
    if name in ("windows-1252", "iso-8859-1", "iso-8859-15") and b"\0" not in content[:2048]:
        return content.decode("cp1252" if name != "iso-8859-15" else name, "replace")
    return decode(content, path)


def _main(root: HtmlElement) -> HtmlElement:
    """Return the one element that says it is the main text, if it holds enough and no other does, else the body."""
    body = root.find("body")
    body = root if body is None else body
    whole = len(body.text_content())
    found = body.xpath('.//main | .//*[@role="main"] | .//article')
    largest = max(found, key=lambda element: len(element.text_content()), default=None)
    if largest is None or len(largest.text_content()) <= 0.3 * whole:
        return body
    related = {largest, *largest.iterancestors(), *largest.iterdescendants()}
    beside = [one for one in found if one not in related and len(one.text_content()) > 0.1 * whole]
    return body if beside else largest


def _properties(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = _META.get((meta.get("name") or meta.get("property") or "").lower())
        if name and meta.get("content"):
            found.setdefault(name, " ".join(meta.get("content").split()))
    title = root.find(".//head/title")
    if title is not None and title.text and title.text.strip():
        found.setdefault("title", _SITE.sub("", " ".join(title.text.split())))
    return found


class _Walk:
    """Walks a page's elements and gives their text to a flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._tables: dict[HtmlElement | None, Columns[HtmlElement]] = {}

    def block(self, element: HtmlElement, depth: int) -> None:
        """Read an element that is a block: a heading, a row, or what holds other blocks."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT or _hidden(element) or depth > _DEEPEST:
            return
        if tag == "header" and not any(around.tag in ("article", "main") for around in element.iterancestors()):
            return  # the site's, not the text's
        self._flow.close()
        if tag == "tr":
            self._row(element, depth)
        else:
            self._children(element, depth)
        self._flow.close(_HEADINGS.get(tag, 0))

    def _children(self, element: HtmlElement, depth: int) -> None:
        self._flow.add(element.text or "")
        for child in element:
            tag = child.tag
            if tag in _BLOCKS:
                self.block(child, depth + 1)
            elif tag in ("br", "wbr"):
                self._flow.add("\n" if tag == "br" else "")
            elif isinstance(tag, str) and tag not in _LEFT_OUT and not _hidden(child) and depth < _DEEPEST:
                self._children(child, depth + 1)
            self._flow.add(child.tail or "")

    def _row(self, row: HtmlElement, depth: int) -> None:
        """Read a row as one block with bars between its cells, or, where a cell holds a table, as blocks."""
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if any(cell.find(".//table") is not None or len(cell.text_content()) > 2000 for cell in cells):
            for cell in cells:
                self.block(cell, depth + 1)
            return
        table = next(row.iterancestors("table"), None)
        columns = self._tables.setdefault(table, Columns())
        spans = ((cell, count(cell.get("colspan")), count(cell.get("rowspan"))) for cell in cells)
        for i, cell in enumerate(columns.row(spans)):
            if i:
                self._flow.add_between(" | ")
            if cell is not None:
                self._words(cell, depth)

    def _words(self, element: HtmlElement, depth: int) -> None:
        """Read what a cell says on one line."""
        self._flow.add(element.text or "")
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT and not _hidden(child) and depth < _DEEPEST:
                apart = " " if child.tag in _BLOCKS or child.tag == "br" else ""
                self._flow.add_between(apart)
                self._words(child, depth + 1)
                self._flow.add_between(apart)
            self._flow.add(child.tail or "")


def _hidden(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style
