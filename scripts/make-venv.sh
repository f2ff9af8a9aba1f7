#!/bin/sh
# Make .venv with the Python named first, unless a working one is there.
# Where `python -m venv` cannot be used (Debian without python3-venv), virtualenv is fetched into .venv-boot; no root needed.
set -eu
python=${1:-python3}

# the venv counts only where it stands: its scripts name their interpreter by its full path
if [ -x .venv/bin/pip ] && head -n 1 .venv/bin/pip | grep -qF "$PWD/.venv/" && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    exit 0
fi

if ! command -v "$python" >/dev/null 2>&1; then
    echo "There is no '$python' here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Readout needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Name a newer one: make PYTHON=python3.12" >&2
    exit 1
fi

echo "Making .venv with $("$python" -V 2>&1); the first time takes about a minute."
rm -rf .venv
if "$python" -m venv .venv >/dev/null 2>&1; then
    exit 0
fi
rm -rf .venv
if "$python" -m pip install -q --target .venv-boot virtualenv && PYTHONPATH=.venv-boot "$python" -m virtualenv -q .venv; then
    rm -rf .venv-boot
    exit 0
fi
rm -rf .venv .venv-boot
echo "Neither 'venv' nor 'virtualenv' works with '$python'. On Debian or Ubuntu: apt-get install python3-venv" >&2
exit 1
