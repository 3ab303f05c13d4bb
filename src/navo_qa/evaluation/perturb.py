"""The same question as people really type it: without diacritics, with typing errors, in capitals, compounds split."""

from __future__ import annotations

import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from navo_qa.evaluation.evidence import Question

_NEIGHBOURS = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, key in enumerate(row)
}


class Perturbation(StrEnum):
    """A way of bending a question."""

    DIACRITICS = "diacritics"
    TYPOS = "typos"
    UPPER = "upper"
    COMPOUNDS = "compounds"


def perturbed(questions: Iterable[Question], how: Perturbation, texts: Iterable[str]) -> list[Question]:
    """Return the questions bent in one way, always the same; texts hold the words that compounds are made of."""
    bend: dict[Perturbation, Callable[[Question], str]] = {
        Perturbation.DIACRITICS: lambda question: without_diacritics(question.text),
        Perturbation.TYPOS: lambda question: with_typos(question.text, seed=zlib.crc32(question.id.encode())),
        Perturbation.UPPER: lambda question: question.text.upper(),
    }
    if how is Perturbation.COMPOUNDS:
        known = vocabulary(texts)
        return [replace(question, text=split_compounds(question.text, known)) for question in questions]
    return [replace(question, text=bend[how](question)) for question in questions]


def without_diacritics(text: str) -> str:
    """Return the text with bare letters: "Oekraïne" -> "Oekraine"."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def with_typos(text: str, seed: int, rate: float = 0.05) -> str:
    """Return the text with each letter mistyped at the rate: swapped, dropped, doubled, or a neighbouring key."""
    rng = random.Random(seed)  # noqa: S311 - errors, not secrets
    typed: list[str] = []
    i = 0
    while i < len(text):
        char = text[i]
        if not char.isalpha() or rng.random() >= rate:
            typed.append(char)
        else:
            error = rng.choice(("swap", "drop", "double", "neighbour"))
            near = _NEIGHBOURS.get(char.lower(), "")
            if error == "swap" and text[i + 1 : i + 2].isalpha():
                typed.append(text[i + 1] + char)
                i += 1
            elif error == "double":
                typed.append(char * 2)
            elif error == "neighbour" and near:
                typed.append(rng.choice(near))
        i += 1
    return "".join(typed)


def split_compounds(text: str, known: frozenset[str]) -> str:
    """Return the text with compounds written apart: "defensie-uitgaven", "defensieuitgaven" -> "defensie uitgaven"."""
    text = re.sub(r"(?<=\w)-(?=[^\W\d])", " ", text)
    return re.sub(r"[^\W\d_]{8,}", lambda found: _apart(found[0], known), text)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of four letters and more, in lower case."""
    return frozenset(word.lower() for text in texts for word in re.findall(r"[^\W\d_]{4,}", text))


def _apart(word: str, known: frozenset[str]) -> str:
    """Return the word in two known halves, as even as can be; a linking -s-, -e- or -en- stays with the first."""
    lower = word.lower()
    cuts = [
        cut
        for cut in range(4, len(word) - 3)
        if lower[cut:] in known and any(lower[:cut].removesuffix(link) in known for link in ("", "s", "e", "en"))
    ]
    if not cuts:
        return word
    cut = min(cuts, key=lambda cut: abs(2 * cut - len(word)))
    return f"{word[:cut]} {word[cut:]}"
