"""Files handed over as one: a single file as it is, several in a ZIP that is the same for the same files."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

_NEVER = (1980, 1, 1, 0, 0, 0)  # the first instant of a ZIP: the files say themselves when they were made


def bundled(paths: Sequence[Path], name: str) -> tuple[str, bytes]:
    """Return a file name and its bytes; `name` is that of the ZIP, without its ending."""
    if len(paths) == 1:
        return paths[0].name, paths[0].read_bytes()
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in paths:
            about = zipfile.ZipInfo(path.name, _NEVER)
            archive.writestr(about, path.read_bytes(), compress_type=zipfile.ZIP_DEFLATED)
    return f"{name}.zip", out.getvalue()
