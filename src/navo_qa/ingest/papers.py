"""Which parliamentary paper is it? Chamber, session year, dossier and number, from its text or its file's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from navo_qa.ingest.days import WEEKDAY, find_days
from navo_qa.types import Kind

_CHAMBERS = {"t": "Tweede Kamer", "e": "Eerste Kamer"}
_CHAMBER = re.compile(r"\b(Tweede|Eerste) Kamer\b(?:,? der Staten[\s-]*Generaal|,? vergaderjaar)?", re.IGNORECASE)
_SESSION = re.compile(r"\b(?:vergader|zittings)jaar\s+(\d{4})\s*[-–—]\s*(\d{2,4})", re.IGNORECASE)
_HEAD = re.compile(
    r"(?m)^\W*(?P<dossier>\d{2}[ \u00a0.]?\d{3})(?:[ -](?P<suffix>[IVXLC]{1,6}|\d{1,2}))?(?=\s*$|\s+[A-ZÀ-Þ])"
    r"[ \t]*(?P<title>[^\n]*)$"
)
_NUMBER = re.compile(
    r"(?m)^Nr\. ?(?P<number>(?:[IVXLC]{1,6}-)?\d{1,5})(?: +(?P<what>[A-ZÀ-Þ][A-ZÀ-Þ0-9 ,.()/'’-]{3,200}))?$"
)
_OWN_ID = re.compile(r"(?m)^kst-\S+$")
_QUESTIONS = re.compile(r"(?m)^Vragen van (?:het lid|de leden) .+")
_ANSWERED = re.compile(r"\(ontvangen (\d{1,2} \w+ \d{4})\)")
_DAY_HELD = rf"(?:{WEEKDAY} )?\d{{1,2}} [a-z]{{3,9}} \d{{4}}"
# "70e vergadering" over "Donderdag 5 april 2018", or with it on one line.
_SITTING = re.compile(
    rf"(?im)^(?:(?:Tweede|Eerste) Kamer, )?(?P<sitting>\d{{1,3}}e vergadering)(?:,? |\s*\n)\s*(?P<day>{_DAY_HELD})$"
)
_BEGUN = re.compile(rf"(?im)^(?P<day>{_DAY_HELD})(?:,? |\s*\n)\s*aanvang:? \d{{1,2}}[.:]\d\d")
_SITTING_FOOT = re.compile(r"(?m)^[TE]K \d{1,3}\b")  # "TK 70  70-10-3" and the day, under each page of an item
_OFFICE = r"(?i:viceminister-president|minister-president|minister|staatssecretaris)"
_PERSON = r"(?:(?:[A-Z]\.\s?){1,6}[^\n]{2,40}|[A-ZÀ-Þ][\w'’-]+(?: [\w'’-]+){1,4})"
_SIGNED = re.compile(rf"(?m)^(?:[Dd]e )?({_OFFICE}(?: (?:van|voor)[^\n,]{{3,80}})?),\s*\n*{_PERSON}$")
_ANSWER_OF = re.compile(r"(?m)^(?:Antwoord|Mededeling) van ([^\n]{2,300})")
_ANSWERS = re.compile(rf"{_OFFICE} [^\n(]{{2,60}}?\([^)\n]{{2,80}}\)", re.IGNORECASE)
_ASIDE = re.compile(r",? (?:mede )?namens\b|\(ontvangen\b", re.IGNORECASE)
_BY_NAME = re.compile(
    r"""(?<![\w])(?:
      (?P<kind>h|ah)-(?P<chamber>[te])k-(?P<first>\d{4})(?P<last>\d{4})-(?P<number>\d{1,4}(?:-\d{1,4})?)
    | kst-(?:(?P<paper_first>\d{4})(?P<paper_last>\d{4})-)?
      (?P<dossier>\d{5}(?:-(?:[IVXLC]{1,6}|\d{1,2})(?=-))?)-(?P<paper>\d{1,5}|[A-Z]{1,2})
    )(?![\w])""",
    re.VERBOSE,
)
_LINK = re.compile(r"kst-(\d{5}(?:-(?:[IVXLC]{1,6}|\d{1,2})(?=-))?)-(\d{1,5})$")
_OPENING = 4000
_HEAD_OF_DEBATE = 500
_ENDING = 1500


def paper_of_text(text: str, margins: str) -> dict[str, Any]:
    """Return what the opening, the signature and the running heads say: fields of a Document by name.

    A sitting's day is a meeting's, the day that an answer was received is the letter's.
    """
    opening = f"{margins}\n{text[:_OPENING]}"
    found: dict[str, Any] = {}
    if chamber := _CHAMBER.search(opening):
        found["chamber"] = f"{chamber[1].capitalize()} Kamer"
    if session := _SESSION.search(opening):
        found["session"] = _years(session[1], session[2])
    if printed := head(text):
        found |= {"dossier": printed.dossier, "number": printed.number}
    elif own := _OWN_ID.search(text):
        found |= _paper_in(own[0])
    if minister := _minister(text):
        found["minister"] = minister
    found |= _paper_in(margins) | _questions(text) | _sitting(text, margins)
    return found


def _minister(text: str) -> str | None:
    """Return who signed the letter, or who answered the questions: "Minister A (X) en Minister B (Y)"."""
    # Under the letter, which may stand before the report that it presents.
    names = _SIGNED.findall(text[-_ENDING:]) or _SIGNED.findall(text[:_OPENING])
    if not names and (answer := _ANSWER_OF.search(text[:_OPENING])):
        names = _ANSWERS.findall(_ASIDE.split(answer[1])[0])
    return " en ".join(dict.fromkeys(" ".join(name.split()) for name in names)) or None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a Kamerstuk: its dossier, number, and title; `end`: where the text goes on after it."""

    dossier: str
    number: str
    title: str | None
    end: int


def head(text: str) -> Head | None:
    """Return the head that a text opens with, None where there is none: "28 676 NAVO", "Nr. 493 BRIEF VAN …"."""
    dossier, number = _HEAD.search(text[:_OPENING]), _NUMBER.search(text[:_OPENING])
    if dossier is None or number is None or dossier.start() > number.start():
        return None
    suffix = f"-{dossier['suffix']}" if dossier["suffix"] else ""
    title = (
        "; ".join(filter(None, (dossier["title"].strip(), (number["what"] or "").strip()))) if number["what"] else None
    )
    return Head(re.sub(r"\D", "", dossier["dossier"]) + suffix, number["number"], title, number.end())


def paper_of_name(name: str) -> dict[str, Any]:
    """Return what a file's name says: `"kst-28676-493" -> {"dossier": "28676", "number": "493"}`."""
    return _paper_in(name)


def linked_references(links: str) -> tuple[str, ...]:
    """Return the papers that a publication links to: `"kst-29538-253" -> "29538, nr. 253"`."""
    found = (_LINK.match(link) for link in links.split(";"))
    return tuple(f"{match[1]}, nr. {match[2]}" for match in found if match)


def _paper_in(text: str) -> dict[str, Any]:
    match = _BY_NAME.search(text)
    if match is None:
        return {}
    if match["dossier"]:
        paper = {"dossier": match["dossier"], "number": match["paper"]}
        return paper | ({"session": f"{match['paper_first']}-{match['paper_last']}"} if match["paper_first"] else {})
    found: dict[str, Any] = {"chamber": _CHAMBERS[match["chamber"]], "session": f"{match['first']}-{match['last']}"}
    if match["kind"] == "h":  # an item belongs to its sitting
        found |= {"kind": Kind.REPORT, "meeting": f"{match['number'].split('-')[0]}e vergadering"}
    return found | {"number": match["number"]}


def _questions(text: str) -> dict[str, Any]:
    """Return the title and the answer's day of written questions."""
    asked = _QUESTIONS.search(text[:_OPENING])
    if asked is None:
        return {}
    answered = _ANSWERED.search(text[:_OPENING])
    day = _day(answered[1]) if answered else None
    title = re.sub(r"\s*\(ingezonden[^)]*\)\.?$", "", asked[0])
    return {"title": title} | ({"letter_date": day} if day else {})


def _sitting(text: str, margins: str) -> dict[str, Any]:
    """Return the day of a sitting of a chamber, by its head or its running feet, or of a committee, and its number."""
    sitting = _SITTING.search(text[:_HEAD_OF_DEBATE])
    begun = sitting or _BEGUN.search(text[:_HEAD_OF_DEBATE])
    held = _day(begun["day"] if begun else margins if _SITTING_FOOT.search(margins) else "")
    if held is None:
        return {}
    found: dict[str, Any] = {"meeting_start": held, "meeting_end": held}
    if sitting is None:
        return found
    day = sitting["day"]
    return found | {"title": f"{sitting['sitting']}, {day[0].lower()}{day[1:]}", "meeting": sitting["sitting"]}


def _day(text: str) -> date | None:
    days = next(find_days(text), None)
    dated = days.dated() if days else None
    return dated[0] if dated else None


def _years(first: str, last: str) -> str:
    return f"{first}-{last if len(last) == 4 else first[:2] + last}"
