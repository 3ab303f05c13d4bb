"""Reads a folder of real files and prints what was found in each, how far its text is from another tool's, and rates.

python eval/bench/formats.py ../shared/data/documents
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from ingest.fidelity import rate  # noqa: E402
from navo_qa.cite.papers import find_papers  # noqa: E402
from navo_qa.ingest import READERS, read_file  # noqa: E402
from navo_qa.ingest.days import find_days  # noqa: E402

ROUNDS = 3


def main(folder: Path) -> None:
    """Print the table and the rates."""
    say = sys.stdout.write
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in READERS)
    say("| file | pages | characters | footnotes | headings | references | dates | letter | meeting | paper | differs |\n")
    say("|---|---|---|---|---|---|---|---|---|---|---|\n")
    for path in files:
        document = read_file(path)
        paper = document.paper
        named = " ".join(filter(None, (paper.chamber, paper.session, paper.dossier, paper.number)))
        cells = (
            path.name,
            len({page.number for page in document.pages}) or "",
            len(document.text),
            len(document.footnotes),
            len(document.headings),
            len(find_papers(document.text)),
            sum(1 for _ in find_days(document.text)),
            document.letter_date or "",
            document.meeting_start or "",
            named,
            differs(path),
        )
        say("| " + " | ".join(map(str, cells)) + " |\n")
    pdfs = [path for path in files if path.suffix.lower() == ".pdf"]
    if pdfs:
        rates(pdfs)


def differs(path: Path) -> str:
    """Return the share of characters that differ from pdftotext's or pandoc's, where that is installed."""
    tool = {".pdf": "pdftotext", ".docx": "pandoc"}.get(path.suffix)
    return f"{rate(path):.2%}" if tool and shutil.which(tool) else ""


def rates(pdfs: list[Path]) -> None:
    """Print pages a second of processor time, the median of some rounds in which both tools take turns."""
    pages = sum(max((page.number for page in read_file(path).pages), default=0) for path in pdfs)
    tool = shutil.which("pdftotext")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        for path in pdfs:
            read_file(path)
        ours.append(pages / (time.process_time() - start))
        start = _of_children()
        for path in pdfs if tool else ():
            subprocess.run([tool, str(path), "-"], capture_output=True, check=True)  # noqa: S603
        theirs.append(pages / ((_of_children() - start) or 1))
    told = f", pdftotext {sorted(theirs)[ROUNDS // 2]:.0f} pages/s" if tool else ", pdftotext is not installed"
    sys.stdout.write(f"\n{pages} pages of {len(pdfs)} PDF files: {sorted(ours)[ROUNDS // 2]:.0f} pages/s{told}\n")


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]))
