"""The reader pane, the keys, and what is copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from navo_pages import PURL, asking, until
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from server_process import serving

Visit = Callable[..., Any]
CLIPBOARD = "navigator.clipboard.readText()"


def test_the_reader_opens_beside_the_answer(visit: Visit) -> None:
    """On a desktop unasked, with the answer marked in the whole document, and in view."""
    page = visit(asking(PURL))
    page.locator("#reader mark").wait_for()
    assert page.locator("#reader mark").inner_text() == page.evaluate(
        "(document.querySelector('#answer .sentence mark') ?? document.querySelector('#answer .large')).innerText"
    )
    assert page.locator("#reader h2").inner_text().endswith("Brussel, 3 december 2025")
    text, mark = page.locator(".page-text").bounding_box(), page.locator("#reader mark").bounding_box()
    assert text and mark and text["y"] <= mark["y"] < text["y"] + text["height"]


def test_headings_lead_through_the_document(visit: Visit) -> None:
    """Every heading below the title is in the list, and the document moves to the one chosen."""
    page = visit("/?read=verslag-fmm-brussel-2025-12")
    page.locator(".contents option").nth(1).wait_for(state="attached")
    names = page.locator(".contents option").all_inner_texts()[1:]
    assert "Oekraïne en het vredesproces" in names and names == page.locator(".page-text h4").all_inner_texts()
    page.select_option(".contents", label="Oekraïne en het vredesproces")
    heading = page.locator(".page-text h4", has_text="Oekraïne en het vredesproces").bounding_box()
    pane = page.locator(".page-text").bounding_box()
    assert heading and pane and abs(heading["y"] - pane["y"]) < 60


def test_headings_are_gone_through_by_keys(visit: Visit) -> None:
    """Each arrow goes to the next; who comes back to the list may choose the same one again."""
    page = visit("/?read=verslag-fmm-brussel-2025-12")
    page.locator(".contents option").nth(3).wait_for(state="attached")
    page.focus(".contents")
    for number in (1, 2, 3):
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.querySelector('.contents').selectedIndex") == number
    page.focus(".page-text")
    assert page.evaluate("document.querySelector('.contents').selectedIndex") == 0


def test_a_closed_reader_stays_closed(visit: Visit) -> None:
    """Until it is opened by hand."""
    page = visit(asking(PURL))
    page.locator("#reader mark").wait_for()
    page.locator("#reader [data-act=close]").click()
    page.reload()
    page.locator("#passages article").first.wait_for()
    assert not page.locator("#reader").is_visible()


def test_a_document_can_be_asked_by_itself(visit: Visit) -> None:
    """From the reader to a filter on its document."""
    page = visit("/?q=steun&read=verslag-ifmm-oslo-2023")
    page.locator("#reader").get_by_role("button", name="Vraag over dit document").click()
    until(page, "location.search.includes('document=verslag-ifmm-oslo-2023')")
    until(page, "[...document.querySelectorAll('#passages h3')].every((e) => e.textContent.includes('Oslo'))")


def test_papers_that_are_here_open(visit: Visit, hostile: str) -> None:
    """A Kamerstuk that the text names is a link to the document that it is, where the corpus holds it."""
    page = visit("/?read=reversed", address=hostile)
    page.locator("#reader a", has_text="28 676, nr. 7").click()
    page.locator("#reader h2", has_text="De brief die genoemd wordt").wait_for()
    assert page.locator("#reader .page-text a").count() == 0


def test_what_is_of_no_known_kind_is_called_nothing(visit: Visit, hostile: str) -> None:
    """Its day alone stands below its title, above a passage and in the list of documents."""
    page = visit(asking("walvissen op bladzijde 2"), address=hostile)
    above = page.locator("#passages article", has_text="Stuk met bladzijden").first.inner_text()
    page.goto("/?view=corpus")
    listed = page.locator(".documents li", has_text="Stuk met bladzijden").first.inner_text()
    assert all("1 juni 2025" in shown and "overig" not in shown for shown in (above, listed))
    assert "verslag" in page.locator(".documents li", has_text="Een heel lang stuk").first.inner_text()


def test_pages_of_a_pdf_are_shown(visit: Visit, hostile: str) -> None:
    """The page's picture with the passage framed, and the next one."""
    page = visit(asking("walvissen op bladzijde 2"), address=hostile)
    page.locator("#passages article", has_text="bladzijde 2").first.locator("[data-act=open]").click()
    page.locator(".folio").first.wait_for()
    page.locator("#reader").get_by_role("button", name="Pagina", exact=True).click()
    until(page, "document.querySelector('.picture img')?.naturalWidth > 300")
    first = page.locator(".turner span").inner_text()
    assert first in ("Pagina 1 van 2", "Pagina 2 van 2")
    page.locator(".turner button:enabled").click()
    assert page.locator(".turner span").inner_text() != first
    until(page, "document.querySelector('.picture img')?.naturalWidth > 300")
    page.locator("#reader").get_by_role("button", name="Tekst", exact=True).click()
    assert page.locator(".page-text").is_visible()


def test_keys_lead_all_the_way(visit: Visit) -> None:
    """/ to the box, arrows and j k through passages, Enter opens, Escape goes back, c copies, m keeps, ? helps."""
    page = visit()
    page.locator("#examples button").first.focus()
    page.keyboard.press("/")
    page.keyboard.type(PURL)
    page.keyboard.press("Enter")
    page.locator("#passages article").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    passage = page.evaluate("document.activeElement.dataset.passage")
    assert passage == page.locator("#passages article").first.get_attribute("data-passage")
    page.keyboard.press("c")
    page.locator("#toast", has_text="Citaat gekopieerd.").wait_for()
    assert "PURL" in page.evaluate(CLIPBOARD)
    page.keyboard.press("m")
    page.locator("#count", has_text="1").wait_for()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('page-text')")
    page.keyboard.press("Escape")
    page.locator("#reader").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.passage") == passage
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    page.locator("#keys input").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "question"


def test_the_box_is_reached_from_the_memo(visit: Visit) -> None:
    """By the same key, and from the documents."""
    for view in ("memo", "corpus"):
        page = visit(f"/?view={view}")
        page.locator(f"#view-{view} h1").wait_for()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "question"
        assert page.input_value("#question") == "" and page.locator("#view-ask").is_visible()


def test_copying_keeps_the_focus(visit: Visit) -> None:
    """Also where the page came over plain HTTP, and there is no clipboard to write to."""
    page = visit("")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(asking(PURL))
    page.locator("#passages article").first.wait_for()
    page.locator("#passages [data-act=source]").first.press("Enter")
    page.locator("#toast", has_text="Bron gekopieerd.").wait_for()
    assert page.evaluate("document.activeElement.dataset.act") == "source"


def test_quote_and_source_are_copied_in_the_chosen_style(visit: Visit) -> None:
    """By themselves and both; the style is remembered."""
    page = visit(asking("Was gastheer Hakan Fidan de Turkse minister van Buitenlandse Zaken?"))
    page.locator("#answer .cited", has_text="Brief van de minister").wait_for()
    answer = page.locator("#answer")
    answer.locator("[data-act=quote]").click()
    page.locator("#toast", has_text="Citaat gekopieerd.").wait_for()
    quote = page.evaluate(CLIPBOARD)
    assert quote == f"“{page.locator('#answer .large, #answer .sentence').last.inner_text()}”"
    page.locator("#answer select.style").select_option("apa")
    answer.locator("[data-act=source]").click()
    page.locator("#toast", has_text="Bron gekopieerd.").wait_for()
    source = page.evaluate(CLIPBOARD)
    assert source.startswith("Veldkamp, C. C. J. (2025, 23 mei).")
    page.reload()
    page.locator("#answer .cited", has_text="Veldkamp, C. C. J.").wait_for()
    answer.locator("[data-act=both]").click()
    page.locator("#toast", has_text="Citaat en bron gekopieerd.").wait_for()
    assert page.evaluate(CLIPBOARD) == f"{quote} ({source})"


def test_a_permanent_link_leads_back(visit: Visit, service: str) -> None:
    """What the reader copies opens the document at the passage."""
    page = visit(asking(PURL))
    page.locator("#reader mark").wait_for()
    marked = page.locator("#reader mark").inner_text()
    page.get_by_role("button", name="Kopieer vaste link").click()
    page.locator("#toast", has_text="Vaste link gekopieerd.").wait_for()
    page.goto(page.evaluate(CLIPBOARD).removeprefix(service))
    assert page.locator("#text mark").inner_text() == marked and not page.locator("#changed").count()


def test_a_text_replaced_since_is_not_marked_by_the_old_places(visit: Visit, tmp_path: Path) -> None:
    """A press in a page that was open, and an address, lead to the link of the text that was quoted."""
    file, index = tmp_path / "brief.txt", tmp_path / "index"
    file.write_text("De minister zegde vier miljoen toe aan Praag.", "utf-8")
    build([file], index, HashingEncoder(32))
    with serving(index) as address:
        page = visit(asking("Wat zegde de minister toe aan Praag?"), address=address)
        page.locator("#answer [data-act=open]").click()
        page.locator("#reader mark").wait_for()
        kept, before = page.url, page.locator("#reader mark").inner_text()
        page.locator("#reader [data-act=close]").click()
        file.write_text(f"Eerst een nieuwe zin. {file.read_text('utf-8')}", "utf-8")
        build([file], index, HashingEncoder(32))
        page.locator("#answer [data-act=open]").click()
        said = page.locator("#text mark").inner_text()
        page.go_back()
        page.locator("#answer [data-act=open]").click()
        page.locator("#reader mark").wait_for()
        page.goto(kept)
        page.locator("#earlier").wait_for()
        assert said == before and page.locator("#text mark").inner_text() == before
