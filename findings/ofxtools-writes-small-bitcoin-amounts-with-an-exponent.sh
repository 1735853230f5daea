#!/usr/bin/env bash
# ofxtools 1.1.1 (PyPI) writes one satoshi as 1E-8 and 99 satoshis as 9.9E-7 into an OFX statement.
#
# In OFX an amount is up to 32 characters, digits with at most one decimal point or comma (section 3.2.9.1), and
# ofxtools keeps the digits of the Decimal that it is given, so one expects 0.00000001. It writes what str() makes of
# the Decimal, and Python turns to an exponent below a millionth: 0.00000100 is written as it is, and everything smaller
# is no amount of OFX. Its own reader takes it.
#
# For a checkout: there is no hook for the format in ofxtools; state such statements in the shop's currency.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ofxtools==1.1.1
cat >"$folder/check.py" <<'PYTHON'
from datetime import datetime
from decimal import Decimal

from ofxtools.models import STMTTRN
from ofxtools.utils import UTC

for amount in ("0.00000001", "0.00000099", "-0.00000000001", "0.00000100"):
    posted = datetime(2026, 1, 2, tzinfo=UTC)
    line = STMTTRN(trntype="OTHER", dtposted=posted, trnamt=Decimal(amount), fitid="7", name="Shop")
    print(f"{amount}: {line.to_etree().find('TRNAMT').text}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == '0.00000001: 1E-8
0.00000099: 9.9E-7
-0.00000000001: -1E-11
0.00000100: 0.00000100' ]] || {
  echo "it has changed"
  exit 1
}
