"""Files to rows: chooses the reader by suffix, unpacks gzip, refuses what is no input with one clear line."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

from readout.warehouse.errors import InputError
from readout.warehouse.loading.csv_rows import read_csv
from readout.warehouse.loading.json_rows import Level, read_json, read_jsonl, shape_of
from readout.warehouse.loading.parquet_rows import read_parquet
from readout.warehouse.loading.source import Source
from readout.warehouse.loading.yaml_rows import read_yaml, shape_of_yaml

FORMATS = {
    ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet",
    ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Content:
    """A file's bytes, unpacked. `name` is the path as the user gave it."""

    name: str
    path: Path
    format: str
    body: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the unpacked bytes, so that ids made from it survive renaming and packing."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def shape(self) -> str:
        """`array` or `object` for JSON and YAML, else ``."""
        of_format = {"json": shape_of, "yaml": shape_of_yaml}.get(self.format)
        return of_format(self.body) if of_format else ""


def known_format(path: Path) -> str:
    """Return the format that a path's suffix names, without a look inside.

    Raises:
        InputError: the path is missing, a folder, or of another suffix.
    """
    if path.is_dir():
        message = f"{path}: is a folder; name the files in it"
        raise InputError(message)
    if not path.exists():
        message = f"{path}: there is no such file; check the path"
        raise InputError(message)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in {".gz", ".gzip"}:
        suffixes.pop()
    found = FORMATS.get(suffixes[-1]) if suffixes else None
    if not found:
        wanted = ", ".join(FORMATS)
        message = f"{path}: the suffix names no format that can be read; wanted is one of {wanted}, each also with .gz"
        raise InputError(message)
    return found


def open_file(path: Path) -> Content:
    """Read a file and unpack it.

    Raises:
        InputError: it cannot be read, is empty, or is a gzip that is cut off or damaged.
    """
    kind = known_format(path)
    name = str(path)
    try:
        body = path.read_bytes()
    except OSError as error:
        message = f"{name}: cannot be read ({error.strerror}); check its permissions"
        raise InputError(message) from None
    if body.startswith(GZIP):
        body = _unpacked(name, body)
    elif body and path.suffix.lower() in {".gz", ".gzip"}:
        message = f"{name}: is named .gz but is not gzip; rename it or pack it again"
        raise InputError(message)
    if not body.removeprefix(b"\xef\xbb\xbf").strip():
        message = f"{name}: is empty; export it again"
        raise InputError(message)
    return Content(name, path, kind, body)


def _unpacked(name: str, body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except EOFError:
        message = f"{name}: the gzip is cut off before its end; copy or export the file again"
    except (OSError, zlib.error) as error:
        message = f"{name}: the gzip is damaged ({error}); copy or export the file again"
    raise InputError(message)


def read_rows(content: Content, levels: tuple[Level, ...] = ()) -> Source:
    """Return a file's rows; `levels` say how a JSON document is taken apart.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    if content.format == "json":
        return read_json(content.name, content.body, content.sha256, levels)
    if content.format == "jsonl":
        return read_jsonl(content.name, content.body, content.sha256, levels)
    if content.format == "yaml":
        return read_yaml(content.name, content.body, content.sha256, levels)
    if content.format == "csv":
        return read_csv(content.name, content.body, content.sha256)
    return read_parquet(content.name, content.body, content.sha256)
