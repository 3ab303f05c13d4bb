"""The memo basket and the page about the corpus."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from navo_pages import PURL, SUPPORT, asking

Visit = Callable[..., Any]


def kept(visit: Visit, **wishes: Any) -> Any:
    """A page on the memo, with the answer and a passage in it."""
    page = visit(asking(SUPPORT), **wishes)
    page.locator("#passages article").first.wait_for()
    page.locator("#answer [data-act=add]").click()
    page.locator("#passages article").nth(1).locator("[data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    page.locator(".entries li").nth(1).wait_for()
    return page


def exported(page: Any, form: str) -> tuple[str, bytes]:
    """The name and the bytes of what the memo becomes."""
    page.select_option("#form", form)
    with page.expect_download() as started:
        page.locator(".exporter button").click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def test_the_basket_is_kept_in_the_browser(visit: Visit) -> None:
    """Nothing is added twice; what is in it, is there after a reload."""
    page = kept(visit)
    page.go_back()
    page.locator("#answer [data-act=add]").click()
    page.locator("#toast", has_text="Staat al in de memo.").wait_for()
    page.goto("/?view=memo")
    page.locator(".entries li").nth(1).wait_for()
    assert page.locator("#count").inner_text() == "2" and page.locator(".entries li").count() == 2


def test_entries_are_written_moved_and_removed(visit: Visit) -> None:
    """Own text, order, removal and its undoing, a text by itself."""
    page = kept(visit)
    quotes = [field.input_value() for field in page.locator(".quoted").all()]
    page.locator(".entries li").first.locator("textarea").first.fill("Eerst dit.")
    page.locator(".entries li").first.locator("[data-act=down]").click()
    assert [field.input_value() for field in page.locator(".quoted").all()] == quotes[::-1]
    assert page.locator(".entries li").nth(1).locator("textarea").first.input_value() == "Eerst dit."
    page.locator(".entries li").first.locator("[data-act=drop]").click()
    assert page.locator(".entries li").count() == 1
    page.locator("#toast").get_by_role("button", name="Ongedaan maken").click()
    assert page.locator(".entries li").count() == 2
    page.get_by_role("button", name="Tekst toevoegen").click()
    page.keyboard.type("Slot.")
    page.reload()
    assert page.locator(".entries li").nth(2).locator("textarea").input_value() == "Slot."
    assert page.locator("#count").inner_text() == "2"
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Memo leegmaken").click()
    page.locator("#view-memo h2", has_text="De memo is nog leeg").wait_for()


def test_quotations_are_checked(visit: Visit) -> None:
    """Sound ones are; an altered word is shown, and can be put back."""
    page = kept(visit)
    page.click("#verify")
    page.locator(".verifier .sound", has_text="Alles klopt met de bron.").wait_for()
    assert page.locator(".finding.sound").count() == 2
    quote = page.locator(".quoted").first
    original = quote.input_value()
    quote.fill(original.replace("Nederland", "België", 1))
    assert page.locator(".finding").count() == 1
    page.click("#verify")
    page.locator(".finding.fault del", has_text="België").wait_for()
    assert page.locator(".finding.fault ins").first.inner_text() == "Nederland"
    page.get_by_role("button", name="Herstel citaat").click()
    assert quote.input_value() == original


def test_the_memo_becomes_a_document(visit: Visit) -> None:
    """Word with real footnotes, named after the title; Markdown; the sources for Zotero."""
    page = kept(visit)
    page.fill("#memo-title", "Steun: 2025/26")
    page.locator(".entries textarea").first.fill("Nederland steunt Oekraïne.")
    name, content = exported(page, "docx")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = parts.read("word/document.xml").decode()
    assert name == "Steun 202526.docx" and body.count("w:footnoteReference ") == 2
    name, content = exported(page, "md")
    assert name.endswith(".md") and "Nederland steunt Oekraïne." in content.decode()
    paragraphs = page.locator(".quoted").nth(1).input_value().split("\n\n")
    assert len(paragraphs) > 1 and content.decode().count("\n>\n") == len(paragraphs) - 1
    name, content = exported(page, "csl-json")
    assert name.endswith(".json") and json.loads(content)


def test_a_memo_that_cannot_be_made_says_why(visit: Visit) -> None:
    """A mark that names nothing, with its line."""
    page = kept(visit, expected=("422",))
    page.locator(".entries textarea").first.fill("Zie [@bestaat-niet].")
    page.locator(".exporter button").click()
    page.locator(".exporter .fault", has_text="bestaat-niet").wait_for()


def test_the_corpus_page_tells_what_there_is(visit: Visit) -> None:
    """Counts, dates, index, model, and a list whose documents open."""
    page = visit("/?view=corpus")
    page.locator(".documents li").nth(4).wait_for()
    told = page.locator("#view-corpus").inner_text()
    for fact in ("mei 2023 – december 2025", "384 dimensies", "Documenten per jaar", "28676, nr. 434"):
        assert fact in told
    page.locator(".documents button", has_text="Oslo").click()
    page.locator("#reader h2", has_text="Oslo").wait_for()
    assert "read=verslag-ifmm-oslo-2023" in page.url
    page.go_back()
    page.locator("#reader").wait_for(state="hidden")


def test_an_answer_prints_without_the_page_around_it(visit: Visit) -> None:
    """On paper: the question, the answer, its source, the passages; no buttons and no reader."""
    page = visit(asking(PURL))
    page.locator("#reader mark").wait_for()
    page.emulate_media(media="print")
    for shown in ("#answer .large", "#answer .cited", "#passages article"):
        assert page.locator(shown).first.is_visible()
    for hidden in ("#reader", ".tools", "nav", "#scores"):
        assert not page.locator(hidden).first.is_visible()


def test_undoing_keeps_what_was_written_since(visit: Visit) -> None:
    """The entry comes back to its place; the title and the text typed meanwhile stay."""
    page = kept(visit)
    quotes = [field.input_value() for field in page.locator(".quoted").all()]
    page.locator(".entries li").first.locator("[data-act=drop]").click()
    page.locator(".entries textarea").first.fill("Sindsdien geschreven.")
    page.fill("#memo-title", "Steun")
    page.locator("#toast").get_by_role("button", name="Ongedaan maken").click()
    assert [field.input_value() for field in page.locator(".quoted").all()] == quotes
    assert page.locator(".entries li").nth(1).locator("textarea").first.input_value() == "Sindsdien geschreven."
    assert page.input_value("#memo-title") == "Steun"


def test_a_note_is_said_in_the_pages_words(visit: Visit) -> None:
    """A quotation out of two places, joined."""
    page = kept(visit)
    quote = page.locator(".quoted").first
    first, second = (field.input_value() for field in page.locator(".quoted").all())
    quote.fill(f"{second.split('. ')[0]} […] {first}")
    page.click("#verify")
    page.locator(".finding.fault", has_text="samengevoegd uit meer plaatsen").first.wait_for()


def test_sources_follow_the_style_though_one_is_gone(visit: Visit) -> None:
    """A passage that the index no longer holds keeps the source it came with; the other's is written anew."""
    page = kept(visit, expected=("status of 404",))
    gone = page.evaluate("""() => {
        const memo = JSON.parse(localStorage.getItem("navo-qa.memo"));
        const first = memo.entries.find((one) => one.citation);
        first.citation.url += "0";
        localStorage.setItem("navo-qa.memo", JSON.stringify(memo));
        return first.citation.formatted.nl;
    }""")
    page.goto("/?view=memo")
    page.locator(".entries li").nth(1).wait_for()
    before = page.locator(".entries .source").nth(1).inner_text()
    page.locator("select.style").first.select_option("apa")
    page.wait_for_function(
        "before => document.querySelectorAll('.entries .source')[1].textContent !== before", arg=before
    )
    assert page.locator(".entries .source").first.inner_text() == gone


def test_a_verdict_goes_with_any_change(visit: Visit) -> None:
    """After it was given: of a quotation, a text or the title; and while the check is under way."""
    page = kept(visit)
    for field in (".quoted", ".entries textarea", "#memo-title"):
        page.click("#verify")
        page.locator(".verifier .sound").wait_for()
        page.locator(field).first.press_sequentially("! ")
        assert page.locator(".verifier .said").inner_text() == "" and not page.locator(".verifier .sound").count()
        page.locator(field).first.press("Backspace")
        page.locator(field).first.press("Backspace")
    held: list[Any] = []
    page.route("**/v1/verify", lambda route: held.append(route))
    page.click("#verify")
    page.get_by_role("button", name="Tekst toevoegen").click()
    page.locator(".entries textarea").first.fill("Sindsdien geschreven.")
    held[0].continue_()
    page.locator(".verifier", has_text="De memo is intussen gewijzigd").wait_for()
    assert not page.locator(".finding").count()


def test_a_fault_in_the_title_is_shown(visit: Visit) -> None:
    """Under it, as the others are under their entries."""
    page = kept(visit)
    page.fill("#memo-title", "Steun [@bestaat-niet]")
    page.click("#verify")
    page.locator(".verifier .fault", has_text="1 punt klopt niet.").wait_for()
    page.locator(".title + .findings .finding.fault", has_text="bron niet in de collectie").wait_for()
    page.fill("#memo-title", "Steun")
    assert not page.locator(".title + .findings .finding").count()
