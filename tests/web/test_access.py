"""Accessible in every state, light and dark, wide and narrow: axe finds nothing; and the page's words and weight."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from navo_pages import OFF_TOPIC, SUPPORT, asking, until
from navo_qa import errors

Visit = Callable[..., Any]
WEB = Path(__file__).parents[2] / "src" / "navo_qa" / "web"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = {
    "home": ("/", "#holds:not(:empty)"),
    "answer": (asking(SUPPORT, kind="report"), "#timeline ol"),
    "silence": (asking(OFF_TOPIC), "#passages article"),
    "memo": ("/?view=memo", "#view-memo h2"),
    "corpus": ("/?view=corpus", ".documents li"),
    "reader": ("/?view=corpus&read=verslag-ifmm-oslo-2023&at=400-500", "#reader mark"),
}


@pytest.fixture(scope="session")
def axe() -> Any:
    """axe-core; where the package is absent the test is skipped."""
    module = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="install the dev extra: axe-playwright-python"
    )
    return module.Axe()


def findings(axe: Any, page: Any) -> list[str]:
    """What axe says of the page, a line a finding."""
    page.wait_for_load_state("networkidle")
    response = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("look", ["desktop", "phone, dark"])
def test_axe_finds_nothing(visit: Visit, axe: Any, state: str, look: str) -> None:
    """In each state, light on a desktop and dark on a phone."""
    size = {"width": 360, "height": 740, "dark": True, "language": "en-GB"} if look == "phone, dark" else {}
    path, ready = STATES[state]
    page = visit(path, **size)
    page.locator(ready).first.wait_for()
    if state == "answer":
        page.click("summary")
        page.click("#scores")
    assert findings(axe, page) == []


def test_axe_finds_nothing_in_a_memo_at_work(visit: Visit, axe: Any) -> None:
    """Entries, findings, the keys' dialog and a notice."""
    page = visit(asking(SUPPORT))
    page.locator("#answer [data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    page.locator(".quoted").fill("Nederland gaf een miljoen extra aan het UCAP, voluit het Comprehensive Package.")
    page.click("#verify")
    page.locator(".finding").first.wait_for()
    assert findings(axe, page) == []
    page.click("#help")
    assert findings(axe, page) == []


def test_axe_finds_nothing_without_an_index(visit: Visit, axe: Any, bare: tuple[str, Path]) -> None:
    """The notice with its command."""
    page = visit(address=bare[0], expected=("503",))
    page.locator("#notice h2").wait_for()
    assert findings(axe, page) == []


def test_a_permanent_link_is_accessible(visit: Visit, axe: Any) -> None:
    """The document by itself."""
    page = visit("/d/verslag-ifmm-oslo-2023#400-500")
    page.locator("#text mark").wait_for()
    assert findings(axe, page) == []


def test_a_link_to_nothing_is_accessible(visit: Visit, axe: Any) -> None:
    """A page that says so."""
    page = visit("/d/geen?q=Een+citaat", expected=("404",))
    assert page.locator("h2").inner_text() == "Dit document is er niet (meer)"
    assert findings(axe, page) == []


def test_a_permanent_link_follows_what_was_chosen(visit: Visit) -> None:
    """The theme and the language of the page, in a browser of another."""
    page = visit(expected=("404",))
    page.click("#theme")
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.click("#language")
    page.goto("/d/verslag-ifmm-oslo-2023?sha256=0#400-500")
    until(page, "document.documentElement.classList.contains('ready')")
    assert page.locator("#changed").inner_text().startswith("The text has changed")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.locator("html").get_attribute("lang") == "en" and page.locator("#text").get_attribute("lang") == "nl"
    page.goto("/d/geen?lang=en")
    assert "any more" in page.locator("h2").inner_text()


def test_the_focus_is_seen(visit: Visit) -> None:
    """Every stop of the tab key on the first page has an outline, or is the box that has one around it."""
    page = visit()
    page.locator("#holds", has_text="5 documenten").wait_for()
    page.locator("body").focus()
    seen = (
        "(() => { const e = document.activeElement.closest('.box') ?? document.activeElement;"
        " return [e.tagName, getComputedStyle(e).outlineStyle]; })()"
    )
    for _ in range(12):
        page.keyboard.press("Tab")
        tag, outline = page.evaluate(seen)
        assert tag == "BODY" or outline != "none", tag


def test_motion_is_reduced_where_that_is_wished(visit: Visit) -> None:
    """No animation lasts."""
    page = visit()
    assert page.evaluate("getComputedStyle(document.querySelector('#examples')).animationDuration") in ("0s", "")


def dictionary(language: str) -> str:
    """The text of a dictionary of the page."""
    return (WEB / "words" / f"{language}.js").read_text("utf-8")


def test_both_languages_say_everything() -> None:
    """The same keys, none of them empty, and every key that a module or the page names is there."""
    keys = {
        language: re.findall(r'[\s{,]"?([a-z][\w-]*)"?: (?=["\[])', dictionary(language)) for language in ("nl", "en")
    }
    assert keys["nl"] == keys["en"] and len(set(keys["nl"])) == len(keys["nl"])
    assert ': ""' not in dictionary("nl") + dictionary("en")
    source = "".join(path.read_text("utf-8") for path in [*WEB.glob("*.js"), WEB / "index.html"])
    named = set(re.findall(r'(?<!\w)word\("([^"$]+)"', source)) | set(
        re.findall(r'data-(?:word|label|hint)="([^"]+)"', source)
    )
    assert named <= set(keys["nl"]), named - set(keys["nl"])


def test_placeholders_agree() -> None:
    """What is filled in has the same names in both languages."""
    slots = [re.findall(r"\{\w+\}", line) for language in ("nl", "en") for line in dictionary(language).splitlines()]
    half = len(slots) // 2
    assert [sorted(one) for one in slots[:half]] == [sorted(one) for one in slots[half:]]


def test_the_page_is_light(visit: Visit) -> None:
    """Under 150 kB before pictures, as files; what a first visit loads comes in under that too."""
    files = [path for path in WEB.rglob("*") if path.suffix in (".js", ".css", ".html")]
    assert sum(path.stat().st_size for path in files) < 150_000
    page = visit()
    page.locator("#holds", has_text="5 documenten").wait_for()
    sizes = "performance.getEntriesByType('resource').map((e) => [new URL(e.name).pathname, e.decodedBodySize])"
    loaded = dict(json.loads(page.evaluate(f"JSON.stringify({sizes})")))
    assert sum(loaded.values()) < 150_000


def test_nothing_is_written_as_markup() -> None:
    """Data becomes text nodes: no module touches innerHTML or its like, and no file names another host."""
    for path in WEB.rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path
        )
        assert not re.search(r"https?://", text), path
        assert len(text.splitlines()) <= 220, path


def test_problems_said_in_dutch_are_problems_there_are() -> None:
    """Every kind that the page has Dutch words for is one that the service may name."""
    said = re.findall(r'^  "?([a-z-]+)"?: "', (WEB / "words" / "problems.js").read_text("utf-8"), re.MULTILINE)
    known = {error.urn().removeprefix(errors.URN) for error in _below(errors.NavoError)}
    elsewhere = {"copy", "earlier-version", "look-alike", "too-many", "body-too-large", "invalid-request"}
    assert len(said) > 20 and set(said) - known == elsewhere
    assert {"not-found", "unknown-mark", "invalid-memo"} < set(said)


def _below(kind: type[errors.NavoError]) -> Iterator[type[errors.NavoError]]:
    for lower in kind.__subclasses__():
        yield lower
        yield from _below(lower)
