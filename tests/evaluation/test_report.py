"""The report: everything in it, nothing from elsewhere, everything escaped, and only quoted what may be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from navo_qa.evaluation import html, markdown, plot, report
from navo_qa.evaluation.blocks import Case, Excerpt, Heading, Plot, Table, Text, Tiles
from navo_qa.evaluation.significance import holm
from navo_qa.evaluation.study import Cause, Study, as_json, causes, failures, result
from navo_qa.evaluation.summary import Estimate, compare, slices

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>"
VOID = {"meta", "br", "rect", "line", "polygon", "polyline", "circle", "path", "img"}


class Reader(HTMLParser):
    """Notes tags, links and whether every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "xlink:href")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an empty tag."""
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that the last open tag is closed."""
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def blocks(study: Study) -> list[Any]:
    return list(report.blocks(study))


def test_headline_stands_first(blocks: list[Any]) -> None:
    """Title, one paragraph, the figures to remember, the headline table; then the sections as a reader asks."""
    assert [type(block) for block in blocks[:4]] == [Heading, Text, Tiles, Table]
    sections = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    assert [section.split()[0] for section in sections] == [
        "The",
        "When",
        "By",
        "Questions",
        "Among",
        "Every",
        "What",
        "Appendix:",
    ]
    assert {"configurations", "risk-coverage", "reliability", "by-kind", "by-language", "perturbed", "distractors"} == {
        block.slug for block in blocks if isinstance(block, Plot)
    }


def test_slices_tell_over_how_many_each_figure_is(study: Study, blocks: list[Any]) -> None:
    """Answerable questions, answers given and unanswerable ones are counted apart, also where there are none."""
    tables = {block.head[0]: block for block in blocks if isinstance(block, Table) and "answerable" in block.head}
    assert set(tables) == {"language", "split", "kind", "document", "tag"}
    assert tables["kind"].head[1:4] == ("answerable", "answers", "unanswerable")
    counts = {row[0]: [int(n) for n in row[1:4]] for row in tables["kind"].rows}
    given = {q.id for q in study.questions if study.main.outcomes[q.id].text is not None}
    for kind, found in counts.items():
        asked = [q for q in study.questions if q.kind == kind]
        answerable = sum(q.answerable for q in asked)
        assert found == [answerable, sum(q.id in given for q in asked), len(asked) - answerable]
    assert counts["amount"][2] == 2 and counts["person"][2] == 0


def test_only_all_is_a_hundred_percent(study: Study) -> None:
    """One broken promise of a thousand is no 100%; and where nothing is answered, the sentence still ends well."""
    main = study.main
    table = dict(main.summary.tables["all"]) | {"verbatim": Estimate(0.9996, 0.9984, 1.0, 2500)}
    del table["precision"]
    summary = replace(main.summary, tables=main.summary.tables | {"all": table})
    _, text, tiles, *_ = report.blocks(replace(study, results=(replace(main, summary=summary), *study.results[1:])))
    assert ("99.96%", "verbatim", "99.8%–100%, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}2500") in tiles.tiles
    assert "Verbatim: 99.96%." in text.text and "get an answer. Of" in text.text


def test_times_of_steps_are_medians(study: Study) -> None:
    """Of four times the median lies between the second and the third."""
    four = list(study.main.outcomes.values())[:4]
    outcomes = {o.question_id: replace(o, timings_ms={"read": ms}) for o, ms in zip(four, (9, 1, 2, 4), strict=True)}
    made = result(study.main.arm, "tiny", outcomes, study.main.scores, study.main.qrels)
    assert made.summary.stages == {"read": 3.0}


def test_every_failure_is_shown_with_its_evidence(study: Study, blocks: list[Any]) -> None:
    """Each question lost is a case; what was expected is marked word for word, what was found stands beside it."""
    lost, cases = list(failures(study.main)), [block for block in blocks if isinstance(block, Case)]
    assert {case.name.split(",")[0] for case in cases} == {failure.question.id for failure in lost}
    assert sum(causes(lost).values()) == len(lost) > 0
    for case in cases:
        assert case.found
        question = next(f.question for f in lost if case.name.startswith(f"{f.question.id},"))
        marked = {"".join(text for text, evidence, _ in excerpt.pieces if evidence) for excerpt in case.expected}
        for stretch in question.evidence:
            text = study.library.document(stretch.document_id).text
            assert any(text[stretch.start : stretch.end] in each for each in marked)


def test_causes_are_told_apart(study: Study) -> None:
    """An answer to an unanswerable question is forced; silence though the evidence was found is silence."""
    bold = study.results[1]
    assert {f.cause for f in failures(bold) if not f.question.answerable} == {Cause.FORCED}
    for failure in failures(study.main):
        if failure.cause is Cause.SILENT:
            assert failure.outcome.text is None and failure.rank is not None


def test_page_is_self_contained(blocks: list[Any]) -> None:
    """No script, no style sheet, image, font or link from elsewhere; every tag closed."""
    text = "".join(html.page(blocks))
    page = Reader(text)
    assert page.open == []
    assert not {"script", "link", "iframe", "object", "embed", "img", "form", "base"} & set(page.tags)
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"https?:|url\(|@import|javascript:|data:", text)
    anchors = set(re.findall(r'id="([^"]+)"', text))
    assert {link[1:] for link in page.links} <= anchors


def test_hostile_text_is_escaped() -> None:
    """Whatever a title, question, label, answer or passage holds, it stays text, in both reports and in plots."""
    excerpt = Excerpt(HOSTILE, True, ((HOSTILE, True, True), (HOSTILE, False, False)))
    line = plot.Series(HOSTILE, (plot.Point(0.5, 0.4, 0.6),))
    svg = plot.bars(HOSTILE, [HOSTILE], [line, line])
    blocks = [
        Heading(1, HOSTILE),
        Heading(2, HOSTILE),
        Text(HOSTILE),
        Tiles(((HOSTILE, HOSTILE, HOSTILE),)),
        Table((HOSTILE, HOSTILE), ((HOSTILE,), (HOSTILE, HOSTILE)), HOSTILE),
        Plot("p", svg, HOSTILE),
        Plot("q", plot.curves(HOSTILE, plot.Axis(HOSTILE), plot.Axis(HOSTILE), [line]), HOSTILE),
        Case(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (excerpt,), (excerpt,), True),
    ]
    page = Reader("".join(html.page(blocks)))
    assert page.open == [] and not {"script", "img"} & set(page.tags)
    committed = "".join(markdown.page(blocks))
    assert "<script" not in committed and "<img" not in committed
    assert not {"script", "img"} & set(Reader(plot.standalone(svg)).tags)


def test_markdown_table_cannot_be_broken_out_of() -> None:
    """A pipe or a line break in a cell stays in its cell."""
    written = "".join(markdown.page([Table(("a", "b"), (("x|y\n\n# z", "`1`"),), "c")]))
    assert written.splitlines()[-2] == "| x\\|y \\# z | \\`1\\` |"


def test_committed_report_quotes_only_what_may_be(study: Study) -> None:
    """Of a document that gold only points into, the Markdown holds neither passage nor answer; the page does."""
    bold = replace(study, results=(study.results[1], *study.results))
    closed = list(report.blocks(replace(bold, quotable=frozenset())))
    committed, page = "".join(markdown.page(closed)), "".join(html.page(closed))
    sentence = "Hakan Fidan was gastheer van het diner."
    assert sentence in page and sentence not in committed
    assert "may not be copied" in committed
    assert sentence in "".join(markdown.page(report.blocks(replace(bold, quotable=frozenset(["antalya", "oslo"])))))


def test_html_blocks_of_markdown_hold_no_blank_line(blocks: list[Any]) -> None:
    """A blank line would end the HTML block; passages of several paragraphs hold some."""
    for piece in markdown.page([block for block in blocks if isinstance(block, Case)]):
        assert "\n\n" not in piece.strip()


def test_summary_is_plain_json(study: Study) -> None:
    """Every figure can be read back, and what says nothing is null, never NaN."""
    text = json.dumps(as_json(study), allow_nan=False)
    back = json.loads(text)
    assert back["arms"][0]["tables"]["all"]["verbatim"]["value"] == 1.0
    assert back["arms"][0]["name"] == "careful"
    assert {"measure", "first", "second", "difference", "p", "adjusted"} <= set(back["comparisons"][0])


def test_holm_is_over_the_pairs_of_a_measure(study: Study) -> None:
    """Three arms make three pairs; their p on a measure are adjusted together, and not with another measure's."""
    arms = {result.arm.name: result.scores for result in study.results[:3]}
    made = compare(arms, ("nDCG@10", "right"))
    for measure in ("nDCG@10", "right"):
        family = [c for c in made if c.measure == measure]
        assert len(family) == 3
        assert [c.adjusted for c in family] == holm([c.p for c in family])
    assert {c.first for c in compare(arms, ("right",), against_first=True)} == {"careful"}


def test_a_slice_may_hold_a_comma(study: Study) -> None:
    """A tag or a document's name is taken as it is, commas, equals signs and all."""
    asked = [replace(question, tags=("bedrag, tabel", "a=b ")) for question in study.questions]
    masks = dict(slices(asked))
    assert masks["tag=bedrag, tabel"].all() and masks["tag=a=b "].all()


def test_plots_are_files_of_their_own(blocks: list[Any], tmp_path: Path) -> None:
    """A plot written as a file is whole XML with its own colours, and names every point for a screen reader."""
    from xml.etree import ElementTree

    for block in blocks:
        if isinstance(block, Plot):
            root = ElementTree.fromstring(plot.standalone(block.svg))  # noqa: S314 - our own
            assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("role") == "img"
            assert root.findtext("{http://www.w3.org/2000/svg}title") == root.get("aria-label")


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_colours_have_contrast(scheme: str) -> None:
    """Text, links, marked text and plots stand out by 4.5 to 1 from their ground (WCAG 2.2 AA)."""

    def colours(style: str) -> dict[str, str]:
        light, dark, paper = (re.findall(r"--(\w+):(#[0-9a-f]{3,6})", part) for part in _schemes(style))
        return dict(light) | dict({"light": [], "dark": dark, "print": paper}[scheme])

    page, drawn = colours(html.STYLE), colours(plot.STYLE)
    pairs = [(page[a], page[b]) for a in ("ink", "soft", "link") for b in ("ground", "card")]
    pairs += [(page["ink"], page["evidence"]), (page["answer"], page["ground"])]
    pairs += [(drawn[name], drawn["ground"]) for name in ("ink", "soft", *(f"s{n}" for n in range(6)))]
    for front, back in pairs:
        low, high = sorted((_luminance(front), _luminance(back)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (front, back)


def _schemes(style: str) -> tuple[str, str, str]:
    dark, paper = style.index("@media (prefers-color-scheme:dark)"), style.index("@media print")
    return style[:dark], style[dark:paper], style[paper:]


def _luminance(colour: str) -> float:
    """Return the relative luminance of "#1b1f24" or "#fff". WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
