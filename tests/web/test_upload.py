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
