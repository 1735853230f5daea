#!/usr/bin/env bash
# dinero.js 2.0.2 (npm) reads 500 minor units of ariary as 100 ariary instead of 5.00, and will not write them.
#
# ISO 4217 gives the ariary of Madagascar (MGA) and the ouguiya of Mauritania (MRU) two decimals, and a payment API that
# counts in minor units sends 500 for 5.00. The library says that it ships the currencies of ISO 4217 and that an amount
# is in minor units, so one expects 5. It gives both the base 5 and the exponent 1, after the coins, of which five make
# one: 500 is a hundred, and toDecimal() throws "Currency is not decimal". iso4217 1.16.20260101 (PyPI) has two
# decimals for both.
#
# For a checkout: a price in minor units needs one's own object for the two, { code: "MGA", base: 10, exponent: 2 }.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts dinero.js@2.0.2
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check iso4217==1.16.20260101
cat >"$folder/check.mjs" <<'NODE'
import { dinero, EUR, MGA, MRU, toDecimal, toUnits } from "dinero.js";

const own = { code: "MGA", base: 10, exponent: 2 };
for (const [name, currency] of Object.entries({ EUR, MGA, MRU, "own MGA": own })) {
  const money = dinero({ amount: 500, currency });
  let text;
  try {
    text = toDecimal(money);
  } catch (error) {
    text = error.message;
  }
  console.log(`dinero.js, 500 of ${name}: ${toUnits(money)[0]} units; ${text}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
from iso4217 import Currency

for code in ("EUR", "MGA", "MRU"):
    print(f"iso4217, 500 of {code}: {500 / 10 ** Currency(code).exponent:.2f}")
PYTHON
seen=$(node "$folder/check.mjs"
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'dinero.js, 500 of EUR: 5 units; 5.00
dinero.js, 500 of MGA: 100 units; [Dinero.js] Currency is not decimal.
dinero.js, 500 of MRU: 100 units; [Dinero.js] Currency is not decimal.
dinero.js, 500 of own MGA: 5 units; 5.00
iso4217, 500 of EUR: 5.00
iso4217, 500 of MGA: 5.00
iso4217, 500 of MRU: 5.00' ]] || {
  echo "it has changed"
  exit 1
}
