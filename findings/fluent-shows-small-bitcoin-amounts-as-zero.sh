#!/usr/bin/env bash
# @fluent/bundle 0.19.1 (npm) and fluent.runtime 0.4.0 (PyPI) show 0.00000250 BTC as "0 BTC".
#
# Fluent puts a number into a message in the way of the language: grouped, with its decimal mark. One expects the digits
# to stay. Both runtimes round to three decimals unless told otherwise. NUMBER($btc, minimumFractionDigits: 8) helps in
# JavaScript; fluent.runtime takes the argument and shows 0.00000000, because it goes on rounding to three decimals
# before it fills up with zeros. With maximumFractionDigits: 8 as well both show the amount.
#
# For a checkout: write NUMBER() with both arguments, or hand the amount over as text.
#
# Seen on Node.js 20 and on Python 3.11 with Babel 2.19.0. Needs node, npm, python3 with venv, the npm registry and
# PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fluent.runtime==0.4.0 babel==2.19.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @fluent/bundle@0.19.1
cat >"$folder/messages.ftl" <<'FTL'
plain = { $btc } BTC
minimum = { NUMBER($btc, minimumFractionDigits: 8) } BTC
both = { NUMBER($btc, minimumFractionDigits: 8, maximumFractionDigits: 8) } BTC
FTL
cat >"$folder/check.mjs" <<'NODE'
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { readFileSync } from "node:fs";

const bundle = new FluentBundle("en", { useIsolating: false });
bundle.addResource(new FluentResource(readFileSync(process.argv[2], "utf8")));
for (const name of ["plain", "minimum", "both"]) {
  console.log(`npm, ${name}:`, bundle.formatPattern(bundle.getMessage(name).value, { btc: 0.0000025 }));
}
NODE
cat >"$folder/check.py" <<'PYTHON'
import sys
from decimal import Decimal
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

bundle = FluentBundle(["en"], use_isolating=False)
bundle.add_resource(FluentResource(Path(sys.argv[1]).read_text()))
for name in ("plain", "minimum", "both"):
    text, _errors = bundle.format_pattern(bundle.get_message(name).value, {"btc": Decimal("0.00000250")})
    print(f"PyPI, {name}: {text}")
PYTHON
seen=$(node "$folder/check.mjs" "$folder/messages.ftl"
  "$folder/venv/bin/python" "$folder/check.py" "$folder/messages.ftl")
printf '%s\n' "$seen"
[[ $seen == 'npm, plain: 0 BTC
npm, minimum: 0.00000250 BTC
npm, both: 0.00000250 BTC
PyPI, plain: 0 BTC
PyPI, minimum: 0.00000000 BTC
PyPI, both: 0.00000250 BTC' ]] || {
  echo "it has changed"
  exit 1
}
