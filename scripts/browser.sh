#!/bin/sh
# Sees to it that the browser tests find a Chromium: browser.sh PYTHON
# The system's own, else (as root, with apt) the distribution's, else Playwright's. Without any the browser tests are
# skipped by name; with CI=true that is a failure.
set -eu
python=$1

system() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

playwrights() {
    "$python" -c '
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as found:
    sys.exit(not pathlib.Path(found.chromium.executable_path).exists())' 2>/dev/null
}

system && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo 'Installing Chromium for the browser tests …'
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } \
        >/dev/null 2>&1 || true
    system && exit 0
fi
playwrights && exit 0
echo "Installing Playwright's Chromium for the browser tests …"
"$python" -m playwright install chromium >/dev/null 2>&1 || true
playwrights && exit 0
if [ "${CI:-}" = true ]; then
    echo 'There is no Chromium and none could be installed; the browser tests need one.' >&2
    exit 1
fi
echo 'There is no Chromium and none could be installed: the browser tests are skipped.' >&2
