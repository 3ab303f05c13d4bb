"""A tiny corpus and a system that truly retrieves from it: by shared words, and silent where few are shared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.experiment import Arm, Journal, run
from navo_qa.evaluation.measures import score
from navo_qa.evaluation.perturb import Perturbation, perturbed
from navo_qa.evaluation.relevance import judge
from navo_qa.evaluation.study import Study, result
from navo_qa.text.canonical import tokens
from navo_qa.types import Answer, Citation, Document, Hit, Kind, Passage, Query, sha256

TEXTS = {
    "oslo": (
        "De NAVO-ministers kwamen op 31 mei 2023 in Oslo bijeen. Anniken Huitfeldt nodigde uit voor het diner.\n\n"
        "De militaire steun van Nederland aan Oekraïne beliep EUR 1,6 miljard. Daarnaast ging het over Vilnius."
    ),
    "antalya": (
        "De ministers kwamen op 14 en 15 mei 2025 in Antalya bijeen. Hakan Fidan was gastheer van het diner.\n\n"
        "De bondgenoten spraken over hogere defensie-uitgaven. De top in Den Haag stond centraal."
    ),
    "brussel": (
        "Op 3 april 2025 begon de bijeenkomst in Brussel. Secretaris-generaal Rutte zat de vergadering voor.\n\n"
        "Zweden nam als bondgenoot deel aan het gesprek. De steun aan Oekraïne kwam uitvoerig aan de orde."
    ),
}


class WordOverlap:
    """Paragraphs ranked by the share of the question's words in them; answers with their best sentence."""

    threshold = 0.3

    def __init__(self, texts: dict[str, str]) -> None:
        self.asked = 0
        self.documents = {name: document(name, text) for name, text in texts.items()}
        self.passages = [
            Passage(f"{name}:{number}", name, found.start(), found.end(), found[0], number)
            for name, text in texts.items()
            for number, found in enumerate(re.finditer(r"[^\n]+", text), 1)
        ]

    def document(self, document_id: str) -> Document:
        """A document, as Library has it."""
        return self.documents[document_id]

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's paragraphs."""
        return [passage for passage in self.passages if passage.document_id == document_id]

    def ask(self, query: Query) -> Answer:
        """The best sentence, or silence."""
        self.asked += 1
        return self._answer(query, self.threshold)

    def candidate(self, query: Query) -> Answer:
        """The best sentence."""
        return self._answer(query, 0.0)

    def _answer(self, query: Query, threshold: float) -> Answer:
        ranked = sorted(self.passages, key=lambda passage: -share(query.text, passage.text))[: query.k]
        hits = tuple(Hit(p, share(query.text, p.text), n) for n, p in enumerate(ranked, 1))
        found = max(re.finditer(r"[^.]+\.", ranked[0].text), key=lambda m: share(query.text, m[0]))
        start = ranked[0].start + found.start() + (len(found[0]) - len(found[0].lstrip()))
        end, source = ranked[0].start + found.end(), self.documents[ranked[0].document_id]
        quote = source.text[start:end]
        confidence = share(query.text, quote)
        cited = Citation(source.id, source.title, ranked[0].id, None, 1, start, end, quote, source.sha256)
        given = confidence >= threshold
        return Answer(query.text, "nl", quote if given else None, confidence, (cited,) if given else (), hits)


def share(question: str, text: str) -> float:
    wanted = set(tokens(question))
    return len(wanted & set(tokens(text))) / max(1, len(wanted))


def document(name: str, text: str) -> Document:
    return Document(name, name.title(), Kind.REPORT, "nl", text, sha256(text), name, f"{name}.md", sha256(text))


def row(
    name: str, lang: str, question: str, kind: str, answers: list[str], evidence: list[Any], **more: Any
) -> dict[str, Any]:
    base = {"id": f"{name}-{lang}", "lang": lang, "pair": name, "split": "dev", "question": question, "kind": kind}
    return base | {"answers": answers, "evidence": evidence, "answerable": bool(evidence), **more}


HOST = [{"doc": "oslo", "quote": "Anniken Huitfeldt nodigde uit voor het diner."}]
AMOUNT = [{"doc": "oslo", "quote": "De militaire steun van Nederland aan Oekraïne beliep EUR 1,6 miljard."}]
TWICE = [
    {"doc": "oslo", "quote": "De militaire steun van Nederland aan Oekraïne"},
    {"doc": "brussel", "quote": "De steun aan Oekraïne"},
]
ROWS = [
    row(
        "host",
        "nl",
        "Wie nodigde uit voor het diner in Oslo?",
        "person",
        ["Anniken Huitfeldt"],
        HOST,
        tags=["paraphrase"],
    ),
    row("host", "en", "Who was host at the diner in Oslo?", "person", ["Anniken Huitfeldt"], HOST),
    row("amount", "nl", "Hoeveel militaire steun gaf Nederland aan Oekraïne?", "amount", ["EUR 1,6 miljard"], AMOUNT),
    row("amount", "en", "How much military support did Nederland give?", "amount", ["EUR 1,6 miljard"], AMOUNT),
    row(
        "support",
        "nl",
        "Waar ging het over steun aan Oekraïne?",
        "description",
        ["steun", "Oekraïne"],
        TWICE,
        split="test",
    ),
    row("support", "en", "Where was support for Oekraïne discussed?", "description", ["Oekraïne"], TWICE, split="test"),
    row("none", "nl", "Wat kostte het diner in Antalya?", "amount", [], [], split="test"),
    row("none", "en", "What was the price of dinner?", "amount", [], [], split="test"),
]


@pytest.fixture
def system() -> WordOverlap:
    return WordOverlap(TEXTS)


@pytest.fixture
def documents(system: WordOverlap) -> dict[str, Document]:
    return system.documents


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [dict(each) for each in ROWS]


@pytest.fixture
def gold_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes rows (or raw lines) to a gold file."""

    def written(lines: list[Any], name: str = "gold.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(e if isinstance(e, str) else json.dumps(e, ensure_ascii=False) for e in lines) + "\n")
        return path

    return written


@pytest.fixture
def study(system: WordOverlap, rows: list[dict[str, Any]], gold_file: Callable[..., Path], tmp_path: Path) -> Study:
    """A study of two real systems on the tiny corpus, with every section a report can have."""
    read = gold.read(gold_file(rows))
    asked = evidence.questions(read, system.documents)
    bold = WordOverlap(TEXTS)
    bold.threshold = 0.0
    arms = [(Arm("careful"), system, asked), (Arm("bold"), bold, asked)]
    arms += [(Arm("careful", bend), system, perturbed(asked, bend, TEXTS.values())) for bend in Perturbation]
    arms += [(Arm("careful", distractors=n), system, asked) for n in (5, 20)]
    results = []
    for arm, one, questions in arms:
        outcomes = run(one, questions, one, Journal(tmp_path / "outcomes" / f"{arm.slug}.jsonl", "x"))
        qrels = judge(questions, one.passages)
        results.append(result(arm, "tiny", outcomes, score(questions, outcomes, qrels, one.documents), qrels))
    facts = (("gold questions", "eight"), ("index", "tiny"))
    return Study("Evaluation of word overlap", facts, tuple(asked), tuple(results), system, evidence.quotable(read))
