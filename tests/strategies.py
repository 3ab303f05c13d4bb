"""Texts as files hold them, for hypothesis: every newline, odd spaces, accents in parts, emoji, long lines."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.sampled_from(
    """
    bondgenoten de het een steun aan Oekraïne NAVO NAVO-top niet-letale minister van Buitenlandse Zaken Veldkamp 2025
    EUR 3,5 mln. nr. jl. C.C.J. d.d. m.b.t. U.S. regio's “vrede” (UCAP) café e\u0301e\u0301n x\u0323\u0301 🇳🇱
    👨‍👩‍👧 coo\u0308rdinatie bondge- geleverd.1 iFMM ministeri\u00adële a\u200bb \ufb01nancieel İmamoğlu 한글
    \u1112\u1161\u11ab e\u0301
    """.split()
)
MARKS = st.sampled_from(
    [
        "[bookmark: _Hlk196753282]",
        "[footnoteRef:1]",
        "[1:  Kamerstuk 28676, nr. 499]",
        "[footnoteRef:2]",
        "[2: noot]",
        "[^1]",
        "[^1]: noot",
        "1 Kamerstuk 28 676, nr. 434",
        "[",
        "]",
        "**",
        "_",
        "`",
        "# ",
        "- ",
        "| a | b |",
        "---",
        "===",
        "\ufeff",
        "\x00",
        "\ufdd0",
    ]
)
SPACES = st.sampled_from([" ", " ", " ", "  ", "\t", "\u00a0", "\u2009"])
NEWLINES = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n", "\n \n", "\n\n\n\n", "\f", "\u2028", "\x0b", ". ", "? "])
ANYTHING = st.text(max_size=12)


def texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Return texts of words, Word and Markdown leftovers and any characters, in lines and paragraphs of any kind."""
    tokens = st.one_of(WORDS, WORDS, WORDS, WORDS, MARKS, ANYTHING)
    between = st.one_of(SPACES, SPACES, SPACES, NEWLINES, st.just(""))
    return st.lists(st.tuples(tokens, between), max_size=max_size).map(
        lambda parts: "".join(token + space for token, space in parts)
    )


def prose(max_size: int = 80) -> st.SearchStrategy[str]:
    """Return texts of plain words and paragraphs, without anything that asks to be taken out."""
    words = st.sampled_from(
        "De minister bondgenoten spraken over steun aan Oekraïne en café vrede 2025 Zie nr. 5".split()
    )
    between = st.sampled_from([" ", " ", " ", " ", "\n", ". ", "\n\n"])
    return st.lists(st.tuples(words, between), max_size=max_size).map(lambda parts: "".join(w + b for w, b in parts))
