"""A watched page of the service in a real browser: for the tests in `tests/web` and for `scripts/screenshots.py`."""

from __future__ import annotations

import shutil
from typing import Any
from urllib.parse import urlencode

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = "no Chromium on this machine; install it: apt-get install chromium (scripts/system-packages.sh does)"
NO_PLAYWRIGHT = "playwright is not installed; install the dev extra: pip install -c constraints.txt -e '.[dev]'"

PURL = "Hoeveel trok Nederland in december 2025 uit voor PURL?"
SUPPORT = "Wat droeg Nederland bij aan UCAP?"
OFF_TOPIC = "Wat kost een visvergunning?"


def asking(question: str, **fields: str) -> str:
    """The address of a question."""
    return f"/?{urlencode({'q': question, **fields})}"


def until(page: Any, expression: str) -> None:
    """Wait until the expression holds in the page; playwright's own waiting needs the eval that the page forbids."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {expression}")


class Watch:
    """A page in a browser context of its own, with what it logged and what it asked of other hosts.

    expected: what may stand in the console, such as the browser's own line about a response that is an error.
    """

    def __init__(
        self,
        browser: Any,
        address: str,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        language: str = "nl-NL",
        expected: tuple[str, ...] = (),
        scale: float = 1,
        **more: Any,
    ) -> None:
        self.expected, self.faults = expected, list[str]()
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=language,
            device_scale_factor=scale,
            **{"reduced_motion": "reduce", **more},
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.page.on("console", self._logged)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._left(request.url, address))

    def close(self) -> None:
        """Close the page; it has logged nothing that it should not, and asked nobody else."""
        self.context.close()
        assert not self.faults, self.faults

    def _logged(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in self.expected):
            self.faults.append(f"{message.type}: {message.text}")

    def _left(self, url: str, address: str) -> None:
        if not url.startswith((f"{address}/", f"blob:{address}", "data:")):
            self.faults.append(f"asked of elsewhere: {url}")
