"""The commands `cite`, `memo`, `verify` and `ask --memo`, as processes: output, exit codes, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from navo_qa.cli import given
from navo_qa.pipeline import Pipeline
from navo_qa.types import Passage


@pytest.fixture
def passage(hashed: Pipeline) -> Passage:
    """A passage of the report of Antalya."""
    return hashed.snapshot.collection.passages_of("verslag-ifmm-antalya-2025")[2]


@pytest.fixture
def run(hashed_index: Path) -> Any:
    """Runs a command over the shipped corpus."""

    def run(*arguments: str | Path, **given: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "navo_qa.cli", *map(str, arguments)]
        env = os.environ | {"NAVO_QA_INDEX": str(hashed_index), "COLUMNS": "200"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, **given)
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


def test_cite(run: Any, passage: Passage) -> None:
    """Official form, reference manager, both languages; an unknown passage or style is one sentence."""
    assert run("cite", passage.id).stdout.startswith("Brief van de minister van Buitenlandse Zaken C.C.J. Veldkamp")
    assert "Letter from the Minister" in run("cite", passage.id, "--language", "en").stdout
    assert run("cite", passage.id, "--style", "ris").stdout.startswith("TY  - RPRT")
    shown = json.loads(run("cite", passage.id, "--style", "apa", "--json").stdout)
    assert shown["text"].startswith("Veldkamp, C. C. J. (2025, 23 mei).")
    unknown = run("cite", "../../etc/passwd")
    assert (
        unknown.returncode == 2 and 'no passage "../../etc/passwd"' in unknown.stderr and "/v1/" not in unknown.stderr
    )
    assert run("cite", passage.id, "--style", "zalig").returncode == 2


def test_verify_fails_a_build_on_a_wrong_quote(run: Any, passage: Passage, tmp_path: Path) -> None:
    """0 where everything is sound, 8 where not; text, JSON and HTML."""
    quote = passage.text.split("\n\n")[-1].split(". ")[0]
    memo = tmp_path / "memo.md"
    memo.write_text(f"# Memo\n\n„{quote}” [@{passage.id}].\n")
    good = run("verify", memo)
    assert good.returncode == 0 and "regel 3: letterlijk" in good.stdout and "1 in orde, 0 niet in orde" in good.stdout
    own = quote.split()
    memo.write_text(f"# Memo <b>\n\n„{' '.join([*own[:3], '<script>fout</script>', *own[4:]])}” [@{passage.id}].\n")
    report = tmp_path / "verslag.html"
    bad = run("verify", memo, "--html", report, "--language", "en")
    assert bad.returncode == given.NOT_SOUND and "altered" in bad.stdout
    assert "<script" not in report.read_text("utf-8") and "<del>" in report.read_text("utf-8")
    [found] = json.loads(run("verify", memo, "--json").stdout)["findings"]
    assert found["verdict"] == "altered" and found["line"] == 3 and found["source"]["url"].startswith("/d/verslag-ifmm")


def test_memo(run: Any, passage: Passage, tmp_path: Path) -> None:
    """Made, or refused with the line."""
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    memo = tmp_path / "memo.md"
    memo.write_text(f"Zin [@{passage.id}].\n\nNog een [@geen].\n")
    refused = run("memo", memo, "-o", tmp_path / "uit.docx")
    assert refused.returncode == 3 and "line 3: [@geen]" in refused.stderr
    assert run("memo", memo, "-o", tmp_path / "uit.docx", "--missing", "mark").returncode == 0
    assert (tmp_path / "uit.docx").read_bytes()[:2] == b"PK"
    for output, said in ((tmp_path / "uit.exe", ".docx"), (memo, "overwritten")):
        assert said in run("memo", memo, "-o", output).stderr
    assert run("memo", tmp_path / "weg.md", "-o", tmp_path / "x.docx").returncode == 3


def test_ask_appends_to_a_memo(run: Any, tmp_path: Path) -> None:
    """Quote and mark, which then verify; nothing where there is no answer."""
    memo = tmp_path / "memo.md"
    memo.write_text("# Memo\n")
    question = "Hoeveel trok Nederland in december 2025 uit voor PURL?"
    assert run("ask", question, "--threshold", "0", "--memo", memo).returncode == 0
    text = memo.read_text("utf-8")
    assert text.startswith("# Memo\n\n> ") and "[@" in text
    assert run("verify", memo).returncode == 0
    silent = run("ask", question, "--threshold", "1", "--memo", memo)
    assert memo.read_text("utf-8") == text and "nothing appended" in silent.stderr


@pytest.mark.parametrize(("name", "written"), [("memo.md", b"co\xf6rdinatie\n"), ("memo.docx", b"PK\x03\x04\xff")])
def test_a_memo_that_is_no_utf_8_stays_as_it_is(run: Any, tmp_path: Path, name: str, written: bytes) -> None:
    """Neither written back with other letters nor exported with them; with --json that is all that is printed."""
    memo = tmp_path / name
    memo.write_bytes(written)
    asked = run("ask", "Wie was gastheer in Antalya?", "--threshold", "0", "--memo", memo, "--json")
    assert asked.returncode == 3 and json.loads(asked.stdout)["error"]["type"] == "InvalidMemo"
    assert run("memo", memo, "-o", tmp_path / "uit.html").returncode == 3
    assert memo.read_bytes() == written and not (tmp_path / "uit.html").exists()


def test_a_memo_that_cannot_be_written(run: Any, passage: Passage, tmp_path: Path) -> None:
    """The answer's file, a report: one error that names it, and no answer before it in JSON."""
    nowhere = tmp_path / "weg" / "memo.md"
    asked = run("ask", "Wie was gastheer in Antalya?", "--threshold", "0", "--memo", nowhere, "--json")
    assert asked.returncode == 3 and "memo.md cannot be written" in json.loads(asked.stdout)["error"]["detail"]
    (tmp_path / "memo.md").write_text(f"> {passage.text.split('. ')[0]} [@{passage.id}]\n")
    assert "uit.html cannot be written" in run("verify", tmp_path / "memo.md", "--html", nowhere / "uit.html").stderr


def test_a_memo_from_standard_input(run: Any, passage: Passage, tmp_path: Path) -> None:
    """`-` reads it, for both commands; what is no UTF-8, or cannot be read, is one sentence that says where from."""
    quote = passage.text.split("\n\n")[-1].split(". ")[0]
    memo = f"# Eén memo\n\n„{quote}” [@{passage.id}].\n"
    assert "regel 3: letterlijk" in run("verify", "-", input=memo, encoding="utf-8").stdout
    shown = run("verify", "-", "--json", input=f"„{quote} en dus meer” [@{passage.id}].", encoding="utf-8")
    assert shown.returncode == given.NOT_SOUND and json.loads(shown.stdout)["file"] == "standard input"
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    out = tmp_path / "uit.md"
    assert run("memo", "-", "-o", out, input=memo, encoding="utf-8").returncode == 0
    assert "Eén memo" in out.read_text("utf-8") and "[^1]:" in out.read_text("utf-8")
    latin = tmp_path / "latin.md"
    latin.write_bytes(b"co\xf6rdinatie\n")
    for arguments in (("verify", "-"), ("memo", "-", "-o", tmp_path / "latin.html")):
        with latin.open("rb") as stdin:
            refused = run(*arguments, stdin=stdin)
        assert refused.returncode == 3 and "standard input is n" in refused.stderr and "UTF-8" in refused.stderr
    assert not (tmp_path / "latin.html").exists()
    closed = run("verify", "-", preexec_fn=lambda: os.close(0))
    assert closed.returncode == 3 and "standard input cannot be read" in closed.stderr
