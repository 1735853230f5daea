#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) refuses LIGHTNING:LNURL1..., the form that makes the smallest QR code.
#
# LUD-01 says that an LNURL in a QR code should be upper case, and the scheme of a URI may be in either case (RFC 3986,
# section 3.1); all of it in upper case lets a QR code use its alphanumeric mode. lnurl strips "lightning:" in lower
# case alone and raises InvalidLnurl for "LIGHTNING:", though it takes the same LNURL in upper case behind a lower-case
# scheme. lnurl-pay 5.0.2 (npm) takes all forms.
#
# For a checkout: a point of sale or test that reads its own QR code with this package has to strip the scheme first.
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts lnurl-pay@5.0.2
cat >"$folder/check.py" <<'PYTHON'
import lnurl

UPPER = str(lnurl.encode("https://shop.example/lnurlp/7").bech32)
for text in (UPPER, "lightning:" + UPPER.lower(), "lightning:" + UPPER, "LIGHTNING:" + UPPER):
    try:
        told = lnurl.decode(text)
    except lnurl.InvalidLnurl:
        told = "InvalidLnurl"
    print(text[:18], told)
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { utils } from "lnurl-pay";
const upper = process.argv[2];
for (const text of [upper, "lightning:" + upper.toLowerCase(), "lightning:" + upper, "LIGHTNING:" + upper])
  console.log(text.slice(0, 18), utils.decodeUrlOrAddress(text));
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py")
upper=$("$folder/venv/bin/python" -c 'import lnurl; print(lnurl.encode("https://shop.example/lnurlp/7").bech32)')
npm_seen=$(node "$folder/check.mjs" "$upper")
printf '%s\n' 'lnurl (PyPI):' "$seen" 'lnurl-pay (npm):' "$npm_seen"
url=https://shop.example/lnurlp/7
forms="LNURL1DP68GURN8GHJ $url
lightning:lnurl1dp $url
lightning:LNURL1DP $url
LIGHTNING:LNURL1DP"
[[ $seen == "$forms InvalidLnurl" && $npm_seen == "$forms $url" ]] || {
  echo "it has changed"
  exit 1
}
