# Sourced by the commands beside it: sets $root, and $python to the first Python that is new enough.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
python=
for name in "${REGULARS_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo 'no Python 3')
    echo "Regulars needs Python 3.11 or newer, and this machine has $found." >&2
    exit 1
fi
