#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) holds an invoice of 2017 without an expiry field for unexpired.
#
# BOLT 11: the field "x" is the expiry in seconds, 3600 when it is left out, and many writers leave it out for just that
# hour. Invoice.hasExpired() tells false for such an invoice however old it is, and expiryDate is undefined; with an "x"
# of 3600 the same invoice has expired. bolt11 2.2.0 (PyPI) tells True for both.
#
# For a checkout or a wallet: treat a missing expiry as 3600 seconds after the timestamp oneself.
#
# Both invoices are made up, for 250000 satoshis at 1496314658 (June 2017). Seen on Node.js 20 and Python 3.11. Needs
# python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @getalby/lightning-tools@9.0.1
without=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqms9qrsgq54ds2q2pr9elqn95mkszcnvr4dye94hxqq663uaxqdfqga2f80pzy3sdpzp2qnvgl0hp4k474pzyg5zcxlf9y7wmfnfumvf82tl58zgq398l23
with=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqmsxqrrss9qrsgqpyr9lfg48r6lgsnqj75e9hz46v40dfr8mkyqe68wezfzyskgv66s2drmy7t295hlsw6yk8xeejjduex6cqpe9nnsxan7ep0t6yx3rjspp5vehs
export without with
cat >"$folder/check.mjs" <<'NODE'
import { Invoice } from "@getalby/lightning-tools";
for (const field of ["without", "with"]) {
  const invoice = new Invoice({ pr: process.env[field] });
  console.log(`lightning-tools, ${field} x: expired ${invoice.hasExpired()}, at ${invoice.expiryDate?.toISOString()}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
import os

import bolt11

for field in ("without", "with"):
    print(f"bolt11 of PyPI, {field} x: expired {bolt11.decode(os.environ[field]).has_expired()}")
PYTHON
seen=$(node "$folder/check.mjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'lightning-tools, without x: expired false, at undefined
lightning-tools, with x: expired true, at 2017-06-01T11:57:38.000Z
bolt11 of PyPI, without x: expired True
bolt11 of PyPI, with x: expired True' ]] || {
  echo "it has changed"
  exit 1
}
