"""`readout init`."""

import sys

from readout.cli.frame import Json, app, print_json, read_settings, session_of


@app.command()
def init(*, as_json: Json = False) -> None:
    """Prepare a warehouse: the contract's tables where there are none, and the views that refresh reads."""
    from readout.warehouse.init import initialise  # noqa: PLC0415

    settings = read_settings()
    with session_of(settings, create=True) as session:
        result = initialise(session, settings.contract_schema)
    if as_json:
        print_json({"owned": result.owned, "made": result.made, "absent": result.absent})
        return
    if result.owned:
        made = f"made {len(result.made)} tables" if result.made else "all tables were there"
        sys.stdout.write(f"Warehouse ready: {made}. Next: readout load tasks FILE…\n")
        return
    absent = f"; absent: {', '.join(result.absent)}" if result.absent else ""
    sys.stdout.write(f"Foreign warehouse adopted read-only{absent}. Next: readout refresh\n")
