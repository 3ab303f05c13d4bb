"""Adding documents on the page, to a service that takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from navo_pages import asking
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from server_process import serving

Visit = Callable[..., Any]
FILES = [
    {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"De minister zegde in Praag vier miljoen toe."},
    {"name": "<b>leeg.txt", "mimeType": "text/plain", "buffer": b" "},
]


@pytest.fixture
def taking(tmp_path: Path) -> Iterator[str]:
    """A service over one document that takes more in."""
    (tmp_path / "eerst.txt").write_text("De ministers spraken in Oslo over de steun.", "utf-8")
    build([tmp_path / "eerst.txt"], tmp_path / "index", HashingEncoder(32))
    with serving(tmp_path / "index", NAVO_QA_UPLOAD="1") as address:
        yield address


def test_documents_are_added(visit: Visit, taking: str) -> None:
    """Chosen, sent, followed until they take part in answers; what failed says why, as text."""
    page = visit("/?view=corpus", address=taking)
    page.set_input_files("#files", FILES)
    page.locator(".uploader button").click()
    page.locator(".uploader .fault", has_text="1 toegevoegd.").wait_for()
    assert page.locator(".uploads .indexed").inner_text() == "✓ brief.txt"
    assert page.locator(".uploads .failed").inner_text() == "✗ <b>leeg.txt – bevat geen tekst"
    page.locator(".documents li").nth(1).wait_for()
    page.goto(asking("Wat zegde de minister toe in Praag?"))
    page.locator("#passages article", has_text="vier miljoen").wait_for()
    page.wait_for_load_state("networkidle")  # the service goes before the page does


def test_nothing_but_an_empty_file(visit: Visit, taking: str) -> None:
    """It is named, and said to be empty."""
    page = visit("/?view=corpus", address=taking, expected=("422",))
    page.set_input_files("#files", [{"name": "niets.txt", "mimeType": "text/plain", "buffer": b""}])
    page.locator(".uploader button").click()
    page.locator(".uploader .fault").wait_for()
    assert page.locator(".uploader .fault").inner_text() == "niets.txt bevat geen tekst."


def test_in_english_the_service_says_itself_what_is_wrong(visit: Visit, taking: str) -> None:
    """With what to do about it."""
    page = visit("/?view=corpus", address=taking, language="en-GB")
    page.set_input_files("#files", FILES[1:])
    page.locator(".uploader button").click()
    page.locator(".uploads .failed", has_text="holds no text; remove it or give it its text").wait_for()


def test_nothing_is_offered_where_the_service_takes_nothing(visit: Visit) -> None:
    """The usual service has no form for it."""
    page = visit("/?view=corpus")
    page.locator(".making").wait_for()
    assert page.locator(".uploader").count() == 0


def test_the_reader_shows_the_text_of_now(visit: Visit, taking: str) -> None:
    """A document that was read before and replaced since is not marked by the old text's places."""
    page = visit("/?read=eerst", address=taking)
    page.locator("#reader p", has_text="Oslo").wait_for()
    page.click("nav [data-view=corpus]")
    newer = {"name": "eerst.txt", "mimeType": "text/plain", "buffer": b"De ministers spraken in Praag over de steun."}
    page.set_input_files("#files", [newer])
    page.check(".uploader [type=checkbox]")
    page.locator(".uploader button").click()
    page.locator(".uploader .sound").wait_for()
    page.locator(".documents button").first.click()
    page.locator("#reader p", has_text="Praag").wait_for()


def test_an_upload_is_followed_whatever_is_looked_at(visit: Visit, taking: str) -> None:
    """Its form is there again with what came of it; a look that the service refuses is taken again later."""
    page = visit("/?view=corpus", address=taking, expected=("429",))
    refused = {"type": "urn:navo-qa:too-many", "title": "Too Many Requests", "status": 429, "detail": "wait"}
    page.route("**/v1/uploads/*", lambda route: route.fulfill(status=429, json=refused), times=1)
    page.set_input_files("#files", FILES[:1])
    page.locator(".uploader button").click()
    page.locator(".uploads li").wait_for()
    page.click("#language")
    page.locator(".uploader .said", has_text="Reading…").wait_for()
    page.click("nav [data-view=memo]")
    page.click("nav [data-view=corpus]")
    page.locator(".uploader .sound", has_text="1 added.").wait_for()
    page.locator(".documents li").nth(1).wait_for()
    page.click("#language")
    page.locator(".uploader .sound", has_text="1 toegevoegd.").wait_for()
    assert page.locator(".uploads .indexed").inner_text() == "✓ brief.txt"
    assert page.locator(".uploader h2").inner_text() == "Documenten toevoegen"
    assert page.locator("#upload-lead", has_text="hoogstens").is_visible()


def test_the_first_upload_makes_the_index(visit: Visit, tmp_path: Path) -> None:
    """Nothing says any longer that there is none."""
    with serving(tmp_path / "index", NAVO_QA_UPLOAD="1") as address:
        page = visit(address=address, expected=("503",))
        page.locator("#notice h2", has_text="Er is nog geen index").wait_for()
        page.click("nav [data-view=corpus]")
        page.set_input_files("#files", FILES[:1])
        page.locator(".uploader button").click()
        page.locator(".documents li").wait_for()
        page.click("nav [data-view=ask]")
        page.locator("#holds", has_text="1 document").wait_for()
        assert not page.locator("#notice h2").count()


def test_documents_are_listed_anew_after_a_build(visit: Visit, taking: str, tmp_path: Path) -> None:
    """As soon as an answer, or what the service says of itself, shows that another index answers."""
    page = visit("/?view=corpus", address=taking)
    page.locator(".documents li").wait_for()
    for name in ("tweede", "derde"):
        (tmp_path / f"{name}.txt").write_text(f"De {name} brief gaat over Praag.", "utf-8")
        build(sorted(tmp_path.glob("*.txt")), tmp_path / "index", HashingEncoder(32))
        if name == "tweede":
            page.click("nav [data-view=ask]")
            page.fill("#question", "Waarover gaat de brief?")
            page.keyboard.press("Enter")
            page.locator("select[name=document] option[value=tweede]").wait_for(state="attached")
        else:
            page.click("nav [data-view=corpus]")
            page.locator(".documents li").nth(2).wait_for()
