"""Nothing that steers a terminal gets to it."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from navo_qa.text.printable import printable, printable_json

STEERING = st.sampled_from("\x1b\x9b\x07\x08\r\x00\x7f\u202e\u2066\u200f\u2028")
TEXT = st.text(st.one_of(st.characters(), STEERING))


@given(TEXT)
def test_what_steers_is_replaced_and_nothing_moves(text: str) -> None:
    """One character for one; what is left is no control character and no direction mark."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert all(a == b or b == "\ufffd" for a, b in zip(text, shown, strict=True))
    assert not [c for c in shown if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Zl", "Zp")]
    assert not [c for c in shown if unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI")]


@given(st.dictionaries(TEXT, TEXT))
def test_json_says_the_same_in_escapes(value: dict[str, str]) -> None:
    """It reads back as it was, and its own characters steer nothing."""
    written = printable_json(value)
    assert json.loads(written) == value and printable(written) == written


def test_dutch_stays_as_it_is() -> None:
    """Accents, quotation marks, tabs and lines."""
    text = "„Oekraïne”\tcafé\nEUR 3,5 mln. – één"
    assert printable(text) == text
