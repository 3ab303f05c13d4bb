"""One form for what says the same: dates, numbers, currencies and words of both languages, as tokens.

1. Compatibility forms and case are folded (NFKC, casefold) and diacritics dropped: "ministeriële" -> "ministeriele".
   "één" becomes 1 first, as "een" is an article.
2. Dates take one form: "April 3, 2025", "3 apr. 2025", "2025-04-03" -> "3 april 2025"; English month names are read.
3. Numbers take one form: "EUR 1,6 miljard", "€ 1.6 billion", "1.600.000.000 euro" -> "1600000000 eur". A comma
   or stop before exactly three digits groups thousands, otherwise it marks decimals. Words up to a hundred are read in
   both languages ("tweeëndertig", "thirty-two" -> "32"), but not "ten", a Dutch preposition. "%", "procent", "percent"
   are one, so are "€", "EUR", "euro", which moves behind its number.
4. Stops inside abbreviations go ("C.C.J." -> "ccj"), other punctuation separates, "'s" goes.
5. Articles go: de het een the a an.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

ARTICLES = frozenset("de het een t the a an".split())
MONTHS = {
    name: dutch
    for dutch, names in {
        "januari": "jan january",
        "februari": "feb february",
        "maart": "mrt mar march",
        "april": "apr",
        "mei": "may",
        "juni": "jun june",
        "juli": "jul july",
        "augustus": "aug august",
        "september": "sep sept",
        "oktober": "okt oct october",
        "november": "nov",
        "december": "dec",
    }.items()
    for name in (dutch, *names.split())
}
ORDER = list(dict.fromkeys(MONTHS.values()))
SCALES = {
    **dict.fromkeys(("duizend", "thousand"), 10**3),
    **dict.fromkeys(("miljoen", "million", "mln"), 10**6),
    **dict.fromkeys(("miljard", "billion", "mld", "bn"), 10**9),
    **dict.fromkeys(("biljoen", "trillion"), 10**12),
}
UNITS = {**dict.fromkeys(("€", "euro", "euros", "euro's"), "eur"), **dict.fromkeys(("%", "percent", "pct"), "procent")}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)? (?:of )?(?P<month>{_MONTH})\b\.?(?:,? (?P<year>\d{{4}})\b)?"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>\d{2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[-/](?P<month>0?[1-9]|1[0-2])[-/](?P<year>\d{4})\b"),
)
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3})((?: \d{3})+)(?![.,]?\d)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Return the answer's tokens in order, normalised as the module says; an answer of articles alone keeps them."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"\b(?:één|éen)\b", "1", text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = re.sub(r"[’‘`´]", "'", text)
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda m: m[0].replace(".", "") + " ", text)
    text = _SPELLED.sub(lambda m: str(NUMERALS[re.sub(r"[\s-]+", "-", m[0])]), " ".join(text.split()))
    for pattern in _DATES:
        text = pattern.sub(_date, text)
    text = _GROUPED.sub(lambda m: m[1] + m[2].replace(" ", ""), text)
    words = _joined([_word(word) for word in _split(text)])
    return tuple(word for word in words if word not in ARTICLES) or tuple(words)


def _split(text: str) -> list[str]:
    text = re.sub(r"(?<=\w)'s\b|(?<=s)'(?!\w)", "", text)
    text = re.sub(r"([€%])", r" \1 ", text)
    return [found[0] for found in re.finditer(r"\d+(?:[.,]\d+)*(?!\w)|\w+|[€%]", text.replace("_", " "))]


def _word(word: str) -> str:
    if word[0].isdigit():
        if _THOUSANDS.fullmatch(word):
            return re.sub(r"[.,]", "", word)
        decimal = _DECIMAL.fullmatch(word)
        return _plain(Decimal(f"{decimal[1]}.{decimal[2]}")) if decimal else word.lstrip("0") or "0"
    return UNITS.get(word) or MONTHS.get(word) or word


def _joined(words: list[str]) -> list[str]:
    """Return the words with a scale multiplied into its number, and a currency behind it."""
    joined: list[str] = []
    for word in words:
        last = joined[-1] if joined else ""
        if word in SCALES and is_number(last):
            joined[-1] = _plain(Decimal(last) * SCALES[word])
        elif last == "eur" and is_number(word):
            joined[-1:] = [word, "eur"]
        elif word in SCALES and last == "eur" and len(joined) > 1 and is_number(joined[-2]):
            joined[-2] = _plain(Decimal(joined[-2]) * SCALES[word])
        else:
            joined.append(word)
    return joined


def _date(found: re.Match[str]) -> str:
    month = found["month"]
    name = ORDER[int(month) - 1] if month.isdigit() else MONTHS[month]
    return " ".join(part for part in (str(int(found["day"])), name, found["year"]) if part)


def is_number(word: str) -> bool:
    """Return whether the token is a number in its one form."""
    return re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", word) is not None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _numerals() -> dict[str, int]:
    """Return the number words of both languages, folded and hyphenated: "tweeendertig" and "thirty-two" -> 32."""
    dutch = (
        "nul . twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    )
    dutch += "achttien negentien"
    english = "zero one two three four five six seven eight nine . eleven twelve thirteen fourteen fifteen sixteen "
    english += "seventeen eighteen nineteen"
    found = {word: n for names in (dutch, english) for n, word in enumerate(names.split()) if word != "."}
    tens = (
        "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
        "twenty thirty forty fifty sixty seventy eighty ninety",
    )
    for (ten, name), language in [(pair, i) for i, names in enumerate(tens) for pair in enumerate(names.split(), 2)]:
        found[name] = ten * 10
        for n in range(1, 10):
            one = ("een", "one")[language] if n == 1 else (dutch, english)[language].split()[n]
            found[f"{one}en{name}" if language == 0 else f"{name}-{one}"] = ten * 10 + n
    return found | {"honderd": 100, "hundred": 100}


NUMERALS = _numerals()
_SPELLED = re.compile(
    r"\b(?:" + "|".join(sorted((w.replace("-", "[ -]") for w in NUMERALS), key=len, reverse=True)) + r")\b"
)
