"""The examples of docs/api.md run as they stand, against a real service; what it lists is what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server_process import serving

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "api.md").read_text("utf-8")
RUNNERS = {
    "bash": ("bash", ["-euo", "pipefail", "-c"]),
    "python": (sys.executable, ["-W", "error", "-c"]),
    "js": ("node", ["--input-type=module", "-e"]),
}
# An HTTP error ends the script, which curl does not do by itself.
FAILING = 'curl() { command curl --fail-with-body "$@" && echo; }\n'


@pytest.fixture(scope="module")
def taking(served_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that takes documents in, over an index of its own."""
    index = shutil.copytree(served_index, tmp_path_factory.mktemp("taking") / "index")
    with serving(index, NAVO_QA_UPLOAD="1") as url:
        yield url


@pytest.mark.parametrize("language", RUNNERS)
def test_examples_run(language: str, taking: str, tmp_path: Path) -> None:
    """Each ends well and says something; the file that one sends is a document then."""
    program, options = RUNNERS[language]
    if shutil.which(program) is None or (language == "bash" and shutil.which("curl") is None):
        pytest.skip(f"{'curl' if language == 'bash' else program} is not installed")
    examples = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    assert examples
    for example in examples:
        code = (FAILING if language == "bash" else "") + example.replace("http://localhost:8000", taking)
        assert code != example
        done = subprocess.run([program, *options, code], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0 and done.stdout, done.stdout + done.stderr
    if language == "bash":
        assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    if language == "python":
        assert httpx.get(f"{taking}/v1/documents/besluit").status_code == 200


def test_every_route_is_listed(server: str) -> None:
    """No route of the API is left out of the table, and none is in it that is not there."""
    table = DOCS.split("## With curl")[0]
    paths = httpx.get(f"{server}/openapi.json").json()["paths"]
    for path in paths:
        shown = re.sub(r"\{\w*number\}", "{n}", re.sub(r"\{\w*id\}", "{id}", path)).replace("/{n}.png", "/{n}")
        assert f"{shown}`" in table, path
    for path in re.findall(r"`(?:GET |POST )?(/[^` ]+)`", table):
        assert httpx.get(server + path.format(id="x", n=1)).status_code in (200, 404, 405)
