#!/usr/bin/env bash
# node-thermal-printer 4.6.1 and escpos 2.5.2 (npm) announce 4 bytes for the QR code "Café" and send 5.
#
# The ESC/POS command that hands a QR code to a receipt printer (GS ( k, function 180) carries the number of bytes that
# follow, and so does the older ESC Z. Both libraries send the text in UTF-8 and announce the number of its letters, so
# the printer makes the code of the first four bytes, an unfinished letter at its end, and takes the rest for text to
# print. One expects the two to agree, as they do in python-escpos 3.1 (PyPI).
#
# For a checkout: percent-encode the text of a code that such a library prints; a plain invoice is ASCII and comes out.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-escpos==3.1
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts node-thermal-printer@4.6.1 escpos@2.5.2
cat >"$folder/check.cjs" <<'NODE'
const { Printer } = require("escpos");
const { ThermalPrinter, PrinterTypes } = require("node-thermal-printer");

const GS_K = Buffer.from([0x31, 0x50, 0x30]);
for (const text of ["Cafe", "Café"]) {
  const thermal = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: "tcp://127.0.0.1" });
  thermal.printQR(text);
  const told = thermal.getBuffer();
  const store = told.indexOf(GS_K);
  const end = told.indexOf(Buffer.from([0x1d, 0x28, 0x6b]), store);
  console.log(`node-thermal-printer, ${text}: ${told.readUInt16LE(store - 2) - 3} of ${end - store - 3}`);
  const old = new Printer({}).qrcode(text, 2).buffer.flush();
  const start = old.indexOf("C");
  console.log(`escpos, ${text}: ${old.readUInt16LE(start - 2)} of ${old.length - start}`);
}
NODE
cat >"$folder/check.py" <<'PYTHON'
from escpos.printer import Dummy

for text in ("Cafe", "Café"):
    printer = Dummy()
    printer.qr(text, native=True)
    start = printer.output.index(b"1P0")
    end = printer.output.index(b"\x1d(k", start)
    told = int.from_bytes(printer.output[start - 2 : start], "little")
    print(f"python-escpos, {text}: {told - 3} of {end - start - 3}")
PYTHON
seen=$(node "$folder/check.cjs"
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'node-thermal-printer, Cafe: 4 of 4
escpos, Cafe: 4 of 4
node-thermal-printer, Café: 4 of 5
escpos, Café: 4 of 5
python-escpos, Cafe: 4 of 4
python-escpos, Café: 5 of 5' ]] || {
  echo "it has changed"
  exit 1
}
