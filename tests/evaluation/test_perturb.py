"""Bent questions: always bent the same way, and no more than said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from navo_qa.evaluation.perturb import split_compounds, vocabulary, with_typos, without_diacritics

KNOWN = vocabulary(["De defensie en de uitgaven, de veiligheid en de garantie; regering, leider."])


def test_diacritics_go() -> None:
    """Bare letters stay, and nothing else changes."""
    assert without_diacritics("de ministeriële over Oekraïne: één café") == "de ministeriele over Oekraine: een cafe"


def test_compounds_come_apart() -> None:
    """Hyphens and known halves split, with the linking letters left to the first; unknown words stay whole."""
    assert split_compounds("defensie-uitgaven en Defensieuitgaven", KNOWN) == "defensie uitgaven en Defensie uitgaven"
    assert split_compounds("veiligheidsgarantie", KNOWN) == "veiligheids garantie"
    assert split_compounds("regeringsleider in 2025-2026", KNOWN) == "regerings leider in 2025-2026"
    assert split_compounds("bondgenootschap", KNOWN) == "bondgenootschap"


def test_typos_come_at_their_rate() -> None:
    """About one letter in twenty is mistyped, the same letters for the same seed."""
    text = "bondgenoten " * 2000
    changed = sum(a != b for a, b in zip(text.split(), with_typos(text, seed=1).split(), strict=False))
    assert 0.38 < changed / 2000 < 0.48  # 1 - 0.95^11 = 0.43
    assert with_typos(text, seed=1) == with_typos(text, seed=1) != with_typos(text, seed=2)


@given(st.text(max_size=80), st.integers(0, 2**32))
def test_bending_never_fails(text: str, seed: int) -> None:
    """Any text can be bent; without errors it stays as it is; digits and signs are never mistyped."""
    assert with_typos(text, seed, rate=0.0) == text
    bent = with_typos(text, seed)
    assert [c for c in bent if not c.isalpha()] == [c for c in text if not c.isalpha()]
    split_compounds(text, KNOWN)
    without_diacritics(text)
