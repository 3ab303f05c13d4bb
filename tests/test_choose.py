"""One answer from many spans: the surest, the latest, who agrees and who differs."""

from __future__ import annotations

from datetime import date

import pytest

from navo_qa.choose import Choice, choose, members
from navo_qa.reader import Found
from navo_qa.types import Span

DAYS = {"2023": date(2023, 6, 1), "2024": date(2024, 7, 9), "2025": date(2025, 12, 3), "undated": None}
SAID = {"a": "EUR 100 miljoen", "b": "EUR 35 mln.", "c": "100 miljoen euro", "d": "Piri en Smit", "e": "Smit en Piri"}


def found(document: str, words: str, alone: float, score: float | None = None) -> Found:
    """A span of a document that says one of the things above; its start tells which."""
    start = list(SAID).index(words)
    return Found(Span(document, start, start + 1, alone if score is None else score), alone)


def pick(spans: list[Found], threshold: float = 0.3, *, named: bool = False) -> Choice | None:
    """Choose among spans, the surest first."""
    return choose(spans, lambda f: list(SAID.values())[f.span.start], DAYS.__getitem__, threshold, named=named)


def test_nothing_found_nothing_chosen() -> None:
    """No spans, no choice."""
    assert pick([]) is None


def test_without_a_date_the_latest_of_the_sure_ones_is_given() -> None:
    """And the earlier one, which differs, is shown beside it."""
    choice = pick([found("2023", "a", 0.9, 0.5), found("2025", "b", 0.82, 0.4)])
    assert choice is not None and choice.span.span.document_id == "2025"
    assert [f.span.document_id for f in choice.other] == ["2023"] and not choice.same


def test_a_date_in_the_question_decides() -> None:
    """Then the surest stands, however old."""
    choice = pick([found("2023", "a", 0.9), found("2025", "b", 0.8)], named=True)
    assert choice is not None and choice.span.span.document_id == "2023"


def test_a_later_but_unsure_one_is_not_preferred() -> None:
    """Being recent makes no answer right."""
    choice = pick([found("2023", "a", 0.9), found("2025", "b", 0.4)])
    assert choice is not None and choice.span.span.document_id == "2023" and choice.chance == 0.9


def test_who_says_the_same_is_cited_too() -> None:
    """Two spellings of one amount are one answer."""
    choice = pick([found("2025", "a", 0.9), found("2024", "c", 0.7), found("undated", "b", 0.7)])
    assert choice is not None and [f.span.document_id for f in choice.same] == ["2024"]
    assert [f.span.document_id for f in choice.other] == ["undated"]


def test_names_in_another_order_are_no_other_answer() -> None:
    """Who stands first depends on the report."""
    choice = pick([found("2025", "d", 0.9), found("2024", "e", 0.7)])
    assert choice is not None and [f.span.document_id for f in choice.same] == ["2024"] and not choice.other


def test_differing_answers_come_latest_first_and_once() -> None:
    """Two old reports with one figure are one alternative, the later of them."""
    choice = pick([found("2025", "b", 0.9), found("2023", "a", 0.8), found("2024", "c", 0.7)])
    assert choice is not None and [f.span.document_id for f in choice.other] == ["2023"]


def test_under_the_threshold_nothing_is_shown_beside() -> None:
    """What would not be given alone is no alternative."""
    choice = pick([found("2025", "b", 0.9), found("2023", "a", 0.4)], threshold=0.5)
    assert choice is not None and not choice.other


@pytest.mark.parametrize(
    ("question", "quote", "parts"),
    [
        ("Welke landen?", "China, Iran en Belarus", ["China", "Iran", "Belarus"]),
        ("Which countries?", "Japan, Australia, and New Zealand", ["Japan", "Australia", "New Zealand"]),
        ("Welk land?", "Bosnië en Herzegovina", []),
        ("Wie dienden de motie in?", "Piri en Paternotte", ["Piri", "Paternotte"]),
        ("Welke landen?", "Noorwegen", []),
        ("Wie was gastheer?", "Kari Berg, de minister", []),
        ("Wie was gastheer?", "Kari Berg, minister van Visserij en Handel", []),
        ("Wie ondertekende?", "de minister voor Visserij en Natuurlijke Havens", []),
        ("Wie ondertekende?", "de Autoriteit Vis en Haven", []),
        (
            "Wie kwamen?",
            "de minister van Visserij en de minister van Handel",
            ["de minister van Visserij", "de minister van Handel"],
        ),
        ("Welke landen?", "Bosnië en Herzegovina, Moldavië en Malta", ["Bosnië en Herzegovina", "Moldavië", "Malta"]),
        ("Which country?", "Trinidad and Tobago", []),
        ("Welke onderwerpen?", "lucht- en raketverdediging", []),
        ("Welke bedragen?", "EUR 3,5 miljoen en EUR 2 miljoen", ["EUR 3,5 miljoen", "EUR 2 miljoen"]),
        ("Welke landen?", "zowel Malta als Cyprus", ["Malta", "Cyprus"]),
        ("Welke landen?", "Malta, Cyprus, Ierland", ["Malta", "Cyprus", "Ierland"]),
        ("Op welke dagen?", "15 en 16 juni 2023", []),
        ("Which countries?", "Malta (host, and chair) and Cyprus", ["Malta (host, and chair)", "Cyprus"]),
    ],
)
def test_members_of_a_list(question: str, quote: str, parts: list[str]) -> None:
    """Only a question for several has an answer of several."""
    assert [quote[start:end] for start, end in members(question, quote)] == parts
