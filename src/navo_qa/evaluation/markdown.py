"""The report as Markdown with its plots beside it, to be committed: it quotes only what may be copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from navo_qa.evaluation.blocks import Block, Case, Excerpt, Heading, Plot, Table, Text, Tiles
from navo_qa.evaluation.html import marked


def page(blocks: Iterable[Block], plots: str = "plots") -> Iterator[str]:
    """Yield the report as Markdown, piece by piece; plots: the folder of the SVG files, seen from the report.

    Of a document that may not be copied only the place is given.
    """
    for block in blocks:
        yield _written(block, plots) + "\n\n"


def _written(block: Block, plots: str) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {plain(text)}"
        case Text(text):
            return plain(text)
        case Tiles(tiles):
            return "\n".join(f"- **{plain(a)}** {plain(b)} ({plain(c)})" for a, b, c in tiles)
        case Plot(slug, _, caption):
            return f"![{plain(caption)}]({plots}/{slug}.svg)"
        case Table():
            return _table(block)
        case Case():
            return _case(block)


def plain(text: str) -> str:
    """Return the text with everything escaped that Markdown or HTML would read as markup."""
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", escape(" ".join(text.split()), quote=False))


def _table(table: Table) -> str:
    lines = [" | ".join(map(plain, table.head)), " | ".join("---" for _ in table.head)]
    for row in table.rows:
        cells = [f"**{plain(row[0])}**", *[""] * (len(table.head) - 1)] if len(row) == 1 else list(map(plain, row))
        lines.append(" | ".join(cells))
    return "\n".join([plain(table.caption), "", *(f"| {line} |" for line in lines)])


def _case(case: Case) -> str:
    """Return the case as HTML, which Markdown lets through as long as no line of it is blank."""
    given = case.given if case.quotable else "an answer that may not be copied here"
    facts = (("asked as", case.name), ("accepted", case.accepted), ("given", given))
    said = "".join(f"<li>{name}: {_flat(escape(value))}</li>" for name, value in facts)
    expected, found = (("".join(map(_excerpt, side)) or "–") for side in (case.expected, case.found))
    table = "<table><tr><th>expected</th><th>found</th></tr>"
    table += f'<tr><td valign="top">{expected}</td><td valign="top">{found}</td></tr></table>'
    title = f"<summary>{_flat(escape(case.question))} – <em>{escape(case.cause)}</em></summary>"
    return f"<details>{title}\n<ul>{said}</ul>\n{table}\n</details>"


def _excerpt(excerpt: Excerpt) -> str:
    shown = _flat(marked(excerpt)) if excerpt.quotable else "(not copied)"
    return f"<p><em>{escape(excerpt.label)}</em><br>{shown}</p>"


def _flat(html: str) -> str:
    return re.sub(r"\s*\n\s*", "<br>", html)
