#!/usr/bin/env bash
# stockholm 0.5.7 (PyPI) writes 0.00000250001 BTC as 0.0000025 BTC, and one millisatoshi as 0.00 BTC.
#
# A satoshi has 1000 millisatoshis (BOLT 2 counts in them), which are eleven decimals of a bitcoin. The library keeps an
# amount exactly, so one expects it to write what it keeps. As text, as JSON and in nanos it writes nine decimals at
# most, and the millisatoshi is lost without a word: what is read back is another amount, while sub_units still has it.
# One millisatoshi alone, a routing fee, is written as "0.00 BTC".
#
# For a checkout's client: count in whole millisatoshis; "BTC" is not for them.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check stockholm==0.5.7
cat >"$folder/check.py" <<'PYTHON'
from stockholm import Money

for amount in ("0.00000250001", "0.00000000001"):
    money = Money(amount, "BTC")
    print(f"{amount} is written {money}, in JSON {money.as_dict()['value']}, nanos {money.as_dict()['nanos']}")
    print(f"kept {money.sub_units * 10**9:f} millisatoshis, read back the same: {Money(str(money)) == money}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == '0.00000250001 is written 0.0000025 BTC, in JSON 0.0000025 BTC, nanos 2500
kept 250001.00000000000 millisatoshis, read back the same: False
0.00000000001 is written 0.00 BTC, in JSON 0.00 BTC, nanos 0
kept 1.00000000000 millisatoshis, read back the same: False' ]] || {
  echo "it has changed"
  exit 1
}
