"""What is kept in the memo is written as Markdown that says the same: as the page writes it, checked and exported."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from navo_qa.build import build
from navo_qa.cite.citing import verifier
from navo_qa.cite.manuscript import read_markdown
from navo_qa.cite.verify import Verdict
from navo_qa.encode import HashingEncoder
from navo_qa.index.snapshot import open_snapshot
from navo_qa.memo import Wanted, export_memo
from navo_qa.pipeline import Pipeline

Visit = Callable[..., Any]
HARD = [
    "a) Het kabinet zegde EUR 100 miljoen toe.",
    "(iv) Het vierde punt.",
    "2025. was een goed jaar, 2026) ook.",
    "- Een streepje, en + een plus.",
    "+ Een plus.",
    "* Een ster.",
    ": Een dubbele punt.",
    "= Een is-teken.",
    "| Kop | kop |",
    "---",
    "===",
    "Een H~2~O en 10^6^, ~~weg~~, $x$ & &amp; &lt;b&gt;.",
    "Het |aandeel| [1] van 5 * 3 * 2_a_b, `code`, <b>vet</b> #nummer \\ eind.",
    "Mail naar iemand@voorbeeld.nl [@geen] of @ander.",
    'Zo \'n "woord" -- en --- dan... de rest.',
]


def written(visit: Visit, quotes: list[str], passage: str = "geen") -> str:
    """The Markdown of a memo of these quotations."""
    entries = [
        {"id": str(number), "text": "", "quote": quote, "original": quote, "passage_id": passage}
        for number, quote in enumerate(quotes)
    ]
    page = visit("/?view=memo")
    kept = json.dumps({"title": "", "entries": entries})
    page.evaluate("(kept) => localStorage.setItem('navo-qa.memo', kept)", kept)
    page.goto("/")
    text: str = page.evaluate("import('/static/basket.js').then((basket) => basket.markdown().text)")
    return text


def test_quotations_keep_their_words_when_read(visit: Visit) -> None:
    """What the check reads of a quotation, line by line, is what was kept."""
    memo = written(visit, [*HARD, "\n".join(HARD)])
    said = [paragraph.text.removesuffix(" [@geen]") for paragraph in read_markdown(memo)]
    read = [one.replace("\\@", "@") for one in said]  # an address keeps its escape, which never counts
    assert read == [*HARD, "\n".join(HARD)]


def test_quotations_keep_their_words_when_exported(visit: Visit, hashed: Pipeline) -> None:
    """Each stays a paragraph of its own words: no list, no table, no heading, nothing struck out or raised."""
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    collection = hashed.snapshot.collection
    passage = collection.passages_of("verslag-ifmm-antalya-2025")[2]
    memo = written(visit, HARD, passage.id)
    made = export_memo(memo, collection.passage, collection.document, Wanted("html")).decode()
    blocks = re.findall(r"<blockquote>\s*<p>(.*?)</p>\s*</blockquote>", made, re.DOTALL)
    said = [html.unescape(re.sub(r"<a\s[^>]*footnote-ref.*?</a>", "", block, flags=re.DOTALL)) for block in blocks]
    assert [" ".join(one.split()) for one in said] == [" ".join(one.split()) for one in HARD]


def test_quotations_are_found_verbatim(visit: Visit, tmp_path: Path) -> None:
    """Kept as they stand in a document, each is sound when checked; emphasis, marks and escapes never count."""
    plain = [line.replace(" \\", "") for line in HARD if "~~" not in line and "[@" not in line]
    lines = [f"{line} Dat schreef de minister." for line in plain]
    (tmp_path / "stuk.txt").write_text("\n\n".join(lines), "utf-8")
    build([tmp_path / "stuk.txt"], tmp_path / "index", HashingEncoder())
    snapshot = open_snapshot(tmp_path / "index")
    passages = snapshot.collection.passages_of("stuk")
    for passage in passages:
        quotes = [block for block in passage.text.split("\n\n") if len(block) > 30]
        found = verifier(snapshot.collection).verify(read_markdown(written(visit, quotes, passage.id)))
        assert [finding.text for finding in found if finding.verdict is not Verdict.VERBATIM] == [] and found
    snapshot.close()
