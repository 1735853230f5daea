#!/usr/bin/env bash
# js-money 0.6.3 (npm) refuses 19.99 euros: "Amount must be an integer".
#
# Money.fromDecimal() takes "decimal numbers" of as many decimals as the currency has, as a number or as a text; all of
# 19.99, 0.29 and 1.15 euros are such. One expects cents. It checks the decimals, then multiplies by 100 in floating
# point, and what comes out a hair beside a whole number is refused as none. Of the amounts from 0.00 to 99.99 euros
# 1146 of 10000 are refused, as text too. The rounding function that it offers for longer amounts hides that, and makes
# 1998 cents of 19.99 with Math.floor and 111 of 1.1 with Math.ceil.
#
# For a checkout that such a program calls: hand out cents, for fromInteger(), or have fromDecimal() use Math.round.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts js-money@0.6.3
cat >"$folder/check.cjs" <<'NODE'
const Money = require("js-money");

function cents(price, rounder) {
  try {
    return Money.fromDecimal(price, "EUR", rounder).amount;
  } catch (error) {
    return error.message;
  }
}

for (const price of [19.98, 19.99, "19.99", "0.29", "1.15"]) console.log(JSON.stringify(price), cents(price));
for (const name of ["round", "floor", "ceil"]) {
  console.log(name, cents(19.99, Math[name]), cents(1.1, Math[name]));
}
const prices = Array.from({ length: 10000 }, (_, price) => (price / 100).toFixed(2));
console.log("refused:", prices.filter((price) => typeof cents(price) === "string").length, "of", prices.length);
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == '19.98 1998
19.99 Amount must be an integer
"19.99" Amount must be an integer
"0.29" Amount must be an integer
"1.15" Amount must be an integer
round 1999 110
floor 1998 110
ceil 1999 111
refused: 1146 of 10000' ]] || {
  echo "it has changed"
  exit 1
}
