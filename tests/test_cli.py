"""The command line as processes: what it prints, its JSON, its exit codes, and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from navo_qa import cli, errors
from navo_qa.api.models import SearchOut
from navo_qa.cli import given

QUESTION = "Hoeveel trok Nederland in december 2025 uit voor PURL?"
REFERENCE = "Kamerstuk 36 850, nr. X-2"


def run(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The finished process."""
    command = [sys.executable, "-m", "navo_qa.cli", *map(str, arguments)]
    env = os.environ | {"COLUMNS": "100", "TERM": "dumb"} | environment
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert "Traceback" not in done.stderr + done.stdout
    return done


def run_json(*arguments: str | Path) -> Any:
    """What the command prints with --json, which is JSON and nothing else."""
    return json.loads(run(*arguments, "--json").stdout)


def test_build_ask_search_and_check(tmp_path: Path) -> None:
    """A folder of two reports becomes an index that answers, from first to last by commands."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "verslag-oslo.txt").write_text(
        "Verslag van de bijeenkomst in Oslo\n\nHet diner was in Oslo op 31 mei 2023.\n"
    )
    (corpus / "leeg.txt").write_text("  \n")
    built = run("build", corpus, "--index", tmp_path / "index", "--encoder", "hashing")
    assert built.returncode == given.LEFT_OUT
    assert "1 documents" in built.stderr and "leeg.txt: holds no text" in " ".join(built.stderr.split())
    again = run("build", corpus, "--index", tmp_path / "index", "--encoder", "hashing", "--json")
    summary = json.loads(again.stdout)
    assert summary["changed"] is False and len(summary["left_out"]) == 1
    assert run("index", "check", "--index", tmp_path / "index").returncode == 0
    answer = run_json("ask", "Waar was het diner?", "--index", tmp_path / "index", "--threshold", "0")
    assert answer["answer"]["text"] == "Het diner was in Oslo op 31 mei 2023."
    assert run_json("search", "diner", "--index", tmp_path / "index")["passages"][0]["rank"] == 1


def test_ask_prints_answer_source_and_passages(hashed_index: Path) -> None:
    """What a person sees in a terminal."""
    shown = run("ask", QUESTION, "--index", hashed_index, "--threshold", "0", "-k", "2")
    assert shown.returncode == 0
    text = " ".join(shown.stdout.split())
    assert (
        "Antwoord" in text and "zekerheid" in text and "1. Feitenoverzicht" in text and REFERENCE.split(",")[0] in text
    )


def test_silence_is_no_error(hashed_index: Path) -> None:
    """Exit code 0, in the question's language."""
    shown = run("ask", "What does a fishing licence cost?", "--index", hashed_index, "--threshold", "1")
    assert shown.returncode == 0 and "These documents do not answer the question." in shown.stdout


def test_the_index_can_be_looked_at(hashed_index: Path) -> None:
    """Manifest and documents, as tables and as JSON."""
    assert "hashing-256" in run("index", "show", "--index", hashed_index).stdout
    assert run_json("index", "show", "--index", hashed_index)["counts"]["documents"] == 5
    listed = run("index", "documents", "--index", hashed_index, COLUMNS="40").stdout.splitlines()
    assert listed[0].startswith("id\tkind\tmeeting") and {line.count("\t") for line in listed} == {6}
    assert "verslag-ifmm-oslo-2023" in [line.split("\t")[0] for line in listed]
    assert len(run_json("index", "documents", "--index", hashed_index)["documents"]) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask", ""], 2, "question is empty"),
        (["ask", "x" * 100_000], 2, "the limit is 2,000"),
        (["ask", "wat", "-k", "0"], 2, "top_k is 0"),
        (["ask", "wat", "-k", "10000"], 2, "1 to 100"),
        (["ask", "wat", "--kind", "novel"], 2, "novel"),
        (["ask", "wat", "--document", "geen"], 2, "known are agenda-ifmm-antalya-2025"),
        (["ask", "wat", "--from", "2025-02-01", "--to", "2025-01-01"], 2, "swap them"),
        (["ask", "wat", "--from", "gisteren"], 2, "2025-05-14"),
        (["search", "wat", "--to", "2025-W20"], 2, '"2025-W20" is no date'),
        (["search", "wat", "--from", "2025-02-30"], 2, "is no date"),
        (["search", "wat", "--as-of", ""], 2, '--as-of "" is no date'),
        (["ask", "wat", "--encoder", "hashing-64"], 4, 'built with "hashing-256"'),
        (["ask", "wat", "--encoder", "nobody/nothing"], 5, "cannot be loaded"),
        (["search"], 2, "Missing argument"),
        (["dance"], 2, "No such command"),
    ],
)
def test_wrong_questions_have_one_sentence_and_a_code(
    hashed_index: Path, arguments: list[str], code: int, said: str
) -> None:
    """The sentence says what is wrong; the code is the documented one."""
    done = run(*arguments, NAVO_QA_INDEX=str(hashed_index))
    assert done.returncode == code
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_wrong_folders_and_settings(tmp_path: Path) -> None:
    """No index, no corpus, no document, a setting that is none."""
    for arguments, code, said in (
        (["ask", "wat", "--index", tmp_path / "none"], 4, "no index in"),
        (["index", "check", "--index", tmp_path / "none"], 4, "no index in"),
        (["build", tmp_path / "none", "--index", tmp_path / "i", "--encoder", "hashing"], 3, "none"),
        (["build", tmp_path, "--index", tmp_path / "i", "--encoder", "hashing"], 3, "no readable document"),
    ):
        done = run(*arguments)
        assert done.returncode == code and said in done.stderr, (arguments, done)
    done = run("ask", "wat", NAVO_QA_PORT="veel")
    assert done.returncode == 1 and "NAVO_QA_PORT" in done.stderr


def test_errors_are_json_where_json_was_asked(tmp_path: Path) -> None:
    """A program gets the type and the sentence, and the same exit code."""
    done = run("ask", "wat", "--index", tmp_path, "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"]["type"] == "IndexNotFound"


def piped(line: str, index: Path) -> subprocess.CompletedProcess[str]:
    """The finished line of a shell, of which the command is the beginning."""
    line = f"{sys.executable} -m navo_qa.cli {line}"
    env = os.environ | {"NAVO_QA_INDEX": str(index)}
    return subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False, env=env)


@pytest.mark.parametrize("line", ["search UCAP -k 100", "search UCAP -k 100 --json", "index documents"])
def test_a_reader_that_leaves_is_no_error(hashed_index: Path, line: str) -> None:
    """`navo-qa search … | head -1` ends quietly, also where nothing was read."""
    done = piped(f"{line} | head -1", hashed_index)
    assert done.stdout.count("\n") == 1 and done.stderr == "" and done.returncode == 0
    done = piped(f"{line} | true", hashed_index)
    assert done.stderr == "" and done.returncode == 0


@pytest.mark.parametrize("line", ["search UCAP -k 2", "search UCAP -k 2 --json", "index show"])
def test_a_full_disk_is_one_sentence(hashed_index: Path, line: str) -> None:
    """What is printed to a file that cannot hold it."""
    done = piped(f"{line} > /dev/full", hashed_index)
    assert done.returncode == 1 and done.stderr.startswith("navo-qa: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("end", ["--json | true", "--json > /dev/full", "2> /dev/full"])
def test_an_error_that_nobody_hears_keeps_its_code(hashed_index: Path, end: str) -> None:
    """The reader of it has gone, or there is no room for it."""
    done = piped(f"ask '' {end}", hashed_index)
    assert done.returncode == 2 and done.stderr == ""


def test_a_terminal_that_lacks_letters(hashed_index: Path) -> None:
    """Text is shown with "?" for them; JSON has escapes, so that nothing is lost."""
    shown = run("search", "Oekraine", "-k", "3", "--index", hashed_index, PYTHONIOENCODING="ascii")
    assert shown.returncode == 0 and "Oekra?ne" in shown.stdout
    shown = run("search", "€ Oekraïne", "--index", hashed_index, "--json", PYTHONIOENCODING="latin-1")
    assert json.loads(shown.stdout)["question"] == "€ Oekraïne" and shown.stdout.isascii()


def test_search_as_json_is_what_the_service_says(hashed_index: Path) -> None:
    """With the question's words in each passage, the language and the index."""
    found = run_json("search", "Nederland UCAP", "--index", hashed_index)
    assert found.keys() == SearchOut.model_fields.keys() and found["language"] == "nl"
    assert all(hit["text"][start:end] for hit in found["passages"] for start, end in hit["matches"])
    assert any(hit["matches"] for hit in found["passages"])


def test_help_says_how_a_mark_is_written() -> None:
    """A mark in brackets is not taken for markup."""
    assert "[@passage-id, p. 2]" in run("memo", "--help").stdout


def test_what_cannot_be_done_is_said_at_once(hashed_index: Path, tmp_path: Path) -> None:
    """A rate that is none before the service starts, an address that stdin has none of, a catalogue of no folder."""
    done = run("serve", "--port", "0", "--index", hashed_index, NAVO_QA_RATE_LIMIT="vaak")
    assert done.returncode == 1 and "NAVO_QA_RATE_LIMIT" in done.stderr and done.stdout == ""
    done = run("mcp", "--port", "8001", "--index", hashed_index)
    assert done.returncode == 2 and "give that too" in done.stderr
    (tmp_path / "nota.md").write_text("# Nota\n")
    for folder in (tmp_path / "geen map", tmp_path / "nota.md"):
        done = run("catalogue", folder)
        assert done.returncode == 3 and "it is no folder" in done.stderr


def test_a_service_has_the_reader_and_threshold_of_its_options(hashed_index: Path) -> None:
    """They go before the environment's, as `ask` has them."""
    options = ["--index", str(hashed_index), "--port", "0", "--reader", "sentences", "--threshold", "0.125", "--json"]
    env = os.environ | {"NAVO_QA_READER": "nobody/nothing", "NAVO_QA_THRESHOLD": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "navo_qa.cli", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        url = json.loads("".join(process.stdout.readline() for _ in range(4)))["url"]
        about = httpx.get(f"{url}v1/about", timeout=60).json()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert (about["reader"], about["threshold"]) == ("sentences", 0.125)


def test_a_file_of_settings(tmp_path: Path) -> None:
    """A mark at its beginning, which Notepad writes, is no part of a name; what is no text is one sentence."""
    for written in (b"\xef\xbb\xbfNAVO_QA_PORT=veel\n", b"NAVO_QA_INDEX=caf\xe9\n"):
        (tmp_path / ".env").write_bytes(written)
        done = run("index", "show", cwd=tmp_path)
        assert done.returncode == 1 and "cannot be used" in done.stderr


@pytest.mark.parametrize(
    ("module", "said"),
    [("typer", "raise"), ("navo_qa.settings", "raise"), ("tantivy", "raise ImportError('failed') from error")],
)
def test_an_interrupt_while_it_starts_is_quiet(hashed_index: Path, module: str, said: str) -> None:
    """Ctrl-C before a command is there, or within a library in C, which tells it as an error of its own."""
    code = (
        "import os, signal, sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}:\n"
        "            try: os.kill(os.getpid(), signal.SIGINT)\n"
        f"            except KeyboardInterrupt as error: {said}\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from navo_qa.cli import main\n"
        f"main(['search', 'UCAP', '--index', {str(hashed_index)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (130, "", "")


def test_every_error_has_a_code() -> None:
    """The table covers the tree: no kind of error falls through to the default."""
    for kind in errors.NavoError.__subclasses__():
        assert any(issubclass(kind, known) for known, _ in cli.EXIT_CODES), kind


def test_the_version(tmp_path: Path) -> None:
    """`navo-qa --version` says one line."""
    assert run("--version").stdout.startswith("navo-qa 0.")
