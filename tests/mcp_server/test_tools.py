"""The assistants' door, spoken to by the SDK's own client: over a real stdin and stdout, and over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from navo_qa.chunk import chunk
from navo_qa.ingest import read_file
from navo_qa.mcp_server.results import answered, passage
from navo_qa.pipeline import Pipeline
from surrounded_answers import surrounded
from tabled_answers import HEAD, ROW, cell, tabled_index

QUESTION = "Hoeveel trok Nederland in december 2025 uit voor PURL?"
TOOLS = {"ask", "search", "read_document", "cite", "verify", "list_documents"}
REPORT = "verslag-ifmm-antalya-2025"

Said = Callable[..., Awaitable[Any]]


def command(index: Path, *options: str) -> list[str]:
    """The command line of the server."""
    return [sys.executable, "-m", "navo_qa.cli", "mcp", "--index", str(index), *options]


@pytest.fixture(scope="module")
def address(hashed_index: Path) -> Iterator[str]:
    """The address of a server process over HTTP."""
    env = os.environ | {"NAVO_QA_THRESHOLD": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command(hashed_index, "--http", "--port", "0"), stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        assert url.endswith("/mcp")
        yield url
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def talk(target: str | StdioServerParameters, conversation: Callable[[Client, Said], Awaitable[None]]) -> None:
    """Let a client of the SDK hold a conversation; `said` calls a tool and gives its structured result."""

    async def held() -> None:
        async with Client(target) as client:

            async def said(tool: str, **arguments: Any) -> Any:
                result = await client.call_tool(tool, arguments)
                assert isinstance(result, CallToolResult) and not result.is_error, result
                (text,) = result.content
                assert isinstance(text, TextContent) and json.loads(text.text) == result.structured_content
                return result.structured_content

            await conversation(client, said)

    asyncio.run(held())


def stdio(index: Path, *given: str, **settings: str) -> StdioServerParameters:
    """A server process that the client starts itself."""
    program, *options = command(index, *given)
    return StdioServerParameters(command=program, args=options, env=os.environ | settings)


def test_over_stdin_and_stdout(hashed_index: Path) -> None:
    """The tools are described, and what they quote stands in the documents that they read, with its hash."""

    async def conversation(client: Client, said: Said) -> None:
        assert client.instructions is not None and "word for word" in client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == TOOLS
        for tool in tools.values():
            assert tool.input_schema["additionalProperties"] is False
            assert tool.output_schema and tool.annotations and tool.annotations.read_only_hint and tool.description
        assert "never answer it from memory" in " ".join((tools["ask"].description or "").split())
        found = await said("ask", question=QUESTION, passages=3)
        assert found["answer"] == found["quotes"][0]["quote"] and found["answer"] in (
            found["sentence"] or found["answer"]
        )
        assert "word for word" in found["advice"] and len(found["passages"]) == 3
        for quote in (*found["quotes"], *found["passages"]):
            text = await whole(said, quote["document_id"])
            assert text[quote["start"] : quote["end"]] == quote["quote"]
            assert hashlib.sha256(text.encode()).hexdigest() == quote["sha256"]

    talk(stdio(hashed_index, NAVO_QA_THRESHOLD="0"), conversation)


def test_nothing_of_an_answer_is_lost(hashed: Pipeline) -> None:
    """An assistant gets its sentence, parts and rivals, and what came nearest where there is none."""
    answer = surrounded(hashed)
    told = answered(answer, hashed, "")
    assert answer.sentence is not None and told.sentence == answer.sentence.quote
    assert told.parts == ["EUR", "100 miljoen"] and told.nearest is None
    assert [(one.text, one.quotes[0].source) for one in told.differing] == [("EUR 10 miljoen", told.quotes[0].source)]
    silent = answered(answer.withheld(None), hashed, "")
    assert silent.answer is None and silent.nearest is not None and silent.nearest.text == answer.text
    assert silent.nearest.quotes == told.quotes and not silent.differing and silent.sentence is None


def test_a_cell_is_told_with_its_head(tmp_path: Path) -> None:
    """A figure from a table means nothing without what stands over it."""
    pipeline, answer = cell(tabled_index(tmp_path))
    told = answered(answer, pipeline, "")
    assert (told.answer, told.sentence, told.head) == ("145", ROW, HEAD)
    silent = answered(answer.withheld(None), pipeline, "")
    assert silent.head is None and silent.nearest is not None and silent.nearest.head == HEAD
    pipeline.snapshot.close()


def test_a_passage_within_a_table_is_told_with_its_head(tmp_path: Path) -> None:
    """One that begins below the row over the columns."""
    rows = "".join(f"| Steun van fonds {row} aan de bondgenoten | {row} | {2 * row} |\n" for row in range(80))
    (tmp_path / "fondsen.md").write_text(f"# Fondsen\n\n| Fonds | 2026 | 2027 |\n|---|---|---|\n{rows}")
    document = read_file(tmp_path / "fondsen.md")
    first, *others = [passage(one, document, "nl") for one in chunk(document)]
    assert first.head is None and others and {one.head for one in others} == {HEAD}


async def whole(said: Said, document_id: str) -> str:
    """The document's text, read piece by piece."""
    text, start = "", 0
    while start is not None:
        piece = await said("read_document", document_id=document_id, start=start, length=700)
        assert piece["start"] == start and piece["end"] - piece["start"] == len(piece["text"])
        text, start = text + piece["text"], piece["next"]
    assert len(text) == piece["length"]
    return text


def test_over_http(address: str, hashed: Pipeline) -> None:
    """Search, lists, citations in every style, and a text checked: to what the pipeline itself says."""

    async def conversation(client: Client, said: Said) -> None:
        hits = (await said("search", query="steun aan Oekraïne", passages=4, date_from="2025-01-01"))["passages"]
        assert len(hits) == 4 and all(hit["date"] >= "2025-01-01" for hit in hits)
        assert all(hashed.document(h["document_id"]).text[h["start"] : h["end"]] == h["quote"] for h in hits)
        first = await said("list_documents", limit=2)
        rest = await said("list_documents", limit=4, after=first["next"])
        ids = [document["document_id"] for page in (first, rest) for document in page["documents"]]
        assert ids == [document.id for document in hashed.documents()] and rest["next"] is None and first["total"] == 5
        assert (await said("list_documents", kinds=["agenda"]))["total"] == 1
        cited = await said(
            "cite", passage_ids=[hits[0]["passage_id"], hits[1]["passage_id"]], style="apa", language="en"
        )
        assert len(cited["sources"]) == 2
        assert (await said("cite", passage_ids=[hits[0]["passage_id"]], style="ris"))["sources"][0].startswith("TY")
        sentence = hits[0]["quote"].split("\n\n")[-1].split(". ")[0]
        changed = f"„{sentence}” [@{hits[0]['passage_id']}].\n\n„{sentence} en een olifant” [@{hits[0]['passage_id']}]."
        checked = await said("verify", text=changed)
        assert [finding["sound"] for finding in checked["findings"]] == [True, False] and not checked["sound"]
        assert sentence in checked["findings"][1]["source_text"]

    talk(address, conversation)


def test_its_options_go_before_settings(hashed_index: Path) -> None:
    """The reader and the threshold, as `navo-qa ask` has them."""

    async def conversation(client: Client, said: Said) -> None:
        assert (await said("ask", question=QUESTION))["answer"] is not None

    options = ("--reader", "sentences", "--threshold", "0")
    talk(stdio(hashed_index, *options, NAVO_QA_READER="nobody/nothing", NAVO_QA_THRESHOLD="1"), conversation)


def test_silence_tells_what_to_do(hashed_index: Path) -> None:
    """No answer is null, with the advice to say so."""

    async def conversation(client: Client, said: Said) -> None:
        found = await said("ask", question="Wat kost een visvergunning?")
        assert found["answer"] is None and found["quotes"] == [] and found["passages"]
        assert "do not answer from memory" in found["advice"]

    talk(stdio(hashed_index, NAVO_QA_THRESHOLD="1"), conversation)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "?"}, "the question is empty"),
        ("ask", {"question": "x", "document_ids": ["geen"]}, 'document "geen" is unknown'),
        ("ask", {"question": "x", "date_from": "2025-02-01", "date_to": "2024-01-01"}, "swap them"),
        ("ask", {"question": "x", "date_from": "gisteren"}, "write a day as 2025-05-14"),
        ("search", {"query": "x", "date_to": 1747180800}, "write a day as 2025-05-14"),
        ("ask", {}, '"question" field required'),
        ("ask", {"question": "x", "date_form": "2025-01-01"}, 'no argument "date_form"; it has question, date_from, '),
        ("list_documents", {"from": "2025-01-01", "kind": []}, 'no argument "from", "kind"; it has date_from, '),
        ("search", {"query": "x" * 3000}, "2000"),
        ("search", {"query": "x", "passages": 1000}, "passages"),
        ("read_document", {"document_id": "../../etc/passwd"}, "no document"),
        ("cite", {"passage_ids": ["geen"]}, "no passage"),
        ("cite", {"passage_ids": ["x"], "style": "bluebook"}, "'csl-json'"),
        ("list_documents", {"after": "geen"}, "no document"),
        ("list_documents", {"date_from": "2025-02-01", "date_to": "2024-01-01"}, "swap them"),
        ("dance", {}, "dance"),
    ],
)
def test_errors_are_for_the_assistant_to_read(address: str, tool: str, arguments: dict[str, Any], said: str) -> None:
    """One clear sentence in an error result; never a trace, never a crash."""

    async def conversation(client: Client, _: Said) -> None:
        try:
            result = await client.call_tool(tool, arguments)
        except Exception as error:
            assert tool == "dance" and said in str(error)
            return
        (text,) = result.content
        assert result.is_error and isinstance(text, TextContent)
        assert said in text.text and "Traceback" not in text.text and "/v1/" not in text.text
        assert "\n" not in text.text and "pydantic" not in text.text

    talk(address, conversation)


def test_no_other_site_may_use_it(address: str) -> None:
    """A page of elsewhere in the user's browser is refused."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream", "Origin": "https://evil.example"}
    assert httpx.post(address, json=body, headers=headers).status_code == 403
    assert httpx.post(address, json=body, headers=headers | {"Host": "evil.example", "Origin": ""}).status_code == 421


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    """The server runs; the tool tells what to do."""

    async def conversation(client: Client, _: Said) -> None:
        result = await client.call_tool("ask", {"question": "Wie?"})
        assert result.is_error and "navo-qa build" in str(result.content)

    talk(stdio(tmp_path / "none"), conversation)
