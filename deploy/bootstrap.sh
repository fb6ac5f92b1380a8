#!/bin/sh
# Makes .venv from requirements.lock; does nothing when it is up to date already.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
venv=.venv
stamp=$venv/dondoc.stamp
unfinished=$venv/dondoc.unfinished
unset PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT

fail() {
    echo "dondoc: $1" >&2
    exit 1
}

# what .venv is made of: this place (its scripts name it), its Python, the lock
state() {
    pwd -P
    "$venv/bin/python" --version
    cat "$lock"
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

pip() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        "$venv/bin/python" -m pip "$@"
    else
        "$python" -m pip --python "$venv/bin/python" "$@"
    fi
}

usable() {
    new_enough "$venv/bin/python" && pip --version >/dev/null 2>&1
}

if [ -f "$stamp" ] && state 2>/dev/null | cmp -s - "$stamp"; then
    exit 0
fi

python=
for candidate in python3.13 python3.12 python3.11 python3; do
    if new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed, and none is on PATH"
echo "dondoc: installing what it needs into .venv (once) ..." >&2

if [ -e "$unfinished" ] || ! usable; then
    made=
    # Debian leaves ensurepip out of python3: then pip comes from the system, or with virtualenv
    for way in venv "venv --without-pip" virtualenv; do
        rm -rf "$venv"
        mkdir "$venv"
        : >"$unfinished"
        # shellcheck disable=SC2086  # a module and its option
        if "$python" -m $way "$venv" >/dev/null 2>&1 && usable; then
            made=$way
            break
        fi
    done
    if [ -z "$made" ]; then
        rm -rf "$venv"
        fail "$python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv)"
    fi
fi

rm -f "$stamp"
if ! pip install -q --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r "$lock" \
    >"$venv/install.log" 2>&1; then
    tail -n 3 "$venv/install.log" >&2
    fail "the installation failed: try again, or see .venv/install.log and the package index that pip is set to"
fi
state >"$stamp.new"
mv "$stamp.new" "$stamp"
rm -f "$unfinished"
