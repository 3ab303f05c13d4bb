"""What the environment sets, and what is made of it."""

from __future__ import annotations

import pytest

from navo_qa.settings import Settings


def test_nothing_is_not_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set to nothing, as a compose file does, leaves the default."""
    for name in ("PORT", "THREADS", "RATE_LIMIT", "THRESHOLD"):
        monkeypatch.setenv(f"NAVO_QA_{name}", "")
    made = Settings()
    assert (made.port, made.threads, made.rate_limit, made.threshold) == (8000, 0, None, None)


@pytest.mark.parametrize(
    ("host", "site"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000"), ("a.nl", "http://a.nl:8000")],
)
def test_the_address_of_the_page(host: str, site: str) -> None:
    """An IPv6 address stands in brackets; an address of its own goes first."""
    assert Settings(host=host).site == site
    assert Settings(host=host, url="https://b.nl").site == "https://b.nl"
