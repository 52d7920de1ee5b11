#!/bin/sh
# Makes the environment: the locked packages and Playprint itself, then the stamp: install.sh PYTHON VENV LOCK STAMP
# One at a time: two `make` at once would install into each other.
set -eu
python=$1 venv=$2 lock=$3 stamp=$4
turn="$venv/.installing"
mkdir -p "$venv"

waited=0
until mkdir "$turn" 2>/dev/null; do
    owner=$(cat "$turn/pid" 2>/dev/null || echo "")
    if { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; } || [ "$waited" -gt 900 ]; then
        rm -rf "$turn" # its installer was killed
        continue
    fi
    waited=$((waited + 1))
    sleep 1
done
echo $$ >"$turn/pid"
trap 'rm -rf "$turn"' EXIT
trap 'exit 1' HUP INT TERM

if [ -f "$stamp" ] && [ -z "$(find "$lock" pyproject.toml -newer "$stamp")" ]; then
    exit 0 # the other `make` has done it
fi
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv "$venv"
python="$venv/bin/python"
echo "Installing the packages of $lock (once; a few minutes at most) …"
said="$turn/said"
pip() {
    "$python" -m pip install --quiet --disable-pip-version-check --no-input "$@" >"$said" 2>&1 || {
        cat "$said" >&2
        echo 'The packages could not be installed; what pip wrote above says why.' >&2
        exit 1
    }
}
pip --require-hashes -r "$lock"
pip --no-deps --no-build-isolation -e .
touch "$stamp"
