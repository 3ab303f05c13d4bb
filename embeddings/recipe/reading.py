"""What the reader learns from: a question, passages that may answer it, and where the answer stands in them."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

from augment import Gloss
from data import Record

DATED = re.compile(
    r"\b(?:(?:19|20)\d\d|janua|febr|maart|march|april|mei\b|may\b|jun[ie]|jul[iy]|august|septem|o[ck]tober|novem|decem)",
    re.IGNORECASE,
)
PAPER = re.compile(r"\s\(((?:Kamerstuk(?:ken)?|Parliamentary [Pp]apers?|Aanhangsel)[^()]*)\)")
SHORT = 12  # characters under which an English question says too little


@dataclass(frozen=True, slots=True)
class Text:
    """A passage and what stands above it: the title of its letter, or its topic."""

    context: str
    passage: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the texts it can be put to, with its answers in each: spans [start, end), none where it has none.

    `texts[i]` and `answers[i]` belong together: the languages of one record. key: the record, whose own texts are no
    negatives. letter: the letter it stands in; letters of one name but for their date are look-alikes.
    """

    versions: tuple[str, ...]
    texts: tuple[Text, ...]
    answers: tuple[tuple[tuple[int, int], ...], ...]
    key: int
    kind: str = ""

    @property
    def answerable(self) -> bool:
        return any(self.answers)


def asked_of_records(records: Sequence[Record]) -> list[Asked]:
    """Return every question of the records in both languages, over both languages of their passage, and near misses."""
    found = []
    for key, record in enumerate(records):
        texts = (
            Text(record.topic, record.dutch_passage),
            Text(record.english_topic or record.topic, record.english_passage),
        )
        for q in record.questions:
            answers = tuple(
                occurrences(text.passage, answer)
                for text, answer in zip(texts, (q.dutch_answer, q.english_answer), strict=True)
            )
            found.append(Asked((q.dutch, q.english), texts, answers, key, q.kind))
        found += [Asked(pair, texts, ((), ()), key, "near miss") for pair in record.near_misses]
    return found


def asked_of_squad(folder: Path, first_key: int, glosses: Mapping[str, Gloss] | None = None) -> Iterator[Asked]:
    """Yield the questions of each SQuAD-form file, each question of a passage once; no answers where it has none.

    glosses: of questions and passages, which are then put in English or glossed.
    """
    glosses = glosses or {}
    keys: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.json"), reverse=True):  # dev-v2.0 before dev-v1.1, which it repeats
        for paragraph in paragraphs(path):
            context = paragraph["context"]
            key = keys.setdefault(context, first_key + len(keys))
            for qa in paragraph["qas"]:
                question = qa["question"].strip()
                if len(question) < SHORT or (context, question) in seen:
                    continue
                seen.add((context, question))
                spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]}
                versions = (question, *(g.dutch for g in [glosses.get(question)] if g))
                texts, answers = [Text("", context)], [tuple(sorted(spans))]
                if gloss := glosses.get(context):
                    texts.append(Text("", gloss.dutch))
                    answers.append(tuple(gloss.moved(*span) for span in answers[0]))
                yield Asked(versions, tuple(texts), tuple(answers), key, path.stem)


def paragraphs(path: Path) -> Iterator[dict[str, list[dict[str, list[dict[str, int]]]]]]:
    """Yield the paragraphs of a SQuAD-form file."""
    for article in json.loads(path.read_text(encoding="utf8"))["data"]:
        yield from article["paragraphs"]


def occurrences(passage: str, answer: str) -> tuple[tuple[int, int], ...]:
    """Return where the answer stands in the passage as whole words; anywhere, where it does so nowhere."""
    found = [(m.start(), m.end()) for m in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", passage)]
    if not found and (start := passage.find(answer)) >= 0:
        found = [(start, start + len(answer))]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Reading:
    """One question put to several texts at once, with the answers in each."""

    question: str
    texts: tuple[Text, ...]
    answers: tuple[tuple[tuple[int, int], ...], ...]
    answerable: bool


class Shelf:
    """Texts of all records, and for each question those of other records that share most of its words (BM25).

    A record's Dutch and English stand side by side, so that row ^ 1 is a text in the other language.
    """

    def __init__(self, records: Sequence[Record], asked: Sequence[Asked], depth: int = 12) -> None:
        self.texts = [text for r in records for text in _both(r)]
        self.keys = np.repeat(np.arange(len(records)), 2)
        self.letters = [r.letter for r in records for _ in (0, 1)]
        self.within: dict[str, list[int]] = {}
        for row, letter in enumerate(self.letters):
            self.within.setdefault(letter, []).append(row)
        self.near: dict[str, list[int]] = {}
        for side in (0, 1):
            questions = [(a.versions[side], a.key) for a in asked]
            index = bm25s.BM25()
            index.index([_words(f"{t.context} {t.passage}") for t in self.texts[side::2]], show_progress=False)
            found, _ = index.retrieve([_words(q) for q, _ in questions], k=depth, show_progress=False)
            for (question, key), rows in zip(questions, found.tolist(), strict=True):
                self.near[question] = [2 * row + side for row in rows if row != key]

    def negatives(self, question: str, asked: Asked, own: Text, count: int, rng: random.Random) -> list[Text]:
        """Return `count` texts that look like an answer and hold none of the question's answers word for word.

        A passage of a look-alike letter may answer as well as its own, unless the question says which letter it means:
        only then is one taken. The other passages of its own letter tell of other things.
        """
        sides = zip(asked.texts, asked.answers, strict=True)
        held = {text.passage[start:end].casefold() for text, spans in sides for start, end in spans}
        dated = bool(DATED.search(question))
        letter = self.letters[2 * asked.key] if asked.key * 2 < len(self.letters) else ""
        beside = [row for row in self.within[letter][::2] if row // 2 != asked.key] if letter else []
        each = {row // 2: row for row in [*self.near.get(question, []), *beside]}
        fit = [
            row
            for row in each.values()
            if not any(answer in self.texts[row].passage.casefold() for answer in held)
            and (dated or row in beside or not letter or family(self.letters[row]) != family(letter))
        ]
        return [self.texts[row ^ rng.choice((0, 0, 1))] for row in rng.sample(fit, min(count, len(fit)))]


def family(letter: str) -> str:
    """Return what the names of letters of one series share: `nato-dm-2016-02-brussel` -> `nato-dm`."""
    return "-".join([part for part in letter.split("-") if not part.isdigit()][:2])


def _words(text: str) -> list[str]:
    """Return the words cut at six letters, which is stemming enough to find look-alikes."""
    return [word[:6] for word in re.findall(r"\w+", text.casefold())]


def _both(record: Record) -> Iterable[Text]:
    yield Text(record.topic, record.dutch_passage)
    yield Text(record.english_topic or record.topic, record.english_passage)


def put(asked: Asked, shelf: Shelf, negatives: int, rng: random.Random) -> Reading:
    """Return one way of asking: a language, a language of the passage, and negatives of either language."""
    question = bent(rng.choice(asked.versions), rng)
    side = rng.randrange(len(asked.texts))
    own = asked.texts[side]
    if rng.random() < 0.3:
        own = Text("", own.passage)
    own, spans = footnoted(own, asked.answers[side], rng) if rng.random() < 0.5 else (own, asked.answers[side])
    others = shelf.negatives(rng.choice(asked.versions), asked, own, negatives, rng)
    return Reading(question, (own, *others), (spans, *(() for _ in others)), bool(spans))


def footnoted(
    text: Text, answers: tuple[tuple[int, int], ...], rng: random.Random
) -> tuple[Text, tuple[tuple[int, int], ...]]:
    """Return the text with papers in brackets as notes below it, as in letters, and the answers where they then are."""
    found = list(PAPER.finditer(text.passage))
    if not found:
        return text, answers
    number, marked = rng.randint(1, 6), rng.random() < 0.2
    body, notes, moved = "", "", dict.fromkeys(answers, (0, 0))
    at = 0
    below: list[tuple[int, int, int]] = []  # where a paper stood, and how far into the notes it stands
    for n, match in enumerate(found, number):
        shift = len(body) - at
        moved |= {(a, b): (a + shift, b + shift) for a, b in answers if at <= a and b <= match.start()}
        body += text.passage[at : match.start()] + (f"[{n}]" if marked else "")
        notes += f"\n\n[{n}] "
        below.append((match.start(1), match.end(1), len(notes)))
        notes += match[1]
        at = match.end()
    shift = len(body) - at
    moved |= {(a, b): (a + shift, b + shift) for a, b in answers if a >= at}
    body += text.passage[at:]
    for start, end, into in below:
        shift = len(body) + into - start
        moved |= {(a, b): (a + shift, b + shift) for a, b in answers if start <= a and b <= end}
    spans = tuple(moved.values())
    passage = body + notes
    kept = all(passage[c:d] == text.passage[a:b] for (a, b), (c, d) in zip(moved, spans, strict=True))
    return (Text(text.context, passage), spans) if kept else (text, answers)


def bent(question: str, rng: random.Random) -> str:
    """Return the question, now and then in lower case, without its question mark, or with two letters swapped."""
    if rng.random() < 0.15:
        question = question.rstrip("?")
    if rng.random() < 0.06 and len(question) > 12:
        i = rng.randrange(3, len(question) - 3)
        question = question[:i] + question[i + 1] + question[i] + question[i + 2 :]
    return question
