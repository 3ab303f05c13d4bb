"""A client of the service: the same calls for programs that wait and for programs that do not.

    from navo_qa.client import Client

    with Client("http://127.0.0.1:8000") as navo:
        found = navo.ask("Hoeveel trok Nederland uit voor UCAP?", filters=Filters(date_from=date(2025, 1, 1)))
        if found.answer:
            citation = found.answer.citations[0]
            assert citation.stands_in(navo.document(citation.document_id))

sync.py asynchronous.py  the clients
calls.py                 what is asked of the service, and what becomes of its response
retry.py                 when to ask again, and after how long
results.py memos.py holdings.py uploads.py   what comes back
wire.py                  JSON to those

It imports httpx and nothing else that is heavy. Errors are `RemoteProblem`, which has the service's problem,
`Unreachable` and `UploadUnfinished`; all are NavoErrors.
"""

from navo_qa.client.asynchronous import AsyncClient
from navo_qa.client.calls import By, Form, Style
from navo_qa.client.holdings import About, Corpus, Limits, Snapshot, UploadsAllowed
from navo_qa.client.memos import Change, Citations, Cited, Fact, Finding, Place, Verification
from navo_qa.client.results import (
    Alternative,
    Answer,
    Box,
    Citation,
    Document,
    DocumentText,
    Filters,
    HeadingSpan,
    Hit,
    Index,
    Kind,
    Language,
    Mention,
    Mode,
    Page,
    PageSpan,
    Passage,
    Point,
    Query,
    Search,
    Stretch,
    Timeline,
)
from navo_qa.client.retry import Retry
from navo_qa.client.sync import Client
from navo_qa.client.uploads import Sent, Upload, UploadedFile
from navo_qa.errors import RemoteProblem, Unreachable, UploadUnfinished

__all__ = [
    "About",
    "Alternative",
    "Answer",
    "AsyncClient",
    "Box",
    "By",
    "Change",
    "Citation",
    "Citations",
    "Cited",
    "Client",
    "Corpus",
    "Document",
    "DocumentText",
    "Fact",
    "Filters",
    "Finding",
    "Form",
    "HeadingSpan",
    "Hit",
    "Index",
    "Kind",
    "Language",
    "Limits",
    "Mention",
    "Mode",
    "Page",
    "PageSpan",
    "Passage",
    "Place",
    "Point",
    "Query",
    "RemoteProblem",
    "Retry",
    "Search",
    "Sent",
    "Snapshot",
    "Stretch",
    "Style",
    "Timeline",
    "Unreachable",
    "Upload",
    "UploadUnfinished",
    "UploadedFile",
    "UploadsAllowed",
    "Verification",
]
