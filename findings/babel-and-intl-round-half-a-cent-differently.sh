#!/usr/bin/env bash
# Babel 2.19.0 (PyPI) writes 0.145 EUR as €0.14, where Intl of Node.js 20 writes €0.15.
#
# A price that is worked out from a rate may end in half a cent, and one expects the page that Python renders and the
# script on it to show the same. Babel rounds half to even, which is the default of Python's decimal context; Intl
# rounds half away from zero (ECMA-402, roundingMode "halfExpand"). They agree on 0.155, so a single test shows nothing.
# Within a decimal context of ROUND_HALF_UP Babel agrees, and Intl with roundingMode "halfEven".
#
# For a checkout: round once, before formatting, and hand both the rounded amount.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node and PyPI. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0
cat >"$folder/check.py" <<'PYTHON'
from decimal import ROUND_HALF_UP, Decimal, localcontext

from babel.numbers import format_currency

AMOUNTS = ("0.145", "0.155", "2.125")


def written():
    return [format_currency(Decimal(amount), "EUR", locale="en") for amount in AMOUNTS]


print("Babel:", *written())
with localcontext() as context:
    context.rounding = ROUND_HALF_UP
    print("Babel, half up:", *written())
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const written = (more) => {
  const { format } = new Intl.NumberFormat("en", { style: "currency", currency: "EUR", ...more });
  return ["0.145", "0.155", "2.125"].map((amount) => format(amount));
};
console.log("Intl:", ...written());
console.log("Intl, half even:", ...written({ roundingMode: "halfEven" }));
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'Babel: €0.14 €0.16 €2.12
Babel, half up: €0.15 €0.16 €2.13
Intl: €0.15 €0.16 €2.13
Intl, half even: €0.14 €0.16 €2.12' ]] || {
  echo "it has changed"
  exit 1
}
