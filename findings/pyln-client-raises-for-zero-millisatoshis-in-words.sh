#!/usr/bin/env bash
# pyln-client 26.6.9 (PyPI): Millisatoshi(0).to_approx_str() raises "math domain error".
#
# Millisatoshi writes an amount in several ways: to_btc_str(), to_satoshi_str() and, for people, to_approx_str(), which
# is "1.23btc" or "250sat". All take an amount of nothing, such as the fee of a payment to a neighbour, so one expects
# "0sat" or so. to_approx_str() takes the logarithm of the amount and raises ValueError for zero.
#
# For a plug-in or a program next to the node: write zero oneself, or take to_satoshi_str().
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyln-client==26.6.9 bitstring==4.4.0
cat >"$folder/check.py" <<'PYTHON'
from pyln.client import Millisatoshi

for amount in (Millisatoshi(0), Millisatoshi(1), Millisatoshi("1.23456789btc")):
    try:
        about = amount.to_approx_str()
    except ValueError as error:
        about = f"ValueError: {error}"
    print(f"{amount}: {amount.to_satoshi_str()}, {amount.to_btc_str()}, {about}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == '0msat: 0sat, 0.00000000btc, ValueError: math domain error
1msat: 0.001sat, 0.00000000001btc, 1msat
123456789000msat: 123456789sat, 1.23456789btc, 1.23btc' ]] || {
  echo "it has changed"
  exit 1
}
