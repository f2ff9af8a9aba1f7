"""A small warehouse of fixed days, the worked gate of GATES.md, and what happens to it while it is served."""

from dataclasses import dataclass
from pathlib import Path

from readout.portfolio import read_portfolio
from readout.warehouse.session import open_session, rollup_folder
from tests.contract.test_gates_from_warehouse import GATE_HEAD, worked_rows
from tests.contract.worked import insert, prepare, refreshed, settings_of

_PORTFOLIO = {
    "organisation.yaml": "name: Worked gate\ntime_zone: UTC\nfreshness_hours: 26\n",
    "systems/desk.yaml": "id: desk\nname: Service desk\nunit_of_work: {one: mail, many: mails}\n",
    "gates/desk.yaml": f"""{GATE_HEAD}
metrics:
  - {{name: accuracy, statistic: share, pass: "> 0.85", breach: "< 0.70", min_n: 50}}
  - {{name: latency, statistic: p95, unit: ms, pass: "< 300", breach: "> 500", min_n: 59}}
decide: {{consecutive_weeks: 3, valid_weeks: 4}}
""",
}


@dataclass(frozen=True)
class Desk:
    """The folder of a warehouse, with its portfolio."""

    folder: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"duckdb:///{self.folder / 'desk.duckdb'}"

    @property
    def portfolio(self) -> Path:
        """The folder that says which systems and gates there are."""
        return self.folder / "portfolio"

    @property
    def _published(self) -> Path:
        return rollup_folder(self.folder / "desk.duckdb") / "CURRENT.duckdb"

    def begin(self) -> None:
        """Prepare the warehouse and leave it empty."""
        for name, text in _PORTFOLIO.items():
            path = self.portfolio / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        prepare(self.url, {})

    def spoil(self) -> None:
        """Publish something that is no database."""
        self._published.parent.mkdir(exist_ok=True)
        self._published.write_text("no database", encoding="utf-8")

    def fill(self) -> None:
        """Put the worked weeks in and refresh, once."""
        if self._published.is_symlink():
            return
        self._published.unlink(missing_ok=True)
        settings = settings_of(self.url)
        with open_session(settings) as session:
            insert(session, worked_rows())
        refreshed(settings, read_portfolio(self.portfolio))
