"""Reads Markdown: headings as headings, each list item and table row a paragraph, marks and link targets taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from navo_qa.ingest.decode import decode, refuse_long
from navo_qa.ingest.markup import inline_edits
from navo_qa.ingest.reading import Reading
from navo_qa.text.aligned import AlignedText, Edit, Piece
from navo_qa.text.blocks import Block, Normalised, Note, compose
from navo_qa.text.footnotes import extract
from navo_qa.text.hyphens import Hyphens
from navo_qa.text.lines import Line, joined, read_lines
from navo_qa.text.normalise import clean
from navo_qa.text.tables import BAR

_HEADING = re.compile(r"(#{1,6})(?: +|$)")
_CLOSING = re.compile(r"(?:^| +)#+$")
_UNDERLINE = re.compile(r"(?:=+|-{2,})$")
_RULE = re.compile(r"(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,})$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_QUOTE = re.compile(r"(?:> ?){1,20}")
_BULLET = re.compile(r"[-*+•] +(?:\[[ xX]\] +)?(?=\S)")
_ORDERED = re.compile(r"\d{1,9}[.)] +\S")
_CELL_BAR = re.compile(r"(?<!\\)\|")
_TABLE_RULE = re.compile(r"\|?(?: ?:?-+:? ?\|)+(?: ?:?-+:? ?)?$")
_LINK_TARGET = re.compile(r"\[[^\[\]^][^\[\]]{0,200}\]: ?\S+(?: +[\"'(].*)?$")
_PROPERTY = re.compile(r"([A-Za-z][\w-]{0,40}) ?: ?(.*)$")
_LONGEST_FRONT = 200  # lines


def read_md(content: bytes, path: Path) -> Reading:
    """Return the text and the front matter of a Markdown file. Raises BinaryFile, TooLarge or UnreadableFile."""
    refuse_long(content, path)
    return parse_markdown(decode(content, path))


def parse_markdown(raw: str) -> Reading:
    """Return the text that Markdown shows its reader, and the front matter's properties."""
    properties, body = _front_matter(raw)
    return Reading(_normalised(clean(raw), body), properties)


def _normalised(source: AlignedText, body: int) -> Normalised:
    extracted = extract(_without_front(_without_comments(source), body), markdown=True)
    text = extracted.text.text
    blocks = list(_blocks(text, read_lines(text, extracted.end)))
    notes = [Note(note.label, tuple(_shown(text, note.pieces))) for note in extracted.notes]
    return compose(extracted.text, blocks, notes)


def _front_matter(raw: str) -> tuple[dict[str, str], int]:
    """Return the properties between "---" and "---" at the head of a file, and how many lines they take."""
    lines = raw.lstrip("\ufeff").splitlines()[: _LONGEST_FRONT + 1]
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    properties: dict[str, str] = {}
    name = ""
    for i, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return properties, i + 1
        found = _PROPERTY.match(line)
        if found:
            name = found[1].lower().replace("-", "_")
            properties[name] = _unquoted(found[2])
        elif name and line.strip().startswith("- "):
            properties[name] = "; ".join(filter(None, (properties[name], _unquoted(line.strip()[2:]))))
        elif line.strip() and not line.startswith((" ", "#")):
            return {}, 0
    return {}, 0


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return "; ".join(_unquoted(part) for part in value[1:-1].split(",") if part.strip())
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _without_front(source: AlignedText, lines: int) -> AlignedText:
    at = 0
    for _ in range(lines):
        at = source.text.find("\n", at) + 1 or len(source.text)
    return source.assemble([(at, len(source.text))])


def _without_comments(source: AlignedText) -> AlignedText:
    pieces: list[Piece] = []
    done = 0
    while (start := source.text.find("<!--", done)) >= 0 and (end := source.text.find("-->", start + 4)) >= 0:
        pieces.append((done, start))
        done = end + 3
    return source.assemble([*pieces, (done, len(source.text))]) if pieces else source


def _blocks(text: str, lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the blocks of Markdown lines."""
    hyphens = Hyphens(text)
    group: list[Line] = []
    fence = ""
    for i, line in enumerate(lines):
        marker = _FENCE.match(line.shown)
        if fence or marker:
            yield from _paragraph(text, group, hyphens)
            group = []
            if marker and (not fence or marker[1].startswith(fence)):
                fence = "" if fence else marker[1]
            else:
                yield Block(((line.start, line.end),))
            continue
        line = _unquote(line)
        level = _underlined(line, group)
        if level:
            yield from _paragraph(text, group, hyphens, level)
            group = []
            continue
        if line.gap or _starts_block(line, lines[i + 1 : i + 2]) or group and _stands_alone(group[-1], line):
            yield from _paragraph(text, group, hyphens)
            group = []
        group += _content(line)
    yield from _paragraph(text, group, hyphens)


def _unquote(line: Line) -> Line:
    quote = _QUOTE.match(line.shown)
    return _from(line, len(quote[0])) if quote else line


def _from(line: Line, skipped: int) -> Line:
    """Return the line without its first characters, as far as no held place stands among them."""
    if line.end - line.start != len(line.shown):
        return line
    return replace(line, start=line.start + skipped, shown=line.shown[skipped:])


def _underlined(line: Line, group: Sequence[Line]) -> int:
    """Return the level that "===" or "---" below a paragraph makes it a heading of, else 0."""
    if not group or line.gap or not _UNDERLINE.match(line.shown) or _HEADING.match(group[-1].shown):
        return 0
    if _BULLET.match(group[0].shown) or "|" in group[-1].shown:
        return 0
    return 1 if line.shown[0] == "=" else 2


def _starts_block(line: Line, following: Sequence[Line]) -> bool:
    shown = line.shown
    is_row = "|" in shown and (shown[0] == "|" or bool(following) and bool(_TABLE_RULE.match(following[0].shown)))
    starts = _HEADING.match(shown) or _BULLET.match(shown) or _ORDERED.match(shown) or _RULE.match(shown)
    return is_row or bool(starts) or bool(_TABLE_RULE.match(shown)) or bool(_LINK_TARGET.match(shown))


def _stands_alone(before: Line, line: Line) -> bool:
    """Return whether the line before takes no more text: a heading, or a table's row."""
    return bool(_HEADING.match(before.shown)) or before.shown[:1] == "|" or "|" in before.shown and "|" in line.shown


def _content(line: Line) -> Iterator[Line]:
    if not (_RULE.match(line.shown) or _TABLE_RULE.match(line.shown) or _LINK_TARGET.match(line.shown)):
        yield line


def _paragraph(text: str, group: Sequence[Line], hyphens: Hyphens, level: int = 0) -> Iterator[Block]:
    """Yield the block of a group of lines, if there are any, without the marks of Markdown."""
    if not group:
        return
    first = group[0]
    heading = _HEADING.match(first.shown)
    bullet = _BULLET.match(first.shown)
    if heading and not level:
        closing = _CLOSING.search(first.shown[len(heading[0]) :])
        first = _from(first, len(heading[0]))
        if closing and len(first.shown) == first.end - first.start:
            first = replace(first, end=first.end - len(closing[0]), shown=first.shown[: -len(closing[0])])
        level = len(heading[1])
    elif bullet:
        first = _from(first, len(bullet[0]))
    pieces = joined([first, *group[1:]], hyphens)
    cells = _cells(text, pieces) if first.shown[:1] == "|" else pieces
    yield Block(tuple(_shown(text, cells)), level)


def _cells(text: str, pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return a table's row without the bars at its ends, those between its cells with a space on either side."""
    spans = [piece for piece in pieces if not isinstance(piece, str)]
    first, last = spans[0][0] + 1, spans[-1][1]
    last = last - 1 if text[last - 1] == "|" and text[last - 2 : last - 1] != "\\" and last > first else last
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(piece)
            continue
        start, end = max(piece[0], first), min(piece[1], last)
        for bar in _CELL_BAR.finditer(text, start, max(start, end)):
            made += [_trimmed(text, start, bar.start()), BAR]
            start = bar.end()
        made.append(_trimmed(text, start, max(start, end)))
    return made


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end].strip(" \t")
    left = start + (text[start:end].index(inner) if inner else 0)
    return left, left + len(inner)


def _shown(text: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces without emphasis, link targets, tags and the like."""
    spans = [piece for piece in pieces if not isinstance(piece, str)]
    if not spans:
        return
    edits = list(inline_edits(text, spans[0][0], spans[-1][1]))
    k = 0
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        while k < len(edits) and edits[k][1] <= piece[0]:
            k += 1
        yield from _edited(piece, edits, k)


def _edited(piece: tuple[int, int], edits: Sequence[Edit], k: int) -> Iterator[Piece]:
    done, last = piece
    while k < len(edits) and edits[k][0] < last:
        start, end, replacement = edits[k]
        if start >= done:
            yield done, start
            yield replacement
        done = max(done, min(end, last))
        k += 1
    yield done, last
