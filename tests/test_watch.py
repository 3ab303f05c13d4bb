"""Tests of watch.py: a build for every change that has come to rest, and none without."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.errors import IndexNotFound
from navo_qa.index.snapshot import open_snapshot
from navo_qa.watch import look, watch


def steps(*changes: Callable[[], object]) -> Callable[[], bool]:
    """Return a pause that makes a change each time, and stops after the last."""
    left = list(changes)

    def pause() -> bool:
        if left:
            left.pop(0)()
            return True
        return False

    return pause


def nothing() -> None:
    """Change nothing."""


def test_what_is_dropped_in_is_in_the_index(tmp_path: Path) -> None:
    """A file that is dropped into the folder is a document once it rests, and gone once it is removed."""
    folder, index = tmp_path / "map", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text("Tekst een.")
    found: list[int] = []

    def rebuild() -> None:
        build([folder], index, HashingEncoder())
        found.append(len(open_snapshot(index).collection.listings()))

    drop = folder / "b.txt"
    watch([folder], rebuild, steps(nothing, lambda: drop.write_text("Tekst twee."), nothing, drop.unlink, nothing))
    assert found == [1, 2, 1]


def test_no_build_while_a_file_grows(tmp_path: Path) -> None:
    """A file that still changes between two looks is waited for; without a change nothing is built again."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    builds: list[int] = []
    grow = [lambda n=n: path.write_text("x" * n) for n in (2, 3, 4)]
    watch([tmp_path], lambda: builds.append(path.stat().st_size), steps(*grow, nothing, nothing, nothing))
    assert builds == [4]


def test_look(tmp_path: Path) -> None:
    """Hidden files and Word's lock files are not seen; a loop of links ends; a folder that is gone is empty."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".b.txt").write_text("x")
    (tmp_path / "~$c.docx").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [Path(path).name for path in look([tmp_path])] == ["a.txt"]
    assert look([tmp_path / "weg"]) == {}


def test_the_command_keeps_the_newer_of_two_versions(tmp_path: Path) -> None:
    """`watch --replace`, a process of its own: a version dropped in takes the older one's place until Ctrl-C."""
    folder, index = tmp_path / "map", tmp_path / "index"
    folder.mkdir()
    text = "De minister zegt aan het fonds in 2024 een bijdrage van EUR {} miljoen toe."
    (folder / "nota_v1.0.md").write_text(text.format(35), "utf-8")
    command = [sys.executable, "-m", "navo_qa.cli", "watch", str(folder), "--index", str(index), "--replace"]
    with subprocess.Popen([*command, "--interval", "0.1"], stderr=subprocess.PIPE, text=True) as process:
        try:
            _until(lambda: held(index) == ["nota_v1.0"])
            (folder / "nota_v2.0.md").write_text(text.format(100), "utf-8")
            _until(lambda: held(index) == ["nota_v2.0"])
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert "Traceback" not in said


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """`watch` ends at once and says which, also beside one that is there."""
    command = [sys.executable, "-m", "navo_qa.cli", "watch", str(tmp_path), str(tmp_path / "weg"), "--index", "x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 3 and f"{tmp_path / 'weg'}: cannot be read (there is no such folder)" in done.stderr
    assert not (tmp_path / "x").exists()


def held(index: Path) -> list[str]:
    """Return the documents that are searched, none while there is no index."""
    try:
        return [listing.id for listing in open_snapshot(index).collection.listings()]
    except IndexNotFound:
        return []


def _until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise TimeoutError
