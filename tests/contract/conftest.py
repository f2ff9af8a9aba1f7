"""Fixtures of the tests that meet a warehouse."""

from collections.abc import Iterator

import pytest

from tests.contract.desk import Desk, fresh_desk


@pytest.fixture
def desk(engine_url: str) -> Iterator[Desk]:
    with fresh_desk(engine_url) as fresh:
        yield fresh
