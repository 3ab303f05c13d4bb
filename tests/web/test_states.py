"""What people meet when there is nothing to show, and documents that mean harm."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from navo_pages import PURL, asking
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.index.publish import BUILDING, SNAPSHOTS
from server_process import serving
from web_corpora import LONG_WORD

Visit = Callable[..., Any]
NO_INDEX = ("503",)  # the browser's own line about the response


def test_no_index_says_what_to_type(visit: Visit, bare: tuple[str, Path]) -> None:
    """With the command, on the first page and for a question."""
    for path in ("/", asking(PURL)):
        page = visit(path, address=bare[0], expected=NO_INDEX)
        page.locator("#notice h2", has_text="Er is nog geen index").wait_for()
        assert "navo-qa build" in page.locator("#notice code").inner_text()
    page.goto("/?view=corpus")
    page.locator("#view-corpus h2", has_text="Er is nog geen index").wait_for()


def test_the_command_is_in_the_pages_language(visit: Visit, bare: tuple[str, Path]) -> None:
    """What is to be filled in as well."""
    page = visit(address=bare[0], language="en-GB", expected=NO_INDEX)
    page.locator("#notice code", has_text="navo-qa build FOLDER --index DIR").wait_for()


def test_a_damaged_index_is_not_called_none(visit: Visit, tmp_path: Path) -> None:
    """What is wrong is said: on the first page, for a question and where the documents are."""
    (tmp_path / "brief.txt").write_text("De minister zegde vier miljoen toe.", "utf-8")
    build([tmp_path / "brief.txt"], tmp_path / "index", HashingEncoder(32))
    for file in (tmp_path / "index").rglob("vectors.keys"):
        file.unlink()
    with serving(tmp_path / "index") as address:
        page = visit("/", address=address, expected=NO_INDEX)
        for path in ("/", asking(PURL)):
            page.goto(path)
            page.locator("#notice", has_text="De index is beschadigd").wait_for()
        page.goto("/?view=corpus")
        page.locator("#view-corpus h2", has_text="De index is beschadigd").wait_for()
        assert not page.get_by_text("Er is nog geen index").count()


def test_an_index_being_built_is_waited_for(visit: Visit, bare: tuple[str, Path]) -> None:
    """A build under way is said, and the page goes on by itself once it ends."""
    address, index = bare
    under_way = index / SNAPSHOTS / f"{BUILDING}{os.getpid()}"
    under_way.mkdir(parents=True)
    page = visit(address=address, expected=NO_INDEX)
    page.locator("#notice h2", has_text="De index wordt gemaakt").wait_for()
    under_way.rmdir()
    page.locator("#notice h2", has_text="Er is nog geen index").wait_for()


def test_an_empty_corpus_is_said(visit: Visit) -> None:
    """An index without documents."""
    page = visit("")

    def emptied(route: Any) -> None:
        response = route.fetch()
        about = response.json()
        route.fulfill(response=response, json=about | {"corpus": about["corpus"] | {"documents": 0}})

    page.route("**/v1/about", emptied)
    page.goto("/")
    page.locator("#notice h2", has_text="Er zijn nog geen documenten").wait_for()


def test_a_service_that_is_gone_can_be_asked_again(visit: Visit) -> None:
    """Said as an alert; the question stays, and the button asks it."""
    page = visit(expected=("ERR_INTERNET_DISCONNECTED",))
    page.locator("#holds", has_text="5 documenten").wait_for()
    page.context.set_offline(True)
    page.fill("#question", PURL)
    page.keyboard.press("Enter")
    page.locator("#notice [role=alert]", has_text="De dienst antwoordt niet").wait_for()
    page.context.set_offline(False)
    page.locator("#notice button").click()
    page.locator("#answer .large").wait_for()
    assert not page.locator("#notice h2").count()


def test_a_slow_answer_is_waited_for_or_cancelled(visit: Visit) -> None:
    """First the outlines of an answer, then word that it takes long, and a way out."""
    page = visit()
    page.clock.install()
    page.route("**/v1/query", lambda route: None)  # never answered
    page.fill("#question", PURL)
    page.keyboard.press("Enter")
    page.clock.run_for(500)
    page.locator("#answer .skeleton").wait_for()
    page.clock.run_for(4_000)
    page.locator("#notice", has_text="Dit duurt langer dan gewoonlijk").wait_for()
    page.locator("#notice").get_by_role("button", name="Annuleren").click()
    page.locator("#notice h2", has_text="De vraag is geannuleerd.").wait_for()
    page.unroute("**/v1/query")
    page.locator("#notice button").click()
    page.locator("#answer .large").wait_for()


def test_a_question_that_is_too_long_is_not_cut(visit: Visit) -> None:
    """It is counted, refused on the page, and stays as it was typed."""
    page = visit()
    page.locator("#holds", has_text="5 documenten").wait_for()
    page.fill("#question", "waarom " * 300)
    assert "2099 tekens" in page.locator("#letters.fault").inner_text()
    page.keyboard.press("Enter")
    assert page.url.endswith("/") and page.input_value("#question") == "waarom " * 300
    page.fill("#question", "waarom " * 200)
    assert page.locator("#letters").inner_text() == ""
    box = page.locator("#question").bounding_box()
    assert box is not None and 100 < box["height"] <= 240


def test_a_document_that_is_not_there_is_said(visit: Visit) -> None:
    """An old address opens with a sentence, not with nothing."""
    page = visit("/?read=weg", expected=("404",))
    page.locator("#reader h2", has_text="Dat is er niet (meer)").wait_for()
    page.locator("#reader [data-act=close]").click()
    page.locator("#reader").wait_for(state="hidden")


def test_without_scripts_a_note_says_so(visit: Visit) -> None:
    """In both languages."""
    page = visit(java_script_enabled=False)
    assert page.locator("noscript p").all_inner_texts()[0].startswith("navo-qa heeft JavaScript nodig.")
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("path", [asking("visserij"), "/?view=corpus", "/?read=markup&at=0-20"])
def test_hostile_markup_stays_text(visit: Visit, hostile: str, path: str) -> None:
    """In titles, meetings, places and texts: shown as it is, and run nowhere."""
    page = visit(path, address=hostile)
    page.get_by_text("onerror=").locator("visible=true").first.wait_for()
    assert page.title() in ("navo-qa", "visserij – navo-qa")
    assert page.locator("main img, main script, #reader img, #reader script, b:text('Oslo')").count() == 0


def test_hostile_quotes_survive_the_basket(visit: Visit, hostile: str) -> None:
    """From a passage into the memo, and through its verification, as text."""
    page = visit(asking("visserij"), address=hostile)
    page.locator("#passages article", has_text="onerror").first.locator("[data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    assert 'onerror="document.title=1"' in page.locator(".quoted").input_value()
    page.click("#verify")
    page.locator(".finding").first.wait_for()
    assert page.locator("main img").count() == 0 and page.title() == "visserij – navo-qa"


@pytest.mark.parametrize("path", ["/?view=corpus", asking("Wat kost de oorlog?", document="long")])
def test_a_long_word_in_a_title_is_broken(visit: Visit, hostile: str, path: str) -> None:
    """On a phone it would stick out."""
    page = visit(path, address=hostile, width=360, height=740)
    page.locator(".documents, #passages article").get_by_text(LONG_WORD).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_offsets_count_code_points(visit: Visit, hostile: str) -> None:
    """Fish and reversed letters before the mark do not move it."""
    page = visit("/?read=reversed&at=5-10", address=hostile)
    text = page.evaluate(
        "fetch('/v1/documents/reversed').then((r) => r.json()).then((d) => Array.from(d.text).slice(5, 10).join(''))"
    )
    assert page.locator("#reader mark").evaluate("(mark) => mark.textContent") == text


def test_a_paragraph_of_a_megabyte_opens(visit: Visit, hostile: str) -> None:
    """At a passage near its end."""
    page = visit("/?read=long&at=1000008-1000014", address=hostile)
    mark = page.locator("#reader mark")
    mark.wait_for()
    pane, box = page.locator(".page-text").bounding_box(), mark.bounding_box()
    assert pane and box and pane["y"] <= box["y"] < pane["y"] + pane["height"]


def test_an_answer_that_is_there_stays(visit: Visit) -> None:
    """Also while the list of documents is still on its way: no outlines over it, no word that it takes long."""
    page = visit()
    page.locator("#holds", has_text="5 documenten").wait_for()
    page.clock.install()
    page.route("**/v1/documents?*", lambda route: None)
    page.reload()
    page.fill("#question", PURL)
    page.keyboard.press("Enter")
    page.locator("#answer .large").wait_for()
    page.clock.run_for(5_000)
    assert page.locator("#answer .large").is_visible() and not page.locator("#notice div").count()
