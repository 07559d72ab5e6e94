#!/bin/sh
# Builds .venv from a lock file. Everything that can be known to go wrong is told before anything is downloaded.
# usage: install.sh [runtime|dev]
set -eu
cd "$(dirname "$0")"
want=${1:-runtime}
case $want in
    runtime) lock=requirements.lock need_mb=700 ;;
    dev) lock=requirements-dev.lock need_mb=1200 ;;
    *) echo "usage: install.sh [runtime|dev]" >&2; exit 2 ;;
esac
venv=.venv
sum=$(cksum <"$lock" | cut -d' ' -f1)-$(cksum <pyproject.toml | cut -d' ' -f1)

fail() { echo "rasad: $1" >&2; echo "       $2" >&2; exit 1; }

# A tree with the development packages can also run: only a changed lock, or a missing .venv, builds again.
installed() { [ -x $venv/bin/rasad ] && [ "$(cat $venv/.built-"$1" 2>/dev/null)" = "$sum" ] && $venv/bin/python -c '' 2>/dev/null; }
installed "$want" && exit 0

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"; return
        fi
    done
}
found_python() { if command -v python3 >/dev/null 2>&1; then python3 --version 2>&1; else echo none; fi; }
python=$(find_python)
[ -n "$python" ] || fail "Python 3.11 or newer is needed; found: $(found_python)." \
    "Install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make run PYTHON=/path/to/python3.12"
"$python" -c 'import venv, ensurepip' 2>/dev/null || fail "$("$python" --version) has no venv module." \
    "Install it: Debian, Ubuntu: apt install python3-venv; Fedora: dnf install python3"
free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free_mb" -ge "$need_mb" ] || fail "this disk has $free_mb MB free; .venv needs up to $need_mb MB." \
    "Free some space, or clone to another disk."

echo "Building .venv with $("$python" --version) from $lock (once; a minute or two) …"
# A .venv whose Python is gone or too old is made anew; one that was merely interrupted is continued.
if [ -d $venv ] && ! $venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then rm -rf $venv; fi
# What takes long runs in the background, where Ctrl-C does not reach it: one sentence instead of its traceback.
step() { "$@" & wait $!; }
stopped() {
    trap '' INT TERM
    kill "${!:-}" 2>/dev/null && wait $! 2>/dev/null || true
    echo >&2
    echo "rasad: stopped before .venv was complete. Run the same command again: it continues." >&2
    exit 130
}
trap stopped INT TERM
[ -d $venv ] || step "$python" -m venv $venv
rm -f $venv/.built-*
export PIP_DISABLE_PIP_VERSION_CHECK=1
pip() { step $venv/bin/python -m pip "$@"; }
pip install -qq --require-hashes -r "$lock" || fail "the packages could not be installed (see above)." \
    "Check the connection or the proxy (HTTPS_PROXY), then run the same command again: it continues."
pip install -qq --no-deps --no-build-isolation --no-index --editable . || fail "Rasad itself could not be installed (see above)." \
    "Remove .venv and try again."
echo "$sum" >$venv/.built-runtime
if [ "$want" = dev ]; then echo "$sum" >$venv/.built-dev; fi
