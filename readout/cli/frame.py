"""What every command shares: the application, exit codes, settings, progress, and how JSON is printed."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from readout.periods import Calendar
from readout.portfolio import Portfolio, read_portfolio
from readout.settings import Settings
from readout.warehouse.errors import InputError

OK, REFUSED, NOT_READY = 0, 2, 3

# Command or group -> the modules that register it, in the order of the help: as a newcomer meets them. A module is
# imported when its command is asked for: most need libraries that take seconds to import, and no two the same.
COMMANDS = {
    **{
        name: (name,)
        for name in (
            "demo", "init", "template", "load", "refresh", "check", "close", "deliver", "digest", "metrics",
            "portfolio", "schema", "doctor", "serve",
        )
    },
    "report": ("report", "board"),
    "gates": ("gates", "gate_ledger"),
    "import": ("import_",),
    "review": ("review",),
}  # fmt: skip


class OnDemand(TyperGroup):
    """The group of all commands, which imports a command's modules when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, in the order of the help."""
        self._import(*COMMANDS)
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return a command; for a name that is none all are imported, so that a similar one can be suggested."""
        if cmd_name not in self.commands:
            self._import(*([cmd_name] if cmd_name in COMMANDS else COMMANDS))
        return self.commands.get(cmd_name)

    def _import(self, *names: str) -> None:
        for name in names:
            for module in COMMANDS[name]:
                import_module(f"readout.cli.{module}")
        registered = typer.main.get_group(app).commands
        self.commands = {name: registered[name] for name in COMMANDS if name in registered}


app = typer.Typer(
    name="readout",
    cls=OnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=("Exit codes: 0 done, 2 input refused, 3 warehouse absent, busy, not reachable or not ready."),
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


def read_settings() -> Settings:
    """Return the settings of the environment; raises InputError naming each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"READOUT_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise InputError("; ".join(lines)) from error


def portfolio_of(settings: Settings) -> Portfolio:
    """Return the registry that the settings name."""
    return read_portfolio(settings.portfolio_folder)


class Progress:
    """Progress on standard error: one line that rewrites itself on a terminal, a line per step elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ""

    def show(self, share: float | None, text: str) -> None:
        """Show a step, with the share done (0 to 1) where it is known."""
        line = f"{'      ' if share is None else f'{share:5.0%} '} {text}"
        if self._terminal:
            sys.stderr.write(f"\r\x1b[2K{line}")
        elif text != self._last:
            sys.stderr.write(f"{line}\n")
        self._last = text
        sys.stderr.flush()

    def done(self, text: str) -> None:
        """End the line with the last word."""
        sys.stderr.write(f"\r\x1b[2K{text}\n" if self._terminal else f"{text}\n")


@contextmanager
def session_of(settings: Settings, *, create: bool = False) -> Iterator[Any]:
    """Open the warehouse for writing and close it after use."""
    from readout.warehouse.session import open_session  # noqa: PLC0415 - drivers load only where they are needed

    with open_session(settings, create=create) as session:
        yield session


@contextmanager
def book_of(as_of: str | None = None) -> Iterator[Any]:
    """Open the book of the published warehouse, as of an instant or the end of a local day where one is named."""
    from readout.briefs import open_book  # noqa: PLC0415 - frames load only where they are needed
    from readout.warehouse.reader import open_warehouse  # noqa: PLC0415

    settings = read_settings()
    warehouse = open_warehouse(settings)
    try:
        book = open_book(warehouse, portfolio_of(settings), settings)
        yield book if as_of is None else replace(book, as_of=_instant(as_of, book.calendar))
    finally:
        warehouse.close()


def with_ledger(book: Any) -> Any:
    """Return the book with what the gate ledger remembers of loosened policies."""
    from readout.briefs.gate_restarts import with_restarts  # noqa: PLC0415
    from readout.warehouse.journal import open_journal  # noqa: PLC0415

    with open_journal(book.settings) as journal:
        return with_restarts(book, journal)


def _instant(text: str, calendar: Calendar) -> datetime:
    try:
        return calendar.instant_of(text)
    except ValueError as error:
        message = f"--as-of {text!r} is no instant; write it as 2026-10-31 or 2026-10-31T18:00:00Z"
        raise InputError(message) from error


def print_json(document: Any) -> None:
    """Print one JSON document on one line."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def day_of(text: str | None, option: str) -> date | None:
    """Return the day that an option names, None without one; raises InputError for what is no date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{option} {text!r} is not a date; write it as 2026-10-31"
        raise InputError(message) from error
