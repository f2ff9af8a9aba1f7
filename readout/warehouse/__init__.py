"""The only door to a database: DuckDB and PostgreSQL behind one protocol."""
