"""What `load` and `import` say where rows reach into a closed month: it stays as it was reported."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from readout.cli.frame import portfolio_of
from readout.settings import Settings

if TYPE_CHECKING:
    from readout.warehouse.closed_months import ClosedPeriod


def closed_by(settings: Settings, spans: "Collection[tuple[datetime, datetime | None]]") -> "tuple[ClosedPeriod, ...]":
    """Return the closed periods that the written rows reach into; `spans`: from when to when they count."""
    from readout.warehouse.closed_months import reached  # noqa: PLC0415 - drivers load only where they are needed

    return reached(settings, portfolio_of(settings).organisation.calendar, spans) if spans else ()


def say_closed(closed: "Sequence[ClosedPeriod]") -> None:
    """Print a notice for each."""
    if not closed:
        return
    from readout.words.closing import reached as said  # noqa: PLC0415 - frames load only where they are needed

    for one in closed:
        sys.stdout.write(f"notice: {said(one.period, one.id)}\n")


def closed_json(closed: "Sequence[ClosedPeriod]") -> dict[str, Any]:
    """Return them as a part of a JSON document, absent where there is none."""
    return {"closed": [asdict(one) for one in closed]} if closed else {}
