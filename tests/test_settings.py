"""What the environment sets, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from navo_qa.errors import InvalidSetting
from navo_qa.evaluation.configure import opened_index
from navo_qa.settings import Settings, settings_now


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


@pytest.mark.parametrize(
    ("written", "said"), [(b"NAVO_QA_PORT=veel\n", "NAVO_QA_PORT"), (b"NAVO_QA_INDEX=caf\xe9\n", ".env .* not UTF-8")]
)
def test_what_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, said: str) -> None:
    """One sentence that names it, for the commands and for an evaluation."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(InvalidSetting, match=said):
        settings_now()
    with pytest.raises(InvalidSetting, match=said):
        opened_index(tmp_path)
