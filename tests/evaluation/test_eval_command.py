"""The command from end to end on a real index, built here with the encoder that needs no model."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from typer.testing import CliRunner

from navo_qa.build import build
from navo_qa.cli import exit_code
from navo_qa.cli.tree import app
from navo_qa.encode import HashingEncoder
from navo_qa.errors import InvalidSetting, NavoError
from navo_qa.evaluation.configure import Configuration, ConfigurationError, Configured, diluted, named, opened_index
from navo_qa.evaluation.gold import GoldError
from navo_qa.evaluation.measures import TREC
from navo_qa.types import Query

runner = CliRunner()
MEASURES = ["nDCG@10", "RR@10", "R@1", "R@5", "R@10", "Success@1"]


@pytest.fixture
def corpus(tmp_path: Path, system: Any) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, document in system.documents.items():
        (folder / f"{name}.md").write_text(f"# Verslag {name}\n\n{document.text}\n")
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build([corpus], tmp_path / "index", HashingEncoder())
    return tmp_path / "index"


@pytest.fixture
def gold_path(rows: list[dict[str, Any]], gold_file: Callable[..., Path]) -> Path:
    return gold_file(rows)


def evaluated(*arguments: object) -> Any:
    result = runner.invoke(app, ["eval", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


def test_everything_is_written_and_agrees(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """Runs, qrels, outcomes, figures and reports are there; ir-measures finds the same figures on the files."""
    away = tmp_path / "elsewhere"
    away.mkdir()
    for n in range(7):
        (away / f"programma-{n}.txt").write_text(f"Partijprogramma {n}. Wij willen meer steun voor de landbouw.\n" * 5)
    out = tmp_path / "out"
    options = ("--perturb", "--distractors", away, "--corpus", corpus, "--report", tmp_path / "eval" / "report.md")
    done = evaluated("--gold", gold_path, "--index", index, "--out", out, "--json", *options)
    summary = json.loads(done.stdout)
    names = [arm["name"] for arm in summary["arms"]]
    assert names[:3] == ["hybrid", "dense", "lexical"]
    assert {"hybrid, typos", "hybrid, 5 distractors", "hybrid, 7 distractors"} <= set(names)
    assert all(arm["tables"]["all"]["verbatim"]["value"] == 1.0 for arm in summary["arms"])
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    for arm, config in zip(summary["arms"], ("hybrid", "dense", "lexical"), strict=False):
        run = next((out / "trec").glob(f"{config}-??????.run"))
        qrels = list(ir_measures.read_trec_qrels(str(out / "trec" / "index.qrels")))
        theirs = ir_measures.calc_aggregate(measures, qrels, list(ir_measures.read_trec_run(str(run))))
        for measure, name in zip(measures, TREC, strict=True):
            assert arm["tables"]["all"][name]["value"] == pytest.approx(theirs[measure], abs=1e-9)
    assert json.loads((out / "summary.json").read_text())["arms"] == summary["arms"]
    assert (out / "report.html").read_text().endswith("</html>\n")
    committed = (tmp_path / "eval" / "report.md").read_text()
    assert "plots/distractors.svg" in committed and str(tmp_path) not in committed
    assert (tmp_path / "eval" / "plots" / "distractors.svg").exists()


def test_gate_decides_the_exit_code(gold_path: Path, index: Path, tmp_path: Path) -> None:
    """An open gate exits 0, a closed one 7 with one line a failure, a broken gate or gold file 3."""
    gate, common = tmp_path / "gate.toml", ["eval", "--gold", str(gold_path), "--index", str(index)]
    common += ["--out", str(tmp_path / "out"), "--config", "lexical", "--split", "dev", "--gate", str(gate)]
    gate.write_text('[all]\nverbatim = 1.0\n"nDCG@10" = 0.1\n')
    assert runner.invoke(app, common).exit_code == 0
    gate.write_text('[all]\n"EM" = 1.0\n"F1" = 1.0\n')
    closed = runner.invoke(app, common)
    assert closed.exit_code == 7
    assert closed.stderr.count("gate: all: ") == 2
    for path, text in ((gate, "[all]\nspeed = 1\n"), (gold_path, "{}\n")):
        path.write_text(text)
        broken = subprocess.run(
            [sys.executable, "-m", "navo_qa.cli", *common], capture_output=True, text=True, check=False
        )
        assert broken.returncode == 3
        assert "Traceback" not in broken.stderr and broken.stderr.strip().startswith("navo-qa: ")


def test_resume_asks_only_what_is_left(gold_path: Path, index: Path, tmp_path: Path) -> None:
    """With --resume what is known is read back, timings and all; without, everything is asked again."""
    out = tmp_path / "out"
    common = ("--gold", gold_path, "--index", index, "--out", out, "--config", "hybrid")
    evaluated(*common)
    journal = next((out / "outcomes").iterdir())
    whole = journal.read_text()
    journal.write_text(whole[: len(whole) // 2])
    evaluated(*common, "--resume")
    resumed = journal.read_text()
    known = len(whole[: len(whole) // 2].splitlines()) - 1
    assert resumed.splitlines()[:known] == whole.splitlines()[:known]
    assert len(resumed.splitlines()) == len(whole.splitlines())
    evaluated(*common)
    assert journal.read_text().splitlines()[1] != whole.splitlines()[1], "timed anew"


def test_runs_of_earlier_arms_are_removed(gold_path: Path, index: Path, tmp_path: Path) -> None:
    """What is compared with ir-measures is of this run; their outcomes stay for --resume, and another's run stays."""
    out = tmp_path / "out"
    common = ("--gold", gold_path, "--index", index, "--out", out)
    evaluated(*common, "--config", "lexical", "--config", "dense")
    (out / "trec" / "bm25-baseline.run").write_text("host-nl Q0 x 1 1.0 theirs\n")
    evaluated(*common, "--config", "lexical")
    assert [run.stem.rpartition("-")[0] for run in sorted((out / "trec").glob("*.run"))] == ["bm25", "lexical"]
    assert len(list((out / "outcomes").iterdir())) == 2
    gone = ["eval", *map(str, common[:-1]), str(tmp_path / "now"), "--config", "dense", "--baseline", str(out)]
    assert "no finished run" in str(runner.invoke(app, gone).exception)


def test_check_and_anchor(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """A good file passes against an index and against files; anchored it holds no quote and passes still."""
    for where in (("--index", index), ("--corpus", corpus)):
        assert "8 questions, 0 errors, 0 warnings" in evaluated("check", "--gold", gold_path, *where).output
    anchored = tmp_path / "anchored.jsonl"
    evaluated("anchor", gold_path, "-o", anchored, "--corpus", corpus)
    assert "Huitfeldt nodigde" not in anchored.read_text()
    evaluated("check", "--gold", anchored, "--index", index)
    lines = gold_path.read_text().splitlines()
    gold_path.write_text("\n".join([lines[0], lines[0], "{"]))
    faulty = runner.invoke(app, ["eval", "check", "--gold", str(gold_path), "--corpus", str(corpus), "--json"])
    assert faulty.exit_code == 7
    assert [finding["line"] for finding in json.loads(faulty.stdout)["findings"]] == [2, 3]


def test_baseline_shows_what_was_won_and_lost(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """Against an earlier run each question that changed is named; a run against itself changes nothing."""
    before, now = tmp_path / "before", tmp_path / "now"
    common = ("--gold", gold_path, "--index", index, "--config", "hybrid")
    evaluated(*common, "--out", before)
    evaluated(*common, "--out", now, "--baseline", before)
    page = (now / "report.html").read_text()
    assert "Since the baseline" in page and "Won: 0 questions." in page and "Lost: 0 questions." in page
    journal = next((before / "outcomes").iterdir())
    header, *lines = journal.read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = [
        row | ({"text": "Onzin.", "candidate": row["cited"][0] | {"quote": "Onzin."}} if row["cited"] else {})
        for row in rows
    ]
    journal.write_text("\n".join([header, *map(json.dumps, wrong), ""]))
    evaluated(*common, "--out", now, "--baseline", before)
    won = int(re.search(r"Won: (\d+) questions", (now / "report.html").read_text())[1])
    assert won > 0
    assert "8 of the 8 questions were asked then too" in (now / "report.html").read_text()
    missing = runner.invoke(app, ["eval", *map(str, common), "--out", str(now), "--baseline", str(tmp_path)])
    assert "holds no finished run of" in str(missing.exception)
    journal.write_text("\n".join([header, *(json.dumps(row | {"question_id": "x"}) for row in rows), ""]))
    others = runner.invoke(app, ["eval", *map(str, common), "--out", str(now), "--baseline", str(before)])
    assert "none of these questions" in str(others.exception)
    journal.write_text("\n".join([header, *lines, ""]))
    (before / "trec" / "index.qrels").write_text("host-nl 0\n")
    damaged = runner.invoke(app, ["eval", *map(str, common), "--out", str(now), "--baseline", str(before)])
    assert isinstance(damaged.exception, ConfigurationError) and "index.qrels is damaged" in str(damaged.exception)


def test_several_indexes_are_compared(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """Each index is an encoder of its own; names keep them apart, and every pair is tested."""
    build([corpus], tmp_path / "small", HashingEncoder(64))
    out = tmp_path / "out"
    indexes = ("--index", f"large={index}", "--index", f"small={tmp_path / 'small'}")
    done = evaluated("--gold", gold_path, *indexes, "--config", "dense", "--out", out, "--json")
    summary = json.loads(done.stdout)
    assert [arm["name"] for arm in summary["arms"]] == ["large: dense", "small: dense"]
    assert {c["first"] for c in summary["comparisons"]} == {"large: dense"}


def test_bench_measures_everything(gold_path: Path, index: Path, corpus: Path) -> None:
    """Cold start, each mode, size and build are positive figures with their units, and the machine is named."""
    measured = json.loads(
        evaluated("bench", "--gold", gold_path, "--index", index, "--corpus", corpus, "--json").stdout
    )
    names = {figure["name"]: figure["value"] for figure in measured["figures"]}
    wanted = {"cold start", "warm hybrid p50", "warm lexical p95", "index size", "build rate", "searching / encoding"}
    assert wanted <= set(names)
    assert all(value > 0 for value in names.values())
    assert {"cores", "load average"} <= set(measured["machine"])


@pytest.mark.parametrize("chosen", [["none-nl"], ["host-nl"], ["host-nl", "none-en"], ["support-nl", "support-en"]])
def test_small_and_lopsided_gold(
    chosen: list[str], rows: list[dict[str, Any]], gold_file: Callable[..., Path], index: Path, tmp_path: Path
) -> None:
    """One question, only unanswerable ones, or neither pair nor split nor tags: everything is still written."""
    kept = [row for row in rows if row["id"] in chosen]
    bare = [{k: v for k, v in row.items() if k not in ("pair", "split", "tags")} for row in kept]
    out = tmp_path / "out"
    evaluated("--gold", gold_file(bare), "--index", index, "--out", out, "--perturb")
    summary = json.loads((out / "summary.json").read_text())
    assert summary["arms"][0]["tables"]["all"]["verbatim"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": len(kept)}
    page = (out / "report.html").read_text()
    assert "<h2" in page
    answerable = any(row["answerable"] for row in kept)
    assert ("Retrieval</th>" in page, "By language: order" in page) == (answerable, answerable)


def test_odd_options_are_one_clear_sentence(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """What cannot be done is said before anything is asked; the same configuration twice is asked once."""
    common = ["eval", "--gold", str(gold_path), "--out", str(tmp_path / "out")]
    other, empty = tmp_path / "other", tmp_path / "empty"
    (tmp_path / "brief.txt").write_text("Brief over iets anders.\n")
    for folder in (other, empty):
        build([tmp_path / "brief.txt"], folder, HashingEncoder())
    for manifest in other.rglob("manifest.json"):
        manifest.write_text(manifest.read_text().replace(HashingEncoder().fingerprint, "0" * 12))
    for options, said in (
        (["--index", str(index), "--split", "train"], 'no question of split "train"'),
        (["--index", str(index), "--index", str(index)], "two indexes have one name"),
        (["--index", str(tmp_path)], "no index in"),
        (["--index", f"a={index}", "--index", f"b={other}"], 'index "b": index built with another version of'),
        (["--index", f"a={index}", "--index", f"c={empty}"], 'index "c": ' + str(gold_path)),
        (["--index", str(index), "--size", "5", "--corpus", str(corpus)], "--distractors"),
        (["--index", str(index), "--distractors", str(corpus)], "--corpus"),
        (["--index", str(index), "--distractors", str(corpus), "--corpus", str(tmp_path / "no")], "does not exist"),
        (["--index", str(index), "--config", "fast"], 'mode "fast" is unknown'),
        (["--index", str(index), "--config", "hybrid,depth=0"], "depth needs a whole number"),
        (["--index", str(index), "--config", "hybrid,preference=nan"], "preference needs a number"),
        (["--index", str(index), "--baseline", str(tmp_path / "out")], "where this run writes"),
        (["--index", str(index), "--out", str(gold_path / "out")], "cannot be written"),
        (["--index", str(index), "--report", str(gold_path / "report.md"), "--config", "dense"], "cannot be written"),
    ):
        result = runner.invoke(app, [*common, *options])
        assert result.exit_code != 0
        assert said in str(result.exception)
        assert isinstance(result.exception, NavoError)
        assert "--report" in options or not (tmp_path / "out" / "outcomes").exists()
    assert exit_code(ConfigurationError("configuration")) == 2
    assert runner.invoke(app, ["eval", "--index", str(index)]).exit_code == 2
    done = evaluated(*common[1:], "--index", index, "--config", "dense", "--config", "dense", "--json")
    assert len(json.loads(done.stdout)["arms"]) == 1


def test_what_would_be_lost_or_ignored_is_refused(gold_path: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    """Quotes under their own anchors, an index that nobody opens; nothing is written."""
    gold, before = str(gold_path), gold_path.read_text()
    where = ["--index", str(index)]
    for options, code, said in (
        (["anchor", gold, "-o", gold, "--corpus", str(corpus)], 3, "would lose its quotes"),
        ([*where, "--split", "dev", "check", "--gold", gold], 2, 'give what "check" takes after it'),
        (["check", "--gold", gold, *where, "--corpus", str(corpus)], 2, "name the documents twice"),
    ):
        result = runner.invoke(app, ["eval", *options], env={"COLUMNS": "200"})
        assert result.exit_code == code or exit_code(result.exception) == code
        assert said in f"{result.exception} {result.stderr}"
    assert gold_path.read_text() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [("", "holds no question"), ("{", "line 1: is not JSON"), ("?", "is empty"), ("x" * 3000, "limit is 2,000")],
)
def test_questions_that_cannot_be_asked_are_not_timed(
    rows: list[dict[str, Any]], gold_file: Callable[..., Path], index: Path, tmp_path: Path, line: str, said: str
) -> None:
    """`eval bench` says which, and so does `eval anchor` where there is no line to anchor."""
    path = gold_file([line if line in ("", "{") else rows[0] | {"question": line}])
    result = runner.invoke(app, ["eval", "bench", "--gold", str(path), "--index", str(index)])
    assert isinstance(result.exception, GoldError) and said in str(result.exception)
    if not line:
        anchor = ["eval", "anchor", str(path), "-o", str(tmp_path / "a.jsonl"), "--corpus", str(tmp_path / "corpus")]
        assert isinstance(runner.invoke(app, anchor).exception, GoldError)
        assert not (tmp_path / "a.jsonl").exists()


def test_faulty_gold_is_not_asked(
    rows: list[dict[str, Any]], gold_file: Callable[..., Path], index: Path, tmp_path: Path
) -> None:
    """What `eval check` calls an error stops a run before it asks: two questions of one id would share an answer."""
    path = gold_file([rows[0], rows[2] | {"id": rows[0]["id"]}])
    result = runner.invoke(app, ["eval", "--gold", str(path), "--index", str(index), "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, GoldError) and "duplicate id" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_another_reader_is_not_resumed(
    gold_path: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one reader answered is not taken for what another does, though their thresholds are the same."""
    monkeypatch.setenv("NAVO_QA_THRESHOLD", "0.2")
    common = ("--gold", gold_path, "--index", index, "--config", "lexical", "--split", "dev", "--out", tmp_path / "out")
    headers, facts = set(), []
    for reader in ("sentences", "navo-reader"):
        monkeypatch.setenv("NAVO_QA_READER", reader)
        facts.append(json.loads(evaluated(*common, "--resume", "--json").stdout)["facts"]["index index"])
        headers.add(next((tmp_path / "out" / "outcomes").iterdir()).read_text().splitlines()[0])
    assert len(headers) == 2
    assert "reader sentences" in facts[0] and "reader navo-reader" in facts[1]


def test_only_documents_count_as_distractors(corpus: Path, tmp_path: Path) -> None:
    """A file that is no document, or a copy of one, dilutes nothing and is not counted."""
    texts = {"a.txt": "Landbouw en visserij.", "b.txt": "Landbouw en visserij.", "c.bin": "\0\1", "d.txt": "Natuur."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    files = [tmp_path / name for name in texts]
    grown = list(diluted([corpus], files, tmp_path / "grown", HashingEncoder(), (1, 2, 3, 0)))
    assert [added for added, _ in grown] == [1, 2]
    assert [pipeline.snapshot.manifest.counts.documents for _, pipeline in grown] == [4, 5]


def test_settings_that_cannot_be_used_are_named(gold_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken setting is one sentence here too, whatever of `eval` is asked."""
    monkeypatch.setenv("NAVO_QA_THREADS", "many")
    for options in (["--index", str(index)], []):
        result = runner.invoke(app, ["eval", "--gold", str(gold_path), *options])
        assert isinstance(result.exception, InvalidSetting)


def test_an_index_may_have_an_equals_sign_in_its_path(tmp_path: Path) -> None:
    """A name stands before "=", a folder does not."""
    (tmp_path / "a=b").mkdir()
    assert named(f"{tmp_path}/a=b") == ("a=b", tmp_path / "a=b")
    assert named("small=some/folder") == ("small", Path("some/folder"))


def test_few_passages_are_said_and_names_are_no_markup(rows: list[dict[str, Any]], index: Path, tmp_path: Path) -> None:
    """Measures at 10 over fewer passages say so; a title in brackets is shown as it is."""
    gold = tmp_path / "vragen[nl].jsonl"
    gold.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    options = ("--index", f"[b]={index}", "--config", "lexical", "--out", tmp_path / "out", "-k", "3")
    assert "vragen[nl]" in evaluated("--gold", gold, *options).stdout
    assert "3 passages a question" in json.loads((tmp_path / "out" / "summary.json").read_text())["facts"]["found"]


def test_a_narrow_terminal_shows_names_and_intervals_whole(gold_path: Path, index: Path, tmp_path: Path) -> None:
    """Where columns are narrow their words go on in the next line, and none is cut."""
    names = ("hybrid,lexicon=off", "hybrid,sentences=0", "hybrid,fusion=rrf", "hybrid,rerank=off", "dense", "lexical")
    options = [option for name in names for option in ("--config", name)]
    assert "…" not in evaluated("--gold", gold_path, "--index", index, *options, "--out", tmp_path / "out").stdout


def test_json_loses_no_letter(rows: list[dict[str, Any]], gold_file: Callable[..., Path], index: Path) -> None:
    """Where an output cannot write them they are escaped, not "?"."""
    options = ["--gold", gold_file(rows, "één.jsonl"), "--index", index, "--config", "lexical", "--json"]
    command = [sys.executable, "-m", "navo_qa.cli", "eval", *options, "--out", index.parent / "out"]
    env = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, env=env)
    assert json.loads(done.stdout)["title"].endswith("één")


def test_bench_takes_any_one_question(rows: list[dict[str, Any]], gold_file: Callable[..., Path], index: Path) -> None:
    """One question is enough, and one that starts with a dash is no option."""
    measured = evaluated("bench", "--gold", gold_file([rows[0] | {"question": "-wie nodigde uit?"}]), "--index", index)
    assert "cold start" in measured.stdout and "warm hybrid p95" in measured.stdout


def test_configured_answers_are_the_pipelines_own(index: Path, rows: list[dict[str, Any]]) -> None:
    """What is measured is what the pipeline answers, above its threshold and under it, in every mode."""
    pipeline = opened_index(index)
    silent = set()
    for spec in ("hybrid", "dense", "lexical,preference=0"):
        configuration = Configuration.read(spec)
        system = Configured(pipeline, configuration)
        for row in rows:
            query = Query(row["question"], mode=configuration.mode)
            theirs = pipeline.with_retrieval(configuration.settings).ask(query)
            ours = system.ask(Query(row["question"]))
            assert replace(ours, timings_ms={}) == replace(theirs, timings_ms={})
            assert system.candidate(Query(row["question"])).text is not None
            silent.add(ours.text is None)
    assert silent == {True, False}


def test_configurations_are_read() -> None:
    """A mode and what differs from what ships; anything unknown is named with what is known."""
    assert Configuration.read("hybrid, preference=0, fusion=rrf").settings.preference == 0
    assert Configuration.read("dense").mode == "dense"
    for spec, said in (("bm25", "known are"), ("hybrid,speed=1", "known are"), ("hybrid,fusion=x", "one of")):
        with pytest.raises(ConfigurationError, match=said):
            Configuration.read(spec)
    with pytest.raises(ConfigurationError, match="number"):
        Configuration.read("hybrid,depth=deep")


def test_interrupted_command_says_how_to_go_on(gold_path: Path, index: Path, tmp_path: Path) -> None:
    """Ctrl-C half-way exits 130 with one line; the same command with --resume ends well."""
    code = (
        "import os, signal, sys\n"
        "from navo_qa import cli\n"
        "from navo_qa.evaluation import experiment\n"
        "asked, ask = [], experiment.ask\n"
        "def counted(*arguments):\n"
        "    asked.append(1)\n"
        "    if len(asked) == 4 and '--resume' not in sys.argv: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return ask(*arguments)\n"
        "experiment.ask = counted\n"
        "cli.main()\n"
    )
    options = [
        "eval",
        "--gold",
        str(gold_path),
        "--index",
        str(index),
        "--config",
        "lexical",
        "--out",
        str(tmp_path / "o"),
    ]
    stopped = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=False)
    assert stopped.returncode in (130, -signal.SIGINT), stopped.stderr
    assert "--resume" in stopped.stderr and "Traceback" not in stopped.stderr
    journal = next((tmp_path / "o" / "outcomes").iterdir())
    before = journal.read_text().splitlines()
    assert 1 <= len(before) < 9
    again = subprocess.run(
        [sys.executable, "-c", code, *options, "--resume"], capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    assert journal.read_text().splitlines()[: len(before)] == before
