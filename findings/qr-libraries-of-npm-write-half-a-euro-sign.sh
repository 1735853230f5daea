#!/usr/bin/env bash
# qrcode-generator 2.0.4, qrcode-terminal 0.12.0 and qr.js 0.0.0 (npm) put the byte AC into a QR code for a euro sign.
#
# A QR code's byte mode holds Latin-1 by default (ISO/IEC 18004), and readers take UTF-8 as well. Neither is the euro
# sign (U+20AC) one byte AC: Latin-1 has no euro, UTF-8 has E2 82 AC, so one expects the latter or an error. These three
# keep the low byte of every UTF-16 unit. "5 €" is read as "5 ¬", the coffee cup (U+2615) is the control character 15,
# and an umlaut is a byte that is no UTF-8. qrcode 1.5.4 and uqr 0.1.3 (npm) write UTF-8.
#
# For a checkout: percent-encode what goes into a payment link, and take another library for codes that hold text, such
# as a voucher or a bank transfer. qrcode-generator writes UTF-8 once its stringToBytes is replaced.
#
# The codes are read with jsqr 1.4.0. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is
# so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts qrcode-generator@2.0.4 \
  qrcode-terminal@0.12.0 qr.js@0.0.0 qrcode@1.5.4 uqr@0.1.3 jsqr@1.4.0
cat >"$folder/check.cjs" <<'NODE'
const jsqr = require("jsqr");
const generator = require("qrcode-generator");
const Terminal = require("qrcode-terminal/vendor/QRCode");
const { M } = require("qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel");
const qrjs = require("qr.js");
const qrcode = require("qrcode");
const uqr = require("uqr");

const filled = (code, text) => {
  code.addData(text);
  code.make();
  return Array.from({ length: code.getModuleCount() }, (_, row) =>
    Array.from({ length: code.getModuleCount() }, (_, column) => code.isDark(row, column)));
};
const writers = {
  "qrcode-generator": (text) => filled(generator(0, "M"), text),
  "qrcode-terminal": (text) => filled(new Terminal(-1, M), text),
  "qr.js": (text) => qrjs(text).modules,
  qrcode: (text) => {
    const { modules } = qrcode.create(text);
    return Array.from({ length: modules.size }, (_, row) =>
      Array.from({ length: modules.size }, (_, column) => modules.get(row, column)));
  },
  uqr: (text) => uqr.encode(text, { border: 0 }).data,
};
const read = (modules) => {
  const [scale, quiet] = [4, 4];
  const size = (modules.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const row = modules[Math.floor(y / scale) - quiet];
      if (row?.[Math.floor(x / scale) - quiet]) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return Buffer.from(jsqr(pixels, size, size).binaryData).toString("hex");
};
for (const [name, write] of Object.entries(writers)) {
  console.log(`${name}: ${["5 €", "☕", "ü"].map((text) => read(write(text))).join(", ")}`);
}
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'qrcode-generator: 3520ac, 15, fc
qrcode-terminal: 3520ac, 15, fc
qr.js: 3520ac, 15, fc
qrcode: 3520e282ac, e29895, c3bc
uqr: 3520e282ac, e29895, c3bc' ]] || {
  echo "it has changed"
  exit 1
}
