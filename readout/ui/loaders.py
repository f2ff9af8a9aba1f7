"""Cached loaders: the only way from a page to a brief.

The cache is shared by all readers, so every loader's arguments hold what the reader may see (`access`) and the version
of the data; neither can be forgotten, because `_scoped` adds them.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

import pandas as pd
import streamlit as st

from readout import briefs
from readout.briefs import Book, open_book
from readout.briefs.board import board_brief
from readout.briefs.closing import closes_of
from readout.briefs.gate_health import waived_weeks
from readout.briefs.gate_ledger import LedgerView, all_waivers, ledger_view, record_count, replay
from readout.briefs.gate_readings import readings_of
from readout.briefs.gate_restarts import with_restarts
from readout.briefs.gate_signing import standing_waivers
from readout.briefs.results import (
    ChecksBrief,
    GatesBrief,
    HandlingBrief,
    Header,
    HealthBrief,
    ReadoutBrief,
    Replayed,
    Scope,
    ThroughputBrief,
    UnitCostBrief,
)
from readout.briefs.results_board import BoardBrief
from readout.briefs.results_bridge import BridgeBrief
from readout.briefs.results_close import ReconciliationBrief
from readout.briefs.results_gates import GateBrief, GateHealthBrief, PolicyBenchBrief, StallsBrief
from readout.briefs.results_promotions import PromotionsBrief
from readout.briefs.results_quality import QualityBrief
from readout.briefs.results_review import ReviewBrief
from readout.briefs.results_rows import GlossaryBrief, RowsBrief
from readout.briefs.results_system import SystemBrief
from readout.briefs.results_value import ValueBrief
from readout.briefs.results_vendors import VendorsBrief
from readout.briefs.review_notes import remembered
from readout.delivery import Receipt, receipts
from readout.finance.close import Closed
from readout.finance.variance import Method
from readout.periods import Window
from readout.portfolio import Portfolio, read_portfolio
from readout.settings import Settings
from readout.warehouse.errors import WarehouseError
from readout.warehouse.gate_ledger import Waiver
from readout.warehouse.journal import open_journal
from readout.warehouse.reader import Warehouse, open_warehouse
from readout.warehouse.review_notes import ReviewNote

Brief = TypeVar("Brief")
_LOG = logging.getLogger(__name__)
EVERYTHING = "all"
_ENTRIES = 256
_TTL = Settings().cache_seconds
_VERSION_TTL = 5.0


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()


@st.cache_resource(max_entries=1, show_spinner=False, on_release=lambda door: door.close())
def warehouse() -> Warehouse:
    """Return the one reading door of this process."""
    return open_warehouse(settings())


@st.cache_resource(max_entries=1, ttl=_TTL, show_spinner=False)
def portfolio() -> Portfolio:
    """Return the portfolio, read again now and then so that an edited file shows without a restart."""
    return read_portfolio(settings().portfolio_folder)


@st.cache_data(max_entries=1, ttl=_VERSION_TTL, show_spinner=False)
def data_version() -> str:
    """Return the version of the published data, asked for at most every few seconds."""
    return warehouse().data_version()


@st.cache_resource(max_entries=2, ttl=_TTL, show_spinner=False)
def book(version: str) -> Book:  # noqa: ARG001 - the version is the key
    """Return the reference data of one data version, with what the gate ledger remembers of loosened policies."""
    found = open_book(warehouse(), portfolio(), settings())
    try:
        with open_journal(settings()) as journal:
            return with_restarts(found, journal)
    except WarehouseError as error:
        _LOG.warning("the gate ledger cannot be read: %s", error)
        return found


@st.cache_data(max_entries=1, ttl=_VERSION_TTL, show_spinner=False)
def closes() -> tuple[Closed, ...]:
    """Return the closed periods; none where the journal cannot be read."""
    try:
        with open_journal(settings()) as journal:
            return closes_of(journal)
    except WarehouseError as error:
        _LOG.warning("the closed periods cannot be read: %s", error)
        return ()


def sealed() -> str:
    """Return the hash of the last close: what is shown of closed periods changes with it."""
    return closes()[-1].hash if closes() else ""


def with_closes(version: str, *, reported: bool) -> Book:
    """Return the book of one data version with the closed periods, as they were reported or restated."""
    return replace(book(version), closes=closes(), reported=reported)


def access() -> str:
    """Return what this reader may see. Everyone sees everything until sign-in scopes it."""
    return EVERYTHING


def _at(version: str, scope: Scope) -> Book:
    """Return the book of one data version, as of what a scope asks for."""
    return book(version).at(scope)


def _known(scope: Scope) -> Scope:
    """Return the scope without an as-of that means nothing, or that is not earlier than the newest data."""
    newest = book(data_version())
    return scope if newest.at(scope) is not newest else replace(scope, as_of="")


def header(scope: Scope) -> Header:
    """Return where the figures of this scope come from; cheap, and never cached, so that staleness is current."""
    return _at(data_version(), scope).header(_known(scope))


def _scoped(read: Callable[[Scope, str, str], Brief]) -> Callable[[Scope], Brief]:
    def load(scope: Scope) -> Brief:
        return read(scope, access(), data_version())

    return load


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _readout(scope: Scope, access: str, version: str) -> ReadoutBrief:  # noqa: ARG001
    return briefs.readout_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _throughput(scope: Scope, access: str, version: str) -> ThroughputBrief:  # noqa: ARG001
    return briefs.throughput_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _handling(scope: Scope, access: str, version: str) -> HandlingBrief:  # noqa: ARG001
    return briefs.handling_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _unit_cost(scope: Scope, access: str, version: str, view: tuple[str, bool]) -> UnitCostBrief:  # noqa: ARG001
    return briefs.unit_cost_brief(with_closes(version, reported=view[1]).at(scope), scope)


def unit_cost(scope: Scope, *, reported: bool) -> UnitCostBrief:
    """Return the unit-cost page; of a closed month as it was reported, or restated."""
    return _unit_cost(scope, access(), data_version(), (sealed(), reported))


def closed(window: Window) -> Closed | None:
    """Return the close of exactly these days, None where they are not a closed period."""
    return with_closes(data_version(), reported=False).closed_of(window)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _vendors(scope: Scope, access: str, version: str) -> VendorsBrief:  # noqa: ARG001
    return briefs.vendors_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _bridge(
    scope: Scope,
    access: str,  # noqa: ARG001
    version: str,
    level: str,
    method: Method,
    *,
    by_type: bool,
) -> BridgeBrief:
    return briefs.bridge_brief(_at(version, scope), scope, level, method, by_type=by_type)


def bridge(scope: Scope, level: str, method: Method, *, by_type: bool) -> BridgeBrief:
    """Return why cost moved, at a level, by a method, by systems or their task types."""
    return _bridge(scope, access(), data_version(), level, method, by_type=by_type)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _gates(scope: Scope, access: str, version: str) -> GatesBrief:  # noqa: ARG001
    return briefs.gates_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _gate(scope: Scope, access: str, version: str, name: str) -> GateBrief:  # noqa: ARG001
    return briefs.gate_brief(_at(version, scope), scope, name)


def gate(scope: Scope, name: str) -> GateBrief:
    """Return one gate's own page."""
    return _gate(scope, access(), data_version(), name)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _policy_bench(scope: Scope, access: str, version: str, gate: str, text: str) -> PolicyBenchBrief:  # noqa: ARG001
    return briefs.policy_bench_brief(_at(version, scope), scope, gate, text)


def policy_bench(scope: Scope, gate: str, text: str) -> PolicyBenchBrief:
    """Return a policy tried on a gate's past weeks."""
    return _policy_bench(scope, access(), data_version(), gate, text)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _gate_health(scope: Scope, access: str, version: str) -> GateHealthBrief:  # noqa: ARG001
    held = _at(version, scope)
    try:
        with open_journal(settings()) as journal:
            weeks = waived_weeks(held, all_waivers(journal))
    except WarehouseError as error:
        _LOG.warning("the gate ledger cannot be read: %s", error)
        weeks = None
    return briefs.gate_health_brief(held, scope, weeks)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _stalls(scope: Scope, access: str, version: str) -> StallsBrief:  # noqa: ARG001
    return briefs.stalls_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _promotions(scope: Scope, access: str, version: str) -> PromotionsBrief:  # noqa: ARG001
    return briefs.promotions_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _health(scope: Scope, access: str, version: str) -> HealthBrief:  # noqa: ARG001
    return briefs.health_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _system(scope: Scope, access: str, version: str) -> SystemBrief:  # noqa: ARG001
    return briefs.system_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _checks(scope: Scope, access: str, version: str) -> ChecksBrief:  # noqa: ARG001
    return briefs.checks_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _quality(scope: Scope, access: str, version: str) -> QualityBrief:  # noqa: ARG001
    return briefs.quality_brief(_at(version, scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _reconciliation(
    scope: Scope,
    access: str,  # noqa: ARG001
    version: str,
    month: str,
    view: tuple[str, bool],
) -> ReconciliationBrief:
    return briefs.reconciliation_brief(with_closes(version, reported=view[1]).at(scope), scope, month)


def reconciliation(scope: Scope, month: str, *, reported: bool) -> ReconciliationBrief:
    """Return the reconciliation of a fiscal month, "" for the last one that was invoiced."""
    return _reconciliation(scope, access(), data_version(), month, (sealed(), reported))


def invoice_charges(invoice: str) -> pd.DataFrame:
    """Return a bounded sample of the facts: the charges of one invoice; read anew each time."""
    return briefs.invoice_charges(book(data_version()), invoice)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _value(scope: Scope, access: str, version: str) -> ValueBrief:  # noqa: ARG001
    return briefs.value_brief(_at(version, scope), scope)


def value_of(system: str) -> ValueBrief:
    """Return the value page of one system; it is since launch, so that no other filter touches it."""
    return value(Scope(systems=(system,)))


@st.cache_data(max_entries=_ENTRIES, ttl=_VERSION_TTL, show_spinner=False)
def _gate_ledger(name: str, access: str, version: str) -> tuple[LedgerView, tuple[Receipt, ...], int] | None:  # noqa: ARG001
    held = book(version)
    reading = next((one for one in readings_of(held) if one.gate.gate == name), None)
    try:
        with open_journal(settings()) as journal:
            view = ledger_view(journal, held.portfolio.gates[name], reading)
            return view, receipts(journal, name), record_count(journal)
    except WarehouseError as error:
        _LOG.warning("the gate ledger cannot be read: %s", error)
        return None


def gate_ledger(name: str) -> tuple[LedgerView, tuple[Receipt, ...], int] | None:
    """Return what the journal knows of a gate, its receipts, and how many records the ledger has; None unread."""
    return _gate_ledger(name, access(), data_version())


@st.cache_data(max_entries=_ENTRIES, ttl=_TTL, show_spinner=False)
def _replayed(name: str, head: str, last: int, access: str, version: str) -> dict[str, Replayed]:  # noqa: ARG001
    with open_journal(settings()) as journal:
        return {one.sealed.hash: one for one in replay(book(version), journal, name, last=last)}


def replayed(name: str, head: str, last: int) -> dict[str, Replayed]:
    """Return the last decisions of a gate judged again from today's data, by their hash; `head` = the newest one's."""
    return _replayed(name, head, last, access(), data_version())


@st.cache_data(max_entries=1, ttl=_VERSION_TTL, show_spinner=False)
def waived() -> dict[str, tuple[Waiver, ...]]:
    """Return the standing waivers by gate; nothing where the journal cannot be read."""
    now = datetime.now(UTC).replace(tzinfo=None)
    try:
        with open_journal(settings()) as journal:
            found = standing_waivers(all_waivers(journal), now)
    except WarehouseError as error:
        _LOG.warning("the gate ledger cannot be read: %s", error)
        return {}
    return {gate: tuple(one for one in found if one.gate == gate) for gate in {one.gate for one in found}}


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _review(scope: Scope, access: str, version: str) -> ReviewBrief:  # noqa: ARG001
    return briefs.review_brief(_at(version, scope), scope)


@st.cache_data(max_entries=4, ttl=_VERSION_TTL, show_spinner=False)
def review_notes(week: date) -> tuple[ReviewNote, ...] | None:
    """Return what owners have said of a week and of those before; None where the journal cannot be read."""
    try:
        with open_journal(settings()) as journal:
            return remembered(journal, week)
    except WarehouseError as error:
        _LOG.warning("the words of the weekly review cannot be read: %s", error)
        return None


def board(scope: Scope, readout: ReadoutBrief) -> BoardBrief:
    """Return the board document of the first page's brief; read when it is asked for."""
    waivers = (one for own in waived().values() for one in own)
    return board_brief(_at(data_version(), scope), scope, waivers, readout)


def disagreements(scope: Scope) -> pd.DataFrame:
    """Return a bounded sample of the facts; read anew each time, since it names single tasks."""
    return briefs.disagreements(_at(data_version(), scope), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _glossary(scope: Scope, access: str, version: str) -> GlossaryBrief:  # noqa: ARG001
    return briefs.glossary_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _rows(scope: Scope, access: str, version: str, metric: str, day: str) -> RowsBrief:  # noqa: ARG001
    return briefs.rows_brief(_at(version, scope), scope, metric, day)


def rows(scope: Scope, metric: str, day: str) -> RowsBrief:
    """Return a figure with its parts day by day, and the day whose rows are asked for."""
    return _rows(scope, access(), data_version(), metric, day)


def figure_tasks(brief: RowsBrief) -> pd.DataFrame:
    """Return a bounded sample of the tasks behind a figure; read anew each time, since it names single tasks."""
    return briefs.figure_tasks(_at(data_version(), brief.header.scope), brief)


def figure_calls(brief: RowsBrief) -> pd.DataFrame:
    """Return a bounded sample of the calls behind a figure; read anew each time."""
    return briefs.figure_calls(_at(data_version(), brief.header.scope), brief)


def figure_charges(brief: RowsBrief) -> pd.DataFrame:
    """Return a bounded sample of the charges behind a figure; read anew each time."""
    return briefs.figure_charges(_at(data_version(), brief.header.scope), brief)


glossary = _scoped(_glossary)
readout = _scoped(_readout)
throughput = _scoped(_throughput)
handling = _scoped(_handling)
vendors = _scoped(_vendors)
gates = _scoped(_gates)
gate_health = _scoped(_gate_health)
stalls = _scoped(_stalls)
promotions = _scoped(_promotions)
health = _scoped(_health)
system = _scoped(_system)
checks = _scoped(_checks)
quality = _scoped(_quality)
review = _scoped(_review)
value = _scoped(_value)
