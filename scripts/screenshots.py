"""Take the README's pictures from the real page: `python scripts/screenshots.py [FOLDER]`, by default `docs/img`.

Builds an index of corpus/ in a temporary folder, serves it, and drives Chromium as the tests do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "web")]

from conftest import serving  # of tests/web
from navo_pages import CHROMIUM, SUPPORT, Watch, asking

from navo_qa.build import build
from navo_qa.encode import load_encoder

COLOURS = 160


def answer(page: Any) -> None:
    """The answer beside its document."""
    page.goto(asking("Hoeveel trok Nederland in december 2025 uit voor PURL?"))
    page.locator("#reader mark").wait_for()
    page.locator("#timeline ol, #passages article").first.wait_for()


def memo(page: Any) -> None:
    """Two quotations in the memo, one of them altered and found out."""
    page.goto(asking(SUPPORT))
    page.locator("#passages article").first.wait_for()
    page.locator("#answer [data-act=add]").click()
    page.goto(asking("Wie was gastheer in Antalya?"))
    page.locator("#passages article").first.wait_for()
    page.locator("#answer [data-act=add]").click()
    page.locator("nav [data-view=memo]").click()
    page.fill("#memo-title", "Steun aan Oekraïne: de stand")
    page.locator(".entries textarea").first.fill("De bijdrage aan het UCAP steeg in december opnieuw.")
    quoted = page.locator(".quoted").first
    quoted.fill(quoted.input_value().replace("35", "53").replace("100", "10"))
    page.locator(".entries li").nth(1).locator("textarea").first.fill("De bijeenkomst in Antalya was informeel.")
    page.click("#verify")
    page.locator(".finding").first.wait_for()
    page.evaluate("document.querySelector('#toast').replaceChildren(); document.activeElement.blur(); scrollTo(0, 0)")


def phone(page: Any) -> None:
    """A question in English, in the dark, on a phone."""
    page.goto(asking("What did the Netherlands contribute to UCAP?"))
    page.locator("#timeline ol").wait_for()


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
        with serving(Path(index)) as address:
            for name, (take, wishes) in PICTURES.items():
                watch = Watch(browser, address, **wishes)
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
