"""The reader's recipe on a tiny field: a step of each stage, cut off and resumed, exported and read back."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

for package in ("torch", "onnx", "bm25s", "transformers"):
    pytest.importorskip(package, reason=f"the recipe's tests need {package}")

import torch
from navo_qa.reader.network import OnnxNetwork

import blend_readers
import export_reader
import held_letters
import restore_reader
import train_reader
from alone import by_sentence
from augment import Gloss
from data import Record, read_records, sentence_spans, split_records
from reading import Asked, Reading, Shelf, Text, asked_of_records, asked_of_squad, family, footnoted, occurrences, put
from readnet import Sheets, loss, network, padded
from readscore import auc, best_span, f1

BUNDLED = train_reader.BUNDLED
PASSAGE = "De raad stelde op 3 mei 2024 een fonds van 30 miljoen euro in. Later kwam er 30 miljoen bij."


def reading(*answers: str) -> Reading:
    """A question put to a passage that holds these answers, and to one that does not."""
    spans = tuple(span for answer in answers for span in occurrences(PASSAGE, answer))
    texts = (Text("Verslag", PASSAGE), Text("", "Iets anders."))
    return Reading("Hoeveel?", texts, (spans, ()), bool(spans))


def test_answers_are_found_as_whole_words() -> None:
    """Every occurrence counts; half a word only where there is no whole one."""
    assert [PASSAGE[s:e] for s, e in occurrences(PASSAGE, "30 miljoen")] == ["30 miljoen"] * 2
    assert occurrences("Antwerpenaar", "Antwerpen") == ((0, 9),)
    assert occurrences(PASSAGE, "nergens") == ()


def test_papers_become_notes_and_answers_go_with_them() -> None:
    """The words of each answer are the same; a paper then stands below its passage, out of its sentence."""
    passage = "Het fonds (Kamerstuk 11 111, nr. 2) kreeg 30 miljoen. De motie (Kamerstuk 22 222, nr. 3) is van Smit."
    answers = ("Het fonds", "Kamerstuk 11 111, nr. 2", "30 miljoen", "Kamerstuk 22 222, nr. 3", "Smit")
    spans = tuple(span for answer in answers for span in occurrences(passage, answer))
    made, moved = footnoted(Text("", passage), spans, random.Random(1))
    assert [made.passage[start:end] for start, end in moved] == list(answers)
    body, *notes = made.passage.split("\n\n")
    assert "Kamerstuk" not in body and [note.split("] ")[1] for note in notes] == [answers[1], answers[3]]
    plain = Text("", PASSAGE)
    assert footnoted(plain, (), random.Random(1)) == (plain, ())


def test_an_exported_reader_is_restored(tmp_path: Path) -> None:
    """All weights come back but for what int8 rounds off."""
    state = network(BUNDLED).state_dict()
    state["bert.embeddings.word_embeddings.weight"].mul_(1.5)  # the encoder may have been trained on since
    torch.save(state, tmp_path / "weights.pt")
    export_reader.export(tmp_path / "weights.pt", BUNDLED, tmp_path / "model")
    found = restore_reader.restored(tmp_path / "model")
    assert set(found) == set(state)
    assert max(float((found[name] - value).abs().max() / value.abs().max()) for name, value in state.items()) < 0.01


def test_gold_tokens_cover_the_answer() -> None:
    """The tokens marked as answer, read back through their places, are the answer."""
    ((sheet, other),) = Sheets(BUNDLED).lay([reading("3 mei 2024")])
    ((first, last),) = sheet.gold
    start, end = sheet.offsets[first - sheet.first][0], sheet.offsets[last - sheet.first][1]
    assert PASSAGE[start:end] == "3 mei 2024" and other.gold == []


def test_loss_falls_as_the_right_span_wins() -> None:
    """Normalised over both passages and "no answer": the sum over spans is one, so raising the right one is right."""
    net = network(BUNDLED)
    groups = Sheets(BUNDLED).lay([reading("3 mei 2024"), reading()])
    optimiser = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=3e-4)
    values = []
    for _ in range(6):
        value = loss(net, groups, [True, False])
        value.backward()
        optimiser.step()
        optimiser.zero_grad()
        values.append(value.item())
    assert values[-1] < values[0]


def test_the_best_span_is_the_best_sum() -> None:
    """Against a loop over all pairs."""
    ((sheet, _),) = Sheets(BUNDLED).lay([reading("3 mei 2024")])
    rng = np.random.default_rng(3)
    start, end = (np.full(len(sheet.ids), -1e4, np.float32) for _ in "12")
    inside = slice(sheet.first, sheet.first + len(sheet.offsets))
    start[inside], end[inside] = (rng.normal(size=len(sheet.offsets)) for _ in "12")
    score, _, _ = best_span(sheet, start, end)
    n = len(start)
    assert score == pytest.approx(max(start[i] + end[j] for i in range(n) for j in range(i, min(n, i + 40))), abs=1e-5)


def test_negatives_hold_no_answer(field: Path) -> None:
    """A look-alike that says the answer too would be no negative."""
    records = read_records(field / "records" / "a.jsonl")
    asked = asked_of_records(records)
    shelf = Shelf(records, asked)
    rng = random.Random(0)
    for each in asked:
        made = put(each, shelf, 2, rng)
        held = {each.texts[i].passage[s:e] for i, spans in enumerate(each.answers) for s, e in spans}
        assert all(answer not in text.passage for text in made.texts[1:] for answer in held)


def test_a_question_is_put_to_single_sentences() -> None:
    """The sentence with the answer, the answer where it then is; beside it sentences that do not hold it."""
    passage = "De raad stelde een fonds in. Er is EUR 30 mln. voor (Kamerstuk 11 111, nr. 2). Smit was tegen."
    assert [passage[a:b][-6:] for a, b in sentence_spans(passage)] == ["ds in.", "r. 2).", "tegen."]
    spans = occurrences(passage, "EUR 30 mln.")
    texts = (Text("Verslag", passage), Text("", "Iets anders. Nog iets."))
    made = by_sentence(Reading("Hoeveel?", texts, (spans, ()), True), random.Random(0))
    assert made.texts[0] == Text("Verslag", passage[29:78])
    assert [made.texts[0].passage[a:b] for a, b in made.answers[0]] == ["EUR 30 mln."]
    assert {t.passage for t in made.texts[1:]} <= {passage[:28], passage[79:], "Iets anders.", "Nog iets."}
    assert len(made.texts) == 4 and not any(made.answers[1:])


def test_a_sentence_may_come_with_the_one_before_it() -> None:
    """As often as not; the answer stays where it stands, and so it does in what another sentence comes after."""
    passage = "De raad stelde een fonds in. Er is EUR 30 mln. voor. Smit was tegen."
    spans = occurrences(passage, "EUR 30 mln.")
    seen: set[tuple[str, ...]] = set()
    for seed in range(20):
        made = by_sentence(Reading("Hoeveel?", (Text("", passage),), (spans,), True), random.Random(seed))
        seen.add(tuple(sorted(t.passage for t in made.texts)))
        for text, answers in zip(made.texts, made.answers, strict=True):
            assert [text.passage[a:b] for a, b in answers] == ["EUR 30 mln."] * ("30" in text.passage)
    alone = [passage[a:b] for a, b in sentence_spans(passage)]
    assert seen == {tuple(sorted(alone)), tuple(sorted((alone[0], passage[:52], passage[29:])))}


def test_a_row_comes_with_its_table() -> None:
    """A passage's rows stand between blank lines; one is read after all that is above it in its table, or alone."""
    record = Record("t", ("Stand in mei.", "Fonds | Bedrag", "SLO | 12", "MIO | 14", "Meer volgt."), ("x",) * 5, (), ())
    passage = record.dutch_passage
    assert passage == "Stand in mei.\n\nFonds | Bedrag\n\nSLO | 12\n\nMIO | 14\n\nMeer volgt."
    spans = occurrences(passage, "14")
    seen = set()
    for seed in range(20):
        made = by_sentence(Reading("Hoeveel?", (Text("", passage),), (spans,), True), random.Random(seed))
        assert made.texts[0].passage[slice(*made.answers[0][0])] == "14"
        seen.add(made.texts[0].passage)
    assert seen == {"MIO | 14", passage[: passage.index("\n\nMeer")]}


def test_an_answer_across_sentences_keeps_its_passage() -> None:
    """No sentence holds it. Where there is none to find any sentence will do; of two answers one is chosen."""
    across = Reading("Wat?", (Text("", "Eerst dit. Toen dat."),), (((6, 15),),), True)
    assert by_sentence(across, random.Random(0)) == across
    nothing = Reading("Wat?", (Text("", "Eerst dit. Toen dat."),), ((),), False)
    found = {t.passage for seed in range(9) for t in by_sentence(nothing, random.Random(seed)).texts}
    assert found == {"Eerst dit.", "Toen dat.", "Eerst dit. Toen dat."}
    twice = reading("30 miljoen")
    assert [len(spans) for spans in by_sentence(twice, random.Random(0)).answers] == [1, 0]


def test_the_letters_own_passages_are_negatives_and_its_series_is_not() -> None:
    """A letter's other passages tell of other things; another letter of the series may answer as well, unless dated."""
    letters = ("rbz-2024-03", "rbz-2024-03", "rbz-2025-06", "oslo-top-2024")
    records = [Record("t", (f"Plan {i} van de raad.",), (f"Plan {i}.",), (), (), "t", d) for i, d in enumerate(letters)]
    texts = tuple(Text("t", passage) for passage in (records[0].dutch_passage, records[0].english_passage))
    taken = {}
    for question in ("Welk plan van de raad?", "Welk plan van de raad in maart 2024?"):
        asked = Asked((question, question), texts, (((0, 6),), ((0, 6),)), 0)
        shelf = Shelf(records, [asked], depth=4)
        found = shelf.negatives(question, asked, texts[0], 3, random.Random(0))
        taken[question] = {
            records[i].letter
            for i, r in enumerate(records)
            if {r.dutch_passage, r.english_passage} & {t.passage for t in found}
        }
    assert list(taken.values()) == [{"rbz-2024-03", "oslo-top-2024"}, {"rbz-2024-03", "rbz-2025-06", "oslo-top-2024"}]
    assert family("nato-dm-2016-02-brussel") == "nato-dm" and family("rbz-2024-03") == "rbz"


def test_squad_questions_are_read_once(tmp_path: Path) -> None:
    """A question that two files hold is one; what has no answer is kept as such."""
    qas = [
        {"question": "Wat stelde de raad in?", "answers": [{"text": "een fonds", "answer_start": 29}]},
        {"question": "Wie was er tegen het fonds?", "answers": []},
    ]
    body = {"data": [{"paragraphs": [{"context": PASSAGE, "qas": qas}]}]}
    for name in ("dev-v1.1.json", "dev-v2.0.json"):
        (tmp_path / name).write_text(json.dumps(body), "utf-8")
    found = list(asked_of_squad(tmp_path, 10))
    assert [a.answerable for a in found] == [True, False] and {a.key for a in found} == {10}


def test_squad_questions_are_put_to_glossed_passages(tmp_path: Path) -> None:
    """A glossed passage is a second text of its question, the answer where its words went."""
    context = "The council founded a fund in Paris."
    qas = [{"question": "What did the council found?", "answers": [{"text": "a fund", "answer_start": 20}]}]
    body = {"data": [{"paragraphs": [{"context": context, "qas": qas}]}]}
    (tmp_path / "dev-v1.1.json").write_text(json.dumps(body), "utf-8")
    parts = [(0, 3, "de"), (4, 11, "raad"), (12, 19, "stichtte"), (20, 21, "een"), (22, 26, "fonds")]
    glosses = {context: Gloss(context, parts), "What did the council found?": Gloss("What did the council found?")}
    [asked] = asked_of_squad(tmp_path, 0, glosses)
    assert [text.passage[s:e] for text, [(s, e)] in zip(asked.texts, asked.answers, strict=True)] == [
        "a fund",
        "een fonds",
    ]
    assert asked.texts[1].passage == "de raad stichtte een fonds in Paris." and len(asked.versions) == 2


def test_letters_are_held_out_whole(tmp_path: Path) -> None:
    """No letter has one passage in training and another on dev."""
    base = {"nl": ["Een zin."], "en": ["A sentence."], "qa": [], "u": [], "t": "t"}
    lines = [json.dumps(base | {"d": f"brief-{i // 3}"}) for i in range(300)]
    (tmp_path / "extra-letters.jsonl").write_text("\n".join(lines), "utf-8")
    split = train_reader.with_letters(split_records(tmp_path))
    parts = [{r.letter for r in part} for part in (split.train, split.dev, split.test)]
    assert all(parts) and not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])


def test_questions_of_a_file_are_found(field: Path) -> None:
    """Those of the files named, whatever part of the split their records are in."""
    split = split_records(field / "records")
    own = train_reader.Field([*split.train, *split.dev, *split.test], len(split.train), len(split.dev))
    every = [*own.train, *own.dev, *own.test]
    found = own.of(every, field / "records", ["extra-b.jsonl"])
    rest = own.of(every, field / "records", ["a.jsonl"])
    assert found and rest and len(found) + len(rest) == len(every) and own.of(every, field / "records", []) == []


def test_it_trains_stops_and_resumes(field: Path, tmp_path: Path) -> None:
    """A stage leaves its weights, a finished one is skipped, and the export says what the trained network says."""
    where = ["--data", str(field), "--records", str(field / "records"), "--out", str(tmp_path), "--threads", "2"]
    train_reader.main([*where, "--stages", "field", "--field-minutes", "0.001", "--often", "extra-b.jsonl"])
    before = (tmp_path / "field.pt").stat().st_mtime_ns
    train_reader.main([*where, "--stages", "field", "--field-minutes", "0.001"])
    assert (tmp_path / "field.pt").stat().st_mtime_ns == before
    figures = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert any("f1 nl" in line for line in figures)
    export_reader.main([str(tmp_path / "field.pt"), "--model", str(tmp_path / "model")])
    _assert_same_logits(tmp_path)


def test_readers_are_blended_and_scored(field: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A weighted mean; a file that none has trained on is a set of its own and no part of dev."""
    for name, value in (("a", 0.0), ("b", 4.0)):
        state = network(BUNDLED).state_dict()
        torch.save(state | {"span.bias": torch.full((2,), value)}, tmp_path / f"{name}.pt")
    parts = [str(tmp_path / "a.pt"), f"{tmp_path / 'b.pt'}=3"]
    more = ["--records", str(field / "records"), "--unread", "extra-b.jsonl", "--every", "1"]
    blend_readers.main([str(tmp_path / "out.pt"), *parts, *more])
    assert torch.load(tmp_path / "out.pt", weights_only=True)["span.bias"].tolist() == [3.0, 3.0]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["set"], line["questions"]) for line in lines] == [("dev", 8), ("extra-b.jsonl", 80)]
    assert 0 <= lines[0]["f1 nl"] <= 1 and 0 <= lines[1]["auc en"] <= 1


def _assert_same_logits(folder: Path) -> None:
    net = network(BUNDLED).eval()
    net.load_state_dict(torch.load(folder / "field.pt", weights_only=True))
    ((sheet, _),) = Sheets(BUNDLED).lay([reading("3 mei 2024")])
    ids, mask, types, _ = padded([sheet])
    with torch.inference_mode():
        start, _, relevance = net(ids, mask, types)
    (look,) = OnnxNetwork(folder / "model", "made").look("Hoeveel?", [("Verslag", PASSAGE)])
    wanted = start[0, sheet.first : sheet.first + len(sheet.offsets)].numpy()
    assert np.abs(look.start - wanted).max() < 0.1 and abs(look.relevance - float(relevance[0])) < 0.1


def test_small_measures() -> None:
    """F1 by hand; AUC of what is always above, never above, and equal."""
    assert f1("de 30 miljoen euro", "30 miljoen") == pytest.approx(0.8)
    assert (auc([2], [1]), auc([1], [2]), auc([1], [1])) == (1.0, 0.0, 0.5)


def test_held_out_letters_become_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file only the letters that the reader does not train on, each quote in its letter, so many questions."""
    name = "extra-letters-tables-money.jsonl"
    held = {r.letter for r in train_reader.with_letters(split_records(train_reader.HERE / "data")).dev}
    told = ["held_letters.py", str(tmp_path), "--held", "--most", "1", "--files", name]
    monkeypatch.setattr("sys.argv", told)
    held_letters.main()
    texts = {path.stem: path.read_text("utf8") for path in (tmp_path / "corpus").iterdir()}
    mine = {r.letter for r in read_records(train_reader.HERE / "data" / name)}
    assert set(texts) == mine & held and texts
    asked = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text("utf8").splitlines()]
    assert sum(q["answerable"] for q in asked) == 3 * len(texts)
    assert all(e["quote"] in texts[e["doc"]] for q in asked for e in q["evidence"])
