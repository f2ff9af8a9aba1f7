"""The unit-cost report as files: fourteen sheets, two to four pages, tables, and rows in the shape of FOCUS."""

from typing import Literal, get_args

FileFormat = Literal["xlsx", "pdf", "csv", "parquet", "focus"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
