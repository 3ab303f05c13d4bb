"""How long does verifying a memo of 100 pages against 10,000 passages take? Prints seconds by step, as JSON.

"cpu_s" is what the process itself used, in one thread: on a busy machine the clock says more.

The corpus is the shipped one with its words shuffled into as many documents as it takes; the memo quotes it, every
third quotation altered.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from navo_qa.cite.manuscript import read_markdown
from navo_qa.cite.shelf import Shelf
from navo_qa.cite.verify import Verifier
from navo_qa.errors import NotFound
from navo_qa.text.normalise import normalise
from navo_qa.types import Document, Kind, Passage, sha256

ROOT = Path(__file__).parents[2]
PASSAGES, LENGTH, PAGES, WORDS = 10_000, 800, 100, 450


def main() -> None:
    """Print the seconds."""
    random.seed(7)
    words = " ".join(normalise(path.read_text("utf-8")).text for path in sorted(ROOT.glob("corpus/*.md"))).split()
    documents = [document(number, words) for number in range(PASSAGES * LENGTH // 40_000)]
    memo = "\n\n".join(page(documents) for _ in range(PAGES))
    began, spent = time.perf_counter(), time.process_time()
    shelf = Shelf(documents)
    shelf.exact("drie woorden hier")
    built = time.perf_counter()
    findings = Verifier(shelf, passage).verify(read_markdown(memo))
    done, cpu = time.perf_counter(), time.process_time()
    measured = {
        "passages": sum(len(d.text) for d in documents) // LENGTH,
        "memo_words": len(memo.split()),
        "findings": len(findings),
        "unsound": sum(not finding.sound for finding in findings),
        "index_s": round(built - began, 2),
        "verify_s": round(done - built, 2),
        "total_s": round(done - began, 2),
        "cpu_s": round(cpu - spent, 2),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


def document(number: int, words: list[str]) -> Document:
    """A document of 40,000 characters: stretches of the corpus in an order of its own."""
    parts: list[str] = []
    while sum(map(len, parts)) < 40_000:
        at = random.randrange(len(words) - 12)  # noqa: S311
        parts.append(" ".join(words[at : at + random.randrange(4, 12)]) + " ")  # noqa: S311
    text = "".join(parts)
    return Document(f"d{number}", f"Document {number} van de meting", Kind.REPORT, "nl", text, sha256(text), "", "", "")


def page(documents: list[Document]) -> str:
    """A page of 450 words with five quotations, every third altered."""
    lines: list[str] = []
    for i in range(5):
        source = random.choice(documents)  # noqa: S311
        at = random.randrange(len(source.text) - 400)  # noqa: S311
        quote = source.text[at : at + 220].split()[1:-1]
        if i % 3 == 0:
            quote[len(quote) // 2] = "citroengeel"
        filler = " ".join(random.choice(documents).text[at : at + 450].split()[1:-1])  # noqa: S311
        words = " ".join(quote).replace("“", "").replace("”", "")
        lines.append(f"{filler}\n\nDe minister schreef: “{words}” [@{source.id}].")
    return "\n\n".join(lines)


def passage(passage_id: str) -> Passage:
    """No passage: the memo cites documents."""
    raise NotFound("passage", passage_id)


if __name__ == "__main__":
    main()
