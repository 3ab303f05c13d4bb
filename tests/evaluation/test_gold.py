"""Gold files: read line by line, evidence found, and everything that is wrong said once and clearly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.check import check, refuse_faults
from navo_qa.types import Document, sha256

Write = Callable[..., Path]


def test_good_file_has_no_findings(
    gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]
) -> None:
    """A file without faults is silent, and every stretch of evidence is the document's own text."""
    read = gold.read(gold_file(rows))
    assert check(read, documents) == []
    asked = evidence.questions(read, documents)
    assert [question.id for question in asked] == [row["id"] for row in rows]
    host = asked[0].evidence[0]
    assert documents["oslo"].text[host.start : host.end] == "Anniken Huitfeldt nodigde uit voor het diner."
    assert [question.id for question in evidence.questions(read, documents, "test")] == [
        r["id"] for r in rows if r["split"] == "test"
    ]


def anchor(document: Document, start: int, end: int, digest: str | None = None) -> dict[str, Any]:
    return {"doc": document.id, "start": start, "end": end, "sha256": digest or document.sha256}


def test_ten_planted_faults(gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]) -> None:
    """Ten faults, ten clear messages, each on its own line and no other line blamed."""
    base = [dict(rows[0], id=f"q{n}", pair=None) for n in range(12)]
    oslo = documents["oslo"]
    faulty: dict[int, tuple[Any, str]] = {
        2: (base[2] | {"evidence": [{"doc": "oslo", "quote": "Dit staat er niet."}]}, "quote not in document"),
        3: (base[3] | {"id": "q0"}, "duplicate id, first on line 1"),
        4: (base[4] | {"answers": ["Hakan Fidan"]}, "answer not in evidence"),
        5: (base[5] | {"kind": "colour"}, 'unknown kind "colour"'),
        6: ({k: v for k, v in base[6].items() if k != "lang"}, '"lang" is missing'),
        7: (json.dumps(base[7])[:-9], "is not JSON"),
        8: (base[8] | {"evidence": [anchor(oslo, 10, 99_999)]}, "offsets 10–99999 are not in document"),
        9: (base[9] | {"evidence": [anchor(oslo, 0, 60, sha256("x"))]}, "wrong hash"),
        10: (base[10] | {"question": "  "}, "the question is empty"),
        11: (base[11] | {"evidence": []}, "answerable without evidence"),
    }
    lines = [faulty[n][0] if n in faulty else base[n] for n in range(12)]
    findings = check(gold.read(gold_file(lines)), documents)
    assert [finding.line for finding in findings] == [n + 1 for n in sorted(faulty)]
    for finding, n in zip(findings, sorted(faulty), strict=True):
        assert faulty[n][1] in finding.message
        assert finding.severity == "error"
        assert "\n" not in finding.message and len(finding.message) < 220


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "a", "lang": "nl"', "is not JSON"),
        ("[1, 2]", "no JSON object"),
        ('{"id": "a\0b"}', "NUL bytes"),
        ('{"id": "", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": false}', '"id"'),
        ('{"id": "a", "lang": "fr", "question": "Qui?", "kind": "person", "answerable": false}', '"lang"'),
        ('{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person"}', '"answerable" is missing'),
        (
            '{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": false, "x": 1}',
            'unknown field "x"',
        ),
        ('{"id": "a", "lang": "nl", "question": "W\\u0000?", "kind": "person", "answerable": false}', "NUL"),
        (
            '{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": false, "answers": ["x"]}',
            "and yet",
        ),
        (
            '{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": true,'
            ' "evidence": [{"doc": "oslo"}]}',
            "evidence must be a list",
        ),
        (
            '{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": true, "answers": ["x"],'
            ' "evidence": [{"doc": "nowhere", "quote": "x"}]}',
            'no document "nowhere"',
        ),
        ("[" * 100_000, "is not JSON"),
        (
            '{"id": "a", "lang": "nl", "question": "Wie\\ud83d?", "kind": "person", "answerable": false}',
            "half a character",
        ),
        ('{"id": "a", "lang": "nl", "pair": ["x"], "question": "?", "kind": "person", "answerable": false}', '"pair"'),
        ('{"id": "a", "lang": "nl", "question": "?!", "kind": "person", "answerable": false}', "the question is empty"),
        (f'{{"id": "a", "lang": "nl", "question": "{"x" * 2001}", "kind": "date", "answerable": false}}', "2,001"),
        (
            '{"id": "a", "lang": "nl", "question": "Wie?", "kind": "person", "answerable": false, "tags": "typo"}',
            'line 1: "tags" must be a list: ["…"]',
        ),
        ("", "line 1: holds no question"),
    ],
)
def test_one_message_a_fault(line: str, said: str, gold_file: Write, documents: dict[str, Document]) -> None:
    """Whatever a line holds, it gets one message, and reading goes on."""
    findings = check(gold.read(gold_file([line])), documents)
    assert len(findings) == 1
    assert said in str(findings[0])


def test_bytes_that_are_no_text(tmp_path: Path, documents: dict[str, Document]) -> None:
    """A byte that is not UTF-8 is named by its place; a byte order mark and CRLF do no harm."""
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a\xff"}\r\n\r\n')
    assert [str(finding) for finding in check(gold.read(path), documents)] == ["line 1: is not UTF-8 (byte 10)"]


def test_pairs_are_warned_about(gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]) -> None:
    """A pair in one language, or in two splits, is a warning; a pair with a faulty line is left alone."""
    lone, other = rows[0], dict(rows[1], split="test")
    assert "nl only" in str(check(gold.read(gold_file([lone])), documents)[0])
    assert "more than one split" in str(check(gold.read(gold_file([lone, other])), documents)[0])
    assert [f.severity for f in check(gold.read(gold_file([lone, other | {"kind": "colour"}])), documents)] == ["error"]


def test_quote_is_found_across_white_space_and_everywhere(documents: dict[str, Document]) -> None:
    """White space in a quote matches any white space; every place counts."""
    text = "Een zin\nover steun.  Nog een zin over  steun."
    spans = evidence.occurrences("zin over steun.", text)
    assert [text[a:b].split() for a, b in spans] == [["zin", "over", "steun."]] * 2
    assert evidence.occurrences("  ", text) == []


@pytest.mark.parametrize(
    ("quote", "text", "starts"),
    [
        ("1 mei", "Op 31 mei en op 1 mei.", [16]),
        ("steun", "Bijstand, steun, steunde.", [10]),
        ("(€ 5)", "a(€ 5)b", [1]),
    ],
)
def test_a_quote_is_no_part_of_a_word(quote: str, text: str, starts: list[int]) -> None:
    """A quote starts and ends where its words do, so that "1 mei" is not found in "31 mei"."""
    assert [start for start, _ in evidence.occurrences(quote, text)] == starts


@pytest.mark.parametrize(
    "quote", ["bondge\u00adnoten", "bondgenoten\u200b", "e\ufb03ciënte\u00a0bondgenoten", "cie\u0308nte"]
)
def test_a_quote_is_cleaned_as_a_text_is(quote: str) -> None:
    """What is copied out of a PDF file with soft hyphens, ligatures and hard spaces is found."""
    assert len(evidence.occurrences(quote, "Over efficiënte bondgenoten, ciënte en zo.")) == 1


def test_anchoring_keeps_every_place(
    gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]
) -> None:
    """A quote that stands twice is evidence twice, anchored too; offsets and the quote's hash must agree."""
    oslo = documents["oslo"]
    text = f"{oslo.text}\n\n{oslo.text}"
    documents = documents | {"oslo": replace(oslo, text=text, sha256=sha256(text))}
    quoted = gold.read(gold_file(rows[:1])).rows[1]
    row = evidence.anchored(quoted, documents)
    assert [(s.start, s.end) for s in evidence.locate(row, documents)] == [
        (s.start, s.end) for s in evidence.locate(quoted, documents)
    ]
    assert len(row.evidence) == 2
    moved = row.model_copy(update={"evidence": (row.evidence[0].model_copy(update={"start": 3}),)})
    with pytest.raises(evidence.EvidenceError, match="another quote"):
        evidence.locate(moved, documents)


def test_anchoring_keeps_the_evidence(
    gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]
) -> None:
    """Anchored evidence stands where the quote stood, quotes nothing, and a changed text is noticed."""
    read = gold.read(gold_file(rows[:1]))
    row = evidence.anchored(read.rows[1], documents)
    again = gold.read(gold_file([row.model_dump_json()], "anchored.jsonl"))
    assert "nodigde uit voor het diner." not in again.path.read_text()
    assert evidence.locate(again.rows[1], documents) == evidence.locate(read.rows[1], documents)
    assert evidence.quotable(read) == {"oslo"} and evidence.quotable(again) == frozenset()
    changed = {"oslo": documents["antalya"]}
    assert "wrong hash" in str(check(again, changed)[0])


def test_a_stretch_is_found_again_in_a_text_changed_elsewhere(
    gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]
) -> None:
    """Anchored evidence moves with its words; without their hash, or with other words there, it is wrong as before."""
    oslo = documents["oslo"]
    row = evidence.anchored(gold.read(gold_file(rows[:1])).rows[1], documents)
    (before,) = evidence.locate(row, documents)
    quote = oslo.text[before.start : before.end]
    for text in (f"{quote[:-1]}, toen.\n\n{oslo.text}", oslo.text[before.start - 3 :], f"{oslo.text}\n\n{quote}"):
        (after,) = evidence.locate(row, {"oslo": replace(oslo, text=text, sha256=sha256(text))})
        assert text[after.start : after.end] == quote
    assert after == before  # the nearest of two
    bare = row.model_copy(update={"evidence": tuple(a.model_copy(update={"quote_sha256": ""}) for a in row.evidence)})
    for asked, text in ((row, oslo.text.replace(quote, quote.upper())), (bare, f" {oslo.text}")):
        with pytest.raises(evidence.EvidenceError, match="wrong hash"):
            evidence.locate(asked, {"oslo": replace(oslo, text=text, sha256=sha256(text))})


def test_unusable_file_is_refused(gold_file: Write, rows: list[dict[str, Any]], documents: dict[str, Document]) -> None:
    """Questions of a file with faults are not asked; the message says where to look."""
    with pytest.raises(gold.GoldError, match=r"line 1: .*missing.* eval check"):
        evidence.questions(gold.read(gold_file(["{}"])), documents)
    with pytest.raises(gold.GoldError, match="no question of split"):
        evidence.questions(gold.read(gold_file(rows)), documents, "train")
    with pytest.raises(gold.GoldError, match="cannot be read"):
        gold.read(Path("nowhere.jsonl"))
    twice = gold.read(gold_file([rows[0], rows[1] | {"evidence": []}, rows[0]]))
    with pytest.raises(gold.GoldError, match=r"line 2: .* without evidence.* \(and 1 more\); navo-qa eval check"):
        refuse_faults(twice, documents)
    refuse_faults(gold.read(gold_file(rows)), documents)
