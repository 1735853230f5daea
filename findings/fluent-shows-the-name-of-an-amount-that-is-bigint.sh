#!/usr/bin/env bash
# @fluent/bundle 0.19.1 (npm) shows "{$sat} sats" for an amount that is a BigInt.
#
# A message of Fluent takes numbers, texts and dates, and Intl.NumberFormat, which it formats numbers with, takes a
# BigInt as well. One expects "250,000 sats". The BigInt is of no type that the bundle knows, so the name of the
# variable is shown in its place, and in a choice by number the last branch is taken. That there was an error is told
# only to one who hands over a list for errors, and without the list it is thrown.
#
# For a checkout: turn amounts into Number first, and look at the list of errors.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @fluent/bundle@0.19.1
cat >"$folder/check.mjs" <<'NODE'
import { FluentBundle, FluentResource } from "@fluent/bundle";

const bundle = new FluentBundle("en", { useIsolating: false });
bundle.addResource(new FluentResource(`
amount = { $sat } sats
plural = { $sat ->
    [one] one sat
   *[other] several sats
}
`));
for (const sat of [250000, 250000n, 1, 1n]) {
  const errors = [];
  const told = ["amount", "plural"].map((name) => bundle.formatPattern(bundle.getMessage(name).value, { sat }, errors));
  console.log(`${typeof sat} ${sat}: ${told.join(", ")}; ${errors.length} errors`);
}
try {
  bundle.formatPattern(bundle.getMessage("amount").value, { sat: 1n });
  console.log("without a list: shown");
} catch (error) {
  console.log("without a list:", error.name);
}
console.log("Intl:", new Intl.NumberFormat("en").format(250000n));
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'number 250000: 250,000 sats, several sats; 0 errors
bigint 250000: {$sat} sats, several sats; 2 errors
number 1: 1 sats, one sat; 0 errors
bigint 1: {$sat} sats, several sats; 2 errors
without a list: TypeError
Intl: 250,000' ]] || {
  echo "it has changed"
  exit 1
}
