"""Tests of ingest/html.py: the main text of pages as they are published, and of hostile ones."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings

from navo_qa.ingest.html import read_html
from navo_qa.text.normalise import normalise
from strategies import texts

HERE = Path("brief.html")


def read(page: str) -> str:
    return read_html(page.encode(), HERE).normalised.text


@settings(max_examples=100, deadline=None)
@given(texts())
def test_round_trip(text: str) -> None:
    """Any normalised text, written a paragraph a `<p>`, reads back as the same text."""
    text = normalise(text).text
    expected = "\n\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n\n"))))
    page = "".join(f"<p>{escape(part)}</p>" for part in expected.split("\n\n"))
    assert read(f"<html><body>{page}</body></html>") == expected


def test_main_text() -> None:
    """Menus, headers, footers, forms and scripts are left out; the element that says it is the main text is read."""
    page = (
        "<html><head><title>Verslag | Rijksoverheid</title><script>steel()</script></head><body><nav>Menu</nav>"
        "<header>Kop van de site</header><main><h1>Verslag</h1><script>alert('x')</script>"
        "<p>De <b>steun</b> aan&nbsp;Oekra&iuml;ne<br>duurt.</p><style>p{}</style>"
        "<ul><li>een</li><li>twee</li></ul><p style='display: none'>verborgen</p></main><aside>Ook lezen</aside>"
        "<footer>Over deze site</footer></body></html>"
    )
    reading = read_html(page.encode(), HERE)
    assert reading.normalised.text == "Verslag\n\nDe steun aan Oekraïne duurt.\n\neen\n\ntwee"
    assert [heading.level for heading in reading.normalised.headings] == [1]
    assert reading.properties["title"] == "Verslag"


def test_tables_and_loose_text() -> None:
    """A row is a paragraph with bars between cells; text beside blocks is a paragraph of its own."""
    page = "los<table><tr><th>Land</th><th>EUR</th></tr><tr><td><p>NL</p></td><td>3</td></tr></table>tussen<p>p</p>na"
    assert read(page) == "los\n\nLand | EUR\n\nNL | 3\n\ntussen\n\np\n\nna"


def test_cells_over_several_columns_and_rows() -> None:
    """The columns that they take are empty, so that every cell stands in its own; claims of millions are bounded."""
    rows = "<tr><th>Land<th colspan=2>Bedragen</tr><tr><td rowspan=2>Oslo<td>a<td>b</tr><tr><td>c<td>d</tr>"
    assert read(f"<table>{rows}</table>") == "Land | Bedragen |\n\nOslo | a | b\n\n| c | d"
    wide = read("<table><tr><td colspan=9999999>a<td rowspan=9999999>b</tr><tr><td>c</tr></table><p>d")
    assert len(wide) < 300 and wide.endswith("d")


def test_cells_are_verbatim() -> None:
    """What is bold or raised in a cell parts no words; scripts and what is hidden are no text there either."""
    cells = "<td>Het <b>UCAP</b>, 100<sup>e</sup> van de bond<i>genoten</i>.</td>"
    cells += "<td>x<script>var a</script><span hidden>weg</span></td>"
    assert read(f"<table><tr>{cells}</tr></table>") == "Het UCAP, 100e van de bondgenoten. | x"


def test_nothing_of_the_text_is_left_out() -> None:
    """A page that is one form, the head of an article, several articles beside each other."""
    assert (
        read("<body><form id='aspnetForm'><h1>Verslag</h1><p>De top.</p><input value='x'></form></body>")
        == "Verslag\n\nDe top."
    )
    article = "<article><header><h1>{0}</h1><p>Aanhef {0}.</p></header><p>Tekst {0}.</p></article>".format
    said = "{0}\n\nAanhef {0}.\n\nTekst {0}.".format
    page = f"<body><header>De site</header>{article('Een')}{article('Twee')}{article('Drie')}</body>"
    assert read(article("Een")) == said("Een")
    assert read(page) == "\n\n".join(map(said, ("Een", "Twee", "Drie")))


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    """The announced encoding is used, or a byte order mark."""
    page = f'<html><head><meta charset="{encoding}"></head><body><p>Oekraïne, één café</p></body></html>'
    assert read_html(page.encode(encoding), HERE).normalised.text == "Oekraïne, één café"


def test_hostile() -> None:
    """Nothing is run, fetched or followed without end; what is no page at all has no text."""
    assert read("<div>" * 5000 + "diep" + "</div>" * 5000) in ("", "diep")
    assert read("<p>a</p><iframe src='file:///etc/hostname'>x</iframe><object data=x>y</object>") == "a"
    assert read("<!DOCTYPE h [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><p>a &x; b</p>").endswith("a &x; b")
    assert read("") == "" and read("<!-- niets -->") == ""
