"""Every query means the same on DuckDB and PostgreSQL, and what was worked out by hand for a small set of raw rows.

The rows are examples/rows/*.csv, their story stands in the remarks there. Each query has examples/queries/<name>.yaml:
the parameters it is asked with and, for the ones that matter, the answer worked out by hand.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from math import isclose
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from readout.periods import Calendar
from readout.warehouse import catalog, rebuild, refresh
from readout.warehouse.init import initialise
from readout.warehouse.reader import Warehouse, open_warehouse
from readout.warehouse.session import DuckSession, Session, open_session
from tests.conftest import ENGINES
from tests.contract.worked import (
    EXAMPLES,
    SCHEMA,
    example_portfolio,
    example_rows,
    insert,
    prepare,
    refreshed,
    settings_of,
)  # fmt: skip
from tests.postgres import PostgresServer

READ, REFRESH = catalog.names("read"), [*catalog.names("refresh"), *catalog.names("checks")]
FACTS = catalog.names("facts")
LAYOUTS = {"berlin": "Europe/Berlin", "kathmandu": "Asia/Kathmandu", "empty": "Europe/Berlin"}
LOADED = datetime(2026, 4, 2, 8)
OWN_ROWS = {
    "recorded_column": [("desk", "tasks", "outcome"), ("desk", "tasks", "completed_at"), ("*", "prices", "price")],
    "load_log": [
        ("a1", "export", "tasks", "tasks.csv", "0" * 64, 15, 12, 1, 0, 1, 0, 1, LOADED),
        ("a2", "export", "costs", "costs.csv", "1" * 64, 3, 3, 0, 0, 0, 0, 0, LOADED.replace(hour=9)),
    ],
    "load_reject": [
        ("a1", "export", "tasks", "tasks.csv", 7, "created_at", "is not an instant", "x,y", LOADED),
        ("a1", "export", "tasks", "tasks.csv", 3, "status", "is not one of open, completed", "x,z", LOADED),
    ],
}


@dataclasses.dataclass(frozen=True)
class Laid:
    """The worked example in one warehouse: what the refresh queries gave, and the door for the reading ones."""

    frames: dict[str, pd.DataFrame]
    warehouse: Warehouse


@dataclasses.dataclass(frozen=True)
class Case:
    """One asking of a query; `rows` are the answer by hand in these `columns`, None where engines are only compared."""

    query: str
    number: int
    why: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    rows: list[list[Any]] | None


def typed(query: str, name: str, value: Any) -> Any:
    """Return a YAML value as the parameter's type."""
    kind = catalog.load(query).params[name]
    if kind == "timestamp" and isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time())
    return value


def cases_of(query: str) -> list[Case]:
    path = EXAMPLES / "queries" / f"{query}.yaml"
    if not path.exists():
        return []
    return [
        Case(
            query,
            number,
            given["why"],
            {name: typed(query, name, value) for name, value in given.get("params", {}).items()},
            tuple(given.get("columns", "").split()),
            given.get("rows"),
        )
        for number, given in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1)
    ]


CASES = [case for query in (*READ, *REFRESH, *FACTS) for case in cases_of(query)]


def lay(url: str, layout: str) -> Laid:
    """Prepare a warehouse, refresh it, and ask every refresh query over all days at once."""
    rows = {} if layout == "empty" else example_rows()
    portfolio = example_portfolio(LAYOUTS[layout])
    settings = prepare(url, rows)
    with open_session(settings) as session:
        for table, some in OWN_ROWS.items() if rows else ():
            for row in some:
                marks = ", ".join(f":v{number}" for number in range(len(row)))
                values = {f"v{number}": value for number, value in enumerate(row)}
                session.execute(f"INSERT INTO {table} VALUES ({marks})", values)
    refreshed(settings, portfolio)
    with open_session(settings) as session, session.transaction():
        frames = refresh_frames(session, portfolio)
    return Laid(frames, open_warehouse(settings))


def refresh_frames(session: Session, portfolio: Any) -> dict[str, pd.DataFrame]:
    plan = refresh._plan(session, portfolio)
    rebuild.create_temporary(session)
    for table, rows in (("price_book", plan.prices), ("rate_book", plan.rates), ("line", plan.lines)):
        rebuild.fill(session, table, rows)
    found = {}
    hours = [row[0] for row in session.rows(catalog.load("refresh/all_hours").sql)] or [datetime(2026, 3, 29)]
    calendar = Calendar(portfolio.organisation.time_zone)
    days = refresh.dirty_days(hours, calendar)
    params = {**rebuild.plan_days(session, days, calendar), "settle_us": 7 * 86_400_000_000}
    for name in (*rebuild.WORK, *rebuild.BY_DAY, *rebuild.BY_HOUR):
        query = catalog.load(f"refresh/{name}")
        found[query.name] = framed(query, session.rows(query.sql, {key: params[key] for key in query.params}))
        if name in rebuild.WORK:
            rebuild.select_into(session, name, name, params)
    for case in CASES:
        if case.query in REFRESH and case.query not in found:
            query = catalog.load(case.query)
            found[f"{case.query}#{case.number}"] = framed(query, session.rows(query.sql, case.params))
    return found


def framed(query: catalog.Query, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return a refresh query's rows as a frame; `whole` and `bigint` may be NULL on the way."""
    kinds = {"whole": "decimal", "bigint": "bigint?"}
    columns = {name: kinds.get(kind, kind) for name, kind in query.columns.items()}
    return dataclasses.replace(query, columns=columns).frame(rows)


@pytest.fixture(scope="module")
def laid(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Laid]]:
    """The worked example on both engines, in each layout."""
    with ExitStack() as stack:
        found = {}
        for layout in LAYOUTS:
            folder = tmp_path_factory.mktemp(layout)
            found["duckdb", layout] = lay(f"duckdb:///{folder / 'w.duckdb'}", layout)
            found["postgres", layout] = lay(stack.enter_context(postgres_server.database()), layout)
        yield found
        for one in found.values():
            one.warehouse.close()


def frame_of(one: Laid, case: Case) -> pd.DataFrame:
    if case.query in FACTS:
        return one.warehouse.sample(case.query, **case.params)
    if case.query in READ:
        with one.warehouse.snapshot() as snapshot:
            return snapshot.query(case.query, **case.params)
    return one.frames[case.query if case.query in one.frames else f"{case.query}#{case.number}"]


def order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((pd.isna(value), str(value)) for value in row)


def rows_of(frame: pd.DataFrame, query: str) -> list[tuple[Any, ...]]:
    """Return the rows, without the state's that differ; those of a refresh query, which have no order, sorted."""
    rows = [row for row in frame.itertuples(index=False, name=None) if row[0] not in {"refreshed_at", "fingerprint"}]
    return rows if query in {*READ, *FACTS} else sorted(rows, key=order)


def same(left: Any, right: Any) -> bool:
    if pd.isna(left) or pd.isna(right):
        return bool(pd.isna(left) and pd.isna(right))
    if isinstance(left, float) and isinstance(right, float):
        return isclose(left, right, rel_tol=1e-12)
    return left == right and type(left) is type(right)


@pytest.mark.parametrize("query", [*READ, *REFRESH])
def test_no_query_is_without_a_worked_example(query: str) -> None:
    assert cases_of(query), f"write tests/contract/examples/queries/{query}.yaml"


def test_no_worked_example_is_without_its_query() -> None:
    root = EXAMPLES / "queries"
    named = {path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.yaml")}
    assert named == {*READ, *REFRESH, *FACTS}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query}-{case.number}")
def test_both_engines_give_the_same_frame(laid: dict[tuple[str, str], Laid], case: Case, layout: str) -> None:
    duckdb, postgres = (frame_of(laid[engine, layout], case) for engine in ("duckdb", "postgres"))
    assert list(duckdb.columns) == list(postgres.columns) == list(catalog.load(case.query).columns)
    assert duckdb.dtypes.to_dict() == postgres.dtypes.to_dict()
    left, right = rows_of(duckdb, case.query), rows_of(postgres, case.query)
    assert len(left) == len(right)
    different = [(one, two) for one, two in zip(left, right, strict=True) if not all(map(same, one, two))]
    assert not different


@pytest.mark.parametrize("query", [*READ, *REFRESH])
def test_no_worked_example_is_empty(laid: dict[tuple[str, str], Laid], query: str) -> None:
    assert any(len(frame_of(laid["duckdb", "berlin"], case)) for case in cases_of(query))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("query", sorted({*READ} - {"read/state"}))
def test_an_empty_warehouse_gives_typed_empty_frames(
    laid: dict[tuple[str, str], Laid], query: str, engine: str
) -> None:
    filled, empty = (frame_of(laid[engine, layout], cases_of(query)[0]) for layout in ("berlin", "empty"))
    assert empty.empty
    assert empty.dtypes.to_dict() == filled.dtypes.to_dict()


def shown(value: Any) -> str:
    """Return a cell, or what a worked example says of it, as text: exact numbers exactly, doubles to six digits."""
    if pd.isna(value):
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, pd.Timestamp):
        return str(value.to_pydatetime())
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "case", [case for case in CASES if case.rows is not None], ids=lambda case: f"{case.query}-{case.number}"
)
def test_the_answer_is_the_one_worked_out_by_hand(laid: dict[tuple[str, str], Laid], case: Case, engine: str) -> None:
    frame = frame_of(laid[engine, "berlin"], case)[list(case.columns)]
    found = [[shown(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    wanted = [[shown(value) for value in row] for row in case.rows or []]
    if case.query in REFRESH:
        found, wanted = sorted(found), sorted(wanted)
    assert found == wanted, case.why


def test_a_day_of_kathmandu_begins_at_a_quarter_past_the_utc_hour(laid: dict[tuple[str, str], Laid]) -> None:
    """Local midnight is 18:15 UTC: d3 and d4 are created on the 30th there, on the 29th in Berlin."""
    attempted = {
        layout: laid["duckdb", layout].frames["refresh/rollup_day"].query("system_id == 'desk' and arm != 'shadow'")
        for layout in ("berlin", "kathmandu")
    }
    by_day = {layout: frame.groupby("day_local")["attempted"].sum().to_dict() for layout, frame in attempted.items()}
    assert by_day["berlin"][date(2026, 3, 29)] == 2
    assert by_day["kathmandu"][date(2026, 3, 29)] == 1
    assert by_day["kathmandu"][date(2026, 3, 30)] == by_day["berlin"][date(2026, 3, 30)] + 2


def test_hours_do_not_depend_on_the_zone(laid: dict[tuple[str, str], Laid]) -> None:
    for name in ("refresh/rollup_hour", "refresh/rollup_verdict_hour"):
        berlin, kathmandu = (rows_of(laid["duckdb", layout].frames[name], name) for layout in ("berlin", "kathmandu"))
        assert berlin == kathmandu


def test_the_days_of_a_zone_off_the_hour_add_up_to_those_of_any_other(laid: dict[tuple[str, str], Laid]) -> None:
    for name in ("refresh/rollup_day", "refresh/call_day", "refresh/cost_day", "refresh/work_day"):
        berlin, kathmandu = (laid["duckdb", layout].frames[name] for layout in ("berlin", "kathmandu"))
        counted = [
            column for column, kind in catalog.load(name).columns.items() if kind in {"bigint", "whole", "decimal"}
        ]
        assert berlin[counted].sum().to_dict() == kathmandu[counted].sum().to_dict()


def test_the_published_tables_hold_what_the_refresh_queries_give(tmp_path: Path) -> None:
    settings = settings_of(f"duckdb:///{tmp_path / 'w.duckdb'}")
    portfolio = example_portfolio()
    with open_session(settings, create=True) as session:
        assert isinstance(session, DuckSession)
        initialise(session, SCHEMA)
        insert(session, example_rows())
        refresh.refresh(session, settings, portfolio)
        with session.transaction():
            frames = refresh_frames(session, portfolio)
        published = tmp_path / "w.rollups" / "CURRENT.duckdb"
        session.connection.execute(f"ATTACH '{published.resolve()}' AS published (READ_ONLY)")
        for name in (*rebuild.BY_DAY, *rebuild.BY_HOUR):
            query = catalog.load(f"refresh/{name}")
            rows = session.rows(f"SELECT {', '.join(query.columns)} FROM published.{name}")
            assert sorted(rows, key=order) == sorted(session.rows(query.sql), key=order), name
            assert len(rows) == len(frames[query.name])
