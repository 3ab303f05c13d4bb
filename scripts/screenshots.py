"""Take the README's pictures from the real page: `python scripts/screenshots.py [FOLDER]`, by default `docs/img`.

Builds an index of corpus/ in a temporary folder, serves it as it ships, and drives Chromium as the tests do. The fonts
are those of this machine; fonts-noto-core was there for the pictures in `docs/img`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from navo_pages import CHROMIUM, Watch, asking
from server_process import serving

from navo_qa.build import build
from navo_qa.encode import load_encoder

COLOURS = 160
MONEY = "Hoeveel maakte Nederland in mei 2025 vrij voor het UCAP?"
HOST = "Wie was gastheer in Antalya?"


def answer(page: Any) -> None:
    """The answer beside its document, with what each year says."""
    _asked(page, MONEY)
    page.locator("#reader mark").wait_for()
    page.locator("#timeline ol").wait_for()


def memo(page: Any) -> None:
    """Two quotations in the memo, a figure of one altered and found out."""
    for question in (MONEY, HOST):
        _asked(page, question)
        page.locator("#answer [data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    page.fill("#memo-title", "Steun aan Oekraïne: de stand")
    own = ("Nederland maakte in mei opnieuw geld vrij voor het UCAP.", "De bijeenkomst in Antalya was informeel.")
    for entry, text in zip(page.locator(".entries li").all(), own, strict=True):
        entry.locator("textarea").first.fill(text)
    quoted = page.locator(".quoted").first
    quoted.fill(re.sub(r"\d+", "250", quoted.input_value(), count=1))
    page.click("#verify")
    page.locator(".finding").first.wait_for()
    page.evaluate("document.querySelector('#toast').replaceChildren(); document.activeElement.blur(); scrollTo(0, 0)")


def phone(page: Any) -> None:
    """A question in English, in the dark, on a phone."""
    _asked(page, "How much did the Netherlands announce for UCAP in May 2025?")
    page.locator("#timeline ol").wait_for()


def _asked(page: Any, question: str) -> None:
    page.goto(asking(question))
    page.locator("#passages article").first.wait_for()
    if not page.locator("#answer.given").count():
        sys.exit(f"no answer to {question!r}: choose another question")


PICTURES: dict[str, tuple[Callable[[Any], None], dict[str, Any]]] = {
    "page": (answer, {"width": 1280, "height": 800}),
    "memo": (memo, {"width": 1280, "height": 800}),
    "phone": (phone, {"width": 390, "height": 800, "dark": True, "language": "en-GB", "scale": 1.5}),
}


def main(folder: Path) -> None:
    """Write a PNG for each picture into the folder."""
    with tempfile.TemporaryDirectory() as index, sync_playwright() as driver:
        build([ROOT / "corpus"], Path(index), load_encoder())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serving(Path(index), threshold=None) as address:
            for name, (take, wishes) in PICTURES.items():
                watch = Watch(browser, address, **wishes)
                watch.context.set_default_timeout(60_000)
                take(watch.page)
                watch.page.wait_for_timeout(500)
                path = folder / f"{name}.png"
                watch.page.screenshot(path=path)
                watch.close()
                Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
                print(f"{path}: {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "img")
