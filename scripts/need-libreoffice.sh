#!/bin/sh
# One test recalculates the unit-cost workbook with headless LibreOffice (SOFFICE= names another). Root on Debian gets it
# installed; anybody else is told how.
set -eu
soffice=${SOFFICE:-$(command -v soffice || true)}
[ -n "$soffice" ] && [ -x "$soffice" ] && exit 0

if [ "$(id -u)" = 0 ] && [ -z "${SOFFICE:-}" ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing LibreOffice Calc for the spreadsheet test (apt-get install libreoffice-calc)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends libreoffice-calc >/dev/null
    command -v soffice >/dev/null && exit 0
fi
echo "The spreadsheet test needs LibreOffice Calc and there is no soffice." >&2
echo "Install it (Debian: sudo apt-get install libreoffice-calc) or name one: SOFFICE=/path/to/soffice make test" >&2
exit 1
