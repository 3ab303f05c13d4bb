"""A newer version replaces the older on request; what was cited from the older stays shown, cited and verified."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from navo_qa.api.app import create_app
from navo_qa.build import BuildSummary, Wanted, build
from navo_qa.cite.citing import cite_passages, verifier
from navo_qa.cite.links import link
from navo_qa.cite.manuscript import read_markdown
from navo_qa.cite.verify import Verdict
from navo_qa.collection import Collection
from navo_qa.encode import HashingEncoder
from navo_qa.errors import DuplicateId, NotFound
from navo_qa.index.snapshot import check, open_snapshot
from navo_qa.pipeline import Pipeline
from navo_qa.settings import Settings
from navo_qa.types import Kind, Paper
from navo_qa.versions import Card, Version, decide, newer, resolve, version_of_name

OLD = "Nederland draagt EUR 25 miljoen bij aan het fonds voor Oekraïne, zo meldde de minister."
NEW = "Nederland draagt EUR 35 miljoen bij aan het fonds voor Oekraïne, zo meldde de minister."
REST = "\n\n".join(f"De bondgenoten bespraken punt {n} van de agenda en waren het daarover eens." for n in range(8))
CARD = Card("a", "1", Kind.LETTER, None, None, None, None, Paper(), frozenset())


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"# Verslag\n\n{text}\n\n{REST}\n", "utf-8")
    return folder / name


def built(tmp_path: Path, **wanted: bool | None) -> BuildSummary:
    return build([tmp_path / "corpus"], tmp_path / "index", HashingEncoder(32), wanted=Wanted(**wanted))  # type: ignore[arg-type]


def collection(tmp_path: Path) -> Collection:
    return open_snapshot(tmp_path / "index").collection


def test_a_file_that_changed(tmp_path: Path) -> None:
    """The new text is searched, the old one is found by its hash, and what was cited from it stands."""
    write(tmp_path / "corpus", "brief.md", OLD)
    built(tmp_path)
    before = collection(tmp_path)
    old, passage = before.document("brief"), before.passages_of("brief")[0]
    made = link(old, *(lambda at: (at, at + len(OLD)))(old.text.index(OLD)))
    write(tmp_path / "corpus", "brief.md", NEW)
    summary = built(tmp_path)
    assert [version.id for version in summary.replaced] == [f"brief@{old.sha256[:12]}"]
    now = collection(tmp_path)
    assert NEW in now.document("brief").text and [listing.id for listing in now.listings()] == ["brief"]
    assert now.cited("brief", old.sha256).text == old.text and now.cited("brief", "0" * 64).id == "brief"
    earlier = now.passage(passage.id)
    assert earlier.text == passage.text and now.document(earlier.document_id).text[earlier.start : earlier.end]
    assert cite_passages(now, [passage.id], "plain", "nl") == cite_passages(before, [passage.id], "plain", "nl")
    hits = Pipeline.open(tmp_path / "index").search("Hoeveel draagt Nederland bij aan het fonds?")
    assert all(OLD not in hit.passage.text for hit in hits) and any(NEW in hit.passage.text for hit in hits)
    memo = f'De brief zegt: "{OLD}" [@{passage.id}]\n\nEn ook: "{OLD}" ({made}).\n\nNu: "{NEW}" [@brief]'
    found = verifier(now).verify(read_markdown(memo, "memo.md"))
    quoted = [(finding.verdict, finding.note) for finding in found if finding.place]
    assert quoted == [(Verdict.VERBATIM, "earlier-version")] * 2 + [(Verdict.VERBATIM, None)]
    assert check(tmp_path / "index").ok and not built(tmp_path).changed
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        page = client.get(made).text
        assert 'id="earlier"' in page and OLD in page and 'id="changed"' not in page
        there = re.search(r'het dichtst bij komt: <a href="(/d/brief\?[^"]+)">‘([^<]+)’</a>', page)
        assert there is not None and there[2] == NEW.rstrip(".")
        assert 'id="earlier"' not in client.get(html.unescape(there[1])).text
        shown = client.get(f"/v1/passages/{passage.id}").json()
        whole = client.get(f"/v1/documents/{shown['document_id']}").json()
        assert whole["text"][shown["start"] : shown["end"]] == passage.text and whole["sha256"] == old.sha256


def test_on_request_only(tmp_path: Path) -> None:
    """Two versions under two names are both searched and said to be so; --replace keeps the newer, and lasts."""
    write(tmp_path / "corpus", "nota_v1.0.md", OLD)
    write(tmp_path / "corpus", "nota_v2.0.md", NEW)
    both = built(tmp_path)
    assert both.documents == 2 and "--replace" in str(both.doubts[0]) and not both.replaced
    one = built(tmp_path, replace=True)
    assert one.documents == 1 and [(v.document_id, v.replaced_by) for v in one.replaced] == [("nota_v1.0", "nota_v2.0")]
    assert not built(tmp_path).changed
    assert [listing.id for listing in collection(tmp_path).listings()] == ["nota_v2.0"]
    (tmp_path / "corpus" / "nota_v1.0.md").unlink()
    built(tmp_path)
    assert OLD in collection(tmp_path).document(one.replaced[0].id).text
    write(tmp_path / "corpus", "nota_v1.0.md", OLD)
    assert built(tmp_path, replace=False).documents == 2


def test_by_the_catalogue(tmp_path: Path) -> None:
    """`replaces` in catalogue.csv replaces whatever the names are; a circle leaves one of them."""
    write(tmp_path / "corpus", "een.md", OLD)
    write(tmp_path / "corpus", "twee.md", "Iets heel anders.")
    (tmp_path / "corpus" / "catalogue.csv").write_text("id,replaces\ntwee,een\n")
    assert [(v.document_id, v.replaced_by) for v in built(tmp_path).replaced] == [("een", "twee")]
    (tmp_path / "corpus" / "catalogue.csv").write_text("id,replaces\ntwee,een\neen,twee\n")
    assert built(tmp_path).documents == 1


def test_what_is_taken_away(tmp_path: Path) -> None:
    """A version lasts as long as what replaced it; --forget drops it, and a document that is gone leaves nothing."""
    for text in (OLD, NEW):
        write(tmp_path / "corpus", "brief.md", text)
        write(tmp_path / "corpus", "ander.md", f"Een ander verslag. {text}")
        built(tmp_path)
    assert len(collection(tmp_path).versions()) == 2
    (tmp_path / "corpus" / "brief.md").unlink()
    built(tmp_path)
    assert [version.document_id for version in collection(tmp_path).versions()] == ["ander"]
    built(tmp_path, forget=True)
    assert collection(tmp_path).versions() == ()
    with pytest.raises(NotFound):
        collection(tmp_path).cited("brief", None)


def test_a_chain_and_a_return(tmp_path: Path) -> None:
    """Every text there was is kept; one that comes back is searched again and is no version any more."""
    texts = (OLD, NEW, f"{NEW} En meer.")
    for text in (*texts, OLD):
        write(tmp_path / "corpus", "brief.md", text)
        built(tmp_path)
    now = collection(tmp_path)
    assert OLD in now.document("brief").text and len(now.versions()) == 2
    assert all(now.successor(version.id) == "brief" for version in now.versions())
    assert {version.id for version in now.earlier("brief")} == {version.id for version in now.versions()}


def test_versions_outlive_another_version_of_ours(tmp_path: Path) -> None:
    """An index that this version cannot open any more still gives its texts to the next build."""
    for text in (OLD, NEW):
        write(tmp_path / "corpus", "brief.md", text)
        built(tmp_path)
    folder = open_snapshot(tmp_path / "index").folder
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 1}))
    write(tmp_path / "corpus", "brief.md", f"{NEW} En meer.")
    built(tmp_path)
    assert len(collection(tmp_path).versions()) == 2


def test_one_id_in_two_folders(tmp_path: Path) -> None:
    """Two files of one name stay a problem, unless the newer is asked for and their letters' dates tell which."""
    for folder, day, text in (("a", "1 mei 2025", OLD), ("b", "3 juni 2025", NEW)):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        write(tmp_path / "corpus" / folder, "brief.md", f"Den Haag, {day}\n\n{text}")
    assert [type(problem) for problem in built(tmp_path).problems] == [DuplicateId]
    summary = built(tmp_path, replace=True)
    assert summary.documents == 1 and NEW in collection(tmp_path).document("brief").text
    assert not built(tmp_path).problems


@pytest.mark.parametrize(
    ("name", "base", "version"),
    [
        ("v2.1_-_Vergelijking_open_source_modellen", "vergelijking open source modellen", (2, 1)),
        ("PvA_Generatieve_AI_v1.0", "pva generatieve ai", (1, 0)),
        ("brief (2)", "brief", (2,)),
        ("nota versie 3", "nota", (3,)),
        ("h-tk-20172018-70-1", "h tk 20172018 70 1", None),
        ("VGC 3", "vgc 3", None),
        ("v2", "v2", None),
        ("kst-36600-V-12", "kst 36600 v 12", None),
        ("kst-36600-V-12 v2", "kst 36600 v 12", (2,)),
        ("36 600 V 12", "36 600 v 12", None),
        ("nota_20250512_v2", "nota 20250512", (2,)),
    ],
)  # fmt: skip
def test_names(name: str, base: str, version: tuple[int, ...] | None) -> None:
    """A version in a name is told from the numbers of papers."""
    assert version_of_name(name) == (base, version)


def test_which_is_newer() -> None:
    """By the names' versions, else the letters' dates, else what was not there before; else nothing tells."""
    old, young = replace(CARD, id="x v9"), replace(CARD, id="x v10")
    assert newer(old, young) is young and newer(young, old) is young
    dated = replace(CARD, letter_date=date(2025, 1, 1)), replace(CARD, letter_date=date(2024, 1, 1), id="b")
    assert newer(*dated) is dated[0]
    assert newer(CARD, replace(CARD, id="b"), frozenset({CARD.key})) == replace(CARD, id="b")
    assert newer(CARD, replace(CARD, id="b")) is None


def test_what_is_no_version() -> None:
    """An annex shares a paper's number and not its words; letters of two meetings are not versions however alike."""
    paper = Paper(dossier="28676", number="499")
    words = frozenset(range(100))
    letter, annex = replace(CARD, paper=paper, sketch=words), replace(CARD, id="b", sha256="2", paper=paper)
    assert not decide([letter, replace(annex, sketch=frozenset(range(100, 200)))], (), frozenset(), True).doubts
    assert decide([letter, replace(annex, sketch=words)], (), frozenset(), None).doubts
    may, june = (
        replace(CARD, id=str(day), sha256=str(day), meeting_start=day, sketch=words)
        for day in (date(2025, 5, 1), date(2025, 6, 1))
    )
    assert not decide([may, june], (), frozenset(), None).doubts
    assert decide([may, replace(june, meeting_start=None)], (), frozenset(), None).doubts


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=8), st.sampled_from((True, None)))
def test_something_is_always_searched(replacing: list[tuple[str, str]], asked: bool | None) -> None:
    """Whatever a catalogue says, every replaced document leads to one that is searched."""
    says = dict(replacing)
    cards = [replace(CARD, id=name, sha256=name, replaces=says.get(name)) for name in "abcd"]
    found = decide(cards, [Version("a@a", "a", "a", "b")], frozenset(), asked).replaced
    searched = {card.id for card in cards if card.key not in found}
    by = {document_id: other for (document_id, _), other in found.items()}
    assert searched and all(resolve(document_id, by, searched) for document_id in by)
