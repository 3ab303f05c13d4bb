"""Which sort of thing does a question ask for?"""

from __future__ import annotations

import re
from enum import StrEnum

from navo_qa.cite.papers import named_papers


class Sort(StrEnum):
    """Sorts of things that patterns find for certain."""

    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    NUMBER = "number"
    DATE = "date"
    REFERENCE = "reference"
    PERSON = "person"


_QUESTION_WORD = re.compile(
    r"\b(?:hoe(?:veel|velen|lang|zo)?|wat(?! betreft)|welke?|wie|wiens|wier|wanneer|how|what|which|(?!(?-i:WHO\b))who"
    r"|whom|whose|when|where|why|waar(?:om|voor|door|mee|van|over|op|aan|in|bij|toe|uit|naar|onder|tegen|tussen)?)\b",
    re.IGNORECASE,
)
_CLAUSE_FIRST = re.compile(
    r"(?:when|wanneer)\b(?!\s+(?:did|do|does|is|was|are|were|will|has|have|had|can|should|must)\b).*?,\s+(?=(?:\w+\s+)?"
    r"(?:hoe|hoeveel|wat|welke?|wie|how|what|which|who|whom|where|why)\b)",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"(?:noem|geef|vermeld|name|list|give|mention|state)\b(?!(?:\s+(?:me|mij))?\s+(?:h|w))", re.I)
_RELATIVE = re.compile(r"\b(?:die|dat|waar\w*|who|whose|whom|which|that|where|when|wanneer)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:is|was|zijn|waren|heeft|hebben|had|hadden|wordt|worden|werd|werden|kan|kunnen|zal|zullen|zou|zouden|moet"
    r"|moeten|mag|gaat|doet|komt|are|were|has|have|did|does|do|will|would|can|could|should|must|may)\b(?!\s+(?:you|je"
    r"|u|jij)\b)",
    re.IGNORECASE,
)
# "Is het kabinet bereid te helpen wanneer …?" asks for no date, "Is bekend wanneer …?" does.
_CLAUSE_WORD = re.compile(r"(?:wanneer|when|where|who)$", re.IGNORECASE)
_ASKS_BEFORE = re.compile(_YES_OR_NO.pattern + r"|(?:in )?hoeverre\b", re.IGNORECASE)
_KNOWS = re.compile(
    r"\b(?:bekend|duidelijk|aangeven|aan te geven|zeggen|gezegd|zei|weet|weten|vertellen|meld\w*|know\w*|say|said|tell"
    r"|told|clear|agree\w*|on|over|decid\w*|besl\w+)\s*,?\s*(?:(?:me|us|mij|ons|the house|de kamer)\s)?$",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:welke|noem|which|what|list|name)(?: (?:zijn|waren|are|were))?(?: (?:de|the))? (?:[\w-]+ ){0,2}?(?:jaren|data"
    r"|dagen|maanden|bedragen|percentages|aantallen|years|dates|days|months|amounts|sums|numbers)\b",
    re.IGNORECASE,
)
_IS_SHORT = re.compile(r"\b(what|who|when|where|how)['’]s\b", re.IGNORECASE)
_WORDS = r"(?:[\w-]+ ){0,2}?"
_IS = r"(?:is|was|zijn|waren|are|were|wordt|worden|werd|werden|bedraagt|bedragen|bedroeg|luidt)"
_ROLE = (
    r"(?:[\w-]*minister(?:-president)?|premier|(?:vice-?)?president|[\w-]*secretar(?:is|y)(?:[- ]genera+l)?"
    r"|ambassad(?:eur|or)|genera+l|admira+l|\w*voorzitter|chair(?:man|woman|person)?|kanselier|chancellor|\w*leid(?:er"
    r"|ster)|leader|command(?:ant|er)|\w*commissaris|commissioner|rapporteur|kamerlid|indiener|directeur|director|head"
    r"|\w*gezant|envoy|representative|vertegenwoordiger|woordvoerder|spokes\w+|king|queen|koning(?:in)?|person|persoon)"
)  # fmt: skip
_COUNTED = (
    r"(?:mensen|personen|inwoners|burgers|vluchtelingen|ontheemden|people|persons|inhabitants|citizens|refugees"
    r"|granaten|doses|vaccins|woningen|huishoudens|vaten|shells|rounds|vaccines|homes|households|barrels)"
)
_PAPER = r"(?:kamerstuk\w*|dossier ?n(?:ummer|umber)s?|parliamentary (?:papers?|documents?)|paper numbers?)"
_NUMBERED = r"(?:motie|brief|amendement|motion|letter|amendment)"
_MONEY = r"(?:\w*kosten|prijs|\w*bedrag|\w*budget|costs?|price|amount|sum|budget)"
_FUNDS = rf"(?:{_MONEY}|\w*begroting|\w*fonds|subsidies?|lening|tekort|fund|grant|loan|subsidy|deficit)"
_SPENT = r"(?:spent|used|meant|intended|going|bestemd|bedoeld|besteed|uitgegeven|for\?)"
_VAGUE = (
    r"(?:kans|zorg|zorgen|risico|rol|belang|invloed|druk|dreiging|chances?|concerns?|risk|role|importance"
    r"|influence|threat)"
)
_NO_LIMIT = r"(?<!tot )(?<!vanaf )(?<!sinds )(?<!until )(?<!from )(?<!since )(?<!by )"
# The first that matches at the question word decides; None where no pattern finds what is asked.
_ASKS: tuple[tuple[Sort | None, str], ...] = (
    (None, rf"(?:hoe ?groot|hoe hoog|how (?:large|big|great|high)) {_IS} (?:de|het|the) {_WORDS}{_VAGUE}"),
    (None, r"how much (?:do|does|did)\b.*\b(?:worry|care|matter)|hoe laat|(?:what|which) amounts to"),
    (Sort.REFERENCE, rf"(?:welke?|which|what) (?:[\w-]+ )?{_PAPER}"),
    (Sort.REFERENCE, rf"(?:wat|what|hoe) {_IS} (?:het |de |the )?(?:\w+ )?(?:{_PAPER}|vindplaats)"),
    (Sort.REFERENCE, r"(?:(?:wat|hoe|what) (?:is|was|luidt) (?:het|the)|welke?) (?:nummer|number)\b.*?\b(?:motie|brief"
     r"|kamerstuk|amendement|motion|letter|amendment|parliamentary paper)"),
    (Sort.PERCENTAGE, r"(?:hoeveel|how many) (?:procent\w*|percent\w*|per cent|%(?!\w))"),
    (Sort.PERCENTAGE, r"(?:what|which) (?:[\w-]+ )?(?:percent\w*|per cent|%(?!\w)|share|proportion)"),
    (Sort.PERCENTAGE, r"how large an? (?:part|share)"),
    (Sort.PERCENTAGE, r"welke? (?:[\w-]+ )?(?:percentages?|aandeel|gedeelte|deel(?! van (?:het|de|dit|deze) (?:verslag"
     r"|brief|rapport|tekst|document|stuk|land|gebied|stad|regio)))"),
    (Sort.PERCENTAGE, rf"(?:wat|what|hoe hoog|hoe groot|how high) {_IS} (?:het|de|the) {_WORDS}(?:percentage|aandeel"
     r"|share|proportion|inflatie|inflation)"),
    (Sort.PERCENTAGE, r"(?:hoeveel|how much|hoe hoog|how high|wat|what)\b.*\b(?:als|as an?) (?:percentage|share"
     r"|proportion|deel|aandeel|percent) (?:of|van)"),
    (Sort.NUMBER, rf"(?:hoeveel|how many) (?:miljoen|miljard|million|billion) {_COUNTED}"),
    (Sort.AMOUNT, r"hoeveel (?:[\w-]+ )?(?:geld|euro(?:'s|s)?|miljoen|miljard|dollars?|subsidie)(?!-)"),
    (Sort.AMOUNT, r"hoeveel (?:kost(?:en|te|ten)?|betaal(?:t|de|den)|betalen|(?:bedraagt|bedroeg)(?! (?:de|het)"
     r" (?:\w+ )?(?:inflatie|aantal|norm|groei|percentage)))"),
    (Sort.AMOUNT, r"hoeveel (?:gaat|gaan|zal|zou|heeft|hebben|is|was|werd|wordt|worden|zijn|trekt|trok|trekken|maakt"
     r"|maakte|stelt|stelde|draagt|droeg|steun)\b.*\b(?:gekost|kosten|begroot|uitgetrokken|betaald|vrijgemaakt"
     r"|beschikbaar|vrij|financieel|euro's)"),
    (Sort.AMOUNT, r"hoeveel tr[eo]k\w*\b.*\buit"),
    (Sort.AMOUNT, r"wat kost(?:en|te|ten)?|wat (?:gaat|gaan|zal|zullen|zou|heeft|hebben)\b.*\b(?:kosten"
     r"|gekost)(?=\W*$)"),
    (Sort.AMOUNT, rf"(?:wat|what) {_IS} (?:de|het|the) {_WORDS}{_MONEY}(?! {_SPENT})"),
    (Sort.AMOUNT, rf"(?:hoe ?groot|hoe hoog|how (?:large|big|high)) {_IS} (?:de|het|the) {_WORDS}(?:{_FUNDS}"
     rf"|bijdrage aan het \w*fonds)"),
    (Sort.AMOUNT, r"welke? (?:[\w-]+ )?(?:\w*bedrag(?:en)?|\w*budget|som)|hoe duur|how expensive"),
    (Sort.AMOUNT, r"(?:what|which) (?:[\w-]+ )?(?:amounts?|sums?|budget)"),
    (Sort.AMOUNT, r"how much (?:[\w-]+ )?(?:money|funding|euros?)|how much\b.*\b(?:cost|pay|paid|budgeted"
     r"|earmarked|set aside)"),
    (Sort.AMOUNT, r"how many (?:(?:million|billion|thousand)s? )?(?:of )?(?:euros?|dollars?|pounds)"),
    (Sort.AMOUNT, r"how many (?:million|billion)s?|what (?:did|does|do|will|would)\b.*\bcost"),
    (Sort.AMOUNT, r"what (?:is|was) the (?:\w+ )?value of the (?:\w+ )?(?:contract|aid|package|order|deal)"),
    # Under which condition: of 320 training questions that begin so 35 have a date for an answer, of 145 with "can" 39.
    (None, rf"{_NO_LIMIT}(?:wanneer (?:mag|mogen|zou|zouden)|when (?:may|would))\b"),
    (None, rf"{_NO_LIMIT}(?:wanneer (?:kan|kunnen)|when can)\b(?!.*\b(?:verwacht\w*|tegemoet|expect\w*))"),
    (Sort.DATE, r"wanneer|when"),
    (Sort.DATE, r"(?:welke?|what|which) (?:[\w-]+ )?(?:datums?|dag|dagen|maand|maanden|jaar|jaren|jaartal|dates?"
     r"|days?|months?|years?)"),
    (Sort.DATE, rf"(?:wat|what|hoe) {_IS} (?:de|the) {_WORDS}(?:\w*datum|dagtekening|dates?|deadlines?)"),
    (Sort.PERSON, rf"wie|wiens|who|whom|whose|hoe heet(?:te|ten)? (?:de|het) {_WORDS}{_ROLE}"),
    (Sort.PERSON, rf"(?:wat|what|hoe) {_IS} (?:de|the) (?:\w+ )?(?:naam van (?:de|het)|name of the) {_WORDS}{_ROLE}"),
    (Sort.PERSON, rf"what {_IS} the {_WORDS}{_ROLE}(?:'s (?:\w+ )?name| called| named)"),
    (Sort.NUMBER, r"hoeveel|how (?:many|much|large|big|high)|hoe ?groot|hoe hoog|met z'n hoevelen|hoevelen"),
    (Sort.NUMBER, rf"(?:(?:wat|what) {_IS} (?:het|the) {_WORDS}|welke? |what )(?:aantal|number of)"),
)  # fmt: skip
_ASKS_FOR = tuple((sort, re.compile(rf"(?:{pattern})(?!(?<=\w)\w)", re.IGNORECASE)) for sort, pattern in _ASKS)
# Where there is no question word: "bedrag munitie juni".
_KEYS = (
    (Sort.REFERENCE, rf"{_PAPER}|dossier (?:en|and) n(?:ummer|umber)"),
    (Sort.REFERENCE, rf"(?:nummer|number)(?: (?:van|of))?(?: (?:de|het|the))? (?:[\w'’-]+ )?{_NUMBERED}"),
    (Sort.REFERENCE, rf"{_NUMBERED} (?:[\w'’-]+ ){{0,3}}(?:nummer|number)(?! (?:of|van))"),
    (Sort.PERCENTAGE, r"percentage|(?<!\d )procent|(?<!\d )percent"),
    (Sort.AMOUNT, rf"{_MONEY}"),
    (Sort.DATE, r"datums?|dagtekening|(?<!-)dates?|deadline"),
    (Sort.PERSON, rf"(?:naam van de|name of the) {_WORDS}{_ROLE}"),
    (Sort.NUMBER, r"aantal|number of"),
)
_SPEAKS_OF = tuple((sort, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for sort, pattern in _KEYS)


def asks_for_many(question: str) -> bool:
    """Return whether the question asks for more than one figure or date: `"In welke jaren?"`."""
    return _MANY.search(question) is not None


def asked_for(question: str) -> Sort | None:
    """Return the sort of thing that the question asks for, None where any may answer.

    `"Hoeveel euro kost het?" -> AMOUNT`; `"How many allies?" -> NUMBER`, which amounts and percentages fit too;
    `"Waaraan wordt het bedrag besteed?" -> None`. The first question word decides: `"Wat gebeurt er wanneer ...?"`
    asks for no date. A question that names a paper itself does not ask for one.
    """
    question = _IS_SHORT.sub(r"\1 is", " ".join(question.split()))
    request, word = _REQUEST.match(question), _QUESTION_WORD.search(question)
    if word and not request:
        before = question[: word.start()]
        if _CLAUSE_WORD.match(word[0]) and _ASKS_BEFORE.match(question) and not _KNOWS.search(before):
            return None
        asked = question[word.start() :]
        if clause := _CLAUSE_FIRST.match(asked):
            return asked_for(asked[clause.end() :])
        sort = next((sort for sort, pattern in _ASKS_FOR if pattern.match(question, word.start())), None)
    elif _YES_OR_NO.match(question):
        return None
    else:
        asked = _RELATIVE.split(question, maxsplit=1)[0] if request else question
        sort = next((sort for sort, pattern in _SPEAKS_OF if pattern.search(asked)), None)
    return None if sort is Sort.REFERENCE and named_papers(question) else sort
