#!/bin/sh
# The browser tests use the system's Chromium (CHROMIUM= names another). Root on Debian gets it installed; anybody else is told how.
set -eu
chromium=${CHROMIUM:-/usr/bin/chromium}
[ -x "$chromium" ] && exit 0

if [ "$(id -u)" = 0 ] && [ -z "${CHROMIUM:-}" ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests (apt-get install chromium)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
    [ -x "$chromium" ] && exit 0
fi
echo "The browser tests need Chromium and $chromium is not there." >&2
echo "Install it (Debian: sudo apt-get install chromium) or name one: CHROMIUM=/path/to/chromium make test" >&2
exit 1
