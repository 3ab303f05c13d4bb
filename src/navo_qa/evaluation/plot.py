"""Plots as SVG, drawn by hand: they follow the page's light or dark, print sharply and need no library.

Every series has a shape and a dash of its own beside its colour (Okabe and Ito's, darkened or lightened to a contrast
of at least 4.5 on the ground), and every point a title that a pointer or a screen reader finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import isnan

WIDTH = 440
LEFT, RIGHT, TOP = 128, 14, 8
DASHES = ("none", "6 3", "2 3", "8 3 2 3", "12 4", "1 2")

STYLE = """
.plot{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;
--s0:#0b62a8;--s1:#a8420a;--s2:#0a7358;--s3:#8a3b7c;--s4:#6b5d00;--s5:#3d4650}
@media (prefers-color-scheme:dark){.plot{--ink:#e8ebef;--soft:#a6b0bb;--line:#3a424c;--ground:#14181d;
--s0:#6cb6f5;--s1:#f29a66;--s2:#4fc9a4;--s3:#e09ad2;--s4:#e3d257;--s5:#c3ccd6}}
@media print{.plot{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;
--s0:#0b62a8;--s1:#a8420a;--s2:#0a7358;--s3:#8a3b7c;--s4:#6b5d00;--s5:#3d4650}}
.plot text{font:12px system-ui,sans-serif;fill:var(--ink)}.plot .soft{fill:var(--soft);font-size:11px}
.plot .ground{fill:var(--ground)}.plot .grid{stroke:var(--line);stroke-width:1;fill:none}
.plot .c0{--c:var(--s0)}.plot .c1{--c:var(--s1)}.plot .c2{--c:var(--s2)}
.plot .c3{--c:var(--s3)}.plot .c4{--c:var(--s4)}.plot .c5{--c:var(--s5)}
.plot .mark{fill:var(--c);stroke:var(--ground);stroke-width:1}.plot .whisker,.plot .path{stroke:var(--c);fill:none}
.plot .whisker{stroke-width:2}.plot .path{stroke-width:2}.plot .bar{fill:var(--c);opacity:.55}
.plot .band{fill:var(--c);opacity:.14}
""".strip().replace("\n", "")


@dataclass(frozen=True, slots=True)
class Point:
    """A figure and its interval; where on the x axis it stands, for curves."""

    y: float
    low: float = float("nan")
    high: float = float("nan")
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """Points under one name, in one colour."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, and from where to where."""

    label: str
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)


UNIT = Axis("")


def intervals(title: str, labels: Sequence[str], series: Sequence[Series], axis: Axis = UNIT) -> str:
    """Return a plot of dots with their intervals, the labels below each other, each series at its own height."""
    return _rows(title, labels, series, axis, bars=False)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], axis: Axis = UNIT) -> str:
    """Return a plot of lying bars with their intervals, the labels below each other."""
    return _rows(title, labels, series, axis, bars=True)


def curves(title: str, x: Axis, y: Axis, series: Sequence[Series], diagonal: bool = False) -> str:
    """Return a plot of lines, with their intervals as bands where there are any, and the diagonal where asked."""
    left, height, top = 52, 250, TOP + 18 * len(series) + 8
    right, bottom = WIDTH - RIGHT, top + height
    drawn = list(_legend(series, left, lines=True))
    for tick in y.ticks:
        at = _place(tick, y, bottom, top)
        drawn.append(_line(left, at, right, at, "grid"))
        drawn.append(_text(left - 6, at + 4, _number(tick), "soft", "end"))
    for tick in x.ticks:
        at = _place(tick, x, left, right)
        drawn.append(_line(at, bottom, at, bottom + 4, "grid"))
        drawn.append(_text(at, bottom + 17, _number(tick), "soft", "middle"))
    if diagonal:
        drawn.append(_line(left, bottom, right, top, "grid"))
    for number, line in enumerate(series):
        known = [p for p in line.points if not isnan(p.y)]
        path = [(_place(p.x, x, left, right), _place(p.y, y, bottom, top)) for p in known]
        band = [p for p in known if not isnan(p.low) and not isnan(p.high)]
        drawn.append(f'<g class="c{number % 6}">')
        if len(band) > 1:
            edge = [(_place(p.x, x, left, right), _place(p.high, y, bottom, top)) for p in band]
            edge += [(_place(p.x, x, left, right), _place(p.low, y, bottom, top)) for p in reversed(band)]
            drawn.append(f'<polygon class="band" points="{_joined(edge)}"/>')
        drawn.append(f'<polyline class="path" stroke-dasharray="{DASHES[number % 6]}" points="{_joined(path)}"/>')
        if len(known) <= 30:
            drawn += [
                _mark(number, px, py, f"{line.name}: {_number(p.x)}, {_said(p)}")
                for p, (px, py) in zip(known, path, strict=True)
            ]
        drawn.append("</g>")
    drawn.append(_text((left + right) / 2, bottom + 36, x.label, "", "middle"))
    middle = (top + bottom) / 2
    drawn.append(
        f'<text transform="translate(14 {middle:.0f}) rotate(-90)" text-anchor="middle">{escape(y.label)}</text>'
    )
    return _svg(title, drawn, bottom + 46)


def standalone(svg: str) -> str:
    """Return a plot as a file of its own, with its colours and a ground."""
    head, body = svg.split(">", 1)
    ground = '<rect class="ground" width="100%" height="100%"/>'
    return f'{head} xmlns="http://www.w3.org/2000/svg"><style>{STYLE}</style>{ground}{body}\n'


def _rows(title: str, labels: Sequence[str], series: Sequence[Series], axis: Axis, bars: bool) -> str:
    step, gap = (15, 10) if len(series) > 1 else (15, 7)
    legend = list(_legend(series, LEFT)) if len(series) > 1 else []
    top = TOP + (18 * len(series) + 6 if legend else 0)
    height = len(labels) * (step * len(series) + gap)
    right, bottom = WIDTH - RIGHT - 40, top + height
    drawn = legend
    for tick in axis.ticks:
        at = _place(tick, axis, LEFT, right)
        drawn.append(_line(at, top, at, bottom, "grid"))
        drawn.append(_text(at, bottom + 15, _number(tick), "soft", "middle"))
    for row, label in enumerate(labels):
        y = top + row * (step * len(series) + gap) + gap / 2
        drawn.append(_text(LEFT - 8, y + step * len(series) / 2 + 4, _cut(label), "", "end", label))
        for number, line in enumerate(series):
            point = line.points[row]
            if not isnan(point.y):
                drawn += _bar(
                    number, point, axis, (LEFT, right), y + step * (number + 0.5), f"{label}, {line.name}", bars
                )
    if axis.label:
        drawn.append(_text((LEFT + right) / 2, bottom + 32, axis.label, "soft", "middle"))
    return _svg(title, drawn, bottom + (38 if axis.label else 22))


def _bar(
    number: int, point: Point, axis: Axis, span: tuple[float, float], y: float, name: str, bars: bool
) -> Iterator[str]:
    at = _place(point.y, axis, *span)
    yield f'<g class="c{number % 6}">'
    if bars:
        width = max(0.0, at - span[0])
        yield f'<rect class="bar" x="{span[0]:.1f}" y="{y - 5.5:.1f}" width="{width:.1f}" height="11"/>'
    if not isnan(point.low):
        yield _line(_place(point.low, axis, *span), y, _place(point.high, axis, *span), y, "whisker")
    yield _mark(number, at, y, f"{name}: {_said(point)}")
    yield f"</g>{_text(span[1] + 6, y + 4, _number(point.y, 3), 'soft', 'start')}"


def _legend(series: Sequence[Series], left: float, lines: bool = False) -> Iterator[str]:
    for number, line in enumerate(series):
        y = TOP + 18 * number + 8
        yield f'<g class="c{number % 6}">'
        if lines:
            dash = DASHES[number % 6]
            yield f'<line class="path" stroke-dasharray="{dash}" x1="{left}" y1="{y}" x2="{left + 28}" y2="{y}"/>'
        yield f"{_mark(number, left + 14, y, line.name)}</g>{_text(left + 36, y + 4, line.name, '', 'start')}"


def _mark(number: int, x: float, y: float, title: str) -> str:
    shapes = (
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4.5">',
        f'<path class="mark" d="M{x - 4:.1f} {y - 4:.1f}h8v8h-8z">',
        f'<path class="mark" d="M{x:.1f} {y - 5.5:.1f}l5.2 9.5h-10.4z">',
        f'<path class="mark" d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z">',
        f'<path class="mark" d="M{x:.1f} {y + 5.5:.1f}l5.2 -9.5h-10.4z">',
        f'<path class="mark" d="M{x - 5:.1f} {y - 2:.1f}h10v4h-10z">',
    )
    shape = shapes[number % 6]
    return f"{shape}<title>{escape(title)}</title></{shape[1 : shape.index(' ')]}>"


def _svg(title: str, drawn: Sequence[str], height: float) -> str:
    name = escape(title, quote=True)
    size = f'viewBox="0 0 {WIDTH} {height:.0f}"'
    return f'<svg class="plot" role="img" aria-label="{name}" {size}><title>{name}</title>{"".join(drawn)}</svg>'


def _text(x: float, y: float, text: str, kind: str, anchor: str, title: str | None = None) -> str:
    hint = f"<title>{escape(title)}</title>" if title and title != text else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}{hint}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _place(value: float, axis: Axis, start: float, end: float) -> float:
    share = (value - axis.low) / (axis.high - axis.low or 1.0)
    return start + (end - start) * min(1.0, max(0.0, share))


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _said(point: Point) -> str:
    return f"{point.y:.3f}" + ("" if isnan(point.low) else f" ({point.low:.3f} to {point.high:.3f})")


def _number(value: float, digits: int = 2) -> str:
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) != 1 and value != 0 else f"{value:.{digits}f}"


def _cut(label: str, limit: int = 20) -> str:
    return label if len(label) <= limit else label[: limit - 1] + "…"
