"""What a user may set, from the environment (`NAVO_QA_…`) or a `.env` file; everything has a default."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from navo_qa.errors import InvalidSetting

MAX_QUESTION = 2_000  # characters; the longest real question seen had 300
MAX_TOP_K = 100


class Settings(BaseSettings):
    """The service's settings; the command line's options override them."""

    model_config = SettingsConfigDict(
        env_prefix="NAVO_QA_",
        env_file=".env",
        env_file_encoding="utf-8-sig",  # Notepad's mark would be part of the first name
        env_ignore_empty=True,
        extra="ignore",
    )

    index: Path = Field(Path("embeddings/indexes/corpus"), description="The index folder to open.")
    encoder: str | None = Field(None, description="The encoder; by default the one the index was built with.")
    reader: str | None = Field(None, description="The reader; by default the bundled one.")
    threads: int = Field(0, ge=0, description="Threads for encoding and reading; 0 takes every core.")
    download: bool = Field(False, description="Whether a model that is not on this machine may be fetched.")
    host: str = Field("127.0.0.1", description="The address that the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port that the service listens on; 0 picks a free one.")
    threshold: float | None = Field(None, ge=0, le=1, description="Confidence under which no answer is given.")
    upload: bool = Field(False, description="Whether documents may be sent to the service.")
    upload_bytes: int = Field(50_000_000, gt=0, description="The largest upload, of all its files.")
    upload_files: int = Field(20, ge=1, le=1000, description="The most files of one upload.")
    rate_limit: str | None = Field(None, description='Requests to /v1/ from one address, such as "60/minute".')
    log: Literal["debug", "info", "warning", "error"] = Field("warning", description='"info" writes every request.')
    url: str | None = Field(None, description="Where the page is reached, for links; host and port otherwise.")

    @property
    def site(self) -> str:
        """The address of the page, for links in a terminal."""
        return self.url or f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def settings_now() -> Settings:
    """Return what the environment and `.env` set. Raises InvalidSetting."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidSetting(f"NAVO_QA_{str(first['loc'][0]).upper()}", str(first["msg"])) from error
    except UnicodeDecodeError as error:
        raise InvalidSetting(".env", "the file is not UTF-8") from error
