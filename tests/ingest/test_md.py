"""Tests of ingest/md.py and ingest/markup.py."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings

from navo_qa.ingest.md import parse_markdown
from strategies import texts

WHOLE = """---
title: "Verslag X"
date: 2025-05-14
references: [a, 'b']
tags:
  - een
  - twee
---
# Titel **vet** #

Een alinea met [link](https://x.nl/a_(b) "t") en `code_x*` en *nadruk*,
die door-
loopt. 2 * 3 * 4 en snake_case_naam. Zie[^1] \\*niet\\* &amp; &euro;5.

Tweede
======
- punt een
  vervolg
- [x] punt **twee**
1. eerste
2. tweede

| a | b |
|---|---|
| 1 | 2 |

```python
x = 1
```
> citaat hier
> gaat door

---
[ref]: http://example.org
### Derde
Los [tekst][ref] <https://a.b> <b>vet</b>.<br>Nieuw <!-- weg
en meer --> einde ![plaatje](a.png)

[^1]: De *noot*, zie
  vervolg noot.
"""


def test_whole() -> None:
    """Markdown's marks go, its words stay, each item and row is a paragraph, the note follows its mark."""
    reading = parse_markdown(WHOLE)
    read = reading.normalised
    assert read.text.split("\n\n") == [
        "Titel vet",
        "Een alinea met link en code_x* en nadruk, die doorloopt. 2 * 3 * 4 en snake_case_naam. Zie *niet* & €5.",
        "[1] De noot, zie vervolg noot.",
        "Tweede",
        "punt een vervolg",
        "punt twee",
        "1. eerste",
        "2. tweede",
        "a | b",
        "1 | 2",
        "x = 1",
        "citaat hier gaat door",
        "Derde",
        "Los tekst https://a.b vet. Nieuw einde plaatje",
    ]
    assert [(h.level, read.text[h.start : h.end]) for h in read.headings] == [
        (1, "Titel vet"),
        (1, "Tweede"),
        (3, "Derde"),
    ]
    assert [read.text[: note.anchor].split()[-1] for note in read.footnotes] == ["Zie"]
    assert reading.properties == {"title": "Verslag X", "date": "2025-05-14", "references": "a; b", "tags": "een; twee"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("---\ngeen: einde\n", "geen: einde"),
        ("---\nlos van alles\n---\ntekst", "los van alles\n\ntekst"),
        ("#geen kop", "#geen kop"),
        ("# C#", "C#"),
        ("een **open nadruk", "een **open nadruk"),
        ("[los] en [x](y z) en ]", "[los] en [x](y z) en ]"),
        ("a < b & c > d &onbekend;", "a < b & c > d &onbekend;"),
        ("`` een ` twee ``", "een ` twee"),
        ("~~~\n# geen kop\n~~~", "# geen kop"),
        ("Tabel | twee\n--- | ---\n1 | 2", "Tabel | twee\n\n1 | 2"),
        ("***alles*** _en_ __dit__", "alles en dit"),
        ("", ""),
    ],
)
def test_odd_markdown(raw: str, text: str) -> None:
    """What is not Markdown's stays as it is."""
    assert parse_markdown(raw).normalised.text == text


def test_a_row_inside_an_item_goes_on() -> None:
    """A table's row in a list item may be followed by a line of the item."""
    assert parse_markdown("-  | a | b |\nc").normalised.text == "a | b | c"


@given(texts())
@example("-  | a | b |\f")
@settings(max_examples=200, deadline=None)
def test_any_markdown(raw: str) -> None:
    """Any text is read: NFC, whole paragraphs, each character mapped to the raw text or put between."""
    read = parse_markdown(raw).normalised
    assert unicodedata.is_normalized("NFC", read.text)
    assert read.text == read.text.strip() and "\n" not in read.text.replace("\n\n", "")
    for heading in read.headings:
        assert read.text[heading.start : heading.end] in read.text.split("\n\n")
    for run in read.alignment.runs:
        assert 0 <= run.raw_start < run.raw_end <= len(raw) and 0 <= run.start < run.end <= len(read.text)


@pytest.mark.parametrize(
    "raw",
    [
        "*a " * 80_000,
        "`a" * 80_000,
        "<!-- " * 50_000,
        "[a](" * 50_000,
        "|a" * 80_000,
        ">" * 200_000,
        "# a\n" * 20_000,
        "[^1]" * 50_000,
        "&a;" * 50_000,
        "<a " * 50_000,
        "![" * 80_000,
    ],
    ids=range(11),
)
def test_hostile(raw: str) -> None:
    """Time is linear in the length."""
    began = time.process_time()
    parse_markdown(raw)
    assert time.process_time() - began < 6


def test_cells_without_space_around_their_bars() -> None:
    """Are cells all the same; an escaped bar is a cell's own."""
    assert parse_markdown("|Fonds|2026|\n|---|---|\n|SLO|12|\n").normalised.text == "Fonds | 2026\n\nSLO | 12"
    assert parse_markdown("| Type | Aantal |\n|---|---|\n| F-16\\|F-35 | 12 |").normalised.text.endswith(
        "F-16|F-35 | 12"
    )
