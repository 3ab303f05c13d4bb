"""Starts `navo-qa serve` as a process of its own, for tests that speak HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def serving(index: Path, *, threshold: float | None = 0.0, **settings: str) -> Iterator[str]:
    """Yield the address of a service over the index, without a slash at its end; it ends with the block.

    threshold: 0.0 answers whatever is asked; None is the reader's own.
    """
    command = [sys.executable, "-m", "navo_qa.cli", "serve", "--index", str(index), "--port", "0", "--json"]
    env = os.environ | {"PYTHONUNBUFFERED": "1"} | settings
    if threshold is not None:
        env["NAVO_QA_THRESHOLD"] = str(threshold)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        url = json.loads("".join(process.stdout.readline() for _ in range(4)))["url"].rstrip("/")
        try:
            _wait_for(url)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/healthz", timeout=10).status_code == 200:
                return
        except httpx.ConnectError:
            time.sleep(0.1)
    raise TimeoutError(url)
