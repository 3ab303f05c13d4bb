"""Sending documents over HTTP: in the index when done, and one clear sentence for whatever cannot be."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from ingest.test_hostile import paragraph, word
from navo_qa.api.app import create_app
from navo_qa.build import UPLOADS, build
from navo_qa.encode import HashingEncoder
from navo_qa.index.snapshot import check, open_snapshot
from navo_qa.ingest.sniff import ending_of, safe_name
from navo_qa.settings import Settings
from navo_qa.uploads import INCOMING, MOST_WAITING, Uploads
from pdf_files import Put, pdf

TEXT = "De minister zegde in Praag vier miljoen euro toe voor het ontmijnen van akkers."
QUESTION = "Hoeveel zegde de minister toe voor het ontmijnen van akkers?"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of one document."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "eerst.md").write_text("# Eerst\n\nDe ministers spraken over de steun.", "utf-8")
    build([tmp_path / "corpus"], tmp_path / "index", HashingEncoder(32))
    return tmp_path / "index"


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    """A client of a service that takes documents in."""
    with TestClient(create_app(Settings(index=index, upload=True, upload_bytes=2_000_000, threshold=0.0))) as made:
        yield made


def send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    response: Any = client.post("/v1/documents", files=[("files", file) for file in files], data=fields)
    return response


def finished(client: TestClient, response: httpx.Response) -> dict[str, Any]:
    """The upload when it is finished, which its progress tells by growing."""
    assert response.status_code == 202, response.text
    uploads: Uploads = client.app.state.uploads  # type: ignore[attr-defined]
    url, progress, body = response.headers["Location"], 0.0, response.json()
    for _ in range(1_000):
        assert progress <= body["progress"] <= 1.0
        if body["finished"]:
            break
        progress = body["progress"]
        uploads.get(body["upload_id"]).over.wait(0.1)
        body = client.get(url).json()
    assert body["finished"], body
    return body


def states(body: dict[str, Any]) -> list[str]:
    return [file["state"] for file in body["files"]]


def test_what_was_sent_answers(client: TestClient, index: Path, tmp_path: Path) -> None:
    """A PDF is in the index when done, without a restart, under the type that it has; later builds keep it."""
    body = finished(client, send(client, ("../../Brief van mei.docx", pdf([[Put(72, 700, TEXT)]])), ("leeg.txt", b"")))
    assert body["state"] == "done" and states(body) == ["indexed", "failed"]
    sent = body["files"][0]
    assert sent["name"] == "Brief van mei.docx" and sent["document_id"] == "Brief van mei" and sent["detail"] is None
    assert TEXT in client.get(sent["url"]).text
    found = client.post("/v1/query", json={"question": QUESTION}).json()
    assert found["answer"]["text"] in TEXT and found["index"]["documents"] == 2
    assert sorted(p.name for p in (index / UPLOADS).iterdir()) == [INCOMING, "Brief van mei.pdf"]
    assert not list((index / UPLOADS / INCOMING).iterdir()) and check(index).ok
    build([tmp_path / "corpus"], index, HashingEncoder(32))
    assert len(open_snapshot(index).collection.listings()) == 2
    again = finished(client, send(client, ("onder een andere naam.pdf", pdf([[Put(72, 700, TEXT)]]))))
    assert states(again) == ["copy"] and again["files"][0]["document_id"] == "Brief van mei"
    assert [one["upload_id"] for one in client.get("/v1/uploads").json()["uploads"]][0] == again["upload_id"]


def test_a_newer_version(client: TestClient, index: Path, tmp_path: Path) -> None:
    """Another text under a name that is there is refused, and taken in where `replace` says so; a build keeps it so."""
    newer = b"# Eerst\n\nDe ministers spraken over de steun, en over meer."
    refused = finished(client, send(client, ("eerst.md", newer)))
    assert states(refused) == ["failed"] and 'would get the id "eerst"' in refused["files"][0]["detail"]
    assert str(tmp_path) not in refused["files"][0]["detail"]
    taken = finished(client, send(client, ("eerst.md", newer), replace="true"))
    assert states(taken) == ["indexed"] and taken["files"][0]["replaced"].startswith("eerst@")
    assert client.get(f"/v1/documents/{taken['files'][0]['replaced']}").status_code == 200
    assert not build([tmp_path / "corpus"], index, HashingEncoder(32)).problems
    assert "en over meer" in open_snapshot(index).collection.document("eerst").text


def test_one_name_twice(client: TestClient, index: Path) -> None:
    """The second is refused without a word of where the service keeps the first."""
    body = finished(client, send(client, ("x.txt", TEXT.encode()), ("x.txt", b"Een brief over iets heel anders.")))
    assert states(body) == ["indexed", "failed"]
    assert body["files"][1]["detail"].startswith('x.txt: would get the id "x", which x.txt has;')


def test_what_looks_like_another_version(client: TestClient) -> None:
    """Is taken in, and says so in words for whoever sent it."""
    finished(client, send(client, ("a.txt", TEXT.encode())))
    (file,) = finished(client, send(client, ("b.txt", f"{TEXT} En meer.".encode())))["files"]
    assert (file["state"], file["problem"]) == ("indexed", "urn:navo-qa:look-alike")
    assert file["detail"] == 'b.txt: looks like another version of "a"; both are searched'


def test_two_at_once(client: TestClient, index: Path) -> None:
    """Both are taken in, one after the other; more than a few are told to come back."""
    sent = [send(client, (f"{n}.txt", f"Verslag {n} van de vergadering.".encode())) for n in range(MOST_WAITING + 3)]
    refused = [response for response in sent if response.status_code == 429]
    assert refused and "try again" in refused[0].json()["detail"]
    done = [finished(client, response) for response in sent if response.status_code == 202]
    assert all(states(body) == ["indexed"] for body in done) and check(index).ok
    assert len(open_snapshot(index).collection.listings()) == 1 + len(done)


def test_hostile_files(client: TestClient, index: Path) -> None:
    """A bomb, a broken file and one that is something else are a sentence each; what is good is taken in."""
    body = finished(
        client,
        send(
            client,
            ("bom.docx", word(paragraph(" " * 70_000_000))),
            ("x.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'),
            ("half.pdf", pdf([[Put(72, 700, TEXT)]])[:300]),
            ("blad.xlsx", b"PK\x03\x04 iets"),
            ("goed.txt", TEXT.encode()),
        ),
    )
    assert states(body) == ["failed"] * 4 + ["indexed"]
    kinds = ["unreadable-file"] * 3 + ["unknown-upload-type"]
    assert [file["problem"] for file in body["files"]] == [f"urn:navo-qa:{kind}" for kind in kinds] + [None]
    for file in body["files"][:4]:
        assert (
            file["detail"].startswith(file["name"]) and "\n" not in file["detail"] and str(index) not in file["detail"]
        )
    before = {path.name for path in index.parent.iterdir()}
    assert before == {"corpus", "index"}


def test_what_is_refused_at_the_door(client: TestClient, index: Path) -> None:
    """Each with its status and one sentence."""
    for response, status, said in (
        (send(client, ("x.pdf", b"MZ\x00\x01\x02"), ("y.zip", b"PK")), 415, "x.pdf, y.zip: no reader reads"),
        (send(client, ("x.txt", b""), ("y.zip", b"PK")), 415, "y.zip: no reader reads"),
        (send(client, ("x.txt", b"")), 422, "x.txt: holds no text"),
        (client.post("/v1/documents", json={}), 422, "not multipart"),
        (client.post("/v1/documents", data={"replace": "true"}, files={"other": b""}), 422, "0 files"),
        (send(client, *[(f"{n}.txt", b"x") for n in range(21)]), 422, "21 files"),
        (send(client, ("groot.txt", b"x" * 2_100_000)), 413, "at most 2,000,000 bytes"),
        (
            client.post("/v1/documents", headers={"Origin": "https://elders.example"}, files={"files": b"x"}),
            403,
            "own page",
        ),
        (client.post("/v1/documents", headers={"Content-Type": "multipart/form-data"}, content=b"x"), 422, "form"),
        (client.get("/v1/uploads/bestaat-niet"), 404, "no upload"),
    ):
        problem = response.json()
        assert (response.status_code, problem["status"]) == (status, status), problem
        assert said in problem["detail"] and "\n" not in problem["detail"]
    assert not list((index / UPLOADS / INCOMING).glob("*/*"))


def test_off_by_default(index: Path) -> None:
    """Nothing is taken in, and the service says that it takes nothing in."""
    with TestClient(create_app(Settings(index=index))) as client:
        assert client.get("/v1/about").json()["upload"]["enabled"] is False
        refused = send(client, ("x.txt", b"Tekst."))
        assert refused.status_code == 403 and "NAVO_QA_UPLOAD=1" in refused.json()["detail"]


def test_the_first_document(tmp_path: Path) -> None:
    """A service without any index becomes ready by an upload."""
    settings = Settings(index=tmp_path / "index", encoder="hashing", upload=True)
    with TestClient(create_app(settings)) as client:
        about = client.get("/v1/about").json()
        assert about["upload"]["enabled"] and ".pdf" in about["upload"]["types"] and not about["ready"]
        assert states(finished(client, send(client, ("a.txt", TEXT.encode())))) == ["indexed"]
        assert client.get("/readyz").status_code == 200


def test_a_full_disk(client: TestClient, index: Path) -> None:
    """A file that does not fit on the disk is a problem that says so, and leaves nothing behind."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        response = send(client, ("groot.txt", b"Tekst. " * 30_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert response.status_code == 507 and "free space" in response.json()["detail"]
    assert not list((index / UPLOADS / INCOMING).iterdir()) and client.get("/v1/uploads").json() == {"uploads": []}


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (b"%PDF-1.7\n", "brief.docx", ".pdf"),
        (b"\x89PNG\r\n\x1a\n", "x.pdf", ".png"),
        (b"<!DOCTYPE html><p>x", "x.txt", ".html"),
        (b"<?xml version='1.0'?><kamerstuk/>", "x", ".xml"),
        (b"From: a@b\nSubject: Brief\n\nTekst", "x.txt", ".txt"),
        (b"From: a@b\nSubject: Brief\n\nTekst", "bericht", ".eml"),
        (b"Delivered-To: a@b\nReceived: by c\n\nTekst", "brief.eml", ".eml"),
        (b"# Kop\n\nTekst", "x.md", ".md"),
        (b"<p>Tekst</p>", "x.htm", ".html"),
        ("Een brief over Oekraïne".encode("utf-16"), "x.doc", ".txt"),
        ("Een brief over Oekraïne".encode("utf-16-le"), "x.txt", ".txt"),
        (b"PK\x03\x04", "x.docx", None),
        (b"MZ\x90\x00", "x.txt", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "x.doc", None),
    ],
)  # fmt: skip
def test_types_by_content(content: bytes, name: str, ending: str | None) -> None:
    """The bytes say what a file is; its name only which kind of plain text."""
    assert ending_of(content, name) == ending


@given(st.text(max_size=300), st.sampled_from((".pdf", ".txt")))
def test_names_stay_in_their_folder(name: str, ending: str) -> None:
    """Whatever a file is called, it is one visible file of a folder, of a length that a disk takes."""
    safe = safe_name(name, ending)
    assert Path("/folder", safe).resolve().parent == Path("/folder") and safe.endswith(ending)
    assert not safe.startswith((".", "~$")) and len(safe.encode()) < 200 and safe.isprintable()
    assert Path(safe).stem.lower() not in ("readme", "catalogue")
