"""Which sort of thing a question asks for, and where things of that sort stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.reader.asked import Sort, asked_for
from navo_qa.reader.typed import exactly, fits, several, stretches, whole


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("Hoeveel euro kost de brug?", Sort.AMOUNT),
        ("Welk bedrag ging naar het fonds?", Sort.AMOUNT),
        ("How much money went to the fund?", Sort.AMOUNT),
        ("bedrag munitie juni", Sort.AMOUNT),
        ("Hoeveel schepen voeren uit?", Sort.NUMBER),
        ("How many ships sailed?", Sort.NUMBER),
        ("Hoeveel procent van het bbp?", Sort.PERCENTAGE),
        ("What percentage of GDP?", Sort.PERCENTAGE),
        ("Wanneer komt de raad bijeen?", Sort.DATE),
        ("dagtekening brief havens", Sort.DATE),
        ("On which days did they meet?", Sort.DATE),
        ("Onder welk Kamerstuk staat de motie?", Sort.REFERENCE),
        ("Which parliamentary paper is it?", Sort.REFERENCE),
        ("Which report deals with Kamerstuk 28676, nr. 493?", None),
        ("Wie was gastheer?", Sort.PERSON),
        ("Who hosted the dinner?", Sort.PERSON),
        ("Why did it fail?", None),
        ("Wat gebeurt er wanneer een schip zinkt?", None),
        ("When a ship sinks, who pays?", Sort.PERSON),
        ("Waaraan wordt het bedrag besteed?", None),
        ("Which ports hold people who fled?", None),
        ("Wat doet de WHO in de haven?", None),
        ("What is the name of the exercise?", None),
        ("Hoe heet de havenmeester van de minister?", None),
        ("Hoe heet de Noorse minister?", Sort.PERSON),
        ("Wat staat er in het Kamerstuk over de haven?", None),
        ("Hoeveel kost de haven?", Sort.AMOUNT),
        ("How much will the harbour cost?", Sort.AMOUNT),
        ("Hoeveel euro-atlantische havens zijn er?", Sort.NUMBER),
        ("In welk jaar ging de haven open?", Sort.DATE),
        ("What year did the harbour open?", Sort.DATE),
        ("Is het budget verhoogd?", None),
        ("Noem de landen die het bedrag betaalden.", None),
        ("Geef de datum van de opening.", Sort.DATE),
        ("Is de haven bereid te helpen wanneer een schip zinkt?", None),
        ("In hoeverre helpt de haven wanneer een schip zinkt?", None),
        ("Are there ports who refuse?", None),
        ("Is bekend wanneer de haven opengaat?", Sort.DATE),
        ("How many ports pay at least 2% of the toll?", Sort.NUMBER),
        ("How many lives did the storm cost?", Sort.NUMBER),
        ("Hoeveel miljoen vaten lagen er?", Sort.NUMBER),
        ("Hoeveel miljoen gaat naar de haven?", Sort.AMOUNT),
        ("Hoeveel % van de vloot?", Sort.PERCENTAGE),
        ("What % of the fleet?", Sort.PERCENTAGE),
        ("What's the date of the opening?", Sort.DATE),
        ("Who’s the host?", Sort.PERSON),
        ("Dossier and number of the Veerman motion?", Sort.REFERENCE),
        ("Dossier en nummer van de motie-Veerman?", Sort.REFERENCE),
        ("nummer motie Veerman", Sort.REFERENCE),
        ("motie Veerman nummer", Sort.REFERENCE),
        ("number of ports in the letter", Sort.NUMBER),
        ("dossier haven stand van zaken", None),
        ("What are the dates of the dinner?", Sort.DATE),
        ("Wat zijn de data die de haven deelt?", None),
        ("Wanneer mag een schip de haven uit?", None),
        ("Tot wanneer mag een schip de haven uit?", Sort.DATE),
        ("When would a ship be let go?", None),
        ("Wanneer kan een schip worden geweigerd?", None),
        ("Wanneer kan de Kamer het plan verwachten?", Sort.DATE),
    ],
)
def test_the_question_says_what_it_asks_for(question: str, sort: Sort | None) -> None:
    """Amounts, percentages, numbers, dates, papers, or anything."""
    assert asked_for(question) is sort


@pytest.mark.parametrize(
    ("sort", "text", "found"),
    [
        (Sort.AMOUNT, "trok EUR 250 mln. uit en € 1,6 miljard extra", ["EUR 250 mln.", "€ 1,6 miljard"]),
        (Sort.AMOUNT, "een fonds van 30 miljoen euro", ["30 miljoen euro"]),
        (Sort.PERCENTAGE, "3,5% van 5 procent", ["3,5%", "5 procent"]),
        (Sort.NUMBER, "tweeëndertig bondgenoten en 12 schepen", ["12", "tweeëndertig"]),
        (Sort.DATE, "op 31 mei en 1 juni 2023 in Oslo", ["31 mei en 1 juni 2023"]),
        (Sort.DATE, "on 3 and 4 April 2025, again in May 2026", ["3 and 4 April 2025", "May 2026"]),
        (Sort.DATE, "woensdag 14 mei en donderdag 15 mei 2025", ["woensdag 14 mei en donderdag 15 mei 2025"]),
        (Sort.PERSON, "met Kari van der Berg-Solberg en Jan Smit, ook", ["Kari van der Berg-Solberg", "Jan Smit"]),
        (Sort.PERSON, "C.C.J. Veldhuis van Buitenlandse Zaken sprak J. de Wit", ["C.C.J. Veldhuis", "J. de Wit"]),
        (Sort.PERSON, "de Europese Commissie en de Verenigde Staten", []),
        (Sort.REFERENCE, "zie Kamerstuk 28 676, nr. 493.", ["Kamerstuk 28 676, nr. 493"]),
        (Sort.AMOUNT, "Het kost 3 miljoen. Nee, tien miljoen euro!", ["3 miljoen", "tien miljoen euro"]),
        (Sort.AMOUNT, "tussen de 10 en 15 miljoen euro, €2–3 billion", ["10 en 15 miljoen euro", "€2–3 billion"]),
        (
            Sort.AMOUNT,
            "EUR 250 miljoen tot 2030, NOK 85 billion, €500m",
            ["EUR 250 miljoen", "NOK 85 billion", "€500m"],
        ),
        (
            Sort.AMOUNT,
            "honderden miljoenen euro's of een half miljard",
            ["honderden miljoenen euro's", "een half miljard"],
        ),
        (Sort.PERCENTAGE, "20-25%, twee procent, de helft", ["20-25%", "twee procent", "de helft"]),
        (Sort.PERCENTAGE, "from 2% to 3.5%, in 2030 tot 5%", ["2%", "3.5%", "5%"]),
        (Sort.NUMBER, "driehonderd man, ten opzichte van two hundred", ["driehonderd", "two hundred"]),
        (Sort.NUMBER, "tientallen schepen, een drietal, 200-300 man", ["tientallen", "een drietal", "200-300"]),
        (Sort.DATE, "Sept. 2025, eind jan. 2027, half mei 2026", ["Sept. 2025", "eind jan. 2027", "half mei 2026"]),
        (Sort.DATE, "op 03-05-2024, 2024-05-03 en 3 sept. 2024", ["03-05-2024", "2024-05-03", "3 sept. 2024"]),
        (Sort.DATE, "eind 2026, Q3 2026 of najaar van 2027", ["eind 2026", "Q3 2026", "najaar van 2027"]),
        (Sort.DATE, "van 2021 tot 2027, 28 april tot 3 mei 2025", ["2021 tot 2027", "28 april tot 3 mei 2025"]),
        (Sort.DATE, "May 3rd, 2024; it may 2 times", ["May 3rd, 2024"]),
        (Sort.DATE, "volgend jaar, niet in maart", ["maart", "volgend jaar"]),
        (Sort.DATE, "afgelopen zondag, niet maandag", ["afgelopen zondag", "maandag"]),
        (Sort.PERSON, "het lid Berg, mevrouw Van der Wal, George W. Smit", ["Berg", "Van der Wal", "George W. Smit"]),
        (Sort.PERSON, "de leden De Wit, Berg en Smit", ["De Wit, Berg en Smit"]),
        (Sort.PERSON, "De Noorse minister, New York, Ook Jan Smit", ["Jan Smit"]),
        (Sort.PERSON, "minister Jan van Berg en premier Kari de Wit Holm", ["Jan van Berg", "Kari de Wit Holm"]),
        (Sort.PERSON, "president Smit van Frankrijk, minister Berg van Volkshuisvesting", ["Smit", "Berg"]),
        (Sort.PERSON, "de heer Berg van D66, het lid Smit van de PvdA", ["Berg", "Smit"]),
        (
            Sort.AMOUNT,
            "€ 11 tot € 22 miljard, EUR 5 mln. en EUR 7 mln.",
            ["€ 11 tot € 22 miljard", "EUR 5 mln.", "EUR 7 mln."],
        ),
        (Sort.AMOUNT, "tussen €100 miljoen en €150 miljoen", ["€100 miljoen en €150 miljoen"]),
        (Sort.PERCENTAGE, "2% tot 4%, van 2% tot 5%", ["2% tot 4%", "2%", "5%"]),
        (
            Sort.DATE,
            "september 2024 tot januari 2025, mei 2026 en juni 2027",
            ["september 2024 tot januari 2025", "mei 2026", "juni 2027"],
        ),
    ],
)
def test_patterns_find_the_whole_thing(sort: Sort, text: str, found: list[str]) -> None:
    """No half amounts, no dates without their year."""
    assert sorted(text[start:end] for start, end in stretches(sort, text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "cut", "made"),
    [
        ("over de motie van het lid Van Zuiden c.s. en", "Zuiden", "Van Zuiden"),
        ("sprak met Jan van der Berg over", "Berg", "van der Berg"),
        ("aan mevrouw De Wit (HVN)", "Wit", "De Wit"),
        ("een brief van J. de Wit", "Wit", "de Wit"),
        ("een brief van Oslo aan", "Oslo", "Oslo"),
        ("de steun van Nederland en", "Nederland", "Nederland"),
        ("in de stad Den Haag", "Haag", "Haag"),
        ("Vragen van het lid Van der Meer (HVN)", "der Meer", "Van der Meer"),
    ],
)
def test_a_surname_keeps_its_opening(text: str, cut: str, made: str) -> None:
    """The words "Van" and "De" belong to the name of a person, not to a place that something comes from."""
    start, end = whole(text, text.index(cut), text.index(cut) + len(cut))
    assert text[start:end] == made


def test_what_fits() -> None:
    """1 where the sort is there, -1 where it is not, 0 where any will do."""
    assert [fits(Sort.DATE, "op 3 mei"), fits(Sort.DATE, "in Oslo"), fits(None, "in Oslo")] == [1.0, -1.0, 0.0]


def test_what_may_fit() -> None:
    """A surname or a body, a dossier, a condition, a figure without unit may answer: neither for nor against."""
    maybe = [(Sort.PERSON, "Berg en Smit"), (Sort.PERSON, "de havenraad"), (Sort.REFERENCE, "28 676")]
    maybe += [(Sort.REFERENCE, "nr. 9"), (Sort.AMOUNT, "59,2"), (Sort.DATE, "zodra de haven open is")]
    assert [fits(sort, text) for sort, text in maybe] == [0.0] * 6
    assert fits(Sort.PERSON, "schepen in de mist") == fits(Sort.DATE, "de haven als geheel") == -1.0


@pytest.mark.parametrize(
    "piece", ["1 000 ", "1-", "een", "Aa-", "3 mei en ", "tussen 1 en ", "de leden Aa, ", "A. ", "twenty "]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    """A hundred thousand characters of what nearly is a figure, a date or a name; squared it would take minutes."""
    text = piece * (100_000 // len(piece))
    assert all(start < end for sort in Sort for start, end in stretches(sort, text))


def test_two_figures_are_not_one_answer() -> None:
    """An amount with its scale is one, also as a number; two are two; two persons may be one answer."""
    assert not several(Sort.NUMBER, "EUR 30 miljoen") and not several(Sort.AMOUNT, "niets")
    assert several(Sort.AMOUNT, "EUR 30 miljoen, tegenover EUR 9 miljoen")
    assert not several(Sort.PERSON, "Kari Berg en Jan Smit") and not several(None, "1 en 2")


@given(st.sampled_from(Sort), st.text(max_size=300))
def test_stretches_lie_in_the_text(sort: Sort, text: str) -> None:
    """Whatever the text."""
    assert all(0 <= start < end <= len(text) for start, end in stretches(sort, text))


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Waar staat de afkorting CAP voor?", "het Common Assistance Plan (CAP), de RvE", ["Common Assistance Plan"]),
        ("what does irm stand for", "een Informal Regional Meeting (iRM), IRM", ["Informal Regional Meeting"]),
        ("Hoe luidt RVE voluit?", "de RVE (Raad voor Veiligheid van Europa)", ["Raad voor Veiligheid van Europa"]),
        ("Spell out NSC.", "de raad (Northern Security Council, NSC) bijeen", ["Northern Security Council"]),
        ("Hoe luidt OVSE voluit?", "de Raad van Europa (RvE) en de minister (VVD)", []),
        ("Waar staat KN voor?", "de Kustwacht Noord (hierna: KN) vaart", ["Kustwacht Noord"]),
        ("Waar staat A-OP voor?", "de aanpak oude pieren (verder: «A-OP»)", ["aanpak oude pieren"]),
        ("What is HLF short for?", "‘harbour learning with feedback’ (HLF) is", ["harbour learning with feedback"]),
        ("Wat betekent FGH?", "Het Fonds voor Grote Havens, het FGH, betaalt", ["Fonds voor Grote Havens"]),
        ("Waar staat VGH voor?", "de Vereniging van Grote Havens (VGH)", ["Vereniging van Grote Havens"]),
        ("Waar staat VVD voor?", "Wie vervolgt? Veel dank.\n\nDe heer Berg (VVD):", []),
        ("Wat betekent EU?", "in het eerste uur, de EU, en daarna", []),
        ("Which report deals with kst-28676-493?", "[1] Kamerstuk 28 676, nr. 493.", ["Kamerstuk 28 676, nr. 493"]),
        ("Welke brief gaat over Kamerstuk 28676, nr. 493?", "Kamerstuk 28 676, nr. 499", []),
        ("Wat vroeg de motie in Kamerstuk 28676, nr. 493?", "Kamerstuk 28 676, nr. 493", []),
        ("Wat doet het CAP?", "het Comprehensive Assistance Package (CAP)", []),
    ],
)  # fmt: skip
def test_what_is_certain(question: str, text: str, found: list[str]) -> None:
    """The long form of the abbreviation asked for, the paper that a report is asked for by, and nothing else."""
    assert [text[start:end] for start, end in exactly(question, text)] == found


@pytest.mark.parametrize(
    ("text", "cut", "made"),
    [
        ("op 15 en 16 juni 2023 in Oslo", "15 en 16", "15 en 16 juni 2023"),
        ("op 15 en 16 juni 2023 in Oslo", "2023", "2023"),
        ("op 15 en 16 juni 2023 in Oslo", "juni 2023", "juni 2023"),
        ("trok EUR 250 mln. uit", "250", "EUR 250 mln."),
        ("trok EUR 250 mln. uit", "mln. uit", "EUR 250 mln. uit"),
        ("tot 3,5% van het bbp", "3,5", "3,5%"),
        ("in Oslo", "Oslo", "Oslo"),
    ],
)
def test_nothing_is_cut_through(text: str, cut: str, made: str) -> None:
    """Half an amount, percentage or day says something else than the whole."""
    start, end = whole(text, text.index(cut), text.index(cut) + len(cut))
    assert text[start:end] == made


@pytest.mark.parametrize(
    ("text", "cut", "made"),
    [
        ("op 14 mei en 15 mei 2025 in Oslo", "15 mei 2025", "14 mei en 15 mei 2025"),
        ("op 14 mei en 15 mei 2025 in Oslo", "2025", "2025"),
        ("van 2016 tot 2020 in Oslo", "2020", "2016 tot 2020"),
    ],
)
def test_all_days_or_years_are_asked_for(text: str, cut: str, made: str) -> None:
    """One of several becomes all of them; who asks for years gets no days."""
    start = text.rindex(cut)
    left, right = whole(text, start, start + len(cut), many=True)
    assert text[left:right] == made
