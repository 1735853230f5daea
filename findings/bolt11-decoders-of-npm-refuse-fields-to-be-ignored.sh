#!/usr/bin/env bash
# bolt11 1.4.1, light-bolt11-decoder 3.2.0 and invoices 5.0.2 (npm) refuse an invoice that BOLT 11 gives as an example.
#
# BOLT 11 has a reader skip a field of a type that it does not know, and a "p", "h", "s" or "n" whose length is not the
# one defined. One of its examples, "Same, but including fields which must be ignored", holds all of these next to the
# right ones, so one expects a decoder to read it as the example before. The first says that the signature does not fit
# the payee, the second raises an error of its encoder, the third dislikes the length of the payment hash, and
# @getalby/lightning-tools 9.0.1, built on the second, finds no invoice. bolt11 2.2.0 (PyPI) reads it.
#
# For a checkout: a field that BOLT 11 defines later with another length is refused the same way; let the node decode.
#
# Seen on Node.js 20 and Python 3.11, with bitstring 4.4.0. Needs node, npm, python3 with venv, the npm registry and
# PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  bolt11@1.4.1 light-bolt11-decoder@3.2.0 invoices@5.0.2 @getalby/lightning-tools@9.0.1
plain=lnbc25m1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5vdhkven9v5sxyetpdeessp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygs9q5sqqqqqqqqqqqqqqqqsgq2a25dxl5hrntdtn6zvydt7d66hyzsyhqs4wdynavys42xgl6sgx9c4g7me86a27t07mdtfry458rtjr0v92cnmswpsjscgt2vcse3sgpz3uapa
ignored=lnbc25m1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5vdhkven9v5sxyetpdeessp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygs9q5sqqqqqqqqqqqqqqqqsgq2qrqqqfppnqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqppnqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpp4qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqhpnqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqhp4qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqspnqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqsp4qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnp5qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnpkqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqz599y53s3ujmcfjp5xrdap68qxymkqphwsexhmhr8wdz5usdzkzrse33chw6dlp3jhuhge9ley7j2ayx36kawe7kmgg8sv5ugdyusdcqzn8z9x
export plain ignored
cat >"$folder/check.mjs" <<'NODE'
import full from "bolt11";
import light from "light-bolt11-decoder";
import { parsePaymentRequest } from "invoices";
import { decodeInvoice } from "@getalby/lightning-tools";

const readers = {
  bolt11: (invoice) => full.decode(invoice).millisatoshis,
  "light-bolt11-decoder": (invoice) => light.decode(invoice).sections.find(({ name }) => name === "amount").value,
  invoices: (invoice) => parsePaymentRequest({ request: invoice }).mtokens,
  "lightning-tools": (invoice) => decodeInvoice(invoice)?.millisatoshi ?? "nothing",
};
for (const [name, read] of Object.entries(readers)) {
  const told = (invoice) => {
    try {
      return read(invoice);
    } catch {
      return "an error";
    }
  };
  console.log(`${name}: ${told(process.env.plain)}, then ${told(process.env.ignored)}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
import os

import bolt11

plain, ignored = (bolt11.decode(os.environ[name]).amount_msat for name in ("plain", "ignored"))
print(f"bolt11 of PyPI: {plain}, then {ignored}")
PYTHON
seen=$(node "$folder/check.mjs" 2>/dev/null
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'bolt11: 2500000000, then an error
light-bolt11-decoder: 2500000000, then an error
invoices: 2500000000, then an error
lightning-tools: 2500000000, then nothing
bolt11 of PyPI: 2500000000, then 2500000000' ]] || {
  echo "it has changed"
  exit 1
}
