"""A server whose tools say in one sentence what is wrong with their arguments, also one that they do not have."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, Tool
from pydantic import ValidationError


class StrictServer(MCPServer[Any]):
    """The SDK's server, which would drop an argument that no tool has: a filter misspelt, and so not applied."""

    async def list_tools(self) -> list[Tool]:
        """Return the tools; their schemas allow no other arguments than they name."""
        tools = await super().list_tools()
        return [
            tool.model_copy(update={"input_schema": tool.input_schema | {"additionalProperties": False}})
            for tool in tools
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Return what the tool returns. Raises ToolError."""
        for tool in await self.list_tools():
            known = tool.input_schema["properties"]
            if tool.name == name and (unknown := [argument for argument in arguments if argument not in known]):
                said = ", ".join(f'"{argument[:100]}"' for argument in unknown[:5])
                raise ToolError(f"{name} has no argument {said}; it has {', '.join(known)}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(f"{name}: {_explained(error.__cause__)}") from error.__cause__
            raise


def _explained(error: ValidationError) -> str:
    """Return what is wrong with each argument in one sentence: pydantic has lines and a link for each.

    An argument of two kinds has what is wrong with either: "style" input should be 'apa' or 'bibtex'.
    """
    said: dict[str, list[str]] = {}
    for problem in error.errors():
        argument = str(problem["loc"][0]) if problem["loc"] else "arguments"
        said.setdefault(argument, []).append(f"{problem['msg'][0].lower()}{problem['msg'][1:]}")
    return "; ".join(f'"{argument}" {", or ".join(dict.fromkeys(messages))}' for argument, messages in said.items())
