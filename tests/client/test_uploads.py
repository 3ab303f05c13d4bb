"""Documents sent by the client to a real service process, both ways: what became of them, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from navo_qa.build import build
from navo_qa.client import AsyncClient, Client, RemoteProblem, Retry, UploadUnfinished
from navo_qa.encode import HashingEncoder
from navo_qa.errors import UnreadableFile
from server_process import serving

TEXT = "De minister zegde in Praag vier miljoen euro toe voor het ontmijnen van akkers."


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over one document that takes others in, up to a megabyte."""
    folder = tmp_path_factory.mktemp("taking")
    (folder / "eerst.md").write_text("# Eerst\n\nDe ministers spraken over de steun.", "utf-8")
    build([folder / "eerst.md"], folder / "index", HashingEncoder(32))
    with serving(folder / "index", NAVO_QA_UPLOAD="1", NAVO_QA_UPLOAD_BYTES="1000000") as url:
        yield url


def test_what_was_sent_is_a_document(taking: str, tmp_path: Path) -> None:
    """A path and a pair, waited for until they answer; the state of each file, and a newer version."""
    (tmp_path / "praag.md").write_text(f"# Praag\n\n{TEXT}", "utf-8")
    with Client(taking) as navo:
        sent = navo.upload([tmp_path / "praag.md", ("leeg\udce9.txt", b"")], wait=120)
        assert sent.state == "done" and sent.finished is not None and sent.finished >= sent.created
        assert [(file.name, file.state) for file in sent.files] == [("praag.md", "indexed"), ("leeg?.txt", "failed")]
        assert TEXT in navo.document("praag").text and sent.files[1].problem == "urn:navo-qa:empty-file"
        assert navo.uploads()[0] == navo.upload_state(sent.upload_id) == sent
        (again,) = navo.upload([("kopie.md", (tmp_path / "praag.md").read_bytes())], wait=120).files
        assert (again.state, again.document_id) == ("copy", "praag")
        newer = ("praag.md", f"# Praag\n\n{TEXT} Dat is meer dan eerst.".encode())
        assert navo.upload([newer], wait=120).files[0].state == "failed"
        (replaced,) = navo.upload([newer], replace=True, wait=120).files
        assert replaced.state == "indexed" and (replaced.replaced or "").startswith("praag@")


def test_without_blocking(taking: str) -> None:
    """The same by the other client: sent at once, asked after, waited for."""

    async def sent() -> None:
        async with AsyncClient(taking) as navo:
            first = await navo.upload([("een.md", b"# Een\n\nHet eerste verslag van de vergadering.")])
            assert first.finished is None and first.files[0].state == "waiting"
            second = await navo.upload([("twee.md", b"# Twee\n\nHet tweede verslag.")], wait=120)
            assert second.files[0].state == "indexed"
            known = {one.upload_id: one for one in await navo.uploads()}
            assert known[first.upload_id] == await navo.upload_state(first.upload_id)
            assert known[first.upload_id].state == "done"  # one is worked on after the other
            with pytest.raises(UploadUnfinished):
                await navo.upload([("drie.md", b"# Drie\n\nHet derde verslag.")], wait=0.01)

    asyncio.run(sent())


def test_what_is_not_done_in_time(taking: str) -> None:
    """One sentence with the upload's id, by which it can be asked after; it is worked on all the same."""
    with Client(taking) as navo:
        with pytest.raises(UploadUnfinished, match="not done after 0.01 s") as caught:
            navo.upload([("laat.md", b"# Laat\n\nDit verslag kwam laat.")], wait=0.01)
        assert navo.upload_state(caught.value.upload_id).upload_id in str(caught.value)
        navo.upload([("later.md", b"# Later\n\nDit verslag kwam nog later.")], wait=120)
        assert navo.document("laat").text.startswith("Laat")


def test_what_is_refused(taking: str, server: str, tmp_path: Path) -> None:
    """The service's problems as they are; a file that cannot be read is not sent."""
    with Client(taking, retry=Retry(times=0)) as navo:
        for files, status, kind in (
            ([], 422, "invalid-upload"),
            ([(f"{n}.txt", b"x") for n in range(21)], 422, "invalid-upload"),
            ([("x.exe", b"MZ\x00\x01")], 415, "unknown-upload-type"),
            ([("groot.txt", b"x" * 9_000_000)], 413, "body-too-large"),
        ):
            with pytest.raises(RemoteProblem) as caught:
                navo.upload(files, wait=120)
            assert (caught.value.status, caught.value.kind) == (status, f"urn:navo-qa:{kind}")
        with pytest.raises(RemoteProblem, match='no upload "geen" .*GET /v1/uploads') as caught:
            navo.upload_state("geen")
        assert caught.value.status == 404
        for path in (tmp_path / "weg.pdf", tmp_path):
            with pytest.raises(UnreadableFile, match="cannot be read"):
                navo.upload([path])
    with Client(server) as navo, pytest.raises(RemoteProblem, match="NAVO_QA_UPLOAD=1") as caught:
        navo.upload([("x.txt", b"Tekst.")])
    assert (caught.value.status, caught.value.kind) == (403, "urn:navo-qa:upload-off")
