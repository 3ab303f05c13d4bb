"""`navo-qa serve`, `mcp`: the page and the API, and the tools of an assistant."""

from __future__ import annotations

from typing import Annotated

import typer

from navo_qa.cli.given import (
    EncoderOption,
    IndexOption,
    JsonOption,
    ReaderOption,
    ThresholdOption,
    print_json,
    say,
    settings_of,
)


def serve(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    threshold: ThresholdOption = None,
    upload: Annotated[bool | None, typer.Option("--upload/--no-upload", help="Let documents be sent to it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the page and the API; an index that is built meanwhile is taken over without a restart."""
    from navo_qa.api.door import Pace
    from navo_qa.api.serve import serve as run

    models = {"encoder": encoder, "reader": reader, "threshold": threshold}
    settings = settings_of(index, host=host, port=port, upload=upload, **models)

    if settings.rate_limit:
        Pace(settings.rate_limit)  # the door itself is made at the first request, too late to say that this is no rate

    def announce(url: str) -> None:
        if as_json:
            print_json({"url": url, "index": str(settings.index)})
        else:
            say(f"navo-qa serves {settings.index} on {url} (stop with Ctrl-C)")

    run(settings, announce)


def mcp(
    index: IndexOption = None,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP at /mcp, instead of stdin and stdout.")] = False,
    host: Annotated[str | None, typer.Option(help="With --http: the address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="With --http: the port; 0 for a free one.")] = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    threshold: ThresholdOption = None,
) -> None:
    """Let an assistant ask, read, cite and verify (Model Context Protocol); see docs/mcp.md."""
    from navo_qa.mcp_server.serve import serve_http, serve_stdio

    if not http and (host is not None or port is not None):
        raise typer.BadParameter("they are for --http; give that too", param_hint="--host, --port")
    models = {"encoder": encoder, "reader": reader, "threshold": threshold}
    settings = settings_of(index, host=host, port=port, **models)
    if http:
        serve_http(settings, lambda url: say(f"navo-qa serves {settings.index} to assistants on {url}", err=True))
    else:
        serve_stdio(settings)
