#!/usr/bin/env bash
# lnurl-pay 5.0.2 (npm) turns the whole of an lnurlp:// link into lower case, path and query included.
#
# LUD-17: lnurlp://domain/path is fetched as https://domain/path. Only scheme and host of a URI are without case (RFC
# 3986, section 6.2.2.1). lnurl-pay asks for the path in lower case, so /p/Ab7 becomes /p/ab7, another order or none;
# js-lnurl 0.6.0 (npm) and lnurl 2.0.2 (PyPI) keep it, and lnurl-pay itself keeps it when the same address comes as
# bech32.
#
# For a checkout: identifiers in LNURL paths should be lower case only, so no base64 and no mixed-case short codes.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  lnurl-pay@5.0.2 js-lnurl@0.6.0 bech32@1.1.4
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0
cat >"$folder/check.cjs" <<'NODE'
const { utils } = require("lnurl-pay");
const { decodelnurl } = require("js-lnurl/lib/helpers/decodelnurl");
const bech32 = require("bech32");
const link = "lnurlp://shop.example/p/Ab7?t=Xy";
const words = bech32.toWords(Buffer.from("https://shop.example/p/Ab7?t=Xy"));
console.log("lnurl-pay:", utils.decodeUrlOrAddress(link));
console.log("lnurl-pay, bech32:", utils.decodeUrlOrAddress(bech32.encode("lnurl", words, 2000)));
console.log("js-lnurl:", decodelnurl(link));
NODE
seen=$(node "$folder/check.cjs")
python_seen=$("$folder/venv/bin/python" -c 'import lnurl; print(lnurl.decode("lnurlp://shop.example/p/Ab7?t=Xy").url)')
printf '%s\n' "$seen" "lnurl (PyPI): $python_seen"
[[ $seen == 'lnurl-pay: https://shop.example/p/ab7?t=xy
lnurl-pay, bech32: https://shop.example/p/Ab7?t=Xy
js-lnurl: https://shop.example/p/Ab7?t=Xy' && $python_seen == 'https://shop.example/p/Ab7?t=Xy' ]] || {
  echo "it has changed"
  exit 1
}
