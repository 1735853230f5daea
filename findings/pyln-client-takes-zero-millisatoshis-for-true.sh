#!/usr/bin/env bash
# pyln-client 26.6.9 (PyPI): Millisatoshi(0) is true, cannot be a key of a dict, and twice an amount is a TypeError.
#
# Millisatoshi stands for an amount in Core Lightning's own Python library; it adds, compares with integers and sums up
# like a number, so one expects "if amount:" to tell nothing from something. It has no __bool__, so zero is as true as
# any amount and a "no fee" branch is never taken. It has __eq__ without __hash__, so sets and dicts refuse it, and
# Millisatoshi(3) * 2 works where 2 * Millisatoshi(3) does not.
#
# For a plug-in or a program next to the node: compare with 0, or turn amounts into int at the door.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyln-client==26.6.9
cat >"$folder/check.py" <<'PYTHON'
from pyln.client import Millisatoshi


def told(ask):
    try:
        return ask()
    except TypeError as error:
        return f"TypeError: {error}"


nothing = Millisatoshi("0msat")
print("zero equals 0:", nothing == 0)
print("zero is true:", bool(nothing))
print("as a key:", told(lambda: {nothing: "free"}))
print("amount * 2:", told(lambda: Millisatoshi(3) * 2))
print("2 * amount:", told(lambda: 2 * Millisatoshi(3)))
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "zero equals 0: True
zero is true: True
as a key: TypeError: unhashable type: 'Millisatoshi'
amount * 2: 6msat
2 * amount: TypeError: unsupported operand type(s) for *: 'int' and 'Millisatoshi'" ]] || {
  echo "it has changed"
  exit 1
}
