"""Reading is remembered: a build that was killed does not read again what it read, and the next reads what is new."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from navo_qa.build import BuildSummary, build
from navo_qa.encode import HashingEncoder
from navo_qa.index.snapshot import open_snapshot
from navo_qa.ingest import Copy, read_corpus
from navo_qa.ingest.cache import CACHE, ReadCache
from navo_qa.ingest.corpus import wording
from navo_qa.types import Document
from pdf_files import Put, pdf

ROOT = Path(__file__).parents[1]
KILLED = """
import sys
from pathlib import Path
from navo_qa.build import build
from navo_qa.encode import HashingEncoder

def hear(stage, done, total, pages=0):
    print(stage, done, total, pages, flush=True)
    if stage == "read" and done == 7:
        sys.stdin.read()  # until it is killed

build([Path(sys.argv[1])], Path(sys.argv[2]), HashingEncoder(32), progress=hear)
"""


def corpus(folder: Path, count: int = 10) -> Path:
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.pdf").write_bytes(pdf([[Put(72, 700, f"Verslag {n} over de bijeenkomst van de ministers.")]]))
    return folder


def built(tmp_path: Path) -> BuildSummary:
    return build([tmp_path / "corpus"], tmp_path / "index", HashingEncoder(32))


def test_a_killed_build_goes_on(tmp_path: Path) -> None:
    """After SIGKILL in the midst of reading, the next build reads only what the dead one had not."""
    corpus(tmp_path / "corpus")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "corpus"), str(tmp_path / "index")],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().split() for _ in range(7)]
        process.send_signal(signal.SIGKILL)
    assert said[-1] == ["read", "7", "10", "7"]
    summary = built(tmp_path)
    assert (summary.documents, summary.remembered, summary.pages) == (10, 7, 10)
    whole = {found.id: found for found in read_corpus([tmp_path / "corpus"]) if isinstance(found, Document)}
    kept = open_snapshot(tmp_path / "index").collection
    assert {name: kept.document(name) for name in whole} == whole


def test_what_is_remembered(tmp_path: Path) -> None:
    """Only the same bytes under the same name with the same catalogue row are; what is gone is forgotten."""
    folder = corpus(tmp_path / "corpus", 4)
    assert built(tmp_path).remembered == 0
    assert built(tmp_path).remembered == 4
    (folder / "0.pdf").rename(folder / "nul.pdf")
    (folder / "1.pdf").write_bytes(pdf([[Put(72, 700, "Een andere tekst.")]]))
    (folder / "catalogue.csv").write_text("id,title\n2,Een titel\n")
    os.utime(folder / "3.pdf", (0, 0))
    assert built(tmp_path).remembered == 1
    assert open_snapshot(tmp_path / "index").collection.document("2").title == "Een titel"
    (folder / "3.pdf").unlink()
    built(tmp_path)
    with sqlite3.connect(tmp_path / "index" / CACHE) as connection:
        assert connection.execute("SELECT count(*) FROM read").fetchone() == (3,)
    connection.close()


@pytest.mark.parametrize("damage", [b"geen sqlite" * 100, b""])
def test_a_damaged_cache_costs_time_only(tmp_path: Path, damage: bytes) -> None:
    """It is made anew; a document in it that is not what was stored is read again."""
    corpus(tmp_path / "corpus", 2)
    built(tmp_path)
    cache = tmp_path / "index" / CACHE
    with sqlite3.connect(cache) as connection:
        connection.execute("UPDATE read SET document = zeroblob(10)")
    connection.close()
    assert built(tmp_path).documents == 2
    for path in tmp_path.glob("index/read.sqlite*"):
        path.unlink()
    cache.write_bytes(damage)
    assert built(tmp_path).documents == 2


def test_reading_takes_no_more_memory_for_more_files(tmp_path: Path) -> None:
    """The process that reads grows by far less than the texts of a hundred files."""
    script = (
        "import resource, sys; from pathlib import Path; from readers import huge\n"
        "from navo_qa.ingest.cache import ReadCache; from navo_qa.ingest.parallel import read_all\n"
        "files = sorted(Path(sys.argv[1]).iterdir())\n"
        "with ReadCache(Path(sys.argv[2])) as cache:\n"
        "    for n, found in enumerate(read_all(huge, [(file, None) for file in files], 1, cache), 1):\n"
        "        if n == 5: first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first)"
    )
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(100):
        (folder / f"{n}.txt").write_text(str(n))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["tests", *sys.path])}
    command = [sys.executable, "-c", script, str(folder), str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    count, grown = map(int, done.stdout.split())
    assert count == 100 and grown < 30_000  # kB; the texts are 200 MB


def test_one_text_by_its_wording(tmp_path: Path) -> None:
    """Line ends, hyphens and quotation marks tell no texts apart; a figure does."""
    one = "De „bijdrage” van EUR 1,5 mln.\n\nis na de NAVO-top toegezegd."
    assert wording(one) == wording('De "bijdrage" van\u00a0EUR 1,5 mln. is na de NAVO\u2011top toe-\ngezegd.')
    assert wording(one) != wording(one.replace("1,5", "15"))
    (tmp_path / "a.txt").write_text(one)
    (tmp_path / "b.html").write_text("<p>De “bijdrage” van EUR 1,5 mln. is na de NAVO-top</p><p>toegezegd.</p>")
    assert [type(found) for found in read_corpus([tmp_path])] == [Document, Copy]


def test_the_cache_keeps_no_file_that_changed(tmp_path: Path) -> None:
    """What was read of other bytes than those looked for is not kept under their hash."""
    folder = corpus(tmp_path / "corpus", 1)
    with ReadCache(tmp_path / "cache") as cache:
        key, _ = cache.find(folder / "0.pdf", None)
        (document,) = read_corpus([folder])
        assert key and isinstance(document, Document)
        assert cache.put(key, document) and not cache.put(f"0{key[1:]}" if key[0] != "0" else f"1{key[1:]}", document)
        assert cache.get(key) == document
