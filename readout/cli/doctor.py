"""`readout doctor`: explains a set-up that does not work. Exit 0 where nothing fails, else 3."""

import sys

import typer

from readout.cli.frame import NOT_READY, OK, Json, app, print_json, read_settings


@app.command()
def doctor(*, as_json: Json = False) -> None:
    """Look at settings, portfolio, warehouse and published data, and say what to do next. Exit code 3 on a failure."""
    from readout.doctor import examine  # noqa: PLC0415

    probes = examine(read_settings())
    failed = any(probe.state == "FAIL" for probe in probes)
    if as_json:
        print_json(
            {
                "state": "FAIL" if failed else "OK",
                "probes": [
                    {"probe": one.name, "state": one.state, "found": one.found, "next_step": one.next_step or None}
                    for one in probes
                ],
            }
        )
        raise typer.Exit(NOT_READY if failed else OK)
    for one in probes:
        sys.stdout.write(f"{one.state:<13}  {one.name:<13}  {one.found}\n")
        if one.next_step:
            sys.stdout.write(f"{'':<13}  {'':<13}  → {one.next_step}\n")
    raise typer.Exit(NOT_READY if failed else OK)
