#!/usr/bin/env bash
# segno 1.6.6 (PyPI) encodes a whole payment link in bytes for the sake of one lower-case letter.
#
# A QR code may change its mode within the text (ISO/IEC 18004), and segno picks the mode by itself, so one expects the
# upper-case invoice behind "lightning:" to be packed as alphanumeric. segno picks one mode for all of the text: behind
# "lightning:" the invoice takes version 12 (65 modules a side) where "LIGHTNING:" takes 10 (57), and a unified
# bitcoin: link takes 14 (73). qrcode 8.2 (PyPI) and qrcode 1.5.4 (npm) mix modes and need 10, 10 and 12.
#
# For a checkout: with segno write the scheme in upper case too; a unified link holds "?", "=" and "&", which are never
# alphanumeric, so make that one with an encoder that mixes modes.
#
# Error correction M in all. Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm
# registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check segno==1.6.6 qrcode==8.2
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts qrcode@1.5.4
invoice=lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203
address=BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0
texts="LIGHTNING:${invoice^^}
lightning:${invoice^^}
bitcoin:$address?amount=0.0000025&lightning=${invoice^^}"
export texts
cat >"$folder/check.py" <<'PYTHON'
import os

import qrcode
import segno

for text in os.environ["texts"].split("\n"):
    other = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    other.add_data(text)
    other.make(fit=True)
    code = segno.make_qr(text, error="m", boost_error=False)
    print(f"{text[:14]} segno {code.version}, qrcode of PyPI {other.version}")
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { create } = require("qrcode");
for (const text of process.env.texts.split("\n"))
  console.log(`${text.slice(0, 14)} qrcode of npm ${create(text, { errorCorrectionLevel: "M" }).version}`);
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py" && node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'LIGHTNING:LNBC segno 10, qrcode of PyPI 10
lightning:LNBC segno 12, qrcode of PyPI 10
bitcoin:BC1P0X segno 14, qrcode of PyPI 12
LIGHTNING:LNBC qrcode of npm 10
lightning:LNBC qrcode of npm 10
bitcoin:BC1P0X qrcode of npm 12' ]] || {
  echo "it has changed"
  exit 1
}
