#!/bin/sh
# Makes .venv from requirements.lock; does nothing when it is up to date already.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
venv=.venv
stamp=$venv/dondoc.lock

if [ -f "$stamp" ] && cmp -s "$stamp" "$lock" && [ -x "$venv/bin/python" ]; then
    exit 0
fi

python=
for candidate in python3.13 python3.12 python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "dondoc: Python 3.11 or newer is needed, and none was found on PATH" >&2
    exit 1
fi

if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        if ! "$python" -m virtualenv -q "$venv" >/dev/null 2>&1; then
            rm -rf "$venv"
            echo "dondoc: $python cannot make a virtual environment; install its venv module (Debian: apt-get install python3-venv)" >&2
            exit 1
        fi
    fi
fi

echo "dondoc: installing what it needs into .venv (once)"
rm -f "$stamp"
if ! "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock" >.venv/install.log 2>&1; then
    tail -n 3 .venv/install.log >&2
    echo "dondoc: the installation failed (see .venv/install.log); try again, or check the package index that pip uses" >&2
    exit 1
fi
cp "$lock" "$stamp"
