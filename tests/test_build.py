"""A build gives the new index or leaves the old: whoever is killed, builds at the same time, or fills the disk."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from navo_qa.build import BuildSummary, build, encoded_text
from navo_qa.chunk import Chunking, passage_sentences, spoken_texts
from navo_qa.encode import HashingEncoder
from navo_qa.errors import BuildInProgress, NoDocuments, WriteFailed
from navo_qa.index.publish import BUILDING
from navo_qa.index.snapshot import SNAPSHOTS, check, current, open_snapshot
from navo_qa.vectors import Vectors

PLACES = ("Ankara", "Antalya", "Brussel", "Oslo", "Vilnius", "Washington")


def write_corpus(folder: Path, version: str, places: Sequence[str] = PLACES) -> Path:
    folder.mkdir(exist_ok=True)
    for place in places:
        (folder / f"{place}.md").write_text(
            f"# Verslag van de bijeenkomst in {place}\n\nDe bondgenoten bespraken versie {version}.\n\n"
            + "\n\n".join(
                f"Paragraaf {n} over defensie-uitgaven in {place}, afschrikking en steun aan Oekraïne. " * 5
                for n in range(6)
            ),
            "utf-8",
        )
    return folder


class CountingEncoder(HashingEncoder):
    """The hashing encoder, which remembers what it was given."""

    def __init__(self, dim: int = 32) -> None:
        super().__init__(dim)
        self.given: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors, and remember the texts."""
        self.given += texts
        return super().encode_passages(texts)


@contextmanager
def run(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Yield a script's process, which is over afterwards; one thread a library, so that it may fork."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_build_is_counted_and_reported(tmp_path: Path) -> None:
    """The summary counts what the index holds, and progress counts up to it, stage by stage."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    (corpus / "leeg.md").write_text("")
    (corpus / "kopie.md").write_bytes((corpus / "Oslo.md").read_bytes())
    last: dict[str, tuple[int, int | None]] = {}

    def hear(stage: str, done: int, total: int | None, pages: int = 0) -> None:
        assert done > last.get(stage, (0, None))[0]
        last[stage] = (done, total)

    summary = build([corpus], tmp_path / "index", HashingEncoder(32), progress=hear)
    snapshot = open_snapshot(tmp_path / "index")
    assert summary.documents == len(PLACES) == len(snapshot.collection.listings())
    assert summary.passages == summary.encoded == len(snapshot.vectors) > len(PLACES)
    assert [problem.path.name for problem in summary.problems] == ["leeg.md"] and len(summary.copies) == 1
    assert summary.changed and summary.snapshot == snapshot.name and summary.seconds > 0
    assert last["read"] == (len(PLACES) + 2, len(PLACES) + 2)
    assert last["encode"] == last["words"] == (summary.passages, summary.passages)
    snapshot.close()


def test_vectors_are_those_of_context_and_slice(tmp_path: Path) -> None:
    """Row i holds the vector of passage i: its context, then its slice."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    encoder = HashingEncoder(32)
    build([corpus], tmp_path / "index", encoder)
    snapshot = open_snapshot(tmp_path / "index")
    texts = [encoded_text(document, part) for document, parts in snapshot.collection.walk() for part in parts]
    np.testing.assert_allclose(
        snapshot.vectors.vectors(np.arange(len(texts))), encoder.encode_passages(texts), rtol=1e-6
    )
    assert snapshot.manifest.encoder.fingerprint == encoder.fingerprint
    snapshot.close()


def test_sentences_are_those_of_their_passage(tmp_path: Path) -> None:
    """Row i holds the sentences of passage i, each encoded with its heading, as float16; also when they are reused."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    encoder = HashingEncoder(32)
    build([corpus], tmp_path / "index", encoder)
    (corpus / "Praag.md").write_text("# Praag\n\nEen nieuw verslag.", "utf-8")
    build([corpus], tmp_path / "index", encoder)
    snapshot = open_snapshot(tmp_path / "index")
    parts = [(document, part) for document, found in snapshot.collection.walk() for part in found]
    for row, (document, part) in enumerate(parts):
        spans, vectors = snapshot.sentences.sentences(row)
        assert spans == passage_sentences(part)
        np.testing.assert_allclose(vectors, encoder.encode_passages(spoken_texts(document, part)), atol=1e-3)
    assert snapshot.manifest.counts.sentences == len(snapshot.sentences)


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    """A second build encodes the passages that no earlier one had, of changed and of new documents."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    first = build([corpus], tmp_path / "index", CountingEncoder())
    changed = (corpus / "Oslo.md").read_text("utf-8").replace("Paragraaf 5", "Alinea 5", 1)
    (corpus / "Oslo.md").write_text(changed, "utf-8")
    (corpus / "Praag.md").write_text("# Praag\n\nEen nieuw verslag.", "utf-8")
    encoder = CountingEncoder()
    second = build([corpus], tmp_path / "index", encoder)
    assert second.encoded == 2 and second.reused == first.passages - 1
    snapshot = open_snapshot(tmp_path / "index")
    parts = [(document, part) for document, found in snapshot.collection.walk() for part in found]
    new = [(document, part) for document, part in parts if "Alinea 5" in part.text or "nieuw" in part.text]
    assert len(encoder.given) == sum(1 + len(spoken_texts(*each)) for each in new)
    assert any("Alinea 5" in text for text in encoder.given) and any("nieuw" in text for text in encoder.given)
    assert check(tmp_path / "index").ok


def test_nothing_new_keeps_the_snapshot(tmp_path: Path) -> None:
    """A build of the same files with the same settings changes nothing; any other setting does."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    first = build([corpus], tmp_path / "index", CountingEncoder())
    again = build([corpus], tmp_path / "index", CountingEncoder())
    assert not again.changed and again.snapshot == first.snapshot == current(tmp_path / "index")
    assert (again.encoded, again.reused) == (0, first.passages)
    shorter = build([corpus], tmp_path / "index", CountingEncoder(), chunking=Chunking(target=300, max=400, min=100))
    assert shorter.changed and shorter.passages > first.passages
    graph = build([corpus], tmp_path / "index", CountingEncoder(), engine="hnsw")
    assert graph.changed and open_snapshot(tmp_path / "index").manifest.vectors.engine == "hnsw"


def test_another_encoder_reuses_nothing(tmp_path: Path) -> None:
    """Vectors of another encoder are no use, even of the same dimension."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    build([corpus], tmp_path / "index", CountingEncoder())
    other = CountingEncoder()
    other.fingerprint = "another"
    summary = build([corpus], tmp_path / "index", other)
    assert summary.changed and summary.encoded == summary.passages and summary.reused == 0


def test_a_damaged_index_is_replaced(tmp_path: Path) -> None:
    """Building over a damaged index makes it whole, and takes no vector from it."""
    corpus = write_corpus(tmp_path / "corpus", "een")
    build([corpus], tmp_path / "index", CountingEncoder())
    vectors = next((tmp_path / "index" / SNAPSHOTS).glob("*/vectors.faiss"))
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    summary = build([corpus], tmp_path / "index", CountingEncoder())
    assert summary.changed and summary.reused == 0 and check(tmp_path / "index").ok


def test_two_snapshots_are_kept(tmp_path: Path) -> None:
    """The snapshot before stays for whoever is opening it; older ones, and what dead builds left, go."""
    dead = tmp_path / "index" / SNAPSHOTS / f"{BUILDING}1"
    dead.mkdir(parents=True)
    (dead / "half.sqlite").write_text("half")
    names = [
        build([write_corpus(tmp_path / "corpus", str(n), PLACES[:1])], tmp_path / "index", HashingEncoder(32)).snapshot
        for n in range(4)
    ]
    assert {path.name for path in (tmp_path / "index" / SNAPSHOTS).iterdir()} == set(names[2:])
    assert current(tmp_path / "index") == names[3]


def test_nothing_to_read_leaves_the_index(tmp_path: Path) -> None:
    """A corpus without a document raises, and the earlier index stands."""
    build([write_corpus(tmp_path / "corpus", "een")], tmp_path / "index", HashingEncoder(32))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoDocuments):
        build([tmp_path / "empty"], tmp_path / "index", HashingEncoder(32))
    assert check(tmp_path / "index").ok


KILLS = """
import os, random, signal, sys, time
from pathlib import Path
from navo_qa.build import build, check, open_snapshot
from navo_qa.encode import HashingEncoder
from navo_qa.vectors import Vectors

index, *corpora = map(Path, sys.argv[1:])
random.seed(7)

def forked(work):
    child = os.fork()
    if child:
        return child
    try:
        os._exit(work() or 0)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(99)

def make(corpus):
    build([corpus], index, HashingEncoder(32))

def version():
    report = check(index)
    if not report.ok:
        print(report.problems, file=sys.stderr, flush=True)
        return 98
    snapshot = open_snapshot(index)
    texts = [snapshot.collection.document(listing.id).text for listing in snapshot.collection.listings()]
    found = {1 if "versie een." in text else 2 if "versie twee." in text else 3 for text in texts}
    return found.pop() if len(found) == 1 and len(texts) == 6 else 97

def outcome(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

assert outcome(forked(lambda: make(corpora[0]))) == 0
before = outcome(forked(version))
assert before == 1
started = time.monotonic()
assert outcome(forked(lambda: make(corpora[1]))) == 0
took = time.monotonic() - started
before = 2
for _ in range(50):
    target = 3 - before
    child = forked(lambda: make(corpora[target - 1]))
    time.sleep(random.uniform(0, 1.1 * took))
    os.kill(child, signal.SIGKILL)
    killed = outcome(child)
    found = outcome(forked(version))
    print(killed, before, target, found, flush=True)
    before = found if found in (1, 2) else before
"""


def test_killed_builds_leave_the_old_or_the_new(tmp_path: Path) -> None:
    """Killed at 50 random moments, a build leaves an index that is sound and wholly the old or wholly the new one."""
    corpora = [write_corpus(tmp_path / version, version) for version in ("een", "twee")]
    with run(KILLS, tmp_path / "index", *corpora) as process:
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    rounds = [tuple(map(int, line.split())) for line in output.splitlines()]
    assert len(rounds) == 50
    assert all(found in (before, target) for _, before, target, found in rounds), (rounds, errors)
    assert sum(killed == -9 for killed, *_ in rounds) > 25
    summary = build([corpora[0]], tmp_path / "index", HashingEncoder(32))
    kept = [path.name for path in (tmp_path / "index" / SNAPSHOTS).iterdir()]
    assert len(kept) <= 2 and summary.snapshot in kept and check(tmp_path / "index").ok


HELD = """
import sys
from pathlib import Path
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.vectors import Vectors

class SlowEncoder(HashingEncoder):
    def encode_passages(self, texts):
        print("encoding", flush=True)
        sys.stdin.readline()
        return super().encode_passages(texts)

print(build([Path(sys.argv[1])], Path(sys.argv[2]), SlowEncoder(32)).snapshot)
"""

WAITING = """
import sys
from pathlib import Path
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.vectors import Vectors

sys.stdin.readline()
print("waiting", flush=True)
print(build([Path(sys.argv[1])], Path(sys.argv[2]), HashingEncoder(32), wait=True).snapshot)
"""


def test_two_builds_at_once(tmp_path: Path) -> None:
    """While one process builds, another says who does, or waits for it; both end with a sound index."""
    corpora = [write_corpus(tmp_path / version, version) for version in ("een", "twee")]
    index = tmp_path / "index"
    with run(HELD, corpora[0], index) as first, run(WAITING, corpora[1], index) as second:
        assert first.stdout.readline() == "encoding\n"  # type: ignore[union-attr]
        with pytest.raises(BuildInProgress, match=rf"process {first.pid} since .* wait for it, or build with --wait"):
            build([corpora[1]], index, HashingEncoder(32))
        second.stdin.write("\n")  # type: ignore[union-attr]
        second.stdin.flush()  # type: ignore[union-attr]
        assert second.stdout.readline() == "waiting\n"  # type: ignore[union-attr]
        finished, errors = first.communicate("\n" * 20, timeout=60)
        assert first.returncode == 0, errors
        waited, errors = second.communicate(timeout=60)
        assert second.returncode == 0, errors
    assert current(index) == waited.strip() and check(index).ok
    kept = {path.name for path in (index / SNAPSHOTS).iterdir()}
    assert kept == {waited.strip(), finished.split()[-1]}


def test_opening_while_builds_flip(tmp_path: Path) -> None:
    """Whoever opens while builds flip and prune gets a whole snapshot each time, and keeps what it opened."""
    corpora = [write_corpus(tmp_path / version, version, PLACES[:1]) for version in ("een", "twee")]
    index = tmp_path / "index"
    build([corpora[0]], index, HashingEncoder(32))
    opened = open_snapshot(index)
    names = set()
    with run(FLIPS, index, *corpora) as process:
        while process.poll() is None:
            snapshot = open_snapshot(index)
            names.add(snapshot.name)
            assert snapshot.collection.passages(snapshot.lexical.search("bondgenoten versie", 3)[1])
            snapshot.close()
        assert process.returncode == 0, process.communicate()[1]
    assert len(names) > 2 and opened.name not in os.listdir(index / SNAPSHOTS)
    assert "versie een" in opened.collection.document(opened.collection.listings()[0].id).text
    opened.close()


FLIPS = """
import sys
from pathlib import Path
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.vectors import Vectors

index, *corpora = map(Path, sys.argv[1:])
for turn in range(12):
    build([corpora[(turn + 1) % 2]], index, HashingEncoder(32))
"""

FULL = """
import json, os, resource, sys
from pathlib import Path
from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.vectors import Vectors
from navo_qa.errors import NavoError
from navo_qa.vectors import Vectors

corpus, index, *limits = sys.argv[1:]
for limit in map(int, limits):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        continue
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        build([Path(corpus)], Path(index), HashingEncoder(32))
        said = ["built", ""]
    except BaseException as error:
        said = [type(error).__name__, str(error)]
    os.write(1, (json.dumps([limit, *said]) + "\\n").encode())
    os._exit(0)
"""


def test_a_full_disk_leaves_the_old_index(tmp_path: Path) -> None:
    """Whichever file no longer fits, the build says so in a sentence, cleans up, and the earlier index stands."""
    index = tmp_path / "index"
    before = build([write_corpus(tmp_path / "een", "een")], index, HashingEncoder(32)).snapshot
    sizes = sorted({record.size for record in open_snapshot(index).manifest.files.values()})
    limits = sorted({0, 100, *(size - 1 for size in sizes), *(size + 10 for size in sizes[:-1])})
    with run(FULL, write_corpus(tmp_path / "twee", "twee"), index, *limits) as process:
        output, errors = process.communicate(timeout=120)
    rounds = [json.loads(line) for line in output.splitlines()]
    assert len(rounds) == len(limits) and process.returncode == 0, errors
    for _, kind, message in rounds:
        assert kind == "WriteFailed" and "the earlier index still stands" in message, rounds
    assert current(index) == before and check(index).ok
    assert [path.name for path in (index / SNAPSHOTS).iterdir()] == [before]


@pytest.mark.parametrize(
    "spoil",
    [lambda index: index.write_text("a file"), lambda index: (index.mkdir(), (index / SNAPSHOTS).write_text("a file"))],
)
def test_a_place_that_takes_no_index(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    """Where a file stands in the way, the sentence names the folder."""
    spoil(tmp_path / "index")
    with pytest.raises(WriteFailed, match="index cannot be written"):
        build([write_corpus(tmp_path / "een", "een")], tmp_path / "index", HashingEncoder(32))


def test_summary_is_what_the_commands_print() -> None:
    """The summary's fields are the names in `build --json`."""
    assert set(BuildSummary.__slots__) == {
        "snapshot", "changed", "documents", "passages", "encoded", "reused", "problems", "copies", "seconds", "pages",
        "remembered", "replaced", "doubts", "read",
    }  # fmt: skip
