"""The report as one HTML file: no scripts, nothing from elsewhere, light and dark, phone and paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from navo_qa.evaluation import plot
from navo_qa.evaluation.blocks import Block, Case, Excerpt, Heading, Plot, Table, Text, Tiles

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;--card:#f6f8fa;--link:#0b62a8;
--evidence:#fff3b0;--answer:#0b62a8}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebef;--soft:#a6b0bb;--line:#3a424c;--ground:#14181d;--card:#1c2229;
--link:#6cb6f5;--evidence:#5c4a00;--answer:#6cb6f5}}
*{box-sizing:border-box}body{margin:0 auto;max-width:70rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;
color:var(--ink);background:var(--ground)}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:.5rem;
border-top:1px solid var(--line)}p{max-width:46rem}a{color:var(--link)}nav{font-size:.9rem}nav a{margin-right:1rem;
white-space:nowrap;line-height:1.9}
.caption{color:var(--soft);font-size:.9rem;margin:1.4rem 0 .2rem;break-after:avoid}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0;
list-style:none}.tiles li{border:1px solid var(--line);border-radius:8px;background:var(--card);padding:.6rem .8rem}
.tiles b{display:block;font-size:1.6rem;line-height:1.3;font-variant-numeric:tabular-nums}.tiles span{display:block;
font-size:.85rem}.tiles small{color:var(--soft);font-size:.8rem}
.wide{overflow-x:auto;margin:0 0 1rem}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .7rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
td{white-space:nowrap}td.words{white-space:normal;min-width:12rem}thead th{color:var(--soft);font-weight:600}
tbody th{font-weight:500;position:sticky;left:0;background:var(--ground);overflow-wrap:break-word}
@media (max-width:40rem){tbody th{max-width:9rem}}
tr.group th{padding-top:.9rem;font-weight:700}
figure{margin:1rem 1.5rem 1rem 0;width:min(100%,32rem);display:inline-block;vertical-align:top}
figcaption{color:var(--soft);font-size:.9rem}
.plot{display:block;width:100%;height:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem 2rem}
details{border:1px solid var(--line);border-radius:6px;margin:.6rem 0;background:var(--card)}
summary{padding:.6rem .8rem;cursor:pointer;overflow-wrap:anywhere}summary .cause{display:block;color:var(--soft);
font-size:.9rem}summary:focus-visible{outline:3px solid var(--link)}
.case{padding:0 .8rem .8rem;font-size:.92rem}.case dl{display:grid;grid-template-columns:max-content 1fr;
gap:.1rem .8rem;margin:.2rem 0 .8rem}.case dt{color:var(--soft)}.case dd{margin:0;overflow-wrap:anywhere}
.case h4{margin:.2rem 0}.case h5{margin:.8rem 0 .2rem;color:var(--soft);font-weight:500;overflow-wrap:anywhere}
blockquote{margin:0;padding:.4rem .6rem;border-left:3px solid var(--line);background:var(--ground);white-space:pre-line;
overflow-wrap:anywhere}
mark{background:var(--evidence);color:inherit;padding:.05em 0}u{text-decoration:underline 3px var(--answer);
text-underline-offset:3px}
@media print{:root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;--card:#fff;--link:#0b62a8;
--evidence:#fff3b0;--answer:#0b62a8}@page{size:A4;margin:14mm}body{font-size:10pt;max-width:none;padding:0;
-webkit-print-color-adjust:exact;print-color-adjust:exact}nav{display:none}.wide{overflow:visible}table{font-size:7.5pt}
td{white-space:normal}thead{display:table-header-group}tr,figure,blockquote{break-inside:avoid}h2,h4,h5,summary{
break-after:avoid}details::details-content{content-visibility:visible;display:block;block-size:auto}
summary{list-style:none}.case{font-size:8pt}.pair{grid-template-columns:1fr 1fr;gap:4mm}
tbody th{position:static;min-width:0;overflow-wrap:normal}.tiles{grid-template-columns:repeat(7,1fr);gap:2mm}
.tiles b{font-size:14pt}.tiles span,.tiles small{font-size:7pt}
figure{width:82mm;margin-right:4mm}figcaption,.caption{font-size:8pt}}
""".strip().replace("\n", "")


def page(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the report as HTML, piece by piece; whatever comes from outside is escaped."""
    blocks = list(blocks)
    title = next((block.text for block in blocks if isinstance(block, Heading) and block.level == 1), "Evaluation")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    yield f"<title>{escape(title)}</title>\n<style>{STYLE}{plot.STYLE}</style>\n</head>\n<body>\n<main>\n"
    sections = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    for number, block in enumerate(blocks):
        yield _written(block, sections)
        if number == 0:
            links = " ".join(f'<a href="#s{n}">{escape(text)}</a>' for n, text in enumerate(sections))
            yield f'<nav aria-label="Sections">{links}</nav>\n'
    yield "</main>\n</body>\n</html>\n"


def _written(block: Block, sections: list[str]) -> str:
    match block:
        case Heading(1, text):
            return f"<h1>{escape(text)}</h1>\n"
        case Heading(level, text):
            mark = f' id="s{sections.index(text)}"' if text in sections else ""
            return f"<h{level}{mark}>{escape(text)}</h{level}>\n"
        case Text(text):
            return f"<p>{escape(text)}</p>\n"
        case Tiles(tiles):
            shown = (
                f"<li><b>{escape(a)}</b><span>{escape(b)}</span><small>{escape(c)}</small></li>" for a, b, c in tiles
            )
            return f'<ul class="tiles">{"".join(shown)}</ul>\n'
        case Plot(_, svg, caption):
            return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>\n"
        case Table():
            return _table(block)
        case Case():
            return _case(block)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(_row(row, len(table.head)) for row in table.rows)
    scroll = f'<div class="wide" role="region" tabindex="0" aria-label="{escape(table.caption, quote=True)}">'
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<p class="caption">{escape(table.caption)}</p>\n{scroll}{body}</div>\n'


def _row(row: tuple[str, ...], width: int) -> str:
    if len(row) == 1 and width > 1:
        return f'<tr class="group"><th colspan="{width}" scope="rowgroup">{escape(row[0])}</th></tr>'
    cells = "".join(f"<td{' class=words' if len(cell) > 40 else ''}>{escape(cell)}</td>" for cell in row[1:])
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'


def _case(case: Case) -> str:
    facts = (("asked as", case.name), ("accepted", case.accepted), ("given", case.given))
    said = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    sides = (("Expected", case.expected, "nowhere"), ("Found", case.found, "nothing"))
    columns = "".join(
        f"<section><h4>{name}</h4>{''.join(map(_excerpt, excerpts)) or f'<p>{none}</p>'}</section>"
        for name, excerpts, none in sides
    )
    title = (
        f'<summary><strong>{escape(case.question)}</strong><span class="cause">{escape(case.cause)}</span></summary>'
    )
    return f'<details>{title}<div class="case"><dl>{said}</dl><div class="pair">{columns}</div></div></details>\n'


def _excerpt(excerpt: Excerpt) -> str:
    return f"<h5>{escape(excerpt.label)}</h5><blockquote>{marked(excerpt)}</blockquote>"


def marked(excerpt: Excerpt) -> str:
    """Return the excerpt as HTML, evidence in <mark>, the given answer in <u>."""
    written = []
    for text, evidence, answer in excerpt.pieces:
        inner = f"<u>{escape(text)}</u>" if answer else escape(text)
        written.append(f"<mark>{inner}</mark>" if evidence else inner)
    return "".join(written)
