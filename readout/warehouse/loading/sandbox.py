"""The in-process DuckDB in which files are read as tables: no files, no network, no way out, whatever the warehouse."""

import contextlib
from collections.abc import Iterator

import duckdb


def sandbox(memory_limit: str = "2GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return an empty database in memory that cannot read files, see Python variables or be reconfigured."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "enable_external_access": "false",
            "python_enable_replacements": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "memory_limit": memory_limit,
            "threads": str(threads),
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
    """Open a sandbox and close it again."""
    connection = sandbox(memory_limit, threads)
    try:
        yield connection
    finally:
        connection.close()
