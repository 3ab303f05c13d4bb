"""Pages of PDF documents: their pictures, and the rectangles of a passage on them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from navo_qa.api.app import create_app
from navo_qa.build import Wanted, build
from navo_qa.encode import HashingEncoder
from navo_qa.index.originals import ORIGINALS
from navo_qa.settings import Settings
from pdf_files import HEIGHT, WIDTH, Put, pdf

MARK = (255, 214, 0)
PAGES = [
    [Put(72, 700, "Verslag van de bijeenkomst in Oslo", 18), Put(72, 600, "De ministers spraken over steun.")],
    [Put(72, 500, "Nederland trok EUR 100 miljoen uit voor UCAP.")],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of a PDF and a text, and its index."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "verslag.pdf").write_bytes(pdf(PAGES))
    (tmp_path / "corpus" / "brief.txt").write_text("Een brief zonder bladzijden.\n")
    build([tmp_path / "corpus"], tmp_path / "index", HashingEncoder())
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """A client of the application over that index."""
    with TestClient(create_app(Settings(index=folder / "index"))) as made:
        yield made


def test_a_page_shows_where_a_passage_stands(client: TestClient) -> None:
    """The rectangles, as fractions from the top left, lie on the line; drawn in the picture they are yellow."""
    document = client.get("/v1/documents/verslag").json()
    assert document["page_images"] and [page["number"] for page in document["pages"]] == [1, 2]
    start = document["text"].index("EUR 100")
    stretch = {"start": start, "end": start + len("EUR 100 miljoen")}
    page = client.get("/v1/documents/verslag/pages/2", params=stretch).json()
    assert (page["page"], page["pages"], page["width"], page["height"]) == (2, 2, WIDTH, HEIGHT)
    (box,) = page["boxes"]
    assert 72 / WIDTH < box["left"] < box["right"] < 0.7
    assert box["top"] < 1 - 500 / HEIGHT < box["bottom"] + 0.005 and box["bottom"] - box["top"] < 0.03
    assert not client.get("/v1/documents/verslag/pages/1", params=stretch).json()["boxes"]

    plain = Image.open(io.BytesIO(client.get(page["image"], params={"width": 600}).content))
    drawn = Image.open(io.BytesIO(client.get(page["image"], params=stretch | {"width": 600}).content))
    assert plain.size == drawn.size and plain.width == 600 and abs(plain.height - 600 * HEIGHT / WIDTH) <= 1
    inside = (round(box["left"] * 600) + 1, round((box["top"] + box["bottom"]) / 2 * plain.height))
    colours = {drawn.getpixel((x, inside[1])) for x in range(inside[0], inside[0] + 40)}
    assert MARK in colours and MARK not in (plain.getcolors(1 << 20) or [])
    assert drawn.getpixel((5, 5)) == plain.getpixel((5, 5)) == (255, 255, 255)


def test_the_original_is_the_file(client: TestClient, folder: Path) -> None:
    """Byte for byte, as a PDF, with a tag; the picture has one too."""
    response = client.get("/v1/documents/verslag/original")
    assert response.content == (folder / "corpus" / "verslag.pdf").read_bytes()
    assert response.headers["content-type"] == "application/pdf"
    for path in ("original", "pages/1.png", "pages/1"):
        tag = client.get(f"/v1/documents/verslag/{path}").headers["etag"]
        assert client.get(f"/v1/documents/verslag/{path}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("verslag/pages/3.png", 404, "it has no page 3"),
        ("verslag/pages/99999.png?start=1&end=4", 404, "it has no page"),
        ("brief/pages/1.png", 404, "its original is no PDF"),
        ("brief/original", 404, "its original is no PDF"),
        ("geen/pages/1.png", 404, 'no document "geen"'),
        ("verslag/pages/0", 422, "greater than or equal to 1"),
        ("verslag/pages/een", 422, "integer"),
        ("verslag/pages/1.png?width=100000", 422, "less than or equal to 2400"),
    ],
)
def test_what_cannot_be_shown_says_why(client: TestClient, path: str, status: int, said: str) -> None:
    """A clear problem, never an empty picture."""
    response = client.get(f"/v1/documents/{path}")
    assert response.status_code == status and said in response.json()["detail"]


@pytest.mark.parametrize("stretch", [{"start": 5}, {"start": 9, "end": 3}, {"start": 0, "end": 10**9}])
def test_a_stretch_that_is_none_marks_nothing(client: TestClient, stretch: dict[str, int]) -> None:
    """The page is shown all the same."""
    response = client.get("/v1/documents/verslag/pages/1", params=stretch)
    assert response.status_code == 200 and response.json()["boxes"] == []


def test_an_original_that_is_not_what_it_was_is_not_shown(client: TestClient, folder: Path) -> None:
    """The copy is checked against the hash that was taken when it was read; without a copy there is none."""
    (kept,) = (folder / "index" / ORIGINALS).iterdir()
    kept.write_bytes(pdf(PAGES[:1]))
    assert "not kept" in client.get("/v1/documents/verslag/pages/1.png").json()["detail"]
    kept.unlink()
    assert client.get("/v1/documents/verslag/original").status_code == 404
    assert client.get("/v1/documents/verslag").json()["page_images"] is False


def test_originals_follow_the_builds(client: TestClient, folder: Path) -> None:
    """A copy stays as long as its document or an earlier version is kept, and goes one build after; or none is kept."""
    originals = folder / "index" / ORIGINALS
    (folder / "corpus" / "verslag.pdf").write_bytes(pdf(PAGES[:1]))
    build([folder / "corpus"], folder / "index", HashingEncoder())
    assert len(list(originals.iterdir())) == 2
    for _ in range(2):
        build([folder / "corpus"], folder / "index", HashingEncoder(), wanted=Wanted(forget=True))
    assert len(list(originals.iterdir())) == 1
    assert client.get("/v1/documents/verslag/pages/1").json()["pages"] == 1
    next(originals.iterdir()).unlink()
    build([folder / "corpus"], folder / "index", HashingEncoder())
    assert client.get("/v1/documents/verslag/pages/1.png").status_code == 200  # an unchanged corpus heals it
    build([folder / "corpus"], folder / "index", HashingEncoder(), originals=False)
    assert not list(originals.iterdir())


def test_a_turned_and_cropped_page(tmp_path: Path) -> None:
    """The rectangles follow the page as it is shown."""
    content = pdf(PAGES[1:]).replace(
        b"/MediaBox [0 0 595 842]", b"/Rotate 90 /CropBox [0 200 595 842] /MediaBox [0 0 595 842]"
    )
    (tmp_path / "x.pdf").write_bytes(content)
    build([tmp_path / "x.pdf"], tmp_path / "index", HashingEncoder())
    with TestClient(create_app(Settings(index=tmp_path / "index"))) as client:
        text = client.get("/v1/documents/x").json()["text"]
        page = client.get("/v1/documents/x/pages/1", params={"start": 0, "end": len(text)}).json()
    assert (page["width"], page["height"]) == (642, 595)
    (box,) = page["boxes"]
    # Turned clockwise, a line at y=500 stands 300 above the crop's foot, so 300 from the left, and runs downwards.
    assert box["left"] == pytest.approx(300 / 642, abs=0.02) and box["top"] == pytest.approx(72 / 595, abs=0.02)
    assert box["bottom"] - box["top"] > 5 * (box["right"] - box["left"])
