#!/usr/bin/env bash
# bolt11 2.2.0 and pyln-proto 26.6.9 (PyPI) write an invoice's taproot fallback address with the wrong checksum.
#
# An invoice may carry on-chain addresses to fall back to (BOLT 11, field "f": a witness version and a program). BIP
# 350 says that an address of witness version 1 or more is written in bech32m, and bech32 stays for version 0 alone.
# Both decoders write every version in bech32: the address looks right up to its last six characters, and wallets that
# follow BIP 350 refuse it. The npm package bolt11 1.4.1 writes bech32m.
#
# For a checkout: an address taken from these decoders cannot be shown or paid as it is; take version and program and
# encode them anew. Addresses of version 0 (bc1q...) come out right.
#
# Seen on Python 3.11 and Node.js 20, with bitstring 4.4.0. Needs python3 with venv, node, npm, PyPI and the npm
# registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
python3 -m venv "$folder/pyln"
"$folder/pyln/bin/pip" install --quiet --disable-pip-version-check pyln-proto==26.6.9 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bolt11@1.4.1
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqfp4p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqs5ej9k5r9ggt8aahjp3h4w2wtkutrn9w0ag9v58p39yh33gf5ntjx6xqkstv6eyjlc86gh9fl0lwfcphu3tcrmjkht4fhx5jqwl0cvcq0r2fhk
export invoice
cd "$folder"
one=$(venv/bin/python -c 'import bolt11, os; print(bolt11.decode(os.environ["invoice"]).fallback.address)')
two=$(pyln/bin/python -c '
import os
from pyln.proto import Invoice
print(dict(Invoice.decode(os.environ["invoice"]).tags)["f"])')
three=$(node -e '
const { tags } = require("bolt11").decode(process.env.invoice);
console.log(tags.find((tag) => tag.tagName === "fallback_address").data.address);')
printf '%-18s %s\n' 'bolt11 (PyPI):' "$one" 'pyln-proto (PyPI):' "$two" 'bolt11 (npm):' "$three"
program=bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq
[[ $one == "${program}h2y7hd" && $two == "${program}h2y7hd" && $three == "${program}zk5jj0" ]] || {
  echo "it has changed"
  exit 1
}
