"""Where the files that ship with the product are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Return the folder of shipped files `queries` or `data`.

    In a wheel they are `readout/_queries` and `readout/_data`; in a checkout they stand at the top level.
    """
    inside = PACKAGE / f"_{folder}"
    return inside if inside.is_dir() else PACKAGE.parent / folder


def application() -> Path:
    """Return the folder that holds `app.py`, `pages/` and `.streamlit/`."""
    inside = PACKAGE / "_app"
    return inside if inside.is_dir() else PACKAGE.parent
