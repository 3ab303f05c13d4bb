"""Tests of ingest/decode.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.errors import BinaryFile, UnreadableFile
from navo_qa.ingest.decode import decode

TEXT = "De ministeriële bijeenkomst over Oekraïne – “vrede” en financiële coördinatie, één café.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("times", [1, 30])
def test_encodings(encoding: str, times: int) -> None:
    """Text comes back whole from each encoding that reports are found in."""
    assert decode((TEXT * times).encode(encoding), "x.txt") == TEXT * times


def test_short_latin() -> None:
    """One word with one accent is enough."""
    assert decode("Oekraïne".encode("latin-1"), "x.txt") == "Oekraïne"


def test_mixed() -> None:
    """Windows bytes within UTF-8 become the letters that Windows meant; nothing is lost."""
    content = TEXT.encode() + "één “x” \u20ac".encode("cp1252") + b"\x81"
    assert decode(content, "x.txt") == TEXT + "één “x” €\x81"
    assert decode(b"\xef\xbb\xbf" + content, "x.txt") == TEXT + "één “x” €\x81"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%...",
        b"PK\x03\x04....",
        b"\x89PNG\r\n",
        b"\x00\x01\x02\x03" * 50,
        bytes(range(256)) * 4,
        b"\xd0\xcf\x11\xe0 x",
        b"{\\rtf1 x}",
    ],
)
def test_binary(content: bytes) -> None:
    """Bytes that are no text are refused, whatever the name says."""
    with pytest.raises(BinaryFile, match=r"x\.txt: is not text"):
        decode(content, "x.txt")


def test_stray_nul() -> None:
    """A few NUL bytes make no file binary."""
    assert decode(b"een\x00 tekst van enige lengte " * 2, "x.txt").count("\x00") == 2


def test_broken_announcement() -> None:
    """UTF-16 that breaks off is refused with the place."""
    with pytest.raises(UnreadableFile, match="announced as UTF-16"):
        decode("tekst".encode("utf-16") + b"\x00", "x.txt")


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Any bytes give a text or a clear refusal."""
    try:
        assert isinstance(decode(content, "x.txt"), str)
    except (BinaryFile, UnreadableFile) as problem:
        assert str(problem).startswith("x.txt: ")


@given(st.text(max_size=80).filter(lambda text: not any(ord(c) < 32 for c in text)))
def test_utf8_is_kept(text: str) -> None:
    """UTF-8 comes back as it was, but for what a file's first bytes announce."""
    content = ("Tekst " + text).encode()
    assert decode(content, "x.txt") == "Tekst " + text
