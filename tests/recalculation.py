"""A workbook calculated anew by headless LibreOffice, every formula, and read back."""

import os
import shutil
import subprocess
from pathlib import Path

SOFFICE = os.environ.get("SOFFICE") or shutil.which("soffice") or ""
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(workbook: Path, folder: Path) -> Path:
    """Return the workbook as LibreOffice saves it after calculating every formula."""
    profile, out = folder / "profile", folder / "recalculated"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            out,
            workbook,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return out / workbook.name
