"""Cached loaders: the only way from a page to a brief.

The cache is shared by all readers, so every loader's arguments hold what the reader may see (`access`) and the version
of the data; neither can be forgotten, because `_scoped` adds them.
"""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from readout import briefs
from readout.briefs import Book, open_book
from readout.briefs.results import (
    GatesBrief,
    HandlingBrief,
    Header,
    HealthBrief,
    ReadoutBrief,
    Scope,
    ThroughputBrief,
    UnitCostBrief,
)  # fmt: skip
from readout.portfolio import Portfolio, read_portfolio
from readout.settings import Settings
from readout.warehouse.reader import Warehouse, open_warehouse

Brief = TypeVar("Brief")
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
    """Return the reference data of one data version."""
    return open_book(warehouse(), portfolio(), settings())


def access() -> str:
    """Return what this reader may see. Everyone sees everything until sign-in scopes it."""
    return EVERYTHING


def header(scope: Scope) -> Header:
    """Return where the figures of this scope come from; cheap, and never cached, so that staleness is current."""
    return book(data_version()).header(scope)


def _scoped(read: Callable[[Scope, str, str], Brief]) -> Callable[[Scope], Brief]:
    def load(scope: Scope) -> Brief:
        return read(scope, access(), data_version())

    return load


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _readout(scope: Scope, access: str, version: str) -> ReadoutBrief:  # noqa: ARG001
    return briefs.readout_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _throughput(scope: Scope, access: str, version: str) -> ThroughputBrief:  # noqa: ARG001
    return briefs.throughput_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _handling(scope: Scope, access: str, version: str) -> HandlingBrief:  # noqa: ARG001
    return briefs.handling_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _unit_cost(scope: Scope, access: str, version: str) -> UnitCostBrief:  # noqa: ARG001
    return briefs.unit_cost_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _gates(scope: Scope, access: str, version: str) -> GatesBrief:  # noqa: ARG001
    return briefs.gates_brief(book(version), scope)


@st.cache_data(ttl=_TTL, max_entries=_ENTRIES, show_spinner=False)
def _health(scope: Scope, access: str, version: str) -> HealthBrief:  # noqa: ARG001
    return briefs.health_brief(book(version), scope)


readout = _scoped(_readout)
throughput = _scoped(_throughput)
handling = _scoped(_handling)
unit_cost = _scoped(_unit_cost)
gates = _scoped(_gates)
health = _scoped(_health)
