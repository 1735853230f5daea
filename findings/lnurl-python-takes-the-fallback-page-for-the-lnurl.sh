#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) takes a web address with "lightning=LNURL1..." for an LNURL of its own and never looks inside.
#
# LUD-01, "fallback scheme": an LNURL may travel inside another address under the key "lightning", as in a printed QR
# code that opens a page for those without a wallet. lnurl returns the address of the page, so the wallet asks the page
# (HTML) for a payRequest. lnurl-pay 5.0.2 and js-lnurl 0.6.0 (npm) take the LNURL out.
#
# For a checkout: let the page's own address answer LNURL requests too (LUD-17 asks for that), or take the parameter
# out before decoding.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts lnurl-pay@5.0.2 js-lnurl@0.6.0
cat >"$folder/check.py" <<'PYTHON'
import sys

import lnurl

inner = lnurl.encode("https://shop.example/lnurlp/7").bech32
page = f"https://shop.example/menu?table=4&lightning={inner}"
print(page)
print(lnurl.decode(page).url.path, file=sys.stderr)
PYTHON
page=$("$folder/venv/bin/python" "$folder/check.py" 2>"$folder/path")
cat >"$folder/check.cjs" <<'NODE'
const { utils } = require("lnurl-pay");
const { decodelnurl } = require("js-lnurl/lib/helpers/decodelnurl");
const page = process.argv[2];
console.log(new URL(utils.decodeUrlOrAddress(page)).pathname, new URL(decodelnurl(page)).pathname);
NODE
npm_seen=$(node "$folder/check.cjs" "$page")
printf '%s\n' "$page" "lnurl asks: $(<"$folder/path")" "lnurl-pay and js-lnurl ask: $npm_seen"
[[ $(<"$folder/path") == /menu && $npm_seen == '/lnurlp/7 /lnurlp/7' ]] || {
  echo "it has changed"
  exit 1
}
