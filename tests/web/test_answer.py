"""An answer that is a part of its sentence: as the bundled reader gives it, and with all that can stand around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from navo_pages import asking, until
from navo_qa.api.models import QueryOut
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.types import Answer
from pdf_files import Put, pdf
from server_process import serving
from surrounded_answers import QUESTION, surrounded

Visit = Callable[..., Any]
HOST = "Wie was gastheer in Antalya?"


def shown(visit: Visit, answer: Answer, pipeline: Pipeline) -> Any:
    """A page that shows this answer, as the service would write it."""
    page = visit("")
    body = QueryOut.of(answer, pipeline).model_dump(mode="json")
    page.route("**/v1/query", lambda route: route.fulfill(json=body))
    page.goto(asking(QUESTION))
    page.locator("#passages article").first.wait_for()
    page.unroute_all(behavior="wait")
    return page


def test_the_answer_stands_in_its_sentence(visit: Visit, reading: str) -> None:
    """Large by itself, marked in its sentence and in the document beside it."""
    page = visit(asking(HOST), address=reading)
    answer = page.locator("#answer .large").inner_text()
    assert "Fidan" in answer
    assert page.locator("#answer .sentence mark").inner_text() == answer
    assert len(page.locator("#answer .sentence").inner_text()) > len(answer)
    assert page.locator("#reader mark").inner_text() == answer


def test_the_sentence_is_what_is_copied_and_kept(visit: Visit, reading: str) -> None:
    """A name or a sum by itself is no quotation: the memo gets the sentence, and that is verbatim."""
    page = visit(asking(HOST), address=reading)
    page.locator("#passages article").first.wait_for()
    sentence = page.locator("#answer .sentence").inner_text()
    page.locator("#answer [data-act=quote]").click()
    page.locator("#toast", has_text="Citaat gekopieerd.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"“{sentence}”"
    page.locator("#answer [data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    assert page.locator(".quoted").input_value() == sentence
    page.click("#verify")
    page.locator(".finding.sound", has_text="letterlijk").wait_for()


def test_parts_and_other_documents(visit: Visit, hashed: Pipeline) -> None:
    """A list stands as a list, each part marked; what another document says stands below with its day."""
    page = shown(visit, surrounded(hashed), hashed)
    assert page.locator("#answer .parts li").all_inner_texts() == ["EUR", "100 miljoen"]
    assert page.locator("#answer .sentence mark").all_inner_texts() == ["EUR", "100 miljoen"]
    other = page.locator("#answer .elsewhere li").inner_text()
    assert "31 mei 2023" in other and "EUR 10 miljoen" in other
    until(page, "document.querySelector('#reader mark')?.textContent === 'EUR 100 miljoen'")


def test_what_came_nearest_stands_in_its_sentence(visit: Visit, hashed: Pipeline) -> None:
    """An unsaid answer is shown for what it is: marked in the sentence that it was found in."""
    answer = surrounded(hashed)
    page = shown(visit, answer.withheld(None), hashed)
    assert answer.sentence is not None
    assert page.locator("#answer .nearest .sentence").inner_text() == answer.sentence.quote
    assert page.locator("#answer .nearest mark").inner_text() == "EUR 100 miljoen"
    page = shown(visit, replace(answer, confidence=0.01).withheld(None), hashed)
    assert page.locator("#answer h2").inner_text() and not page.locator("#answer .nearest").count()


def test_a_speaker_stands_above_what_he_said(visit: Visit, hashed: Pipeline) -> None:
    """The name is in the passage's line, without its colon."""
    answer = surrounded(hashed)
    first = answer.hits[0]
    said = replace(first, passage=replace(first.passage, heading="Minister Ten Hove:"))
    page = shown(visit, replace(answer, hits=(said,)), hashed)
    assert page.locator("#passages article .meta").inner_text().endswith(" Minister Ten Hove")


def test_a_cell_stands_in_its_table(visit: Visit, tabled: str) -> None:
    """Below its head in the answer; passage and reader show the table, with the answer marked and text unchanged."""
    page = visit("/?q=luchtverdediging+fondsen+2027", address=tabled)
    page.locator("#reader mark").first.wait_for()
    table = page.locator("#answer .sentence table")
    assert table.locator("th").all_inner_texts() == ["Fonds", "2026", "2027"]
    assert table.locator("td").all_inner_texts() == ["Luchtverdediging", "120", "145"]
    for place in ("#passages article:has-text('Mijnenruiming')", "#reader"):
        rows = page.locator(f"{place} table tr").all()
        assert [row.locator("th, td").all_inner_texts() for row in rows] == [
            ["Fonds", "2026", "2027"], ["Luchtverdediging", "120", "145"], ["Mijnenruiming", "12", "–"]
        ]  # fmt: skip
        assert page.locator(f"{place} mark").all_inner_texts() == ["Luchtverdediging", "120", "145"]
    shown = page.locator("#passages article", has_text="Mijnenruiming").locator(".passage").inner_text()
    assert "De Kamer hoort" in shown and "|" not in shown


def test_the_source_names_the_page_of_the_words(visit: Visit, tmp_path: Path) -> None:
    """A passage stands on pages 1 to 4, and says so; an answer from its third page is of page 3 in every style."""
    said = ["over schepen.", "over havens.", "over walvissen.", "over dijken."]
    (tmp_path / "verslag.pdf").write_bytes(pdf([[Put(72, 700, f"De minister sprak {what}")] for what in said]))
    build([tmp_path / "verslag.pdf"], tmp_path / "index", HashingEncoder())
    with serving(tmp_path / "index", threshold=0) as address:
        page = visit(asking("Sprak de minister over walvissen?"), address=address)
        page.locator("#passages article").first.wait_for()
        assert "walvissen" in page.locator("#answer .large").inner_text()
        assert "p. 1–4 · alinea 1" in page.locator("#passages .meta").first.inner_text().replace("\u00a0", " ")
        until(page, "document.querySelector('#answer .source').textContent.endsWith(', p. 3')")
        page.locator("#answer [data-act=source]").click()
        page.locator("#toast", has_text="gekopieerd").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").endswith(", p. 3")
        page.locator("#passages [data-act=source]").first.click()
        until(page, "navigator.clipboard.readText().then((text) => text.endsWith(', p. 1-4'))")


def test_what_documents_say_is_in_their_language(visit: Visit, hashed: Pipeline) -> None:
    """On an English page Dutch words are marked as Dutch: the answer, its sentence, others, passages and titles."""
    page = visit("", language="en-GB")
    body = QueryOut.of(surrounded(hashed), hashed).model_dump(mode="json")
    page.route("**/v1/query", lambda route: route.fulfill(json=body))
    page.goto(asking(QUESTION))
    page.locator("#passages article").first.wait_for()
    page.unroute_all(behavior="wait")
    assert page.locator("html").get_attribute("lang") == "en"
    for place in (
        "#answer .large", "#answer .sentence", "#answer .elsewhere q", "#answer .elsewhere button bdi",
        "#passages h3 bdi", "#passages .passage",
    ):  # fmt: skip
        assert page.locator(place).first.get_attribute("lang") == "nl", place


def test_a_table_goes_on_below_its_head(visit: Visit, tabled: str) -> None:
    """A passage from the middle of a table shows what stands over its columns, and no row of its own as a head."""
    page = visit("/?q=Land+nummer+55", address=tabled)
    passage = page.locator("#passages article", has_text="Land nummer 55").first
    passage.wait_for()
    assert passage.locator("th").all_inner_texts() == ["Land", "Stand", "Jaar"]
    assert passage.locator("tr").nth(1).locator("td").first.inner_text() != "Land nummer 0"


def test_a_table_after_a_table_has_its_own_head(visit: Visit, tmp_path: Path) -> None:
    """As the service tells them apart, nothing between them: in the passage and in the reader."""
    rows = ["Fonds | 2026 | 2027", "SLO | 12,5 | 14,0", "UCAP | 3,1 | 4,2", "Land | Stand", "Oslo | 12", "Rome | 14"]
    (tmp_path / "fondsen.txt").write_text("De fondsen.\n\n" + "\n\n".join(rows) + "\n\nMeer volgt.\n", "utf-8")
    build([tmp_path / "fondsen.txt"], tmp_path / "index", HashingEncoder(32))
    with serving(tmp_path / "index") as address:
        page = visit(f"{asking('Welke fondsen en landen?')}&read=fondsen", address=address)
        for place in ("#passages article", "#reader"):
            page.locator(f"{place} table").first.wait_for()
            heads = [table.locator("th").all_inner_texts() for table in page.locator(f"{place} table").all()]
            assert heads == [["Fonds", "2026", "2027"], ["Land", "Stand"]], place
        page.wait_for_load_state("networkidle")
