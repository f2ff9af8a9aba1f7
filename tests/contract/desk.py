"""A fresh warehouse into which real sets are loaded by the mapping of their folder's name."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from readout.settings import Settings
from readout.warehouse.loading import LoadResult, load
from readout.warehouse.session import Session, open_session
from tests.contract.worked import prepare


def truth(path: Path) -> Any:
    return json.loads((path.parent / "truth.json").read_text(encoding="utf-8"))


class Desk:
    """A fresh warehouse into which samples are loaded with the mapping of their folder's name."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings = session, settings

    def load(self, *paths: Path, table: str = "tasks", **constants: str) -> LoadResult:
        name = paths[0].parent.name
        result = load(self.session, self.settings, table, list(paths), mapping=name, constants=constants)
        categories = ("loaded", "updated", "merged", "duplicates", "filtered", "rejected")
        assert sum(getattr(result, name) for name in categories) == result.read
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.session.rows(sql)


@contextmanager
def fresh_desk(url: str) -> Iterator[Desk]:
    """Open a warehouse as `readout init` leaves it."""
    settings = prepare(url, {})
    with open_session(settings) as session:
        yield Desk(session, settings)
