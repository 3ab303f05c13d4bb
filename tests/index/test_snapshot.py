"""An index folder is opened whole or not at all, and a check looks at every byte and every row."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import DamagedIndex, IndexNotFound, IndexVersion
from navo_qa.index.snapshot import MANIFEST, SNAPSHOTS, check, current, open_snapshot, record_files

TEXT = """# Verslag van de NAVO-top in {place}

Op 24 en 25 juni 2025 vond de NAVO-top plaats in {place}. De bondgenoten bespraken de defensie-uitgaven.

Nederland benadrukte het belang van afschrikking en verdediging, en van steun aan Oekraïne.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus, index = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("index")
    for place in ("Ankara", "Vilnius"):
        (corpus / f"{place}.md").write_text(TEXT.format(place=place), "utf-8")
    build([corpus], index, HashingEncoder(32))
    return index


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "index"))


def folder(index: Path) -> Path:
    return index / SNAPSHOTS / current(index)


def test_what_was_built_is_sound(index: Path) -> None:
    """A fresh index opens, with or without hashes looked at, and its check finds nothing."""
    report = check(index)
    assert report.ok and report.problems == () and report.manifest is not None
    snapshot = open_snapshot(index, verify=True)
    counts = snapshot.manifest.counts
    assert counts.documents == 2
    assert counts.passages == len(snapshot.collection) == len(snapshot.vectors) == len(snapshot.lexical)
    assert snapshot.name == current(index) and snapshot.folder == folder(index)
    snapshot.close()


def test_rows_are_one_passage_everywhere(index: Path) -> None:
    """A row found by its words, and by its vector, is the passage of that row in the collection."""
    snapshot = open_snapshot(index)
    row = int(snapshot.lexical.search("Vilnius", 1)[1][0])
    passage = snapshot.collection.passages([row])[0]
    assert "Vilnius" in passage.text
    vector = snapshot.vectors.vectors(np.array([row]))
    assert snapshot.vectors.search(vector, 1)[1].tolist() == [[row]]
    snapshot.close()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(bytes(content))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "emptied": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "flipped": flip,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_noticed(index: Path, damage: str) -> None:
    """Whichever file is damaged in whichever way, the check says which; opening never gives a broken index."""
    whole = folder(index)
    for name in sorted(record_files(whole)):
        kept = (whole / name).read_bytes()
        DAMAGE[damage](whole / name)
        report = check(index)
        assert not report.ok and any(name in problem for problem in report.problems)
        with pytest.raises(DamagedIndex, match=name.replace(".", r"\.")):
            open_snapshot(index, verify=True)
        if damage != "flipped":
            with pytest.raises(DamagedIndex, match=name.replace(".", r"\.")):
                open_snapshot(index)
        (whole / name).write_bytes(kept)
    assert check(index).ok


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_manifest_is_noticed(index: Path, damage: str) -> None:
    """A manifest that is not what was written opens nothing."""
    DAMAGE[damage](folder(index) / MANIFEST)
    if damage == "truncated":  # its last byte is a line's end
        assert check(index).ok
    else:
        assert not check(index).ok
        with pytest.raises(DamagedIndex):
            open_snapshot(index, verify=True)


def test_rows_that_do_not_agree_are_noticed(index: Path, built: Path, tmp_path: Path) -> None:
    """Parts of two snapshots put together are found out, even when the manifest vouches for each file."""
    corpus = tmp_path / "other"
    corpus.mkdir()
    for place in ("Oslo", "Ankara"):
        (corpus / f"{place}.md").write_text(TEXT.format(place=place), "utf-8")
    build([corpus], tmp_path / "mixed", HashingEncoder(32))
    for part in ("collection.sqlite", "lexical", "vectors.keys"):
        mixed = Path(shutil.copytree(index, tmp_path / f"with {part}"))
        target, source = folder(mixed) / part, folder(tmp_path / "mixed") / part
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        manifest = json.loads((folder(mixed) / MANIFEST).read_bytes())
        manifest["files"] = {name: record.model_dump() for name, record in record_files(folder(mixed)).items()}
        (folder(mixed) / MANIFEST).write_text(json.dumps(manifest), "utf-8")
        assert any("rows are not the collection's" in problem for problem in check(mixed).problems)


@pytest.mark.parametrize("pointer", [b"", b"../elsewhere\n", b"gone\n", b"\xff", b".building-1\n"])
def test_a_damaged_pointer_is_noticed(index: Path, pointer: bytes) -> None:
    """A pointer to nothing is damage, and never leads out of the folder."""
    (index / "CURRENT").write_bytes(pointer)
    with pytest.raises(DamagedIndex):
        open_snapshot(index)
    assert not check(index).ok


def test_where_no_index_is(tmp_path: Path) -> None:
    """A folder without an index, no folder and a file each say how to make one."""
    (tmp_path / "file").write_text("text")
    for place in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(IndexNotFound, match="navo-qa build"):
            open_snapshot(place)


@pytest.mark.parametrize("change", [{"format": 99}, {"analyser": {"fingerprint": "0-old"}}])
def test_another_version_says_so(index: Path, change: dict[str, object]) -> None:
    """An index of another format, or whose terms another analyser made, asks to be built again."""
    path = folder(index) / MANIFEST
    manifest = json.loads(path.read_bytes())
    for key, value in change.items():
        manifest[key] = {**manifest[key], **value} if isinstance(value, dict) else value
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(IndexVersion, match="build it again"):
        open_snapshot(index)


def test_an_open_snapshot_outlives_its_folder(index: Path) -> None:
    """Whoever opened a snapshot can use all of it after it was removed."""
    snapshot = open_snapshot(index)
    shutil.rmtree(index)
    rows = snapshot.lexical.search("Oekraïne afschrikking", 3)[1]
    assert len(rows) and snapshot.collection.passages(rows)
    assert snapshot.vectors.search(np.ones((1, 32), np.float32), 2)[1].min() >= 0
    assert snapshot.collection.document(snapshot.collection.listings()[0].id).text
    snapshot.close()
