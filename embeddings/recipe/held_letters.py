"""Letters that the reader has not read as a corpus with gold questions, to fit how sure it is.

    python embeddings/recipe/held_letters.py OUT [--files NAME.jsonl …] [--held]

The letters are those held out (dev half), of the named files of RECORDS if any; without --held all of these, if its
training left them out. Writes
OUT/corpus/*.md, one Dutch letter a file, and OUT/gold.jsonl in the form of `eval/README.md`: of each passage two
questions and two near misses (--most), in Dutch and English by turns.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from data import HERE, Record, read_records, split_records
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


def asked(name: str, record: Record, rng: random.Random, most: int) -> Iterator[dict[str, object]]:
    """Yield gold questions of a record without id and language: pairs of a Dutch and an English question."""
    told = [(q, next((s for s in record.dutch if q.dutch_answer in s), "")) for q in record.questions]
    told = [(q, sentence) for q, sentence in told if sentence]
    for q, sentence in rng.sample(told, min(most, len(told))):
        kind = KINDS.get(q.kind, q.kind if q.kind in KNOWN else "description")
        evidence = [{"doc": name, "quote": sentence}]
        yield {"pair": (q.dutch, q.english), "kind": kind, "answers": [q.dutch_answer], "evidence": evidence}
    for pair in rng.sample(record.near_misses, min(most, len(record.near_misses))):
        yield {"pair": pair, "kind": "description", "answers": [], "evidence": []}


def main() -> None:
    """Write the corpus and its gold questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=Path, default=HERE / "data")
    parser.add_argument("--files", nargs="*", default=[], help="files in RECORDS")
    parser.add_argument("--held", action="store_true", help="of the files only the letters held out (dev half)")
    parser.add_argument("--most", type=int, default=2, help="questions, and near misses, of each passage")
    options = parser.parse_args()
    (options.out / "corpus").mkdir(parents=True, exist_ok=True)
    chosen = [record for name in options.files for record in read_records(options.records / name)]
    if options.held or not chosen:
        mine = {record.letter for record in chosen}
        held = with_letters(split_records(options.records)).dev
        chosen = [record for record in held if not mine or record.letter in mine]
    rng, lines = random.Random(1), list[str]()
    for name, records in letters(chosen).items():
        text = "\n\n".join([f"# {records[0].topic}", *(record.dutch_passage for record in records)])
        (options.out / "corpus" / f"{name}.md").write_text(f"{text}\n", encoding="utf8")
        for question in [q for record in records for q in asked(name, record, rng, options.most)]:
            side = len(lines) % 2
            words = question.pop("pair")[side]  # type: ignore[index]
            known = {"id": f"h{len(lines)}", "lang": ("nl", "en")[side], "pair": f"h{len(lines)}", "split": "dev"}
            told = {"question": words, "answerable": bool(question["answers"]), "tags": []}
            lines.append(json.dumps(known | told | question, ensure_ascii=False) + "\n")
    (options.out / "gold.jsonl").write_text("".join(lines), encoding="utf8")


if __name__ == "__main__":
    main()
