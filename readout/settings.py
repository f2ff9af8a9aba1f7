"""Settings: environment variables with the prefix READOUT_, read once, never changed."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DUCKDB = "duckdb:///"
SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_NAMED = re.compile(r"(?:(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]*)=)?(?P<url>https?://\S+)")
_FROM = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+|[^@<>,;\"\x00-\x1f]+ <[^@\s<>,;\"]+@[^@\s<>,;\"]+>")
_KEY_BYTES = range(24, 65)  # what Standard Webhooks asks of a signing key


class Settings(BaseSettings):
    """All settings of the readout; each field's description is its documentation (docs/settings.md is made of them)."""

    model_config = SettingsConfigDict(env_prefix="READOUT_", frozen=True, extra="ignore", hide_input_in_errors=True)

    warehouse_url: SecretStr = Field(
        SecretStr("duckdb:///var/readout.duckdb"),
        description="The telemetry warehouse: `duckdb:///PATH` or `postgresql+psycopg://user:password@host/database`.",
    )
    refresh_url: SecretStr | None = Field(
        None, description="PostgreSQL role that loads and refreshes (default: the warehouse URL)."
    )
    signer_url: SecretStr | None = Field(
        None, description="PostgreSQL role that writes the journal (default: the warehouse URL)."
    )
    contract_schema: str = Field(
        "telemetry", pattern=r"^[a-z_][a-z0-9_]*$", description="Schema that holds the contract's tables or views."
    )
    portfolio: Path | None = Field(
        None,
        description="Folder with `organisation.yaml`, `systems/` and `gates/` (default: `portfolio/` beside a DuckDB "
        "file, where there is one; without any, UTC and ISO weeks).",
    )
    as_of: datetime | None = Field(
        None, description="Show the data as of this instant (ISO 8601, UTC) instead of the last refresh's watermark."
    )
    query_timeout_seconds: float = Field(10.0, gt=0, description="Longest time one query of a page may take.")
    cache_seconds: int = Field(600, gt=0, description="How long a page keeps figures of an unchanged data version.")
    memory_limit: str = Field("2GB", description="Memory that embedded DuckDB may use, per open database.")
    threads: int = Field(2, gt=0, description="Threads that embedded DuckDB may use.")
    webhook_urls: SecretStr | None = Field(
        None,
        description="Where events are posted: `https://…`, or several separated by blanks. A webhook is known by its "
        "host, or by the name given as `name=https://…`.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="Key that signs webhooks: `whsec_` and base64 of 24 to 64 random bytes; two, separated by a blank, "
        "while receivers change over.",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Server that takes e-mail: `smtp+starttls://user:password@host`, `smtps://…` (TLS from the start) "
        "or `smtp://…` (not encrypted).",
    )
    mail_from: str | None = Field(None, description="Sender's address of e-mail.")
    public_url: str | None = Field(
        None,
        description="Address under which readers open the readout, such as `https://readout.example.com`: files and "
        "e-mail link back to it. Without it they have no links.",
    )
    delivery_give_up_days: float = Field(
        14, gt=0, allow_inf_nan=False, description="Age at which an event that was not delivered is given up."
    )
    development: bool = Field(
        default=False, description="For work on the readout itself: `readout serve` watches files and shows tracebacks."
    )

    @property
    def url(self) -> str:
        """The warehouse URL in clear, for the door to the database only."""
        return self.warehouse_url.get_secret_value()

    @property
    def webhooks(self) -> dict[str, str]:
        """The webhooks by name, each URL in clear, for the door to the network only."""
        return _webhooks(self.webhook_urls.get_secret_value()) if self.webhook_urls else {}

    @property
    def webhook_keys(self) -> tuple[str, ...]:
        """The keys that sign a webhook in clear."""
        return tuple(self.webhook_secret.get_secret_value().split()) if self.webhook_secret else ()

    @field_validator("webhook_urls")
    @classmethod
    def _named_once(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _webhooks(value.get_secret_value())
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _signing_key(cls, value: SecretStr | None) -> SecretStr | None:
        for key in value.get_secret_value().split() if value else ():
            try:
                size = len(base64.b64decode(key.removeprefix("whsec_"), validate=True))
            except (binascii.Error, ValueError):
                size = 0
            if size not in _KEY_BYTES:
                message = "must be whsec_ and the base64 of 24 to 64 random bytes"
                raise ValueError(message)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _host(value.get_secret_value(), SMTP_PORTS):
            message = "must be smtp+starttls://host, smtps://host or smtp://host, with user:password@ where needed"
            raise ValueError(message)
        return value

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and (not _host(value, {"http", "https"}) or set("?# ") & set(value)):
            message = "must be https://host or https://host/path, without a query"
            raise ValueError(message)
        return value

    @field_validator("mail_from")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not _FROM.fullmatch(value):
            message = "must be one e-mail address, such as readout@example.com or Readout <readout@example.com>"
            raise ValueError(message)
        return value

    @property
    def portfolio_folder(self) -> Path | None:
        """The portfolio in use: the one named, else `portfolio/` beside a DuckDB file; None where there is neither."""
        if self.portfolio is not None:
            return self.portfolio
        if not self.url.startswith(DUCKDB):
            return None
        beside = Path(self.url.removeprefix(DUCKDB)).parent / "portfolio"
        return beside if beside.is_dir() else None


def _host(url: str, schemes: Iterable[str]) -> str | None:
    """Return `host` or `host:port` of a URL of these schemes; None for what is no such URL."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # its text may quote a password
        return None
    return f"{parts.hostname}{port}" if parts.scheme in schemes and parts.hostname else None


def _webhooks(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.split():
        given = _NAMED.fullmatch(word)
        host = _host(given["url"], {"http", "https"}) if given else None
        if given is None or host is None:
            message = "must be https://… or name=https://…, several separated by blanks"
            raise ValueError(message)
        name = given["name"] or host
        if name in found:
            message = f"two webhooks are called {name}; give each a name: name=https://…"
            raise ValueError(message)
        found[name] = given["url"]
    return found
