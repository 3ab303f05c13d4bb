"""docs/mcp.md cannot lie: its configurations start the server, its example runs, its tools are the tools."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mcp.server.mcpserver import MCPServer

from navo_qa.api.service import Service
from navo_qa.cli.tree import app
from navo_qa.mcp_server.tools import server
from navo_qa.settings import Settings

DOCS = (Path(__file__).parents[1] / "docs" / "mcp.md").read_text("utf-8")


def test_the_table_lists_the_tools(hashed_index: Path) -> None:
    """Every tool and no other."""
    made = server(Service(Settings(index=hashed_index)))
    assert isinstance(made, MCPServer)
    assert set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)) == {t.name for t in made._tool_manager.list_tools()}


@pytest.mark.parametrize("block", re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL))
def test_configurations_are_json_and_name_the_command(block: str) -> None:
    """The command and options are the command line's."""
    (servers,) = json.loads(block).values()
    assert servers["navo-qa"]["command"].endswith("/navo-qa")
    assert servers["navo-qa"]["args"][:2] == ["mcp", "--index"]
    assert "mcp" in {one.callback.__name__ for one in app.registered_commands if one.callback}


def test_the_example_runs(hashed_index: Path) -> None:
    """As it stands, but for where the command and the index are."""
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    started = f'command={sys.executable!r}, args=["-m", "navo_qa.cli", "mcp", "--index", {str(hashed_index)!r}]'
    code = example.replace('command="navo-qa", args=["mcp", "--index", "DIR"]', f"{started}, env=dict(os.environ)")
    assert started in code
    done = subprocess.run([sys.executable, "-c", f"import os\n{code}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr
