"""The README cannot lie: what it shows printed is what is printed, and what it names is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from navo_qa.cli.tree import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SHIPPED = os.environ | {"NAVO_QA_READER": "navo-reader"}  # conftest.py asks for no network
SHOWN = re.findall(r"```console\n\$ (navo-qa .+)\n((?:(?!```).*\n)+)```", README)


def words(text: str) -> list[str]:
    """The words that stay the same from machine to machine: no box drawing, no scores, no percentages."""
    return re.findall(r"[^\W\d_]{2,}", text)


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_shown_output_is_what_is_printed(shipped_index: Path, command: str, printed: str) -> None:
    """Run as shown, over the shipped corpus."""
    arguments = [sys.executable, "-m", "navo_qa.cli", *shlex.split(command)[1:], "--index", str(shipped_index)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, env=SHIPPED)
    assert words(done.stdout) == words(printed)


def test_something_is_shown() -> None:
    """A question with its answer stands in the README."""
    assert any(command.startswith("navo-qa ask") for command, _ in SHOWN)


def test_commands_and_options_exist() -> None:
    """Every command that the README names is one of the command line's."""
    named = set(re.findall(r"^ +navo-qa (\w+)", README, re.MULTILINE)) | {c.split()[1] for c, _ in SHOWN}
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {group.name for group in app.registered_groups if isinstance(group.name, str)}
    assert named and named <= known


def test_files_exist() -> None:
    """Every file that it links to or shows is in the repository."""
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_make_targets_exist() -> None:
    """The two commands of the first lines are targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^ +make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
