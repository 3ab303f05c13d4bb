"""Refuses a PDF whose streams unpack to more than any report holds, before pdfium unpacks them whole in memory."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from navo_qa.errors import UnreadableFile

MAX_STREAM = 200_000_000  # bytes of one stream once unpacked
MAX_STREAMS = 1_000_000_000  # of all streams of a file

_STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")  # as zlib's header starts
_STEP = 1_000_000


def refuse_bombs(content: bytes, path: Path) -> None:
    """Return where every stream is of a size that can be read. Raises UnreadableFile.

    A stream that is packed twice is unpacked once here: what is in it is not seen.
    """
    total = 0
    for match in _STREAM.finditer(content):
        size = _unpacked(memoryview(content)[match.end() :])
        total += size
        if size > MAX_STREAM or total > MAX_STREAMS:
            limit = (MAX_STREAM if size > MAX_STREAM else MAX_STREAMS) / 1e6
            raise UnreadableFile(path, f"its streams unpack to over {limit:.0f} MB, which no report does")


def _unpacked(packed: memoryview) -> int:
    """Return what a stream unpacks to in bytes, a little over the limit where it is more."""
    unpacker = zlib.decompressobj()
    size = at = 0
    left: bytes | memoryview = b""
    try:
        while not unpacker.eof and size <= MAX_STREAM:
            if not left:
                left, at = packed[at : at + _STEP], at + _STEP
                if not left:
                    break
            size += len(unpacker.decompress(left, _STEP))
            left = unpacker.unconsumed_tail
    except zlib.error:  # no zlib after all, or damaged: pdfium will say
        pass
    return size
