"""The letters that the reader held out (dev half) as a corpus with gold questions, to fit its judge on.

    python embeddings/recipe/held_letters.py OUT

Writes OUT/corpus/*.md, one Dutch letter a file, and OUT/gold.jsonl in the form of `eval/README.md`: of each passage
three questions and two near misses, in both languages.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from data import HERE, Record, split_records
from train_reader import with_letters

KINDS = {  # that gold files do not know
    "percentage": "number",
    "country": "organisation",
    "actor": "organisation",
    "condition": "reason",
    "effect": "reason",
}
KNOWN = "amount date place person organisation number list reason description position reference".split()


def letters(records: list[Record]) -> dict[str, list[Record]]:
    """Return the records of each letter, by a name fit for a file."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.letter:
            found.setdefault(re.sub(r"[^a-z0-9-]", "-", record.letter.lower()), []).append(record)
    return found


def asked(name: str, record: Record, rng: random.Random) -> Iterator[dict[str, object]]:
    """Yield gold questions of a record without id and language: pairs of a Dutch and an English question."""
    told = [(q, next((s for s in record.dutch if q.dutch_answer in s), "")) for q in record.questions]
    told = [(q, sentence) for q, sentence in told if sentence]
    for q, sentence in rng.sample(told, min(3, len(told))):
        kind = KINDS.get(q.kind, q.kind if q.kind in KNOWN else "description")
        evidence = [{"doc": name, "quote": sentence}]
        yield {"pair": (q.dutch, q.english), "kind": kind, "answers": [q.dutch_answer], "evidence": evidence}
    for pair in rng.sample(record.near_misses, min(2, len(record.near_misses))):
        yield {"pair": pair, "kind": "description", "answers": [], "evidence": []}


def main() -> None:
    """Write the corpus and its gold questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=Path, default=HERE / "data")
    options = parser.parse_args()
    (options.out / "corpus").mkdir(parents=True, exist_ok=True)
    rng, lines, number = random.Random(1), [], 0
    for name, records in letters(with_letters(split_records(options.records)).dev).items():
        text = "\n\n".join([f"# {records[0].topic}", *(record.dutch_passage for record in records)])
        (options.out / "corpus" / f"{name}.md").write_text(f"{text}\n", encoding="utf8")
        for question in [q for record in records for q in asked(name, record, rng)]:
            number += 1
            for language, words in zip(("nl", "en"), question["pair"], strict=True):  # type: ignore[call-overload]
                known = {"id": f"h{number}-{language}", "lang": language, "pair": f"h{number}", "split": "dev"}
                told = {"question": words, "answerable": bool(question["answers"]), "tags": []}
                lines.append(json.dumps(question | known | told, ensure_ascii=False) + "\n")
    (options.out / "gold.jsonl").write_text("".join(lines), encoding="utf8")


if __name__ == "__main__":
    main()
