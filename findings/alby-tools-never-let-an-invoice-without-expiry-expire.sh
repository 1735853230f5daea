#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) says of an invoice of 2017 that it has not expired.
#
# BOLT 11: the field "x" holds the seconds until an invoice expires, 3600 when there is none. One expects hasExpired()
# to be true an hour after the timestamp. Without "x" there is no expiryDate and hasExpired() is false for ever, also
# for the first example of BOLT 11, whose timestamp is of 2017; the next one, the same but for an "x" of a minute, has
# expired. invoices 5.0.2 (npm) and bolt11 2.2.0 (PyPI) count the hour.
#
# For a checkout: always write the expiry into the invoice, even when it is an hour.
#
# Seen on Node.js 20 and Python 3.11, with bitstring 4.4.0. Needs node, npm, python3 with venv, the npm registry and
# PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 invoices@5.0.2
without=lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql
with=lnbc2500u1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu9qrsgquk0rl77nj30yxdy8j9vdx85fkpmdla2087ne0xh8nhedh8w27kyke0lp53ut353s06fv3qfegext0eh0ymjpf39tuven09sam30g4vgpfna3rh
export without with
cat >"$folder/check.mjs" <<'NODE'
import { Invoice } from "@getalby/lightning-tools";
import { parsePaymentRequest } from "invoices";

for (const name of ["without", "with"]) {
  const request = process.env[name];
  const { expires_at: expires, is_expired: expired } = parsePaymentRequest({ request });
  console.log(`lightning-tools, ${name} x: expired ${new Invoice({ pr: request }).hasExpired()}`);
  console.log(`invoices, ${name} x: expired ${expired}, at ${expires}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
import os

import bolt11

for name in ("without", "with"):
    print(f"bolt11, {name} x: expired {bolt11.decode(os.environ[name]).has_expired()}")
PYTHON
seen=$(node "$folder/check.mjs"
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'lightning-tools, without x: expired false
invoices, without x: expired true, at 2017-06-01T11:57:38.000Z
lightning-tools, with x: expired true
invoices, with x: expired true, at 2017-06-01T10:58:38.000Z
bolt11, without x: expired True
bolt11, with x: expired True' ]] || {
  echo "it has changed"
  exit 1
}
