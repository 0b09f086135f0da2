#!/usr/bin/env bash
# Make .venv from nothing, or bring it to what the lock says: every package, and Clew itself as
# an editable install. The Makefile calls this when the lock is newer than the last set-up.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

bash packaging/system_libraries.sh python
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Clew needs Python 3.11 or newer, and $python is $("$python" -c 'import platform; print(platform.python_version())'): name a newer one with 'make PYTHON=...'." >&2
    exit 1
fi
bash packaging/system_libraries.sh offscreen window

echo "Installing the locked packages into .venv"
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --requirement packaging/requirements-dev.txt
# The lock holds the build back end, so nothing is fetched here.
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation --editable .

# What `make run` starts is compiled now, and not while somebody waits for the window.
PYTHONPYCACHEPREFIX=$PWD/.venv/pycache .venv/bin/python -OO -c \
    'import core.parsing, desktop.app, desktop.views.charts.page'
