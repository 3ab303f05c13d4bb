"""What the tests of the page share: one browser, a real server over the shipped corpus, and pages that are watched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from navo_pages import CHROMIUM, NO_BROWSER, NO_PLAYWRIGHT, Watch
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from server_process import serving
from tabled_answers import tabled_index
from web_corpora import hostile_corpus

Visit = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless; where it is absent the test is skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason=NO_PLAYWRIGHT)
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def service(shipped_index: Path) -> Iterator[str]:
    """A server over the shipped corpus with the bundled encoder."""
    with serving(shipped_index, threshold=None) as address:
        yield address


@pytest.fixture(scope="session")
def reading(shipped_index: Path) -> Iterator[str]:
    """The same with the bundled reader, as it ships."""
    with serving(shipped_index, threshold=None, NAVO_QA_READER="navo-reader") as address:
        yield address


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over documents that would like to be markup, one of a megabyte, and a PDF file."""
    folder = tmp_path_factory.mktemp("hostile")
    build([hostile_corpus(folder / "corpus")], folder / "index", HashingEncoder())
    with serving(folder / "index", threshold=None) as address:
        yield address


@pytest.fixture(scope="session")
def tabled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a document with a table and one with a long table, which answers however unsure it is."""
    long = "| Land | Stand | Jaar |\n|---|---|---|\n" + "\n".join(
        f"| Land nummer {i} | open | 2026 |" for i in range(80)
    )
    with serving(tabled_index(tmp_path_factory.mktemp("tabled"), long), threshold=0) as address:
        yield address


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server that has no index yet, and the folder where that would be."""
    index = tmp_path_factory.mktemp("bare") / "index"
    with serving(index, threshold=None) as address:
        yield address, index
    shutil.rmtree(index, ignore_errors=True)


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open a page of a server, by default the shipped corpus's; what goes wrong in it fails the test afterwards.

    visit(path, width=1440, height=900, dark=False, language="nl-NL", address=None)
    """
    watches: list[Watch] = []

    def opened(path: str = "/", *, address: str | None = None, **wishes: Any) -> Any:
        watch = Watch(browser, address or request.getfixturevalue("service"), **wishes)
        watches.append(watch)
        if path:
            watch.page.goto(path)
        return watch.page

    yield opened
    for watch in watches:
        watch.close()
