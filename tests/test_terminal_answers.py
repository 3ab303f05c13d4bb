"""What `navo-qa ask` shows: the answer marked in its sentence, links, plain lines through a pipe, no steering."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from navo_qa.pipeline import Pipeline
from navo_qa.terminal_answers import UNLIKELY, show_answer
from navo_qa.types import Alternative, Answer
from surrounded_answers import DOCUMENT, QUESTION, said
from tabled_answers import HEAD, ROW, cell, tabled_index

SITE = "http://reports.example:8000"
PIPE: dict[str, object] = {"force_terminal": False, "color_system": "auto"}
ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def shown(pipeline: Pipeline, answer: Answer, **options: object) -> str:
    """What is printed, on a terminal of a hundred columns unless the options say otherwise."""
    file = io.StringIO()
    settings: dict[str, object] = {"force_terminal": True, "color_system": "truecolor", "width": 100} | options
    show_answer(answer, pipeline, SITE, Console(file=file, **settings))  # type: ignore[arg-type]
    return file.getvalue()


def test_the_answer_is_marked_in_its_sentence(hashed: Pipeline) -> None:
    """Alone on a line, then within its sentence, where it alone is underlined."""
    answer = said(hashed, "EUR 100 miljoen")
    text = shown(hashed, answer)
    plain = ESCAPES.sub("", text)
    assert re.search(r"^│ EUR 100 miljoen +│$", plain, re.MULTILINE)
    assert answer.sentence is not None
    assert " ".join(answer.sentence.quote.split()) in " ".join(plain.replace("│", " ").split())
    assert re.findall(r"\x1b\[1;4;[0-9;]*m([^\x1b]+)\x1b", text) == ["EUR 100 miljoen"]
    assert "zekerheid 80%" in plain and "╭─ Antwoord" in plain


def test_a_list_marks_each_part(hashed: Pipeline) -> None:
    """Every member on a line of its own, and each marked in the sentence."""
    answer = said(hashed, "EUR 100 miljoen")
    (made,) = answer.citations
    parts = ((made.start, made.start + 3), (made.start + 4, made.end))
    text = shown(hashed, replace(answer, parts=parts))
    assert re.findall(r"\x1b\[1;4;[0-9;]*m([^\x1b]+)\x1b", text) == ["EUR", "100 miljoen"]
    assert re.search(r"^│ EUR +│\n│ 100 miljoen +│$", ESCAPES.sub("", text), re.MULTILINE)


def test_sources_are_links(hashed: Pipeline) -> None:
    """OSC 8 to the passage on the page, with the hash of its text; none through a pipe or where links are not known."""
    answer = said(hashed, "EUR 100 miljoen")
    (made,) = answer.citations
    links = re.findall(r"\x1b\]8;id=\d+;([^\x1b]+)\x1b\\", shown(hashed, answer))
    assert links[0].startswith(f"{SITE}/d/{DOCUMENT}?sha256={made.sha256}") and links[0].endswith(
        f"#{made.start}-{made.end}"
    )
    assert len(set(links)) == 3  # the answer's and two passages'
    for options in (PIPE, {"color_system": None}):
        assert "\x1b" not in shown(hashed, answer, **options)


def test_through_a_pipe_lines_are_plain_and_whole(hashed: Pipeline) -> None:
    """No boxes, no colours, no breaks within a sentence."""
    answer = said(hashed, "EUR 100 miljoen")
    lines = shown(hashed, answer, **PIPE, width=40).splitlines()
    assert lines[:2] == ["Antwoord", "EUR 100 miljoen"]
    assert answer.sentence is not None and answer.sentence.quote in lines
    assert not set("│╭╰") & set("".join(lines))


def test_no_color_takes_the_colours_only(hashed: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer stays marked, without any colour."""
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(hashed, said(hashed, "EUR 100 miljoen"))
    codes = {code for found in re.findall(r"\x1b\[([0-9;]+)m", text) for code in found.split(";")}
    assert codes <= {"0", "1", "2", "4"} and "4" in codes


def test_a_cell_stands_below_its_head(tmp_path: Path) -> None:
    """In an answer and in what came nearest."""
    pipeline, answer = cell(tabled_index(tmp_path))
    assert f"145\n\n{HEAD}\n{ROW}\n" in shown(pipeline, answer, **PIPE)
    assert f"  {HEAD}\n  {ROW}\n" in shown(pipeline, answer.withheld(None), **PIPE)
    pipeline.snapshot.close()


def test_others_and_silence(hashed: Pipeline) -> None:
    """What other documents say stands below the answer, by year; what was too unsure, below the silence."""
    answer = said(hashed, "EUR 100 miljoen")
    other = Alternative("EUR 10 miljoen", 0.4, date(2023, 5, 31), answer.citations)
    text = shown(hashed, replace(answer, also=(other,)), **PIPE)
    assert "Andere documenten zeggen:\n2023: EUR 10 miljoen  40%\n" in text
    text = shown(hashed, replace(answer, language="en").withheld(date(2025, 5, 14)), **PIPE)
    assert "do not answer" in text and "perhaps:\n2025: EUR 100 miljoen  80%" in text
    hardly = replace(answer, confidence=UNLIKELY / 2).withheld(date(2025, 5, 14))
    text = shown(hashed, hardly, **PIPE)
    assert "geen antwoord" in text and "misschien" not in text


def test_a_real_terminal(hashed_index: Path) -> None:
    """The command itself, on a pseudoterminal: colours, links and boxes, and nothing but those escapes."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "navo_qa.cli", "ask", QUESTION, "-k", "1", "--threshold", "0"]
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    env |= {"TERM": "xterm-256color", "COLUMNS": "100", "NAVO_QA_URL": SITE}
    with subprocess.Popen([*command, "--index", str(hashed_index)], stdout=theirs, env=env) as process:
        os.close(theirs)
        printed = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                printed += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    text = printed.decode()
    assert process.returncode == 0 and "╭─ Antwoord" in text and f"{SITE}/d/" in text
    assert "\x1b" in text and "\x1b" not in ESCAPES.sub("", text)


def test_what_a_document_holds_does_not_steer_the_terminal(hashed: Pipeline) -> None:
    """Escapes in an answer and in its sentence are shown as replaced, markup as it stands."""
    answer = said(hashed, "EUR 100 miljoen")
    hostile = "\x1b]0;owned\x07[bold]\x9b31m\u202etxt"
    other = Alternative(hostile, 0.4, None, answer.citations)
    text = shown(hashed, replace(answer, also=(other,)))
    rest = ESCAPES.sub("", text)
    assert "�]0;owned�[bold]�31m�txt" in rest
    assert not set("\x1b\x07\x9b\u202e") & set(rest)
