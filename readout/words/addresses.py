"""Addresses of pages: what a reader has chosen, as it stands in the address. Names stay ids: a link outlives a name."""

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
        )
        if now != usual
    ]
    return f"{page}?{urlencode(wanted)}" if wanted else page


def rows_behind(metric: str, scope: Scope, system: str = "") -> str:
    """Return the address of the rows behind a figure."""
    whole = address("rows", scope, system)
    return f"{whole}{'&' if '?' in whole else '?'}{urlencode({'metric': metric})}"


def absolute(public_url: str | None, page: str, scope: Scope, system: str = "") -> str:
    """Return the whole address of a page for those who read it elsewhere; "" where no public address is set."""
    return f"{public_url.rstrip('/')}/{address(page, scope, system)}" if public_url else ""
