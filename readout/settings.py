"""Settings: environment variables with the prefix READOUT_, read once, never changed."""

from datetime import datetime
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DUCKDB = "duckdb:///"


class Settings(BaseSettings):
    """All settings of the readout; each field's description is its documentation (docs/settings.md is made of them)."""

    model_config = SettingsConfigDict(env_prefix="READOUT_", frozen=True, extra="ignore")

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
    development: bool = Field(
        default=False, description="For work on the readout itself: `readout serve` watches files and shows tracebacks."
    )

    @property
    def url(self) -> str:
        """The warehouse URL in clear, for the door to the database only."""
        return self.warehouse_url.get_secret_value()

    @property
    def portfolio_folder(self) -> Path | None:
        """The portfolio in use: the one named, else `portfolio/` beside a DuckDB file; None where there is neither."""
        if self.portfolio is not None:
            return self.portfolio
        if not self.url.startswith(DUCKDB):
            return None
        beside = Path(self.url.removeprefix(DUCKDB)).parent / "portfolio"
        return beside if beside.is_dir() else None
