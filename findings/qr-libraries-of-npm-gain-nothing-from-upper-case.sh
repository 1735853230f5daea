#!/usr/bin/env bash
# qrcode-generator 2.0.4 and qrcode-svg 1.1.0 (npm) make no smaller QR code of an invoice in upper case.
#
# An upper-case invoice can be packed as alphanumeric, 5.5 bits a character instead of 8 (ISO/IEC 18004), which is why
# LUD-01 has LNURLs in QR codes in upper case and wallets read LIGHTNING:LNBC... One expects an encoder to see that.
# These two pack every text in bytes: 65 modules a side for the invoice in either case, where qrcode 1.5.4, qr 0.5.5 and
# uqr 0.1.3 (npm) need 57 in upper case. qrcode-generator needs 57 as well once addData() is told "Alphanumeric".
#
# For a checkout: tell the mode, or take another library; the larger code is harder to read for a camera.
#
# Error correction M in all. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when
# it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  qrcode-generator@2.0.4 qrcode-svg@1.1.0 qrcode@1.5.4 qr@0.5.5 uqr@0.1.3
cat >"$folder/check.mjs" <<'NODE'
import { create } from "qrcode";
import { default as encodeQR } from "qr";
import generator from "qrcode-generator";
import SvgCode from "qrcode-svg";
import { encode } from "uqr";

const generated = (text, mode) => {
  const code = generator(0, "M");
  code.addData(text, mode);
  code.make();
  return code.getModuleCount();
};
const encoders = {
  "qrcode-generator": (text) => generated(text),
  "qrcode-svg": (content) => new SvgCode({ content, ecl: "M" }).qrcode.modules.length,
  qrcode: (text) => create(text, { errorCorrectionLevel: "M" }).modules.size,
  qr: (text) => encodeQR(text, "raw", { ecc: "medium", border: 0 }).length,
  uqr: (text) => encode(text, { ecc: "M", border: 0 }).size,
};
const lower =
  "lightning:lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203";
const upper = lower.toUpperCase();
for (const [name, size] of Object.entries(encoders)) console.log(`${name}: ${size(lower)}, upper case ${size(upper)}`);
console.log(`qrcode-generator, mode given: ${generated(upper, "Alphanumeric")}`);
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'qrcode-generator: 65, upper case 65
qrcode-svg: 65, upper case 65
qrcode: 65, upper case 57
qr: 65, upper case 57
uqr: 65, upper case 57
qrcode-generator, mode given: 57' ]] || {
  echo "it has changed"
  exit 1
}
