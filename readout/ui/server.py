"""What the ASGI entry adds to Streamlit: warm-up and freeze at start, /healthz, /readyz and /readout."""

import asyncio
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from readout import words
from readout.briefs.results import Scope
from readout.settings import Settings
from readout.warehouse.errors import WarehouseError

log = logging.getLogger(__name__)
_HEAVY = ("pandas", "pyarrow", "plotly.graph_objects", "readout.briefs", "readout.charts", "readout.ui.frame")


def warm() -> None:
    """Import what the first reader would wait for, and read the reference data; a warehouse that fails is not fatal."""
    for module in _HEAVY:
        importlib.import_module(module)
    from readout.ui import loaders  # noqa: PLC0415 - cached functions are made inside the running server

    try:
        loaders.readout(Scope())
    except (WarehouseError, ValueError) as error:
        log.warning("started without figures: %s", error)


def freeze() -> None:
    """Take what the warm-up made out of the garbage collector's sight.

    Streamlit collects fully after every run; with the libraries frozen, a rerun costs a third.
    """
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Serve at once and warm up on a thread beside it."""

    async def prepare() -> None:
        await run_in_threadpool(warm)
        if not Settings().development:  # hot reload would pin every stale module
            freeze()

    task = asyncio.create_task(prepare())
    yield {"started_at": datetime.now(UTC)}
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def healthz(_request: Request) -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> JSONResponse:
    """Say whether the warehouse answers and its data is as fresh as promised: 200, or 503 with the reason."""
    status, body = await run_in_threadpool(_readiness)
    return JSONResponse(body, status_code=status)


def _readiness() -> tuple[int, dict[str, str]]:
    from readout.ui import loaders  # noqa: PLC0415 - as in `warm`

    try:
        header = loaders.header(Scope())
    except (WarehouseError, ValueError) as error:
        return 503, {"status": "not ready", "reason": str(error)}
    version = {"data_version": header.data_version, "as_of": header.as_of_local.isoformat()}
    late = words.stale(header)
    if late:
        return 503, {"status": "stale", "reason": late, **version}
    return 200, {"status": "ready", **version}


async def first_page(request: Request) -> RedirectResponse:
    """Lead from the first page's name, which links to it carry, to the root, where alone Streamlit serves it."""
    # relative, so that it holds under any path that a proxy puts in front
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/readout", first_page)]


def explain(error: Exception) -> bool:
    """Show a fault of the frame itself with a reference; the traceback goes to the log only."""
    from readout.ui import states  # noqa: PLC0415 - as in `warm`

    states.unexpected(error)
    return True
