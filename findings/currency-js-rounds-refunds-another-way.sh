#!/usr/bin/env bash
# currency.js 2.0.4 (npm) makes 0.15 of 0.145 and -0.14 of -0.145, so a refund leaves a cent of the sale behind.
#
# Half a cent comes about wherever a price is worked out from a rate or a discount. One expects an amount and its
# negative to be rounded to the same cent, as accounts balance only then and as decimal.js 10.6.0 (npm) does it.
# currency.js rounds a half upwards, also below zero. It depends on the way, too: 0 less 0.145 is -0.15, as the 0.145 is
# rounded before it is taken away.
#
# For a checkout that hands out refunds: negate the rounded amount (multiply(-1) of whole cents is exact).
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts currency.js@2.0.4 decimal.js@10.6.0
cat >"$folder/check.cjs" <<'NODE'
const currency = require("currency.js");
const Decimal = require("decimal.js");

for (const amount of ["0.145", "2.675", "8.125"]) {
  const sale = currency(amount);
  const refund = currency(`-${amount}`);
  const less = currency(0).subtract(amount);
  console.log(`currency.js: ${sale} and ${refund}, together ${sale.add(refund)}; 0 less ${amount} is ${less}`);
  console.log(`decimal.js: ${new Decimal(amount).toFixed(2)} and ${new Decimal(`-${amount}`).toFixed(2)}`);
}
const half = currency(0.29);
console.log(`half of 0.29: ${half.multiply(0.5)}, of its refund ${half.multiply(-0.5)}`);
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'currency.js: 0.15 and -0.14, together 0.01; 0 less 0.145 is -0.15
decimal.js: 0.15 and -0.15
currency.js: 2.68 and -2.67, together 0.01; 0 less 2.675 is -2.68
decimal.js: 2.68 and -2.68
currency.js: 8.13 and -8.12, together 0.01; 0 less 8.125 is -8.13
decimal.js: 8.13 and -8.13
half of 0.29: 0.15, of its refund -0.14' ]] || {
  echo "it has changed"
  exit 1
}
