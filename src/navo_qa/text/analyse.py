"""Text to terms: which spellings count as one word?

    text -> tokens (folded words, numbers kept whole, hyphens joined and parted) -> terms (stems, parts of compounds)

The same functions serve documents and questions; nothing here touches the text that is shown.
"""

from __future__ import annotations

import functools
import math
import re
import threading
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

ANALYSER_VERSION = 1
# Kraaij and Pohlmann's, Snowball's `dutch` since 3.0, parts uitgave from uitgaven and makes "mini" of ministers.
DUTCH_STEMMER = "dutch_porter"

MAX_WORD = 64  # characters; a longer "word" is a link, a hash or noise

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"})
_HYPHENS = str.maketrans(dict.fromkeys("‐‑⁃", "-"))
_UNITS = {
    **dict.fromkeys(("%", "procent", "percent", "per cent"), "%"),
    **dict.fromkeys(("miljoen", "mln", "million"), "mln"),
    **dict.fromkeys(("miljard", "mld", "billion", "bn"), "mld"),
}
_TOKEN = re.compile(
    r"""
    (?P<initials>(?:(?<![^\W_])[^\W\d_]\.){2,})                     # m.b.t., V.N.
  | (?P<number>
      (?P<digits>(?<![^\W_])(?:\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d+)(?:[.,]\d{1,2}(?!\d))?)
      (?:
        -(?P<series>\d{1,3}|[ivxIVX]+)(?![^\W_])                    # 21 501-20
      | \ ?(?P<unit>%|(?:procent|percent|per\ cent|miljoen|mln|million|miljard|mld|billion|bn)\b)
      | (?:e|de|ste|st|nd|rd|th)\b                                  # 3e, 24th
      )?
      (?![^\W\d_])
    )
  | (?P<word>[^\W_]+(?:['-][^\W_]+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_PLAIN = re.compile(r"[a-z ]*")  # as most of the lexicon is: tokens are words between spaces
_MONTH = re.compile(r"\d May|May \d")  # else it is a verb

# Function words and the words that make a question; Dutch and English together, since a text may mix them.
DUTCH_STOP = frozenset(
    """de het een en of maar want dus dat die dit deze dan toen als om te tot van voor aan in op met bij uit door over
    naar onder tegen tussen zonder na sinds tijdens binnen volgens via per ter ten is was waren ben bent zijn wordt
    worden werd werden geworden heeft hebben had hadden gehad kan kunnen kon konden zal zullen zou zouden moet moeten
    moest moesten mag mogen mocht wil willen wilde doet doen deed gaat gaan ging laat laten liet er daar hier waar wie
    wat welk welke wanneer waarom waardoor waarmee waarvan waarvoor waarover waarop waaraan waarin hoe hoeveel hoelang
    ik jij je u hij zij ze wij we jullie hem haar hen hun mij me ons onze mijn jouw uw niet geen wel ook nog al alle
    alles veel meer meest zo zeer zich zelf zichzelf elk elke ieder iedere iemand iets niets men ander andere anderen
    hierbij hierover hiervan daarbij daarover daarvan daarmee daarnaast daarop ervan eraan erop ermee erover erin ja
    nee nu eens reeds heb hebt af toe moge""".split()
)
ENGLISH_STOP = frozenset(
    """the a an and or but if then so than that this these those there here of to in on at by for from with without
    into onto about over under between during after before against through as is are was were be been being am do does
    did done have has had having can could will would shall should must might not no nor it its he she they them
    their his her hers him we us our you your i me my who whom whose which what when where why how many much long any
    some such only own same very just also too each every all both few more most other another out up down off again
    once because while until said say says""".split()
)
STOP_WORDS = DUTCH_STOP | ENGLISH_STOP | {"may"}
_NO_STOP = {"US", "WHO"}  # written so, they are names

# Endings that are words too: "belangrijk" is no compound, nor is "minister".
_ENDINGS = frozenset(
    """lijk lijke lijks rijk rijke heid heden schap schappen baar bare loos loze zaam zame ster sters king ding ling
    ring ning tie ties teit eren eert erde iteit isme isten iste atie achtig achtige matig matige waardig waardige
    vormig vormige gens ders deren lingen ringen ningen dingen kingen""".split()
)

_probe = "uitgaven bondgenoten verdediging ministeries afspraken capaciteiten besproken gesteund landen allies agreed"


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word or number. `parts` are what a hyphen or a unit joins: "defensie-uitgaven", "3,5%"."""

    whole: str
    parts: tuple[str, ...] = ()
    stop: bool = False

    @property
    def number(self) -> bool:
        """Whether it is a number, which is neither stemmed nor split nor corrected."""
        return self.whole[:1].isdigit()


def fold(text: str) -> str:
    """Return the text in lower case without diacritics: "ministeriële bijeenkomst" -> "ministeriele bijeenkomst"."""
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        kept = (mark for mark in decomposed if unicodedata.category(mark) not in ("Mn", "Cf"))
        folded = "".join(kept).casefold().translate(_LETTERS).translate(_HYPHENS)
    return folded


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of the text, in order.

    "28 676", "28.676" and "28676" are one number; "3,5%" is not "35%"; "1,6 miljard" and "1.6 billion" are one.
    """
    if _PLAIN.fullmatch(text):
        yield from (_plain(word) for word in text.split() if len(word) <= MAX_WORD)
        return
    # Folding can lengthen a text, so the raw spelling is looked at first and each token folded by itself.
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").translate(_LETTERS).translate(_HYPHENS)
    for match in _TOKEN.finditer(plain):
        if match.lastgroup == "initials":
            yield _word(fold(match[0].replace(".", "")), match[0])
        elif match["number"]:
            yield _number(match)
        elif len(match[0]) <= MAX_WORD:
            month = match[0] == "May" and _MONTH.search(plain, max(0, match.start() - 2), match.end() + 2)
            yield Token("may") if month else _word(fold(match[0]), match[0])


class Analyser:
    """Stems words, each by the language it belongs to, so that a document and a question agree.

    english: words (folded) that are English and not Dutch; every other word is stemmed as its text's language.
    """

    def __init__(self, english: Container[str] = frozenset()) -> None:
        self._english = english
        self.stem = functools.lru_cache(maxsize=65_536)(self._stem)

    def is_english(self, word: str) -> bool:
        """Return whether the folded word is English whatever its text's language."""
        return word in self._english

    def _stem(self, word: str, language: Literal["nl", "en"] = "nl") -> str:
        if word[:1].isdigit():
            return word
        return stem(word, "en" if language == "en" or word in self._english else "nl")

    def terms(self, token: Token, split: Callable[[str], tuple[str, ...]], language: Literal["nl", "en"]) -> list[str]:
        """Return the terms that stand for a document's token: its stem, and those of its parts."""
        if token.stop:
            return []
        whole = [] if len(token.parts) > 3 else [self.stem(token.whole, language)]
        if token.number:
            return [*whole, *token.parts]
        parts = token.parts or (token.whole,)
        small = [piece for part in parts for piece in (split(part) or ((part,) if token.parts else ()))]
        stems = (self.stem(piece, language) for piece in small if piece not in STOP_WORDS)
        return whole + [term for term in stems if len(term) > 1 or term.isdigit()]


class Compounds:
    """Parts Dutch compounds with a vocabulary: "defensieproductiecapaciteit" -> defensie, productie, capaciteit.

    The split with the highest geometric mean of the parts' counts wins; parts may be joined by -s- or -en-.
    Koehn and Knight, Empirical methods for compound splitting, EACL 2003.
    """

    MIN_WORD = 8
    MIN_PART = 3

    def __init__(self, count: Callable[[str], int]) -> None:
        """count: how often a folded word occurs; 0 where it is unknown."""
        self._count = count
        self.split = functools.lru_cache(maxsize=65_536)(self._split)

    def _split(self, word: str) -> tuple[str, ...]:
        """Return the parts of the word, or none where it is no compound of known words."""
        if len(word) < self.MIN_WORD or not word.isalpha() or word in STOP_WORDS:
            return ()
        parts = self._best(word, 4)[1]
        if len(parts) < 2:
            return ()
        return tuple(small for part in parts for small in (self.split(part) or (part,)))

    def _best(self, word: str, most: int) -> tuple[float, tuple[str, ...]]:
        """Return the best (mean log count, parts) of at most `most` parts; the word itself is one."""
        count = self._count(word)
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        for at in range(self.MIN_PART, len(word) - self.MIN_PART + 1) if most > 1 else ():
            head = self._head(word[:at])
            if not head or word[at:] in _ENDINGS:
                continue
            rest = self._best(word[at:], most - 1)
            tails = [rest] if rest[1] else []
            if (left := self._count(word[at:])) > 0:
                tails.append((math.log1p(left), (word[at:],)))
            for score, tail in tails:
                mean = (math.log1p(self._count(head)) + score * len(tail)) / (1 + len(tail))
                best = max(best, (mean, (head, *tail)))
        if not best[1] and count:
            return math.log1p(count), (word,)
        return best

    def _head(self, piece: str) -> str:
        """Return the known word that the piece is, without its linking letters; "" where there is none."""
        words = [piece.removesuffix(link) for link in ("", "s", "en", "n") if piece.endswith(link)]
        known = [word for word in words if len(word) >= self.MIN_PART and word not in STOP_WORDS and self._count(word)]
        return max(known, key=self._count, default="")


def analyse(text: str) -> list[str]:
    """Return the text's words as Dutch stems, stop words left out: "De bondgenoten" -> ["bondnoot"]."""
    return [token.whole if token.number else stem(token.whole) for token in tokens(text) if not token.stop]


def stem(word: str, language: Literal["nl", "en"] = "nl") -> str:
    """Return the Snowball stem of a folded word."""
    stemmers = _stemmers()
    return str(stemmers[0 if language == "nl" else 1].stemWord(word))


def stems(words: Iterable[str], language: Literal["nl", "en"] = "nl") -> list[str]:
    """Return the Snowball stems of folded words, in order."""
    return list(_stemmers()[0 if language == "nl" else 1].stemWords(list(words)))


def fingerprint() -> str:
    """Return a name for what the analyser does: another one, and indexes must be built again."""
    probe = [*stems(_probe.split()), *stems(_probe.split(), "en"), *sorted(STOP_WORDS)]
    return f"{ANALYSER_VERSION}-{sha256(' '.join(probe).encode()).hexdigest()[:12]}"


def snowball_version() -> str:
    """Return the version of PyStemmer, which is Snowball's own: its `dutch` changed in 3.0."""
    import Stemmer

    return str(Stemmer.version())


_local = threading.local()


def _stemmers() -> tuple[Any, Any]:
    """Return this thread's Dutch and English stemmers: a Snowball stemmer must not be shared between threads."""
    if not hasattr(_local, "stemmers"):
        import Stemmer

        _local.stemmers = (Stemmer.Stemmer(DUTCH_STEMMER, 0), Stemmer.Stemmer("english", 0))
    stemmers: tuple[Any, Any] = _local.stemmers
    return stemmers


@functools.lru_cache(maxsize=65_536)
def _plain(word: str) -> Token:
    return _word(word, word)


def _word(folded: str, raw: str) -> Token:
    folded = _bare(folded)
    parts = tuple(_bare(part) for part in folded.split("-"))
    whole = "".join(parts)
    if len(parts) == 1:
        empty = len(whole) < 2 and not whole.isdigit()
        return Token(whole, (), empty or (whole in STOP_WORDS and raw not in _NO_STOP))
    return Token(whole, tuple(part for part in parts if len(part) > 1 or part.isdigit()))


def _bare(word: str) -> str:
    """Return the word without apostrophes: "oekraine's" -> "oekraine", "d'affaires" -> "affaires"."""
    if "'" not in word or "-" in word:
        return word
    first, *others = word.split("'")
    if others[-1] in ("s", "") and len(first) > 1:
        return "".join((first, *others[:-1]))
    return "".join(others) if len(first) == 1 else "".join((first, *others))


def _number(match: re.Match[str]) -> Token:
    plain = re.sub(r"[ .,](?=\d{3}(?!\d))", "", match["digits"]).replace(".", ",")
    digits = plain.lstrip("0") or "0"
    if digits.startswith(","):
        digits = "0" + digits
    if match["unit"]:
        return Token(digits + _UNITS[fold(match["unit"])], (digits,))
    if match["series"]:
        series = fold(match["series"])
        if len(digits) == 5:
            return Token(f"{digits}-{series}", (digits,))
        if len(digits) == 2 and len(series) == 3:
            return Token(digits + series, (digits, series))
        return Token(digits, (series.lstrip("0") or "0",))
    return Token(digits)
