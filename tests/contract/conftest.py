"""Fixtures of the tests that meet a warehouse."""

from collections.abc import Iterator

import pytest

from readout.settings import Settings
from readout.warehouse.init import initialise
from readout.warehouse.session import open_session
from tests.contract.desk import Desk


@pytest.fixture
def desk(engine_url: str) -> Iterator[Desk]:
    settings = Settings(warehouse_url=engine_url)
    with open_session(settings, create=True) as session:
        initialise(session, settings.contract_schema)
        yield Desk(session, settings)
