"""Addresses of pages: what a reader has chosen, as it stands in the address. Names stay ids: a link outlives a name."""

from datetime import datetime
from urllib.parse import urlencode

from readout.briefs.results import Scope


def address(page: str, scope: Scope, system: str = "") -> str:
    """Return a page's address with the filters of a scope; only what differs from the defaults is written.

    The address is relative, so that it holds under any path that a proxy puts in front.
    """
    default = Scope()
    wanted = [("system", one) for one in ((system,) if system else scope.systems)]
    wanted += [
        (name, now)
        for name, now, usual in (
            ("period", scope.period, default.period),
            ("compare", scope.compare, default.compare),
            ("type", scope.task_type, default.task_type),
            ("as_of", scope.as_of, default.as_of),
        )
        if now != usual
    ]
    return f"{page}?{urlencode(wanted)}" if wanted else page


def about(page: str, scope: Scope, system: str = "", **chosen: str) -> str:
    """Return the address of a page about one thing, such as a gate or a month, with the filters kept."""
    kept = address(page, scope, system)
    return f"{kept}{'&' if '?' in kept else '?'}{urlencode(chosen)}"


def rows_behind(metric: str, scope: Scope, system: str = "") -> str:
    """Return the address of the rows behind a figure."""
    return about("rows", scope, system, metric=metric)


def absolute(public_url: str | None, relative: str) -> str:
    """Return the whole address for those who read it elsewhere; "" where no public address is set."""
    return f"{public_url.rstrip('/')}/{relative}" if public_url else ""


def instant(as_of: datetime) -> str:
    """Return a naive UTC instant as it stands in an address."""
    return f"{as_of.isoformat(timespec='seconds')}Z"
