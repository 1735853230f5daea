#!/usr/bin/env bash
# qrcode-svg 1.1.0 (npm) puts U+FEFF in front of the text of a QR code as soon as one letter is not ASCII.
#
# A QR code holds the bytes it is given, and what a wallet does with them hangs on how they begin: "bitcoin:" or
# "lightning:". One expects the bytes of "bitcoin:...?label=Crêpe" in UTF-8. qrcode-svg writes EF BB BF before them, a
# byte order mark, so the text does not begin with "bitcoin:" any more; with the label percent-encoded there is none.
# qrcode 1.5.4 (npm) writes UTF-8 without a mark for the same text.
#
# For a checkout: percent-encode labels before they get into the link, as RFC 3986 wants anyway.
#
# The codes are read with jsqr 1.4.0. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is
# so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts qrcode-svg@1.1.0 qrcode@1.5.4 jsqr@1.4.0
cat >"$folder/check.cjs" <<'NODE'
const jsqr = require("jsqr");
const qrcode = require("qrcode");
const Svg = require("qrcode-svg");

const read = (size, dark) => {
  const [scale, quiet] = [4, 4];
  const side = (size + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [row, column] = [Math.floor(y / scale) - quiet, Math.floor(x / scale) - quiet];
      const inside = row >= 0 && column >= 0 && row < size && column < size;
      if (inside && dark(row, column)) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return Buffer.from(jsqr(pixels, side, side).binaryData).subarray(0, 11).toString("latin1");
};
for (const label of ["Crepe", "Cr%C3%AApe", "Crêpe"]) {
  const text = `bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?label=${label}`;
  const { modules } = new Svg({ content: text, ecl: "M" }).qrcode;
  const other = qrcode.create(text).modules;
  const first = read(modules.length, (row, column) => modules[row][column]);
  const second = read(other.size, (row, column) => other.get(row, column));
  console.log(`${label}: ${JSON.stringify(first)}, ${JSON.stringify(second)}`);
}
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'Crepe: "bitcoin:bc1", "bitcoin:bc1"
Cr%C3%AApe: "bitcoin:bc1", "bitcoin:bc1"
Crêpe: "ï»¿bitcoin:", "bitcoin:bc1"' ]] || {
  echo "it has changed"
  exit 1
}
