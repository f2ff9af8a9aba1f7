"""The figures of the pages are those that a careful analyst gets from the raw rows, without any rollup."""

import re
import shutil
from pathlib import Path

from readout.briefs import Scope, open_book
from readout.portfolio import read_portfolio
from readout.settings import Settings
from readout.warehouse.reader import open_warehouse
from readout.warehouse.session import open_session
from tests.perf.bench import BRIEFS, agreement, from_raw


def test_volumes_handling_and_cost_of_the_demo_are_those_of_its_raw_rows(demo_url, tmp_path):
    shutil.copytree(Path(demo_url.removeprefix("duckdb:///")).parent, tmp_path / "warehouse", symlinks=True)
    settings = Settings(warehouse_url=f"duckdb:///{tmp_path / 'warehouse' / 'demo.duckdb'}")
    warehouse = open_warehouse(settings)
    book = open_book(warehouse, read_portfolio(settings.portfolio_folder), settings)
    answers = {}
    with open_session(settings) as session:
        for page in BRIEFS:
            answers |= from_raw(session, book, Scope(), page)
    said = agreement(book, Scope(), answers)  # raises where they differ
    warehouse.close()
    assert abs(float(re.findall(r"differs by (-?[\d.]+)%", said)[0])) < 3, said  # what tasks cost that never completed
