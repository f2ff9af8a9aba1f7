"""The in-process DuckDB in which files are read as tables: no files, no network, no way out, whatever the warehouse."""

import contextlib
import tempfile
from collections.abc import Iterator

import duckdb


def sandbox(memory_limit: str, threads: int, folder: str = "") -> duckdb.DuckDBPyConnection:
    """Return an empty database in memory that cannot read files, see Python variables or be reconfigured.

    `folder` takes what does not fit into memory; without it that fails.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "enable_external_access": "false",
            "python_enable_replacements": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "memory_limit": memory_limit,
            "threads": str(threads),
            "temp_directory": folder,  # DuckDB's own default is a folder in the current one
        },
    )
    connection.execute("SET GLOBAL TimeZone='UTC'")
    # It lifts a cast that stands in two TRY() out of both of them, where it then fails the whole query (DuckDB 2.0).
    connection.execute("SET disabled_optimizers='common_subexpressions'")
    connection.execute("SET preserve_insertion_order=false")  # rows carry their number
    connection.execute("SET lock_configuration=true")
    return connection


@contextlib.contextmanager
def open_sandbox(memory_limit: str, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a sandbox that may outgrow its memory, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="readout-load-") as folder:
        connection = sandbox(memory_limit, threads, folder)
        try:
            yield connection
        finally:
            connection.close()
