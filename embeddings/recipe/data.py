"""Readers: sentence pairs, dictionary entries, domain records and English questions, as plain dataclasses.

Any file may be missing: a run on your own field needs only `parallel/*.tsv` and, for contrast, `*.jsonl` records.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent

# How often a source's pairs are drawn in one pass. Long, official and clean counts more; labels and software less.
SHARE = {
    "domain": 1.2,
    "domain-question": 0.7,
    "domain-passage": 1.2,
    "lexicon": 0.4,
    "dictionary": 0.12,
    "number": 1.0,
    "general": 4.0,
    "row": 0.6,
    "list": 0.5,
    "gloss": 0.7,
    "gdpr_eurlex": 2.0,
    "udhr": 2.0,
    "minvws_corona_dashboard": 1.2,
    "minvws_corona_apps": 1.2,
    "mozilla_legal_docs": 1.2,
    "tatoeba": 0.6,
    "eforms_sdk": 0.35,
    "eforms_sdk_rules": 0.3,
    "mediawiki_i18n": 0.3,
    "tldr_pages": 0.4,
    "citizenlab": 0.5,
    "mozilla_www_l10n": 0.7,
}

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"\S.*?(?:[.!?][\"'”’)]*(?=\s+[\"“‘(]*[^\W\da-z_])|\n\n|$)", re.DOTALL)
ROW = " | "  # between two cells, as the index has it
SWAP = str.maketrans(".,", ",.")


@dataclass(frozen=True, slots=True)
class Pair:
    """An English text and its Dutch translation."""

    source: str
    english: str
    dutch: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question in both languages, with its verbatim answers."""

    dutch: str
    english: str
    dutch_answer: str
    english_answer: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A Dutch passage with aligned English, its questions, and near-miss questions that it does not answer.

    topic: what it is about, or the title of the letter it stands in; english_topic: the same in English, if given.
    letter: names the letter that several records are passages of, "" where a record stands alone.
    near_misses: pairs of a Dutch question and the same in English.
    """

    topic: str
    dutch: tuple[str, ...]
    english: tuple[str, ...]
    questions: tuple[Question, ...]
    near_misses: tuple[tuple[str, str], ...]
    english_topic: str = ""
    letter: str = ""

    @property
    def dutch_passage(self) -> str:
        return joined(self.dutch)

    @property
    def english_passage(self) -> str:
        return joined(self.english)


@dataclass(frozen=True, slots=True)
class Split:
    """Domain records: training, and the held-out half to tune on (dev) and the half to report (test)."""

    train: list[Record]
    dev: list[Record]
    test: list[Record]


def joined(sentences: Sequence[str]) -> str:
    """Return sentences as one passage; a row of a table, whose cells bars part, stands between blank lines."""
    parts = [sentences[0]]
    for before, sentence in pairwise(sentences):
        parts += ["\n\n" if ROW in before or ROW in sentence else " ", sentence]
    return "".join(parts)


def read_pairs(folder: Path, name: str = "*.tsv") -> list[Pair]:
    """Return the distinct pairs of `folder/*.tsv` (`source<TAB>english<TAB>dutch`), in file order."""
    rows: dict[tuple[str, str], Pair] = {}
    for path in sorted(folder.glob(name)):
        for line in path.read_text(encoding="utf8").splitlines():
            source, english, dutch = line.split("\t")[:3]
            rows.setdefault((english, dutch), Pair(source, english, dutch))
    return list(rows.values())


def read_lexicon(path: Path) -> list[Pair]:
    """Return one pair for each English equivalent of `dutch<TAB>english|english<TAB>…`."""
    if not path.exists():
        return []
    lines = (line.split("\t") for line in path.read_text(encoding="utf8").splitlines())
    return [Pair("lexicon", english, fields[0]) for fields in lines for english in fields[1].split("|")]


def read_records(path: Path) -> list[Record]:
    """Return the records of one JSONL file, in order."""
    return [_record(json.loads(line)) for line in path.read_text(encoding="utf8").splitlines() if line.strip()]


def split_records(folder: Path, share: float = 0.85, extra: bool = True) -> Split:
    """Return the records of `folder/*.jsonl`; the last 15% of each file is held out, alternately dev and test.

    Files named `extra-*.jsonl` train only: they were written after looking at dev. Without `extra` they are left out,
    for what is measured among all passages stays comparable while training data grows.
    """
    split = Split([], [], [])
    for path in sorted(folder.glob("*.jsonl")):
        if path.name.startswith("extra-") and not extra:
            continue
        records = read_records(path)
        cut = len(records) if path.name.startswith("extra-") else int(share * len(records))
        split.train.extend(records[:cut])
        split.dev.extend(records[cut::2])
        split.test.extend(records[cut + 1 :: 2])
    return split


def read_squad(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each passage of a SQuAD-form file with its answerable questions."""
    for article in json.loads(path.read_text(encoding="utf8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked = [qa["question"].strip() for qa in paragraph["qas"] if qa.get("answers")]
            if asked:
                yield paragraph["context"], asked


def sentence_pairs(data: Path, records: Path) -> list[Pair]:
    """Return the general sentence pairs, those written for this model, and those of the domain records that train."""
    general = [p for p in read_pairs(data / "parallel") if plausible(p)]
    return [*general, *read_pairs(records, "general*.tsv"), *domain_pairs(split_records(records).train)]


def word_pairs(data: Path, records: Path) -> list[Pair]:
    """Return the entries of lexicon and dictionary."""
    entries = [Pair("dictionary", p.english, p.dutch) for p in read_pairs(data / "dictionary")]
    return [*read_lexicon(records / "lexicon.tsv"), *entries]


def domain_pairs(records: list[Record]) -> list[Pair]:
    """Return the records' aligned sentences, whole passages and questions as pairs."""
    pairs = [Pair("domain", e, d) for r in records for e, d in zip(r.english, r.dutch, strict=True)]
    pairs += [Pair("domain-passage", r.english_passage, r.dutch_passage) for r in records]
    return pairs + [Pair("domain-question", q.english, q.dutch) for r in records for q in r.questions]


def sentence_spans(passage: str) -> list[tuple[int, int]]:
    """Return the sentences of a passage as spans [start, end)."""
    return [(m.start(), m.start() + len(m[0].rstrip())) for m in SENTENCE.finditer(passage)]


def plausible(pair: Pair) -> bool:
    """Return whether the lengths fit a translation: neither side over 2.2 times the other plus 12 characters."""
    short, long = sorted((len(pair.english), len(pair.dutch)))
    return 0 < short and long <= 2.2 * short + 12


def number_twin(pair: Pair, rng: random.Random) -> Pair | None:
    """Return the pair with one shared number changed on both sides, or None where they share none.

    `"3,5 procent" / "3.5 percent" -> "35 procent" / "35 percent"`: so that numbers are told apart in the batch.
    """
    theirs = NUMBER.findall(pair.english)
    shared = [n for n in dict.fromkeys(NUMBER.findall(pair.dutch)) if n in theirs or n.translate(SWAP) in theirs]
    if not shared:
        return None
    old = rng.choice(shared)
    new = _other_number(old, rng)
    if old.translate(SWAP) in theirs:
        english = _replace(pair.english, old.translate(SWAP), new.translate(SWAP))
    else:
        english = _replace(pair.english, old, new)
    return Pair("number", english, _replace(pair.dutch, old, new))


def _other_number(old: str, rng: random.Random) -> str:
    if re.fullmatch(r"\d+[.,]\d{1,2}", old) and rng.random() < 0.4:
        return old.replace(",", "").replace(".", "").lstrip("0") or "10"
    while True:
        new = "".join(str(rng.randint(i == 0, 9)) if c.isdigit() else c for i, c in enumerate(old))
        if len(old) == 4 and old[:2] in ("19", "20"):
            new = f"{old[:2]}{rng.randint(0, 99):02d}"
        if new != old:
            return new


def _replace(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\d.,]){re.escape(old)}(?!\d|[.,]\d)", new, text)


def _record(raw: dict[str, object]) -> Record:
    fields = json.loads(json.dumps(raw))
    questions = tuple(Question(q["qn"], q["qe"], q["an"], q["ae"], q.get("k", "")) for q in fields["qa"])
    missed = fields["u"] if isinstance(fields["u"], list) else [fields["u"]]
    near = tuple((u["n"], u["e"]) for u in missed)
    sides = tuple(fields["nl"]), tuple(fields["en"])
    return Record(fields["t"], *sides, questions, near, fields.get("de", ""), fields.get("d", ""))
