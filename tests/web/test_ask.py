"""Asking: the answer with its source, passages, filters, years, addresses, in both languages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from navo_pages import OFF_TOPIC, PURL, SUPPORT, asking, until

Visit = Callable[..., Any]


def fields(page: Any) -> dict[str, list[str]]:
    """What the page's address says."""
    return parse_qs(urlsplit(page.url).query)


def test_a_question_is_answered_within_a_second(visit: Visit) -> None:
    """From Enter to the answer on the screen; lenient here, since other work shares the machine."""
    page = visit()
    page.locator("#holds", has_text="5 documenten").wait_for()
    page.fill("#question", SUPPORT)
    page.keyboard.press("Enter")
    page.locator("#answer .large").wait_for()
    page.fill("#question", PURL)
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.locator("#answer .large", has_text="250").wait_for()
    assert time.perf_counter() - began < 3
    assert page.title().startswith(PURL)


def test_the_answer_shows_where_it_stands(visit: Visit) -> None:
    """Verbatim, with its source, its confidence in words and as a number, and marked in its passage."""
    page = visit(asking(PURL))
    answer = page.locator("#answer .large").inner_text()
    assert "250" in answer
    assert "Brussel, 3 december 2025" in page.locator("#answer .cited").inner_text()
    assert re.fullmatch(r"Zekerheid (hoog|gemiddeld|laag) \d+%.*", page.locator("#answer .confidence").inner_text())
    first = page.locator("#passages article").first
    assert first.locator("mark").inner_text() in (
        answer,
        page.locator("#answer .sentence, #answer .large").last.inner_text(),
    )
    assert "3 december 2025 · Brussel · verslag · alinea" in first.locator(".meta").inner_text().replace("\u00a0", " ")
    assert "PURL" in first.locator(".match").all_inner_texts()
    assert page.locator("#status").inner_text().startswith("Antwoord gevonden")


def test_an_example_asks_itself(visit: Visit) -> None:
    """One press from the first page to an answer."""
    page = visit()
    example = page.locator("#examples button").first.inner_text()
    page.locator("#examples button").first.click()
    page.locator("#answer .large").wait_for()
    assert fields(page)["q"] == [example] and not page.locator("#examples").is_visible()


def test_silence_is_said_with_the_nearest_passages(visit: Visit) -> None:
    """No answer is no error: it is said, and the nearest passages stand below; what is hardly one is not shown."""
    page = visit(asking(OFF_TOPIC))
    assert page.locator("#answer h2").inner_text() == "Geen antwoord in deze documenten"
    assert not page.locator("#answer .nearest").count()
    assert page.locator("#passages h2").inner_text() == "Dichtstbijzijnde passages"
    assert page.locator("#passages article").count() == 8 and not page.locator("#reader").is_visible()


def test_scores_are_shown_on_demand(visit: Visit) -> None:
    """Each leg's, in the language's own decimals, and remembered."""
    page = visit(asking(PURL))
    shown = page.locator("#passages .scores").first
    page.locator("#passages article").first.wait_for()
    assert not shown.is_visible()
    page.click("#scores")
    assert re.search(r"betekenis\s*\d,\d{3}\s*woorden\s*\d+,\d{3}", shown.inner_text())
    page.reload()
    shown.wait_for()


def test_filters_narrow_and_stand_in_the_address(visit: Visit) -> None:
    """Year, kind and document; a chip takes one off; the back button undoes."""
    page = visit(asking("steun aan Oekraïne"))
    page.locator("#passages article").first.wait_for()
    page.click("summary")
    page.get_by_role("button", name="2023", exact=True).click()
    page.locator("#passages article").first.wait_for()
    until(page, "[...document.querySelectorAll('#passages .meta')].every((e) => e.textContent.includes('2023'))")
    assert fields(page)["from"] == ["2023-01-01"] and fields(page)["to"] == ["2023-12-31"]
    page.get_by_role("button", name="geannoteerde agenda").click()
    page.locator("#notice h2", has_text="Geen passage gevonden").wait_for()
    page.locator("#notice button").click()
    page.locator("#passages article").first.wait_for()
    assert "from" not in fields(page) and "kind" not in fields(page)
    page.select_option("select[name=document]", "verslag-ifmm-oslo-2023")
    page.locator("#filters .chips .chip").wait_for()
    until(page, "[...document.querySelectorAll('#passages h3')].every((e) => e.textContent.includes('Oslo'))")
    page.locator("#filters .chips .chip").click()
    until(page, "!location.search.includes('document')")
    page.go_back()
    page.locator("#filters .chips .chip").wait_for()
    assert fields(page)["document"] == ["verslag-ifmm-oslo-2023"]


def test_dates_filter(visit: Visit) -> None:
    """A first day typed into its field."""
    page = visit(asking("steun aan Oekraïne"))
    page.click("summary")
    page.fill("input[name=from]", "2025-10-01")
    until(page, "[...document.querySelectorAll('#passages h3')].every((e) => e.textContent.includes('december 2025'))")
    assert fields(page)["from"] == ["2025-10-01"]


def test_the_same_question_by_year(visit: Visit) -> None:
    """A point a year, each leading into its document."""
    page = visit(asking(SUPPORT))
    assert page.locator("#timeline h2").inner_text() == "Dezelfde vraag per jaar"
    assert page.locator("#timeline .year").all_inner_texts() == ["2023", "2025"]
    page.locator("#timeline li.answered button").first.click()
    page.locator("#reader mark").wait_for()
    assert "read" in fields(page) and "at" in fields(page)


def test_an_address_brings_everything_back(visit: Visit) -> None:
    """Question, filters and opened passage; back and forward walk through them."""
    page = visit(asking(PURL, kind="report"))
    page.locator("#passages article").nth(1).locator("[data-act=open]").click()
    page.locator("#reader mark").first.wait_for()
    address, marked = page.url, page.locator("#reader mark").all_inner_texts()
    page.go_back()
    until(page, "!location.search.includes('read=')")
    page.go_forward()
    again = visit(address.split("/", 3)[3].join(["/", ""]))
    again.locator("#reader mark").first.wait_for()
    assert again.locator("#reader mark").all_inner_texts() == marked
    assert again.input_value("#question") == PURL
    again.locator("#filters .chip.on", has_text="verslag").wait_for()


@pytest.mark.parametrize(
    ("language", "said"), [("nl-NL", "Vraag"), ("nl-BE", "Vraag"), ("en-GB", "Ask"), ("de-DE", "Ask")]
)
def test_the_browsers_language_is_spoken(visit: Visit, language: str, said: str) -> None:
    """Dutch where it is asked for, else English."""
    page = visit(language=language)
    assert page.locator("#ask button[type=submit]").inner_text() == said


def test_the_language_can_be_switched(visit: Visit) -> None:
    """At once, also what was found already, and remembered."""
    page = visit(asking(PURL))
    page.locator("#answer .large").wait_for()
    page.click("#language")
    assert page.locator("#answer h2").inner_text() == "Answer"
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("#passages .meta", has_text="3 December 2025").first.wait_for()
    page.reload()
    page.locator("#answer h2", has_text="Answer").wait_for()


def test_the_theme_follows_the_system_or_the_switch(visit: Visit) -> None:
    """Three states: as the system, light, dark."""
    page = visit(dark=True)
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    light = page.evaluate(paper)
    assert light != dark and "licht" in str(page.get_attribute("#theme", "aria-label"))
    page.reload()
    assert page.evaluate(paper) == light
    page.click("#theme")
    assert page.evaluate(paper) == dark
    page.click("#theme")
    assert page.evaluate("localStorage.getItem('navo-qa.theme')") == ""


def test_the_phone_scrolls_one_way_only(visit: Visit) -> None:
    """At 360 pixels nothing sticks out; the reader covers the page, and what lies under it is out of reach."""
    page = visit(asking(PURL), width=360, height=740, has_touch=True, is_mobile=True)
    page.locator("#passages article").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not page.locator("#reader").is_visible()
    page.locator("#answer [data-act=open]").tap()
    page.locator("#reader mark").first.wait_for()
    box = page.locator("#reader").bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert page.evaluate("document.querySelector('main').inert")
    page.locator("#reader [data-act=close]").tap()
    page.locator("#reader").wait_for(state="hidden")
    for view in ("memo", "corpus"):
        page.goto(f"/?view={view}")
        page.locator(f"#view-{view} h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_day_is_typed_key_by_key(visit: Visit) -> None:
    """The field keeps the focus, a year half typed is no filter, and the day is one step back."""
    page = visit()
    page.click("summary")
    page.focus("input[name=from]")
    page.keyboard.type("05052025", delay=20)  # the same day, whichever of day and month comes first
    until(page, "location.search.includes('from=')")
    assert fields(page)["from"] == ["2025-05-05"]
    assert page.evaluate("document.activeElement.name") == "from"
    page.go_back()
    until(page, "!location.search")


def test_a_filter_that_is_pressed_keeps_the_focus(visit: Visit) -> None:
    """Who goes by keys is not thrown back to the top of the page."""
    page = visit()
    page.click("summary")
    year = page.get_by_role("button", name="2023", exact=True)
    year.press("Enter")
    until(page, "location.search.includes('from=2023')")
    assert page.evaluate("document.activeElement.textContent") == "2023"


def test_switching_the_language_keeps_what_is_shown(visit: Visit) -> None:
    """The years stay, in the other language; over the memo no document opens."""
    page = visit(asking(SUPPORT))
    page.locator("#timeline .year").nth(1).wait_for()
    page.click("#language")
    page.locator("#timeline h2", has_text="The same question by year").wait_for()
    assert page.locator("#timeline .year").all_inner_texts() == ["2023", "2025"]
    page.click("nav [data-view=memo]")
    page.click("#language")
    page.locator("#status", has_text="Antwoord gevonden").wait_for(state="attached")
    assert not page.locator("#reader").is_visible()


def test_a_new_question_never_shows_the_answer_before_it(visit: Visit) -> None:
    """Also where the language is switched while it is under way: that only says so in the other language."""
    page = visit(asking(SUPPORT))
    page.locator("#timeline .year").nth(1).wait_for()
    page.route("**/v1/query", lambda route: None)  # never answered
    page.fill("#question", PURL)
    page.keyboard.press("Enter")
    page.locator("#answer .skeleton").wait_for()
    page.click("#language")
    assert page.locator("#status").inner_text() == "Searching…"
    assert not page.locator("#answer .large, #passages article, #timeline li").count()
    page.locator("#notice", has_text="This is taking longer than usual").wait_for()
    page.click("#language")
    page.locator("#notice", has_text="Dit duurt langer dan gewoonlijk").wait_for()


def test_a_date_is_a_day_that_exists(visit: Visit) -> None:
    """An address with another asks without it, and the field takes years of four figures."""
    page = visit(asking(PURL, **{"from": "2025-02-30", "to": "2025-13-01"}))
    page.locator("#answer .large").wait_for()
    assert not page.locator("#filters .chips .chip").count()
    page.click("summary")
    page.focus("input[name=from]")
    page.keyboard.type("0505202512", delay=20)
    until(page, "location.search.includes('from=')")
    assert re.fullmatch(r"\d{4}-05-05", fields(page)["from"][0])


def test_a_document_is_chosen_by_keys(visit: Visit) -> None:
    """Arrows go through the list without asking; Enter, or leaving the filters, asks once and is one step back."""
    page = visit(asking("steun aan Oekraïne"))
    page.locator("#passages article").first.wait_for()
    page.click("summary")
    names = page.evaluate("[...document.querySelector('select[name=document]').options].map((one) => one.value)")
    page.focus("select[name=document]")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        assert "document" not in fields(page)
    page.keyboard.press("Enter")
    until(page, "location.search.includes('document=')")
    assert fields(page)["document"] == [names[2]]
    assert page.evaluate("document.activeElement.name") == "document"
    page.keyboard.press("ArrowUp")
    assert fields(page)["document"] == [names[2]]
    page.focus("#question")
    until(page, f"location.search.includes('document={names[1]}')")
    page.go_back()
    page.go_back()
    until(page, "!location.search.includes('document=')")
    page.focus("select[name=document]")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="2025", exact=True).click()
    until(page, "location.search.includes('from=2025')")
    assert fields(page)["document"] == [names[1]]
