"""Dutch or English? Decided by function words first, by letters where a question has none."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["nl", "en"]

_DUTCH = frozenset(
    """
    aan aantal afgelopen al alle allen als andere anders bedrag bij bijdrage binnen daar daarbij daarom dan dat de deze
    dezelfde die dit doet doen dus door duur een eens en er erover gaat gaan gaf geen geld gezegd ging gingen haar had
    hadden hebben heb heeft hem hen het hij hoe hoeveel hun ik ja je jij jouw juist kan kon konden kregen kreeg krijgt
    kunnen kwam kwamen laatste land landen maar mag meer meest men met mij mijn moest moet moeten mogelijk naar nam
    namen niet nieuwe nog noemde nu of om ondanks onder ons onze ook op over punt punten sinds sprak spraken staan staat
    steun stond te tegen ten ter tijdens toch toen tot tussen uit van vanaf vanwege vandaag veel verder vergadering
    verslag volgens voor vooral vorig vorige waar waarbij waarom waarover waaraan waarin waarmee waarop waarvoor wanneer
    was wat weinig welk welke wel werd werden wie wil wilde wilden wordt worden zal ze zei zeggen zich zij zijn zo
    zoals zonder zou zouden zullen door defensie oorlog uitgaven bondgenoten bijeenkomst toegezegd minister-president
    kamer kabinet oekraïne rusland duitsland frankrijk nederland vrede miljard miljoen jaar maand gisteren
    januari februari maart mei juni juli augustus oktober motie moties brief agenda's navo top
    """.split()
)
_ENGLISH = frozenset(
    """
    a about according after all allies am amount an and any are as at attend attended be because been before being
    between both but by can commit committed contribution could countries country date dates day decide decided did do
    does done during each for from gave get give given go had has have he her his how i if into is it its just last
    latest long made main many may meeting met million billion money month more most much name named no not of on only
    or other our out over pledge pledged promised report said say says she should since so some spending still support
    take taken tell than that the their them then there these they this those to today total under until us war was we
    were what when where whether which who whom whose why will with would year years yes yesterday you your ukraine
    russia germany france netherlands peace nato defence defense minister's january february march may june july august
    october letter summit dinner hosted host held agreed new give parliament motion motions
    """.split()
)
_BOTH = _DUTCH & _ENGLISH
# Letter groups of one language that the other hardly has.
_DUTCH_LETTERS = re.compile(
    r"ij|aa|uu|oe|ui|eu|ie[^s]?\b|sch|cht|lijk|heid|tie\b|ties\b|eerd\b|[^aeiou]en\b|oo[^fdklmprtn]|ee[^dklmnprst]|"
    r"eem|ooi|iek|isch|aal\b|aar|ns\b|ë|ï|é|kk|\bge[a-z]{4,}|\bver[a-z]|\bont[a-z]|\bbe[sdtgkv][a-z]{3,}|gd\b|kt\b|dt\b|"
    r"uit|ings|ieve?\b|itei|zen|zi|vr|kw|\bk|z\b|lijst|steun|werk"
)
_ENGLISH_LETTERS = re.compile(
    r"th|tion|ing\b|ed\b|wh|gh\b|ght|y\b|ough|ould|sh|ck|ce\b|ces\b|ment\b|ments\b|able\b|ity|ive\b|ous|ally\b|cy\b|"
    r"ew\b|own|ow\b|ea|ai|ence|ance|ure\b|ial|que|\bc[a-z]|\bqu|[a-z]'s\b|ph|ry\b|ly\b|ary\b|ies\b|ers\b|ist\b|ate\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST = 20_000
_WORD_WEIGHT = 3.0


def language(text: str) -> Language:
    """Return "nl" or "en", whichever the text looks more like; "nl" where it looks like neither.

    `"Hoeveel geld ging naar PURL?" -> "nl"`, `"Who hosted Oslo dinner?" -> "en"`
    """
    lower = text[:_LONGEST].lower().replace("’", "'")
    dutch = english = 0.0
    for word in _WORD.findall(lower):
        if word in _BOTH:
            continue
        dutch += _WORD_WEIGHT * (word in _DUTCH)
        english += _WORD_WEIGHT * (word in _ENGLISH)
    dutch += len(_DUTCH_LETTERS.findall(lower))
    english += len(_ENGLISH_LETTERS.findall(lower))
    return "en" if english > dutch else "nl"
