"""Where does a text hold things of the sort that a question asks for?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from navo_qa.cite.papers import find_papers, named_papers
from navo_qa.reader.asked import Sort, asked_for
from navo_qa.text.abbreviations import spelled_out
from navo_qa.text.dates import MONTHS

_REACH = 40  # characters of an amount or date that a cut one may lack

_LONG_FORM = re.compile(
    r"\bvoluit\b|\bafkorting\b|\b(?:volledige|hele|full|complete)\b.{0,20}?\b(?:naam|name|titel|title)\b|\bletters\b"
    r"|\bsta(?:at|an)\b.*\bvoor\b|\bstands? for\b|\bspel(?:l|led|t|ling)? (?:out|uit)\b|\bspell\b.*\bout\b"
    r"|\bbetekent?\b|\babbreviation\b|\bacronym\b|\bshort for\b|\blong form\b|\bin full\b",
    re.IGNORECASE,
)
_UPPER = "A-ZÀ-ÖØ-Þ" + "".join(chr(code) for code in range(0x100, 0x180) if chr(code).isupper())
_DUTCH_PART = (
    r"(?:honderd|duizend|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|dertien|veertien|vijftien"
    r"|zestien|zeventien|achttien|negentien|tien|elf|twaalf|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)"
)
_ENGLISH_PART = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight"
    r"|nine))?|two|three|four|five|six|seven|eight|nine|ten(?!\s(?:minste|opzichte|aanzien|behoeve|slotte|tijde"
    r"|gevolge|gunste|laatste|koste|dele|volle|name|eerste|tweede|derde|noorden|oosten|zuiden|westen|onrechte|einde"
    r"|dienste)\b)|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
)
_SPELLED = (
    rf"(?!een\b){_DUTCH_PART}(?:(?:en|ën)?{_DUTCH_PART}){{0,5}}|(?:(?:an?|one|{_ENGLISH_PART})\s)?(?:hundred|thousand"
    rf"|dozen)(?:\s(?:and\s)?{_ENGLISH_PART})?|{_ENGLISH_PART}"
    r"|(?:een\s)?(?:twee|drie|vier|vijf|zes|zeven|acht|tien|twaalf|vijftien|twintig|dertig|veertig|vijftig"
    r"|honderd)tal(?:len)?|tientallen|(?:tien|honderd)?duizenden|honderden|dozens|(?:tens of )?thousands|hundreds|nul"
    r"|zero|anderhal(?:f|ve)"
)
_DIGITS = (
    r"\d{1,3}(?:[. ]\d{3}){1,5}(?!\d)(?:,\d{1,9})?|\d{1,3}(?:,\d{3}){1,5}(?!\d)(?:\.\d{1,9})?|\d{1,15}(?:[.,]\d{1,9})?"
)
_SCALE = r"(?:\s?(?:(?:mln|mld)\b\.?|(?:miljoen|miljard|biljoen|million|billion|trillion|bn|duizend|thousand)\b))"
_LETTER = r"(?:(?:m|k|b)\b)"
_WORD_SCALE = (
    r"(?:een half|half an?|anderhal(?:f|ve)|een|één|an?|one)\s(?:miljoen|miljard|biljoen|million|billion|trillion)\b"
)
# "van 2024 tot 5%" is no range, nor is "from 2 to 3%", a rise.
_RANGE = rf"(?<!from )(?!(?:19|20)\d\d\b)(?:{_DIGITS})(?:[-–]|\s(?:à|tot|to)\s)(?:{_DIGITS})"
_BETWEEN = r"(?:(?<=tussen )|(?<=tussen de )|(?<=between ))"
_CODE = r"(?:EUR|USD|GBP|CHF|NOK|SEK|DKK|CAD|AUD|PLN|JPY)"
_BEFORE = rf"(?:(?:\b{_CODE}|(?:\b(?:US|A|C)\s?)?[€$£])\s?)"
_CURRENCY = (
    r"(?:\s?(?:(?:Amerikaanse|Canadese|Australische|Noorse|Zweedse|Deense|Britse|US|American|Canadian|Australian"
    rf"|Norwegian|Swedish|Danish|British)\s)?(?:euro(?:'s|s)?\b|{_CODE}\b|dollars?\b|kronen\b|kron(?:er|or)\b"
    rf"|pond(?:en)?\b|pounds?\b|k?[€$£]))"
)  # fmt: skip
_MANY = (
    r"(?:(?:tientallen|honderden|tens of|dozens of|hundreds of)\s)?(?:miljoenen|miljarden|(?:millions"
    r"|billions)(?:\sof)?)"
)
_PERCENT = r"(?:\s?%|\s?(?:procent(?:punt(?:en)?)?|percent(?:age points?)?|per cent|pct)\b)"
# Looked at first, since most characters begin nothing.
_AT_WORD = r"(?:(?=[\d€$£])|(?<!\w)(?=[a-zé]))"
_AT_SPELLED = r"(?<!\w)(?=[adefhnostvzé])"
_NUMBER_START = r"(?<![\d%])(?<!\d[.,])"
_LONG_MONTH = "|".join(
    rf"(?-i:{name.title()}|{name.upper()})" if name in ("may", "march") else name
    for name in sorted(MONTHS, key=len, reverse=True)
    if len(name) > 4 or name in ("mei", "may", "juni", "juli", "june", "july")
)
_MONTH = rf"(?:{_LONG_MONTH}|(?:jan|feb|mrt|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)\b\.?)"
_LONG_MONTH = rf"(?:{_LONG_MONTH})"
_YEAR = r"(?:19|20)\d\d"
_WEEKDAY_NAME = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_WEEKDAY = rf"(?:{_WEEKDAY_NAME},?\s{{1,3}})"
_TILL = r"(?:en|and|&|tot en met|t/m|tot|to|until|through)"
_ORDINAL = r"(?:st|nd|rd|th|e)?"
_DAY = (
    rf"{_WEEKDAY}?(?:\d{{1,2}}{_ORDINAL}(?:(?:\s?[,/–-]\s?|\s?{_TILL}\s){_WEEKDAY}?\d{{1,2}}{_ORDINAL}){{0,6}}"
    rf"\s(?:of\s)?{_MONTH}|{_LONG_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:-|–|and|to)\s?\d{{1,2}})?(?![\d.]*\d)"
    rf"|{_MONTH}\s\d{{1,2}}(?=,?\s{_YEAR}))(?:,?\s{_YEAR}|\s['’]\d\d\b)?"
)
_SEASON = r"(?:voorjaar|lente|zomer|najaar|herfst|winter|spring|summer|autumn|fall)"
_PART = (
    rf"(?:{_SEASON}|(?:eerste|tweede|derde|vierde|laatste|[1-4]e|first|second|third|fourth|last)\s(?:kwartaal|helft"
    rf"|quarter|half)|Q[1-4]|(?:begin|medio|half|eind|einde|halverwege|early|mid|late|end|beginning|start)(?:-|\b))"
)
_WHICH_REPORT = re.compile(
    r"\b(?:welke?|which|what)\s+(?:\w+\s+)?(?:reports?|verslag\w*|brie(?:f|ven)|letters?|documente?n?|documents?"
    r"|stuk(?:ken)?|agenda'?s?|nota'?s?)\b",
    re.IGNORECASE,
)
_NO_PERSON = (
    r"Zaken|Buitenlandse|Binnenlandse|Europese|Verenigde|Staten|Koninkrijk|Kamers?|Raad|Unie|Commissie|Minist\w+"
    r"|Secretaris|Tweede|Eerste|Top|Foreign|Affairs|European|United|States|Kingdom|Nations|Naties|Council|Union"
    r"|Commission|Secretary|General|Summit|Meeting|Package|Fund|Parliamentary|Papers?|House|Representatives"
    r"|Kamerstuk\w*|Defen[cs]\w+|NAVO|NATO|President|Premier|Prime|Chancellor|Commissioner|Ambassador|Representative"
    r"|Vertegenwoordiger|Hoge|High|Kamerlid|Mevrouw|Mevr|Mr|Mrs|Ms|Dr|Den Haag|York|Zealand|Zeeland|Zee|Sea|Ocean"
    r"|Atlantic|Noord-\w+|Zuid-\w+|Oost-\w+|West-\w+|Nieuw-\w+|North|South|Middle|East|Saudi\w*|Rode|Halve|Kruis|Cross"
    r"|Crescent|Bank|Wereldbank|Contact|Group|Groep|Agenda|List|World|Requirements|Plan|Program\w*|Initiati\w+"
    r"|Strateg\w+|Treaty|Verdrag|Act|Akkoord|Agreement|Partnership|Forum|Mission|Missie|Operati\w+|Organi[sz]ati\w+"
    r"|Centre|Center|Assembly|Committee|Comité|Conferen\w+|Alliance|Force|Forces|Resoluti\w+|Facility|Security"
    r"|Justitie|Financi\w+|Economische|Klimaat|Volksgezondheid|Asiel|\w*voorzitter"
)
_OPENING = (
    r"Het|Een|In|Op|Voor|Met|Bij|Aan|Naar|Uit|Door|Ook|Volgens|Tijdens|Namens|Na|Tot|Toen|Als|Dat|Deze|Dit|Die"
    r"|Zo|Verder|Tevens|Daarnaast|Daarbij|Onder|Over|Zowel|Terwijl|Maar|Te|The|A|An|At|On|From|With|By|For|And"
    r"|After|Before|During|When|While|Both|But|As|This|These|That|Its|His|Her|Our|Their|However|Under|Of|To|Since|New"
    r"|Rode|Zwarte|Red|Black"
)
_NAME = rf"(?!(?:{_NO_PERSON})\b)[{_UPPER}][\w'’]{{1,40}}(?:-[{_UPPER}][\w'’]{{1,40}}){{0,3}}"
_PARTICLE = (
    r"(?:(?:[Vv]an der|[Vv]an den|[Vv]an de|[Vv]an 't|von der|von dem|de la|de|den|der|ter|ten|von|bin|al|el"
    r"|le|la|'t)\s)"
)
_SURNAME = rf"(?:(?:van\s|{_PARTICLE})?{_NAME})"
_FULL_NAME = (
    rf"(?!(?:{_OPENING})\b)(?:(?<=[a-zà-ÿ,]\s)|(?!(?:De|Van|Ten)\b)){_NAME}(?:\s(?:van\s{_NAME})|(?:\s{_PARTICLE}?{_NAME}"
    rf"|\s[{_UPPER}]\.(?=\s[{_UPPER}])|\s[{_UPPER}](?![\w.])){{1,3}})"
)
_TITLE = (
    r"(?i:minister|premier|president|kanselier|staatssecretaris|generaal|admiraal|ambassadeur|secretaris-generaal"
    r"|kamerlid|eurocommissaris|commissaris|vertegenwoordiger|de heer|mevrouw|mevr\.|dhr\.|het lid|mr\.?|mrs\.?|ms\.?"
    r"|sir|lord|general|admiral|ambassador|chancellor|commissioner|representative|secretary|senator|koning)"
)
_NO_SURNAME = (
    r"(?:GroenLinks|ChristenUnie|Partij|PvdA|PvdD|CDA|VVD|D66|SP|SGP|PVV|NSC|BBB|Volt|DENK|FVD|Fractie|Groep|Polen|Zweden"
    r"|Noorwegen|Canada|China|Japan|Iran|Irak|Israël|\w+(?:land|rijk|ië|ije|nje|ing|heid|schap|eit|sie|tie|uur|ogen)\b)"
)
_MEMBER = (
    rf"(?!van\s[{_UPPER}]){_SURNAME}(?:\s{_PARTICLE}?(?!{_NO_SURNAME}){_NAME}|\svan\s(?!{_NO_SURNAME}){_NAME}){{0,2}}"
)
# What a surname may begin with: "Van Nispen", "van der Berg"; looked for at the end of what stands before a name.
_SURNAME_OPENS = re.compile(
    r"(?<!\w)(?:(?:van|von)\s(?:der|den|de|dem|het|'t)|van|von|de|den|der|ter|ten|te|bin|al|el|le|la|'t)\s$",
    re.IGNORECASE,
)
_SURNAME_GOES_ON = re.compile(rf"(?:(?:de[nr]?|'t)\s)?[{_UPPER}]")
_DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_STANDS_ALONE = re.compile(rf"(?:{_MONTH}\s)?(?:{_MONTH}|{_YEAR})$", re.IGNORECASE)
_FINDS = {
    Sort.AMOUNT: re.compile(
        rf"{_AT_WORD}(?:{_BETWEEN}{_BEFORE}?(?:{_DIGITS})(?:{_SCALE}{_CURRENCY}?|{_CURRENCY})?\s(?:en|and)\s{_BEFORE}?"
        rf"(?:{_DIGITS})(?:{_SCALE}{_CURRENCY}?|{_CURRENCY})|{_BEFORE}(?:{_DIGITS}){_SCALE}?(?:\s?[-–]\s?"
        rf"|\s(?:à|tot|to)\s){_BEFORE}(?:{_DIGITS})(?:{_SCALE}|{_LETTER})?"
        rf"|{_BEFORE}(?:{_RANGE}(?:{_SCALE}|{_LETTER})|(?:{_DIGITS})(?:{_SCALE}|{_LETTER})?)"
        rf"|{_NUMBER_START}(?:{_RANGE}|{_DIGITS})(?:{_SCALE}{_CURRENCY}?|{_CURRENCY})"
        rf"|{_AT_SPELLED}(?:{_WORD_SCALE}{_CURRENCY}?|(?:{_SPELLED})(?:{_SCALE}{_CURRENCY}?|{_CURRENCY}))"
        rf"|\b{_MANY}{_CURRENCY})",
        re.IGNORECASE,
    ),
    Sort.PERCENTAGE: re.compile(
        rf"(?<![\w.,])(?:(?=\d)(?:{_RANGE}|(?<!from )(?<!van )(?:{_DIGITS}){_PERCENT}(?:\s?[-–]\s?|\s(?:à|tot|to)\s)"
        rf"(?:{_DIGITS})|{_BETWEEN}(?:{_DIGITS}){_PERCENT}?\s(?:en|and)\s(?:{_DIGITS})|{_DIGITS}){_PERCENT}"
        rf"|{_AT_SPELLED}(?:(?:{_SPELLED}|een|één|one)(?:\sen een half)?|een half|half a){_PERCENT})",
        re.IGNORECASE,
    ),
    Sort.NUMBER: re.compile(
        rf"(?<![\w.,-])(?:(?=\d)(?:{_RANGE}|{_BETWEEN}(?:{_DIGITS})\s(?:en|and)\s(?:{_DIGITS})|{_DIGITS}){_SCALE}?(?![\w%])"
        rf"|{_AT_SPELLED}(?:{_WORD_SCALE}|(?:{_SPELLED}){_SCALE}?\b))",
        re.IGNORECASE,
    ),
    Sort.PERSON: re.compile(
        rf"(?<![\w.])(?:(?:[{_UPPER}]\.\s?){{1,6}}{_SURNAME}(?:\s{_NAME})?"
        rf"|(?i:de leden|motie[- ]|amendement[- ])\s?(?P<members>{_MEMBER}(?:,\s{_MEMBER}){{0,9}}(?:\s(?:en"
        rf"|and)\s{_MEMBER})?)|{_TITLE}\s(?P<titled>{_MEMBER})|{_FULL_NAME})(?![\w-])"
    ),
    Sort.DATE: re.compile(
        rf"(?<![^\W\d_])(?=\w)(?<!\d)(?:\b{_YEAR}-\d\d-\d\d\b|(?<![\d./-])\d{{1,2}}([-/.])\d{{1,2}}\1{_YEAR}\b"
        rf"|\b{_DAY}(?:(?:\s?[–-]\s?|\s{_TILL}\s){_DAY})?|\b{_PART}(?:\s?(?:van|of))?\s?(?:{_MONTH}\s)?{_YEAR}\b"
        rf"|\b(?:{_LONG_MONTH}(?:\s?[-–]\s?|\s{_TILL}\s)|{_LONG_MONTH},?\s{_YEAR}(?:\s?[-–]\s?|\s(?:tot en met|t/m|tot"
        rf"|to|until|through)\s))?(?:{_LONG_MONTH}|{_MONTH}(?=,?\s{_YEAR}))(?:,?\s{_YEAR})?\b"
        rf"|(?<![\d.,])(?<!EUR )(?<!€ )(?<!€)(?<!esolutie )(?<!esolution )(?<!nr\. ){_YEAR}(?:s\b"
        rf"|\s?[-–/]\s?(?:{_YEAR}|\d\d)(?![\d-])|\s(?:tot|tot en met|t/m|to|until)\s{_YEAR})?(?![\d.,]*\d))",
        re.IGNORECASE,
    ),
}  # fmt: skip
_FRACTION = re.compile(
    r"\b(?:(?:een|één|twee|drie|vier|an?|one|two|three|four)[\s-]?(?:derde|vierde|vijfde|zesde|tiende|kwart|third"
    r"|quarter|fifth|sixth|tenth)s?(?=\s+(?:van|of|deel)\b|\W*$)|drie ?kwart|de helft|half(?=\sof\b|\sthe\b|\W*$)"
    rf"|(?:één|een|one|{_DUTCH_PART}|{_ENGLISH_PART}|\d{{1,2}})\s(?:op(?:\sde)?|van\sde|in|out\sof)\s(?:{_DUTCH_PART}"
    rf"|{_ENGLISH_PART}|\d{{2,3}}))\b",
    re.IGNORECASE,
)
# What answers too, but is counted nor stretched to: a fraction, a date told from the letter's.
_LOOSELY = {
    Sort.PERCENTAGE: _FRACTION,
    Sort.NUMBER: _FRACTION,
    Sort.DATE: re.compile(
        rf"\b(?:(?:volgende?|vorige?|komende?|afgelopen|dit|deze|next|last|this|coming)\s(?:jaar|maand|week|year"
        rf"|month|{_SEASON}|{_WEEKDAY_NAME})|{_WEEKDAY_NAME}(?:ochtend|middag|avond|nacht)?|(?:voorjaar|zomer|najaar"
        rf"|herfst|winter|summer|autumn)|jaren\s['’‘]?\d0|week\s\d{{1,2}}|(?:(?:voor|vóór|na|tot|rond)\s(?:het|de)\s)?"
        rf"(?:zomer|kerst|herfst|voorjaars|mei|krokus)?reces|(?:(?:before|after|until)\s(?:the\s)?)?(?:summer"
        rf"|christmas|autumn|spring|parliamentary)\s(?:recess|break))\b",
        re.IGNORECASE,
    ),
}  # fmt: skip
_BODY = (
    r"(?:minister\w*|ministry|staatssecretaris\w*|secretar(?:is|y)|kabinet|cabinet|regering\w*|government\w*|commissie\w*"
    r"|commission\w*|committee|\w*raad|council|kamer|parlement|parliament|house|gemeente\w*|provincie\w*|municipalit\w+"
    r"|politie|police|rechters?|rechtbank|court|judges?|inspectie|\w*autoriteit\w*|authorit\w+|ambassade\w*|embass\w+"
    r"|burgemeesters?|mayors?|\w*bank|landen|lidstaten|bondgenoten|allies|countries|states|bedrijven|compan\w+"
    r"|organisaties?|organi[sz]ations?|vertegenwoordigers?|woordvoerder|directeur\w*|commissaris\w*|generaal|deskundigen"
    r"|experts)"
)
_CONDITION = (
    r"(?:(?:pas|alleen|slechts|nog|only|not)\s)?(?:zolang|als|zodra|wanneer|na|indien|nadat|mits|totdat|tenzij|tot|vóór"
    r"|voor(?:dat)?|binnen|as soon as|as long as|once|if|when|after|before|until|unless|provided|within)\b"
)
# What may be of the sort, where it stands by itself: a surname or a body, a dossier, a time of day or a condition, a
# figure without its unit.
_PERHAPS = {
    Sort.AMOUNT: re.compile(r"\d"),
    Sort.PERCENTAGE: re.compile(r"\d"),
    Sort.PERSON: re.compile(rf"(?<!\w){_NAME}|(?<=\s)[{_UPPER}]\w|(?i:\b{_BODY}\b)"),
    Sort.REFERENCE: re.compile(
        r"(?<![\d.,-])[1-9]\d[ .]?\d{3}(?:-(?:\d{1,2}|[IVX]{1,5}))?(?![\w,.]*\d)|\b(?:nr|no)\b\.?\s?\d"
    ),
    Sort.DATE: re.compile(rf"\b\d{{1,2}}[.:]\d\d\b|^{_CONDITION}", re.IGNORECASE),
}


def stretches(sort: Sort, text: str) -> Iterator[tuple[int, int]]:
    """Yield where the text holds things of the sort, [start, end)."""
    certain = list(dict.fromkeys(_certain(sort, text)))
    yield from certain
    for start, end in _matches(_LOOSELY.get(sort), text):
        if not any(first < end and start < last for first, last in certain):
            yield start, end


def _certain(sort: Sort, text: str) -> Iterator[tuple[int, int]]:
    if sort is Sort.REFERENCE:
        yield from ((paper.start, paper.end) for paper in find_papers(text))
        return
    for each in (Sort.AMOUNT, Sort.PERCENTAGE, Sort.NUMBER) if sort is Sort.NUMBER else (sort,):
        yield from _matches(_FINDS[each], text)


def _matches(
    pattern: re.Pattern[str] | None, text: str, low: int = 0, high: int = sys.maxsize
) -> Iterator[tuple[int, int]]:
    """Yield where in text[low:high] the pattern, or the part of it that has a name, is found."""
    for match in pattern.finditer(text, low, high) if pattern else ():
        yield match.span(match.lastgroup or 0)


def fits(sort: Sort | None, text: str) -> float:
    """Return 1 where the text holds the sort of thing asked for, -1 where it does not, 0 where any will do or it may.

    A surname alone or a body may be a person: `"Piri en Paternotte"`, `"de minister van Defensie"`, 0.
    """
    if sort is None:
        return 0.0
    if next(stretches(sort, text), None):
        return 1.0
    return 0.0 if sort in _PERHAPS and _PERHAPS[sort].search(text) else -1.0


def several(sort: Sort | None, text: str) -> bool:
    """Return whether the text holds more than one figure or date of the sort asked for: an answer is one of them."""
    if sort is None or sort in (Sort.PERSON, Sort.REFERENCE):
        return False
    found = sorted(set(_certain(sort, text)))
    return any(start >= found[0][1] for start, _ in found[1:])


def exactly(question: str, text: str) -> list[tuple[int, int]]:
    """Return where the text holds for certain what is asked, [start, end).

    That is the long form of an abbreviation, or the paper that the question names, where it asks which report does.
    """
    found = []
    if _LONG_FORM.search(question):
        words = set(re.findall(r"\w+(?:[-/&]\w+)*", question.casefold()))
        found += [(start, end) for short, start, end in spelled_out(text) if short.casefold() in words]
    if (named := set(named_papers(question))) and _WHICH_REPORT.search(question):
        found += [
            (paper.start, paper.end)
            for paper in find_papers(text)
            if named.intersection(named_papers(text[paper.start : paper.end]))
        ]
    return found


def whole(text: str, start: int, end: int, *, many: bool = False) -> tuple[int, int]:
    """Return [start, end) stretched over the amount, percentage or date that it cuts through, or a surname's opening.

    The month or the year of a date may stand alone: `"2023"` stays, `"15 en 16"` becomes `"15 en 16 juni 2023"`. So may
    one day of several, unless all days are asked for (many).
    `"Nispen"` of "het lid Van Nispen" becomes `"Van Nispen"`.
    """
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    for sort in (Sort.AMOUNT, Sort.PERCENTAGE, Sort.DATE):
        for match in _FINDS[sort].finditer(text, low, high):
            first, last = match.span()
            inside = first <= start and end <= last
            alone = _STANDS_ALONE.search(text[start:end])
            if many and alone:  # of all days none, of a range of years neither; the year of a day may
                alone = _STANDS_ALONE.fullmatch(text[start:end]) and _DAY_NUMBER.search(match[0])
            if inside and sort is Sort.DATE and alone:
                continue
            if inside or first < start < last < end or start < first < end < last:
                start, end = min(start, first), max(end, last)
    return _surname_opens(text, start, low, high), end


def _surname_opens(text: str, start: int, low: int, high: int) -> int:
    """Return where the surname begins whose opening stands before `start`, `start` itself where none does."""
    opening = _SURNAME_OPENS.search(text, low, start)
    if opening is None or not _SURNAME_GOES_ON.match(text, start):
        return start
    people = _matches(_FINDS[Sort.PERSON], text, low, high)
    return opening.start() if any(first <= opening.start() and start < last for first, last in people) else start


def expected(question: str, text: str) -> float:
    """Return `fits` for the sort that the question asks for."""
    return fits(asked_for(question), text)
